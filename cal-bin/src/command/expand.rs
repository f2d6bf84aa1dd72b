//! `cal expand`: what is on when.

use cal_core::{Error as CoreError, Expansion, Moment, Occurrence, Window, ZoneRules};
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::Serialize;

use super::calendar_input::CalendarInput;
use super::{Outcome, zone};
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;
use crate::point_in_time::{self, PointInTime};

/// List the occurrences of a calendar's events and tasks, series worked out.
///
/// They come UID by UID in the order of the file, sorted by start within a UID. Times with a zone
/// and in UTC are written with their offset, floating times without, whole days as dates.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Calendar to expand; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: Input,
    /// Leave out what ends before this time
    #[arg(long, value_name = "TIME")]
    from: Option<PointInTime>,
    /// Leave out what starts at this time or later
    #[arg(long, value_name = "TIME")]
    to: Option<PointInTime>,
    /// Occurrences of one UID at most
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    limit: Option<usize>,
    /// Zone of whole days, floating times and times given here [default: the calendar's own, else UTC]
    #[arg(long, value_name = "ZONE", value_parser = zone::parse)]
    tz: Option<ZoneRules>,
    /// What `now` means
    #[arg(long, value_name = "TIME", default_value = "now")]
    now: PointInTime,
    /// Print one JSON object a line: {"uid","start","end","all_day","recurrence_id"}
    #[arg(long)]
    json: bool,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("nothing would be listed; leave it out to list everything".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("not a number of occurrences".to_owned()),
    }
}

/// Occurrences of an endless series that are listed when nobody says where to stop.
const ENDLESS: usize = 100_000;

/// An occurrence as it is printed.
#[derive(Serialize)]
struct Row<'a> {
    uid: &'a str,
    start: String,
    end: String,
    all_day: bool,
    recurrence_id: Option<String>,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let input = CalendarInput::read(&arguments.file, console)?;
    let expansion = Expansion::of(&input.calendar);
    let expansion = match &arguments.tz {
        Some(zone) => expansion.in_zone(zone.clone()),
        None => expansion.in_feed_zone_or(ZoneRules::utc()),
    }
    .with_limit(arguments.limit.unwrap_or(ENDLESS));
    let now = arguments.now.utc(expansion.zone(), Utc::now());
    let instant = |time: Option<PointInTime>| time.map(|time| time.utc(expansion.zone(), now));
    let (from, to) = (instant(arguments.from), instant(arguments.to));
    if let (Some(from), Some(to)) = (from, to) {
        point_in_time::in_order(from, to)?;
    }
    let window = Window::between(from, to);

    let mut outcome = Outcome::Done;
    let mut occurrences = expansion.occurrences(&window);
    for occurrence in &mut occurrences {
        match occurrence {
            Ok(occurrence) => print(&occurrence, &expansion, arguments.json, console)?,
            // That is what was asked for.
            Err(CoreError::OccurrenceLimit { .. }) if arguments.limit.is_some() => {}
            Err(error @ CoreError::OccurrenceLimit { .. }) => {
                outcome = Outcome::Failed;
                let hint = "give --to or --limit";
                console.note(format_args!("{}: error: {error}: {hint}", input.name));
            }
            Err(error) => outcome = outcome.and(input.complain(&error, console)),
        }
    }
    input.mention(occurrences.warnings(), console);
    Ok(outcome)
}

fn print(
    occurrence: &Occurrence<'_>,
    expansion: &Expansion<'_>,
    json: bool,
    console: &mut Console,
) -> Result<(), Error> {
    let recurrence_id = occurrence.recurrence_id();
    let row = Row {
        uid: occurrence.uid(),
        start: written(&occurrence.start(), occurrence.start_utc()),
        end: written(&occurrence.end(), occurrence.end_utc()),
        all_day: occurrence.is_all_day(),
        recurrence_id: recurrence_id.map(|id| written(&id, expansion.instant(&id))),
    };
    if json {
        return console.json(&row);
    }
    let summary = occurrence.component().text(cal_core::PropertyKind::Summary);
    console.line(format_args!(
        "{}\t{}\t{}\t{}",
        row.start,
        row.end,
        row.uid.escape_debug(),
        summary.unwrap_or_default().escape_debug()
    ))
}

/// A time in the form that it has in the calendar: a date, a wall-clock time, or
/// an instant with the offset of its zone.
fn written(moment: &Moment, utc: DateTime<Utc>) -> String {
    match moment {
        Moment::Date(date) => date.format("%Y-%m-%d").to_string(),
        Moment::Floating(local) => local.format("%Y-%m-%dT%H:%M:%S").to_string(),
        Moment::Utc(_) => utc.to_rfc3339_opts(SecondsFormat::Secs, true),
        Moment::Zoned { local, .. } => {
            // Offsets of the time before standard time have seconds, which
            // RFC 3339 has no way to write: the nearest minute then, with the
            // wall clock that makes it the same instant.
            let seconds = (*local - utc.naive_utc()).num_seconds();
            let minutes = seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) >= 30);
            let offset = i32::try_from(minutes * 60)
                .ok()
                .and_then(FixedOffset::east_opt);
            match offset {
                Some(offset) => utc.with_timezone(&offset).to_rfc3339(),
                None => utc.to_rfc3339_opts(SecondsFormat::Secs, true),
            }
        }
    }
}
