//! The verbs of the command line, one file each.

mod calendar_input;
mod calendars;
mod check;
mod content_line;
mod convert;
mod expand;
mod export;
mod free;
mod import;
mod serve;
mod user;
mod zone;

use std::sync::LazyLock;

use clap::{Parser, Subcommand};

use crate::console::Console;
use crate::error::Error;

/// A calendar server, and calendar tools for the terminal.
#[derive(Debug, Parser)]
#[command(name = "cal", version, long_version = LONG_VERSION.as_str(), arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(serve::Arguments),
    User(user::Arguments),
    Import(import::Arguments),
    Export(export::Arguments),
    Expand(expand::Arguments),
    Check(check::Arguments),
    Convert(convert::Arguments),
    Free(free::Arguments),
}

/// How a command ended that did not fail outright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it was asked.
    Done,
    /// It ran to its end and says that its input is at fault.
    Failed,
}

impl Outcome {
    /// Done only if both are.
    fn and(self, other: Outcome) -> Outcome {
        match self {
            Outcome::Done => other,
            Outcome::Failed => Outcome::Failed,
        }
    }
}

/// Runs the verb.
pub(crate) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    match arguments.verb {
        Verb::Serve(arguments) => serve::run(arguments, console),
        Verb::User(arguments) => user::run(arguments, console),
        Verb::Import(arguments) => import::run(&arguments, console),
        Verb::Export(arguments) => export::run(&arguments, console),
        Verb::Expand(arguments) => expand::run(&arguments, console),
        Verb::Check(arguments) => check::run(&arguments, console),
        Verb::Convert(arguments) => convert::run(&arguments, console),
        Verb::Free(arguments) => free::run(&arguments, console),
    }
}

/// Which rules of which zones this binary knows matters as much as its own
/// version.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}\ntime zones: tzdata {}",
        env!("CARGO_PKG_VERSION"),
        chrono_tz::IANA_TZDB_VERSION
    )
});
