//! `cal free`: busy and free time.

mod unknown;

use std::collections::HashSet;
use std::str::FromStr;

use cal_core::{Duration, Expansion, PropertyKind, ZoneRules};
use cal_freebusy::{Availability, Interval, Schedule};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use super::calendar_input::{CalendarInput, Message};
use super::{Outcome, zone};
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;
use crate::point_in_time::{self, PointInTime};

use unknown::Unknown;

/// Show when the owners of some calendars are busy, and when all of them are free.
///
/// Busy are events that say so: cancelled and transparent ones are not. Free slots follow each
/// other within each free time, each as long as asked for.
///
/// Where it cannot be told when an event takes place (its start, its end or its series cannot be
/// read or worked out, the file breaks off), no time is known to be free: none is printed, what is
/// in the way is named on standard error, and the exit code is 1.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Calendars to look at; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    files: Vec<Input>,
    /// Start of the time to look at
    #[arg(long, value_name = "TIME")]
    from: PointInTime,
    /// End of the time to look at
    #[arg(long, value_name = "TIME")]
    to: PointInTime,
    /// Length of a free slot, such as 30m, 1h30m or PT30M
    #[arg(long, value_name = "LENGTH")]
    slot: SlotLength,
    /// Zone of times given and printed here, and of whole days and floating times [default: UTC,
    /// and for a calendar that names its own zone, that one for its whole days and floating times]
    #[arg(long, value_name = "ZONE", value_parser = zone::parse)]
    tz: Option<ZoneRules>,
    /// Address of the owner: meetings that they declined are not busy
    #[arg(long, value_name = "ADDRESS")]
    address: Vec<String>,
    /// What `now` means
    #[arg(long, value_name = "TIME", default_value = "now")]
    now: PointInTime,
    /// Print one JSON object: {"busy":[{"start","end","type"}],"free":[{"start","end"}]}, with
    /// "incomplete":[{"file","line","uid","reason"}] where free time is not known
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// The zone of times given and printed.
    fn zone(&self) -> ZoneRules {
        self.tz.clone().unwrap_or_else(ZoneRules::utc)
    }
}

/// A length of time that is more than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SlotLength(TimeDelta);

impl FromStr for SlotLength {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<SlotLength, &'static str> {
        let length = match text.parse::<Duration>() {
            Ok(duration) => Some(duration.to_time_delta()),
            Err(_) => units(text),
        };
        length
            .filter(|length| *length >= TimeDelta::minutes(1))
            .map(SlotLength)
            .ok_or("a length is written 30m, 1h, 1h30m, 1d or PT30M and is at least one minute")
    }
}

/// Numbers with a unit each: `1h30m`.
fn units(text: &str) -> Option<TimeDelta> {
    let mut length = TimeDelta::zero();
    let mut number: Option<i64> = None;
    for character in text.chars() {
        if let Some(digit) = character.to_digit(10) {
            let so_far = number.unwrap_or(0).checked_mul(10)?;
            number = Some(so_far.checked_add(i64::from(digit))?);
            continue;
        }
        let count = number.take()?;
        let part = match character {
            'd' => TimeDelta::try_days(count)?,
            'h' => TimeDelta::try_hours(count)?,
            'm' => TimeDelta::try_minutes(count)?,
            's' => TimeDelta::try_seconds(count)?,
            _ => return None,
        };
        length = length.checked_add(&part)?;
    }
    number.is_none().then_some(length)
}

/// The most slots that one answer may have: each is a row in memory.
const MOST_SLOTS: i64 = 1_000_000;

/// The answer as one object.
#[derive(Serialize)]
struct Answer {
    busy: Vec<BusyRow>,
    free: Vec<FreeRow>,
    /// Why nothing is free, as far as anyone knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    incomplete: Vec<Unknown>,
}

#[derive(Serialize)]
struct BusyRow {
    start: String,
    end: String,
    r#type: &'static str,
}

#[derive(Serialize)]
struct FreeRow {
    start: String,
    end: String,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let window = window(arguments)?;
    let mut inputs = Vec::new();
    for file in &arguments.files {
        inputs.push(CalendarInput::read(file, console)?);
    }

