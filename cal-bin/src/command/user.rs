//! `cal user`: accounts and app passwords.

use std::io::{self, IsTerminal};

use cal_store::{
    AppToken, Cause, Error as StoreError, NewPrincipal, PageRequest, Principal, PrincipalKind,
    PrincipalName, Role, Store, TokenId, Via,
};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::Outcome;
use crate::account::{self, AppPassword, PasswordSource, new_password};
use crate::config::StoreFlags;
use crate::console::{Console, counted};
use crate::error::Error;
use crate::storage;

/// Manage accounts and app passwords, also while the server runs.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    store: StoreFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account with a calendar and a task list
    Add {
        /// The name to sign in with
        #[arg(value_parser = account::user_name)]
        name: PrincipalName,
        /// Take the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
        /// Give the account the right to administer the server
        #[arg(long)]
        admin: bool,
        /// What it stands for; the calendars of rooms and resources cannot be booked twice
        #[arg(long, default_value = PrincipalKind::Individual.as_str(), value_parser = kinds())]
        kind: PrincipalKind,
    },
    /// List all accounts
    List {
        /// Print one JSON object a line: {"name","kind","role","app_passwords","created"}
        #[arg(long)]
        json: bool,
    },
    /// Change a password; it is in force with the next request
    Passwd {
        /// Whose password
        #[arg(value_parser = account::user_name)]
        name: PrincipalName,
        /// Take the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Remove an account with its app passwords, its calendars and their history, for good
    ///
    /// On a terminal the name has to be typed once more; `cal export` first keeps the calendars.
    Remove {
        /// Whose account
        #[arg(value_parser = account::user_name)]
        name: PrincipalName,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Make, list or revoke app passwords: one for each device, shown once
    Token(Token),
}

#[derive(Debug, clap::Args)]
struct Token {
    /// Whose app password
    #[arg(value_parser = account::user_name)]
    name: PrincipalName,
    /// What the app password is for, such as the name of a device
    #[arg(long, default_value = "app", value_name = "TEXT")]
    label: String,
    /// List the app passwords of the user instead
    #[arg(long, conflicts_with = "revoke")]
    list: bool,
    /// Revoke the app password with this id instead
    #[arg(long, value_name = "ID")]
    revoke: Option<TokenId>,
    /// Print one JSON object a line: {"id","label","created"}, with "password" for a new one
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    let runtime = storage::runtime()?;
    runtime.block_on(async {
        let store = match arguments.action {
            Action::Add { .. } => storage::create(&settings).await?,
            _ => storage::open(&settings).await?,
        };
        let accounts = Accounts {
            store,
            cause: storage::cause(Via::Command, None),
        };
        accounts.act(arguments.action, console).await
    })?;
    Ok(Outcome::Done)
}

/// The accounts of a data folder, changed by a command.
struct Accounts {
    store: Store,
    cause: Cause,
}

impl Accounts {
    async fn act(&self, action: Action, console: &mut Console) -> Result<(), Error> {
        match action {
            Action::Add {
                name,
                password_stdin,
                admin,
                kind,
            } => {
                let new = NewPrincipal::new(name.clone());
                let new = new.with_role(role(admin)).with_kind(kind);
                self.add(new, source(password_stdin)).await?;
                console.line(format_args!("added {} {name}", noun(kind)))
            }
            Action::List { json } => self.list(json, console).await,
            Action::Passwd {
                name,
                password_stdin,
            } => {
                let principal = self.existing(&name).await?;
                let hash = account::hash(&new_password(source(password_stdin))?)?;
                self.store
                    .set_password(principal.id, Some(hash), &self.cause)
                    .await?;
                console.line(format_args!("changed the password of {name}"))
            }
            Action::Remove { name, yes } => {
                let principal = self.existing(&name).await?;
                if !yes {
                    confirm(&name)?;
                }
                self.store
                    .remove_principal(principal.id, &self.cause)
                    .await?;
                console.line(format_args!("removed user {name}"))
            }
            Action::Token(token) => self.token(&token, console).await,
        }
    }

    /// An account without a password, for the moment between the two writes,
    /// lets nobody in.
    async fn add(&self, new: NewPrincipal, source: PasswordSource) -> Result<(), Error> {
        let name = new.name.clone();
        let exists = || {
            Error::Input(format!(
                "user {name} exists already; `cal user passwd` changes the password"
            ))
        };
        if self.store.principal(&name).await?.is_some() {
            return Err(exists());
        }
        let hash = account::hash(&new_password(source)?)?;
        let made = self.store.create_principal(new, &self.cause).await;
        let principal = made.map_err(|error| match error {
            StoreError::Exists => exists(),
            other => other.into(),
        })?;
        self.store
            .set_password(principal.id, Some(hash), &self.cause)
            .await?;
        Ok(())
    }

    async fn list(&self, json: bool, console: &mut Console) -> Result<(), Error> {
        let mut page = Some(PageRequest::first(500));
        while let Some(request) = page {
            let found = self.store.principals(request).await?;
            for principal in &found.items {
                let tokens = self.store.tokens(principal.id).await?.len();
                let row = AccountRow::new(principal, tokens);
                if json {
                    console.json(&row)?;
                } else {
                    console.line(format_args!(
                        "{}\t{}\t{}\t{}\tsince {}",
                        row.name,
                        row.kind,
                        row.role,
                        counted(row.app_passwords, "app password"),
                        row.created
                    ))?;
                }
            }
            page = found.next.map(|next| PageRequest::after(next, 500));
        }
        Ok(())
    }

    async fn token(&self, token: &Token, console: &mut Console) -> Result<(), Error> {
        let principal = self.existing(&token.name).await?;
        if let Some(id) = token.revoke {
            let revoked = self.store.revoke_token(principal.id, id, &self.cause).await;
            revoked.map_err(|error| match error {
                StoreError::NotFound => {
                    Error::Input(format!("user {} has no app password {id}", token.name))
                }
                other => other.into(),
            })?;
            return console.line(format_args!("revoked app password {id} of {}", token.name));
        }
        if token.list {
            return self.tokens(&principal, token.json, console).await;
        }
        let password = AppPassword::random()?;
        let record = AppToken {
            id: TokenId::random(),
            principal: principal.id,
            label: token.label.clone(),
            hash: password.digest(),
            scope: String::new(),
            created: self.cause.at,
            expires: None,
        };
        self.store.add_token(record.clone(), &self.cause).await?;
        if token.json {
            let mut row = TokenRow::new(&record);
            row.password = Some(password.to_string());
            return console.json(&row);
        }
        // The password alone is the answer, so that it can go to a file or a pipe.
        console.line(&password)?;
        console.note(format_args!(
            "app password {} ({}) of {}: it is shown this once",
            record.id, record.label, token.name
        ));
        Ok(())
    }

    async fn tokens(
        &self,
        principal: &Principal,
        json: bool,
        console: &mut Console,
    ) -> Result<(), Error> {
        for token in self.store.tokens(principal.id).await? {
            let row = TokenRow::new(&token);
            if json {
                console.json(&row)?;
            } else {
                console.line(format_args!(
                    "{}\t{}\tsince {}",
                    row.id, row.label, row.created
                ))?;
            }
        }
        Ok(())
    }

    async fn existing(&self, name: &PrincipalName) -> Result<Principal, Error> {
        storage::existing_user(&self.store, name).await
    }
}

/// There is no way back: who sits at a terminal is asked once more.
fn confirm(name: &PrincipalName) -> Result<(), Error> {
    if !io::stdin().is_terminal() {
        return Ok(());
    }
    let question = format!("All calendars of {name} will be gone. Type the name to go on: ");
    match account::answer(&question)? {
        answer if answer == name.as_str() => Ok(()),
        _ => Err(Error::Input(format!("{name} was not removed"))),
    }
}

fn source(password_stdin: bool) -> PasswordSource {
    if password_stdin {
        PasswordSource::StandardInput
    } else {
        PasswordSource::Terminal
    }
}

/// The kinds of accounts, by the words that the store has for them.
fn kinds() -> impl TypedValueParser<Value = PrincipalKind> {
    let kinds = [
        PrincipalKind::Individual,
        PrincipalKind::Group,
        PrincipalKind::Room,
        PrincipalKind::Resource,
    ];
    PossibleValuesParser::new(kinds.map(PrincipalKind::as_str))
        .try_map(|kind| kind.parse::<PrincipalKind>())
}

/// What an account of this kind is called.
const fn noun(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Individual => "user",
        other => other.as_str(),
    }
}

fn role(admin: bool) -> Role {
    if admin { Role::Admin } else { Role::Member }
}

/// An account as it is listed.
#[derive(Serialize)]
struct AccountRow<'a> {
    name: &'a str,
    kind: &'static str,
    role: &'static str,
    app_passwords: usize,
    created: String,
}

impl<'a> AccountRow<'a> {
    fn new(principal: &'a Principal, app_passwords: usize) -> AccountRow<'a> {
        AccountRow {
            name: principal.name.as_str(),
            kind: principal.kind.as_str(),
            role: match principal.role {
                Role::Admin => "admin",
                Role::Member => "user",
            },
            app_passwords,
            created: storage::rfc3339(principal.created),
        }
    }
}

/// An app password as it is listed, and shown once.
#[derive(Serialize)]
struct TokenRow<'a> {
    id: String,
    label: &'a str,
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl<'a> TokenRow<'a> {
    fn new(token: &'a AppToken) -> TokenRow<'a> {
        TokenRow {
            id: token.id.to_string(),
            label: &token.label,
            created: storage::rfc3339(token.created),
            password: None,
        }
    }
}
