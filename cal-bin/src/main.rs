//! The `cal` command: a calendar server, and calendar tools for the terminal.
//!
//! One file per verb lies in `command/`, the server in `daemon/`, users and
//! passwords in `account/`. Only this crate prints, reads the environment or
//! exits; all else is in the libraries.

mod account;
mod command;
mod config;
mod console;
mod daemon;
mod error;
mod input;
mod logging;
mod point_in_time;
mod storage;

use std::process::ExitCode;

use clap::Parser;

use crate::command::{Arguments, Outcome};
use crate::console::Console;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut console = Console::new();
    let outcome = command::run(arguments, &mut console).and_then(|outcome| {
        console.flush()?;
        Ok(outcome)
    });
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            console.report(&error);
            error.exit_code()
        }
    }
}
