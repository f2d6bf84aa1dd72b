//! `cal reindex`: what calendars are searched by, made again from their events.

use std::collections::{HashMap, HashSet};
use std::fmt;

use cal_core::{Instants, Moment, MovedEvent, MovedOccurrence};
use cal_store::{
    CollectionId, MovedObject, PrincipalName, Reindex, ReindexReport, Store, Timestamp, Unindexed,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::Outcome;
use crate::account;
use crate::config::StoreFlags;
use crate::console::{Console, counted};
use crate::error::Error;
use crate::storage;

/// Make the index again from the events themselves, also while the server runs.
///
/// The index is what events are found by: times, words, categories, reminders; and it tells when
/// calendars take time. It holds nothing that is not in the events. The server sees by itself to what a new version of it or of the time
/// zone database asks for; this is for when the index is in doubt.
///
/// Where the time zone database has changed since the index was made, the events that take place
/// at another instant than before are named, with who is to be told. `--dry-run` before the server
/// of the new version is started tells them, too.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only what this user has
    #[arg(long, value_name = "USER", value_parser = account::user_name)]
    user: Option<PrincipalName>,
    /// Change nothing, only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object: {"tzdata_before","tzdata","read","reindexed","cut","unindexed","moved","unnamed"}
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreFlags,
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        let mut reindex = Reindex::everything(Timestamp::from(Utc::now()));
        if let Some(user) = &arguments.user {
            reindex = reindex.of(storage::existing_user(&store, user).await?.id);
        }
        if arguments.dry_run {
            reindex = reindex.dry_run();
        }
        let report = store.reindex(reindex).await?;
        let names = names(&store, &report).await?;
        match arguments.json {
            true => console.json(&json(&report, &names))?,
            false => print(&report, &names, arguments.dry_run, console)?,
        }
        Ok(match report.unindexed.is_empty() {
            true => Outcome::Done,
            false => Outcome::Failed,
        })
    })
}

/// The names of the calendars that a report is about; of one in the trash its id.
type Names = HashMap<CollectionId, String>;

async fn names(store: &Store, report: &ReindexReport) -> Result<Names, Error> {
    let moved = report.moved.iter().map(|moved| moved.collection);
    let unindexed = report.unindexed.iter().map(|object| object.collection);
    let mut names = Names::new();
    for id in moved.chain(unindexed).collect::<HashSet<_>>() {
        let found = store.collection(id).await?;
        let name = found.map_or_else(|| id.to_string(), |found| found.name.to_string());
        names.insert(id, name);
    }
    Ok(names)
}

fn name(names: &Names, id: CollectionId) -> &str {
    names.get(&id).map_or("", String::as_str)
}

fn print(
    report: &ReindexReport,
    names: &Names,
    dry_run: bool,
    console: &mut Console,
) -> Result<(), Error> {
    for MovedObject {
        collection,
        name: object,
        events,
        ..
    } in &report.moved
    {
        for event in events {
            let calendar = name(names, *collection);
            console.line(format_args!("{calendar}/{object}\t{}", Moved(event)))?;
        }
    }
    for Unindexed {
        collection,
        name: object,
        error,
        ..
    } in &report.unindexed
    {
        let calendar = name(names, *collection);
        console.note(format_args!("{calendar}/{object}: not indexed: {error}"));
    }
    if report.cut > 0 {
        let objects = counted(number(report.cut), "object");
        console.note(format_args!(
            "{objects} not found by all words: there are too many"
        ));
    }
    if report.unnamed > 0 {
        let more = counted(number(report.unnamed), "more object");
        console.note(format_args!("and {more}, too many to name"));
    }
    let would = if dry_run { "would be " } else { "" };
    console.line(format_args!(
        "{} {would}indexed with tzdata {} (before: {}), {}",
        counted(number(report.reindexed), "object"),
        report.tzdata,
        report.tzdata_before.as_deref().unwrap_or("unknown"),
        match report.moved.iter().map(|moved| moved.events.len()).sum() {
            0 => "no event has moved".to_owned(),
            moved => format!("{} moved", counted(moved, "event")),
        },
    ))
}

fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A moved event in words: its first occurrence, how many more, and who attends.
struct Moved<'a>(&'a MovedEvent);

impl fmt::Display for Moved<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = self.0;
        let summary = event.summary.as_deref().unwrap_or("(untitled)");
        let shown = summary.chars().filter(|character| !character.is_control());
        write!(out, "{}\t", shown.collect::<String>())?;
        if let Some(first) = event.occurrences.first() {
            let at = |at: Option<Instants>| at.map_or("never".to_owned(), |at| rfc3339(at.start));
            write!(out, "{} is now {}", at(first.old), at(first.new))?;
        }
        match event.occurrences.len() {
            0 | 1 => {}
            count => write!(out, ", and {} more", count - 1)?,
        }
        let attendees = event.attendees.iter().map(String::as_str);
        write!(out, "\t{}", attendees.collect::<Vec<_>>().join(", "))
    }
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[derive(Serialize)]
struct Report<'a> {
    tzdata_before: Option<&'a str>,
    tzdata: &'a str,
    read: u64,
    reindexed: u64,
    cut: u64,
    unindexed: Vec<JsonUnindexed<'a>>,
    moved: Vec<JsonMoved<'a>>,
    unnamed: u64,
}

#[derive(Serialize)]
struct JsonUnindexed<'a> {
    calendar: &'a str,
    object: &'a str,
    error: String,
}

#[derive(Serialize)]
struct JsonMoved<'a> {
    calendar: &'a str,
    object: &'a str,
    uid: &'a str,
    recurrence_id: Option<String>,
    summary: Option<&'a str>,
    organizer: Option<&'a str>,
    attendees: &'a [String],
    occurrences: Vec<JsonOccurrence>,
}

#[derive(Serialize)]
struct JsonOccurrence {
    recurrence_id: Option<String>,
    old: Option<JsonInstants>,
    new: Option<JsonInstants>,
}

#[derive(Serialize)]
struct JsonInstants {
    start: String,
    end: String,
}

fn json<'a>(report: &'a ReindexReport, names: &'a Names) -> Report<'a> {
    let unindexed = report.unindexed.iter().map(|object| JsonUnindexed {
        calendar: name(names, object.collection),
        object: object.name.as_str(),
        error: object.error.to_string(),
    });
    let moved = report.moved.iter().flat_map(|object| {
        let calendar = name(names, object.collection);
        let events = object.events.iter();
        events.map(move |event| json_moved(calendar, object.name.as_str(), event))
    });
    Report {
        tzdata_before: report.tzdata_before.as_deref(),
        tzdata: &report.tzdata,
        read: report.read,
        reindexed: report.reindexed,
        cut: report.cut,
        unindexed: unindexed.collect(),
        moved: moved.collect(),
        unnamed: report.unnamed,
    }
}

fn json_moved<'a>(calendar: &'a str, object: &'a str, event: &'a MovedEvent) -> JsonMoved<'a> {
    JsonMoved {
        calendar,
        object,
        uid: &event.uid,
        recurrence_id: event.recurrence_id.as_ref().map(Moment::to_value),
        summary: event.summary.as_deref(),
        organizer: event.organizer.as_deref(),
        attendees: &event.attendees,
        occurrences: event.occurrences.iter().map(json_occurrence).collect(),
    }
}

fn json_occurrence(occurrence: &MovedOccurrence) -> JsonOccurrence {
    let instants = |at: Instants| JsonInstants {
        start: rfc3339(at.start),
        end: rfc3339(at.end),
    };
    JsonOccurrence {
        recurrence_id: occurrence.recurrence_id.as_ref().map(Moment::to_value),
        old: occurrence.old.map(instants),
        new: occurrence.new.map(instants),
    }
}
