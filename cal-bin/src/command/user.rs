//! `cal user`: accounts and app passwords.

use std::path::PathBuf;

use clap::Subcommand;

use super::Outcome;
use crate::account::{Name, NewAccount, PasswordSource, Register, Rights, new_password};
use crate::config::{self, Flags};
use crate::console::Console;
use crate::error::Error;

/// Manage accounts and app passwords, also while the server runs.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    /// Folder of calendars and accounts [default: $XDG_DATA_HOME/cal or ~/.local/share/cal]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration file [default: $XDG_CONFIG_HOME/cal/config.toml if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account
    Add {
        /// The name to sign in with
        #[arg(value_parser = name)]
        name: Name,
        /// Take the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
        /// Give the account the right to administer the server
        #[arg(long)]
        admin: bool,
    },
    /// List all accounts
    List {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Change a password; it is in force with the next request
    Passwd {
        /// Whose password
        #[arg(value_parser = name)]
        name: Name,
        /// Take the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Remove an account with its app passwords; its calendars stay in the data folder
    Remove {
        /// Whose account
        #[arg(value_parser = name)]
        name: Name,
    },
    /// Make, list or revoke app passwords: one for each device, shown once
    Token(Token),
}

#[derive(Debug, clap::Args)]
struct Token {
    /// Whose app password
    #[arg(value_parser = name)]
    name: Name,
    /// What the app password is for, such as the name of a device
    #[arg(long, default_value = "app", value_name = "TEXT")]
    label: String,
    /// List the app passwords of the user instead
    #[arg(long, conflicts_with_all = ["label", "revoke"])]
    list: bool,
    /// Revoke the app password with this number instead
    #[arg(long, value_name = "ID", conflicts_with = "label")]
    revoke: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn name(text: &str) -> Result<Name, crate::account::Error> {
    text.parse()
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = config::load(&Flags {
        data: arguments.data,
        config: arguments.config,
        ..Flags::default()
    })?;
    let folder = settings.data_folder()?;
    let open = || Register::open(&folder);
    match arguments.action {
        Action::Add {
            name,
            password_stdin,
            admin,
        } => {
            let account = NewAccount {
                password: new_password(source(password_stdin))?,
                rights: if admin { Rights::Admin } else { Rights::User },
                name,
            };
            open()?.add(&account)?;
            console.line(format_args!("added user {}", account.name))?;
        }
        Action::List { json } => list(&open()?, json, console)?,
        Action::Passwd {
            name,
            password_stdin,
        } => {
            let register = open()?;
            register.require(&name)?;
            register.set_password(&name, &new_password(source(password_stdin))?)?;
            console.line(format_args!("changed the password of {name}"))?;
        }
        Action::Remove { name } => {
            open()?.remove(&name)?;
            console.line(format_args!("removed user {name}"))?;
        }
        Action::Token(token) => run_token(&open()?, &token, console)?,
    }
    Ok(Outcome::Done)
}

fn source(password_stdin: bool) -> PasswordSource {
    if password_stdin {
        PasswordSource::StandardInput
    } else {
        PasswordSource::Terminal
    }
}

fn list(register: &Register, json: bool, console: &mut Console) -> Result<(), Error> {
    for account in register.list()? {
        if json {
            console.json(&account)?;
            continue;
        }
        let rights = match account.rights {
            Rights::Admin => "admin",
            Rights::User => "user",
        };
        console.line(format_args!(
            "{}\t{rights}\t{} app passwords\tsince {}",
            account.name, account.app_passwords, account.created_at
        ))?;
    }
    Ok(())
}

fn run_token(register: &Register, token: &Token, console: &mut Console) -> Result<(), Error> {
    if let Some(id) = token.revoke {
        register.revoke_token(&token.name, id)?;
        return console.line(format_args!("revoked app password {id} of {}", token.name));
    }
    if token.list {
        for record in register.tokens(&token.name)? {
            if token.json {
                console.json(&record)?;
            } else {
                console.line(format_args!(
                    "{}\t{}\tsince {}\tlast used {}",
                    record.id,
                    record.label,
                    record.created_at,
                    record.used_on.as_deref().unwrap_or("never")
                ))?;
            }
        }
        return Ok(());
    }
    let (id, password) = register.add_token(&token.name, &token.label)?;
    if token.json {
        return console.json(&serde_json::json!({
            "id": id,
            "label": token.label,
            "password": password.to_string(),
        }));
    }
    // The password alone is the answer, so that it can go to a file or a pipe.
    console.line(&password)?;
    console.note(format_args!(
        "app password {id} ({}) of {}: it is shown this once",
        token.label, token.name
    ));
    Ok(())
}
