//! `cal import`: calendars in bulk, into the store.
//!
//! A file is read leniently and [split] into objects, one for each UID;
//! [`writer`] holds each against what the calendar has and stores it by the one
//! write path; [`report`] counts, and names what was left out and why.

mod object;
mod report;
mod split;
mod writer;

use cal_store::{PrincipalName, Store};
use clap::builder::NonEmptyStringValueParser;
use indicatif::{ProgressBar, ProgressStyle};

use super::Outcome;
use crate::account;
use crate::config::StoreFlags;
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;
use crate::storage;

use report::Report;
use writer::{Mode, Writer};

/// Import calendars into a user's calendar.
///
/// Each file is read leniently and split into objects, one for each UID: a series stays together
/// with its changed instances. A calendar that is not there is made; it takes events, tasks and
/// journal entries alike. What an existing calendar does not take is skipped and reported, as is
/// everything else that cannot be imported, with file, line and reason. Importing the same file
/// again changes nothing; an event that the calendar has in a later version is left alone.
///
/// Exits with 1 if a file cannot be read at all, or if there is no calendar in any of them. Where
/// some hold one, those without are reported as skipped.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Whose calendar
    #[arg(long, value_name = "USER", value_parser = account::user_name)]
    user: PrincipalName,
    /// Name of the calendar, as in its URL or as people see it
    #[arg(long, value_name = "CALENDAR", value_parser = NonEmptyStringValueParser::new())]
    calendar: String,
    #[command(flatten)]
    store: StoreFlags,
    /// Say what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the report as one JSON object: {"created","updated","unchanged","unreadable",
    /// "skipped":[{"file","line","component","uid","reason"}]}
    #[arg(long)]
    json: bool,
    /// Calendars to import; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<Input>,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.clone().load()?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        import(arguments, &store, console).await
    })
}

async fn import(
    arguments: &Arguments,
    store: &Store,
    console: &mut Console,
) -> Result<Outcome, Error> {
    let user = storage::existing_user(store, &arguments.user).await?;
    let mode = if arguments.dry_run {
        Mode::Pretend
    } else {
        Mode::Write
    };
    let mut writer = Writer::open(store, &user, &arguments.calendar, mode).await?;
    if let Some(other) = writer.other_name() {
        let name = &arguments.calendar;
        console.note(format_args!(
            "the calendar {name} is called {other} in its URL"
        ));
    }
    let mut report = Report::default();
    let mut foreign = 0;
    let progress = progress(console);
    for input in &arguments.files {
        progress.set_message(input.to_string());
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                progress.suspend(|| console.report(&error));
                report.unreadable += 1;
                continue;
            }
        };
        let file = split::split(&input.to_string(), bytes);
        progress.suspend(|| {
            for warning in &file.warnings {
                console.note(warning);
            }
        });
        report.skipped.extend(file.skipped);
        foreign += usize::from(file.is_foreign);
        progress.inc_length(u64::try_from(file.objects.len()).unwrap_or(u64::MAX));
        for object in file.objects {
            writer.add(object, &mut report).await?;
            progress.inc(1);
        }
    }
    writer.finish(&mut report).await?;
    progress.finish_and_clear();
    report.print(arguments.json, mode, console)?;
    Ok(
        if report.unreadable > 0 || foreign == arguments.files.len() {
            Outcome::Failed
        } else {
            Outcome::Done
        },
    )
}

/// A bar for whoever looks; it never shows where nobody does.
fn progress(console: &Console) -> ProgressBar {
    if !console.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template("{bar:30} {pos} of {len} {wide_msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
