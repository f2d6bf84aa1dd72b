//! What an import did, and what it left out and why.

use std::fmt;

use serde::Serialize;

use super::writer::Mode;
use crate::console::Console;
use crate::error::Error;

/// Counts of objects, and everything that was skipped.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    pub(super) created: usize,
    pub(super) updated: usize,
    pub(super) unchanged: usize,
    /// Files that could not be read at all.
    pub(super) unreadable: usize,
    pub(super) skipped: Vec<Skipped>,
}

/// Something that was not imported.
#[derive(Debug, Serialize)]
pub(super) struct Skipped {
    /// The file as the user named it.
    pub(super) file: String,
    /// The line that it begins in, from 1.
    pub(super) line: u32,
    /// What it is, such as `VEVENT`.
    pub(super) component: String,
    pub(super) uid: Option<String>,
    pub(super) reason: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Skipped {
            file,
            line,
            component,
            uid,
            reason,
        } = self;
        write!(out, "{file}:{line}:1: skipped: {component}")?;
        if let Some(uid) = uid {
            write!(out, " {uid}")?;
        }
        write!(out, ": {reason}")
    }
}

impl Report {
    /// The reasons go to standard error, the counts are the answer; as JSON both
    /// are.
    pub(super) fn print(&self, json: bool, mode: Mode, console: &mut Console) -> Result<(), Error> {
        if json {
            return console.json(self);
        }
        for skipped in &self.skipped {
            console.note(skipped);
        }
        let would = match mode {
            Mode::Write => "",
            Mode::Pretend => "would have ",
        };
        console.line(format_args!(
            "{would}created {}, updated {}, left {} unchanged, skipped {}",
            self.created,
            self.updated,
            self.unchanged,
            self.skipped.len()
        ))
    }
}
