//! `cal check`: the linter.

use cal_core::{Calendar, Fault, Severity};
use serde::Serialize;

use super::Outcome;
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// Check calendars against RFC 5545 and what breaks in practice.
///
/// Prints `file:line:col: severity: message` for each finding, with columns counted in characters.
/// Exits with 1 if there is any error.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Calendars to check; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<Input>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// A finding as it is printed.
#[derive(Serialize)]
struct Finding<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    severity: &'static str,
    code: &'static str,
    message: String,
    section: &'static str,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Done;
    for input in &arguments.files {
        // A file that cannot be read does not keep the others from being checked.
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                console.report(&error);
                outcome = Outcome::Failed;
                continue;
            }
        };
        let file = input.to_string();
        for fault in Calendar::read(bytes).warnings {
            if fault.rule().severity() == Severity::Error {
                outcome = Outcome::Failed;
            }
            let finding = finding(&file, &fault);
            if arguments.json {
                console.json(&finding)?;
            } else {
                console.line(format_args!(
                    "{}:{}:{}: {}: {}",
                    finding.file, finding.line, finding.column, finding.severity, finding.message
                ))?;
            }
        }
    }
    Ok(outcome)
}

fn finding<'a>(file: &'a str, fault: &Fault) -> Finding<'a> {
    Finding {
        file,
        line: fault.line(),
        column: fault.column(),
        severity: fault.rule().severity().as_str(),
        code: fault.rule().code(),
        message: fault.message(),
        section: fault.rule().section(),
    }
}