    let nobody = Schedule::new(arguments.zone());
    let mut together = Availability::of(&nobody, &window);
    let mut incomplete = Vec::new();
    for input in &inputs {
        let expansion = Expansion::of(&input.calendar);
        let expansion = match &arguments.tz {
            Some(zone) => expansion.in_zone(zone.clone()),
            None => expansion.in_feed_zone_or(ZoneRules::utc()),
        };
        let mut schedule = Schedule::new(expansion.zone().clone()).with_calendar(&input.calendar);
        for address in &arguments.address {
            schedule = schedule.with_address(address);
        }
        let availability = Availability::of(&schedule, &window);
        warn_of_zones(input, &expansion, console);
        let unknown = Unknown::all(input, &expansion, &window, availability.faults());
        incomplete.extend(unknown);
        together = together | availability;
    }
    for unknown in &incomplete {
        console.note(unknown.message());
    }
    let outcome = if incomplete.is_empty() {
        Outcome::Done
    } else {
        console.note("cal: no free time is shown, because not all that takes time is known");
        Outcome::Failed
    };
    print(&together, incomplete, arguments, console)?;
    Ok(outcome)
}

/// The time to look at, if it is one that can be answered.
fn window(arguments: &Arguments) -> Result<Interval, Error> {
    let zone = arguments.zone();
    let now = arguments.now.utc(&zone, Utc::now());
    let start = arguments.from.utc(&zone, now);
    let end = arguments.to.utc(&zone, now);
    point_in_time::in_order(start, end)?;
    let SlotLength(length) = arguments.slot;
    if (end - start).num_seconds() / length.num_seconds().max(1) > MOST_SLOTS {
        return Err(Error::Usage(format!(
            "there would be more than {MOST_SLOTS} slots between --from and --to"
        )));
    }
    Ok(Interval::new(start, end))
}

/// Says of each zone that nothing is known of, once, that another was taken.
fn warn_of_zones(input: &CalendarInput, expansion: &Expansion<'_>, console: &mut Console) {
    let mut known = HashSet::new();
    for event in input.calendar.events() {
        let start = event.component().moment(PropertyKind::DtStart);
        let Ok(Some(start)) = start else {
            continue;
        };
        if let Some(tzid) = start.tzid()
            && !known.contains(tzid.as_str())
        {
            if expansion.time_zones().resolve(tzid).is_none() {
                let text = input.without_rules(tzid.as_str());
                let line = input.line_of(event.component());
                console.note(Message::warning(&input.name, line, text));
            }
            known.insert(tzid.as_str().to_owned());
        }
    }
}

fn print(
    availability: &Availability,
    incomplete: Vec<Unknown>,
    arguments: &Arguments,
    console: &mut Console,
) -> Result<(), Error> {
    let SlotLength(length) = arguments.slot;
    let zone = arguments.zone();
    let written = |utc: DateTime<Utc>| written(utc, &zone);
    let busy = availability.busy().iter().map(|time| BusyRow {
        start: written(time.interval.start()),
        end: written(time.interval.end()),
        r#type: time.busy_type.name(),
    });
    let known = incomplete.is_empty();
    let slots = availability
        .free_slots(length)
        .filter(|_| known)
        .flat_map(|free| free.pieces(length));
    let free = slots.map(|slot| FreeRow {
        start: written(slot.start()),
        end: written(slot.end()),
    });
    if arguments.json {
        return console.json(&Answer {
            busy: busy.collect(),
            free: free.collect(),
            incomplete,
        });
    }
    for row in busy {
        console.line(format_args!(
            "busy\t{}\t{}\t{}",
            row.start, row.end, row.r#type
        ))?;
    }
    for row in free {
        console.line(format_args!("free\t{}\t{}", row.start, row.end))?;
    }
    Ok(())
}

/// RFC 3339 with the offset of the zone that the user asked for.
fn written(utc: DateTime<Utc>, zone: &ZoneRules) -> String {
    use cal_rrule::Zone as _;

    let offset = chrono::FixedOffset::east_opt(zone.offset_at(utc.naive_utc()));
    match offset.filter(|offset| offset.local_minus_utc() % 60 == 0) {
        Some(offset) if offset.local_minus_utc() != 0 => utc.with_timezone(&offset).to_rfc3339(),
        _ => utc.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}
