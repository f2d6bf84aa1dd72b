//! `cal store`: a store as a whole.

mod backup;
mod check;
mod copy;

use clap::Subcommand;

use super::Outcome;
use crate::console::Console;
use crate::error::Error;

/// Check the store, or copy it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Backup(backup::Arguments),
    Check(check::Arguments),
    Copy(copy::Arguments),
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    match arguments.action {
        Action::Backup(arguments) => backup::run(arguments, console),
        Action::Check(arguments) => check::run(arguments, console),
        Action::Copy(arguments) => copy::run(&arguments, console),
    }
}
