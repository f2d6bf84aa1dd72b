//! `cal check`: the linter.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use bytes::Bytes;
use cal_core::{Finding, Fix, Reader, Severity, apply_fixes};
use serde::Serialize;

use super::Outcome;
use super::format::Format;
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// Check calendars against RFC 5545 and what breaks in practice.
///
/// Prints `file:line:col: severity: message [code, section]` for each finding, with columns counted
/// in characters. Exits with 1 if there is any error. With --fix, what can be mended safely is
/// mended in the file, and only what is said to be: such a finding ends in (fixed).
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Calendars to check; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<Input>,
    /// Mend in the files what can be mended safely
    #[arg(long)]
    fix: bool,
    /// Tell also what could be said more plainly
    #[arg(long)]
    style: bool,
    /// Print one JSON object a line:
    /// {"file","line","column","severity","code","message","section"}, with "fix", what --fix
    /// would do, where it can do something, and "fixed" where --fix is given
    #[arg(long)]
    json: bool,
}

/// A finding as it is printed.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    section: &'static str,
    /// What mends it, if anything does.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    /// Only where fixes were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<bool>,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    if arguments.fix && arguments.files.contains(&Input::Standard) {
        let message = "--fix writes files and cannot write standard input";
        return Err(Error::Usage(message.to_owned()));
    }
    let mut outcome = Outcome::Done;
    for input in &arguments.files {
        let checked = check(input, arguments, console);
        outcome = outcome.and(match checked {
            // A file that cannot be read does not keep the others from being checked.
            Err(error @ (Error::Read { .. } | Error::Write { .. } | Error::Input(_))) => {
                console.report(&error);
                Outcome::Failed
            }
            other => other?,
        });
    }
    Ok(outcome)
}

fn check(input: &Input, arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let text = Bytes::from(input.read()?);
    let format = Format::of(&text);
    if format != Format::ICalendar {
        return Err(Error::Input(format!(
            "{input}:1:1: this looks like {format}, and what is checked is iCalendar"
        )));
    }
    let lowest = if arguments.style {
        Severity::Style
    } else {
        Severity::Hint
    };
    let findings = findings(&text, lowest);
    if let Input::File(path) = input
        && arguments.fix
        && findings.iter().any(|finding| finding.fix().is_some())
    {
        replace(path, &mended(&text, &findings)).map_err(|source| Error::Write {
            path: path.clone(),
            source,
        })?;
    }
    let file = input.to_string();
    let mut outcome = Outcome::Done;
    for finding in &findings {
        let fixed = arguments.fix.then_some(finding.fix().is_some());
        if finding.severity() == Severity::Error && fixed != Some(true) {
            outcome = Outcome::Failed;
        }
        print(&row(&file, finding, fixed), arguments.json, console)?;
    }
    Ok(outcome)
}

fn findings(text: &Bytes, lowest: Severity) -> Vec<Finding> {
    cal_core::check_down_to(&Reader::new().read(text.clone()).calendar, lowest)
}

/// The text with all fixes made. Of two that overlap one is made at a time.
fn mended(text: &Bytes, findings: &[Finding]) -> Bytes {
    const ROUNDS: usize = 8;
    let mut text = apply_fixes(text, findings);
    for _ in 1..ROUNDS {
        let left = self::findings(&text, Severity::Hint);
        if left.iter().all(|finding| finding.fix().is_none()) {
            break;
        }
        text = apply_fixes(&text, &left);
    }
    text
}

fn row<'a>(file: &'a str, finding: &'a Finding, fixed: Option<bool>) -> Row<'a> {
    Row {
        file,
        line: finding.line(),
        column: finding.column(),
        severity: finding.severity().as_str(),
        code: finding.code(),
        message: finding.message(),
        section: finding.section(),
        fix: finding.fix().map(Fix::title),
        fixed,
    }
}

fn print(row: &Row<'_>, json: bool, console: &mut Console) -> Result<(), Error> {
    if json {
        return console.json(row);
    }
    let fixed = if row.fixed == Some(true) {
        " (fixed)"
    } else {
        ""
    };
    // A limit of ours is in no section.
    let joint = if row.section.is_empty() { "" } else { ", " };
    console.line(format_args!(
        "{}:{}:{}: {}: {} [{}{joint}{}]{fixed}",
        row.file, row.line, row.column, row.severity, row.message, row.code, row.section
    ))
}

/// Puts a file in the place of another, so that a crash leaves one or the other.
/// A link stays one: the file that it leads to is replaced.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = &fs::canonicalize(path)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.cal", std::process::id()));
    let written = File::create_new(&temporary).and_then(|mut file| {
        file.write_all(content)?;
        file.set_permissions(fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        // What is left of it is of no use to anyone.
        let _ = fs::remove_file(&temporary);
    }
    written
}
