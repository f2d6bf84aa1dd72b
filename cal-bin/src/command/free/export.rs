//! `cal free export` and `cal free merge`: availability for others, as files.

use std::path::PathBuf;

use cal_freebusy::{Layers, SharedAvailability};

use super::owner::OwnerArguments;
use super::people::complain;
use super::shared_file::{self, Key};
use crate::command::Outcome;
use crate::console::{Console, counted};
use crate::error::Error;
use crate::input::Input;

const EXPORT: &str = "\
Example:
  cal free export work.ics home.ics --name ada --from 2026-03-01 --to 2027-03-01 -o ada.fbz";

const MERGE: &str = "\
Example:
  cal free merge work.fbz home.fbz -o ada.fbz";

/// Write a file for others that says when someone can be met, and nothing of any event.
///
/// `cal free` and its find, weekly and team read the file like a calendar, so that others can find
/// a time without seeing the calendars. With --key it is signed: those who have the same key can tell that nobody
/// changed it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXPORT)]
pub(super) struct ExportArguments {
    #[command(flatten)]
    owner: OwnerArguments,
    /// What the owner wants to be called; it is the only text in the file
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Where to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Sign with the key in this file: a secret of at least 16 bytes
    #[arg(long, value_name = "FILE")]
    key: Option<Key>,
}

pub(super) fn export(arguments: &ExportArguments, console: &mut Console) -> Result<Outcome, Error> {
    let owner = &arguments.owner;
    let window = owner.window.window()?;
    let inputs = owner.read(console)?;
    let incomplete = owner.unknown(&inputs, &window);
    if !incomplete.is_empty() {
        // Others would take for free what nobody knows.
        return Ok(complain(&incomplete, console));
    }
    let mut layers = Layers::of(&owner.schedule(&inputs), &window);
    if let Some(hours) = owner.hours() {
        layers = layers.with_hours(&hours).map_err(super::refused)?;
    }
    let shared = SharedAvailability::new(&arguments.name, &layers, owner.window.now());
    let shared = shared.map_err(super::refused)?;
    write(&arguments.output, &shared, arguments.key.as_ref(), console)
}

/// Merge availability files of one person, such as of work and of home, into one.
///
/// Taken is what any of them says, within the time that all of them speak of.
#[derive(Debug, clap::Args)]
#[command(after_help = MERGE)]
pub(super) struct MergeArguments {
    /// Availability files made by `cal free export`, of the same name
    #[arg(required = true, value_name = "FILE")]
    files: Vec<Input>,
    /// Where to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Trust only files signed with the key in this file, and sign with it
    #[arg(long, value_name = "FILE")]
    key: Option<Key>,
}

pub(super) fn merge(arguments: &MergeArguments, console: &mut Console) -> Result<Outcome, Error> {
    let key = arguments.key.as_ref();
    let mut merged: Option<SharedAvailability> = None;
    for file in &arguments.files {
        let name = file.to_string();
        let next = shared_file::parse(&name, &file.read()?, key)?;
        merged = Some(match merged {
            None => next,
            Some(before) => before
                .merge(&next)
                .map_err(|error| Error::Input(format!("{name}: {error}")))?,
        });
    }
    match merged {
        Some(merged) => write(&arguments.output, &merged, key, console),
        None => Ok(Outcome::Done),
    }
}

fn write(
    path: &PathBuf,
    shared: &SharedAvailability,
    key: Option<&Key>,
    console: &mut Console,
) -> Result<Outcome, Error> {
    let bytes = shared_file::write(path, shared, key)?;
    console.note(format_args!(
        "{}: {} of {}, {}{}",
        path.display(),
        shared.layers().window(),
        shared.person(),
        counted(bytes, "byte"),
        if key.is_some() { ", signed" } else { "" },
    ));
    Ok(Outcome::Done)
}
