//! `cal free`: busy and free time.

use std::str::FromStr;

use cal_core::{Duration, ZoneRules};
use cal_freebusy::{Availability, Interval, Schedule};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use super::calendar_input::CalendarInput;
use super::{Outcome, zone};
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;
use crate::point_in_time::PointInTime;

/// Show when the owners of some calendars are busy, and when all of them are free.
///
/// Busy are events that say so: cancelled and transparent ones are not. Free slots follow each
/// other within each free time, each as long as asked for.
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
    /// Zone of whole days, floating times and times given here
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone::parse)]
    tz: ZoneRules,
    /// Address of the owner: meetings that they declined are not busy
    #[arg(long, value_name = "ADDRESS")]
    address: Vec<String>,
    /// What `now` means
    #[arg(long, value_name = "TIME", default_value = "now")]
    now: PointInTime,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
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
    let now = arguments.now.utc(&arguments.tz, Utc::now());
    let start = arguments.from.utc(&arguments.tz, now);
    let end = arguments.to.utc(&arguments.tz, now);
    if start >= end {
        return Err(Error::Usage("--to must be later than --from".to_owned()));
    }
    let SlotLength(length) = arguments.slot;
    if (end - start).num_seconds() / length.num_seconds().max(1) > MOST_SLOTS {
        return Err(Error::Usage(format!(
            "there would be more than {MOST_SLOTS} slots between --from and --to"
        )));
    }
    let window = Interval::new(start, end);
    let mut inputs = Vec::new();
    for file in &arguments.files {
        inputs.push(CalendarInput::read(file, console)?);
    }

    let nobody = Schedule::new(arguments.tz.clone());
    let mut together = Availability::of(&nobody, &window);
    let mut outcome = Outcome::Done;
    for input in &inputs {
        let mut schedule = nobody.clone().with_calendar(&input.calendar);
        for address in &arguments.address {
            schedule = schedule.with_address(address);
        }
        let availability = Availability::of(&schedule, &window);
        for fault in availability.faults() {
            outcome = outcome.and(input.complain(fault, console));
        }
        together = together | availability;
    }
    print(&together, arguments, console)?;
    Ok(outcome)
}

fn print(
    availability: &Availability,
    arguments: &Arguments,
    console: &mut Console,
) -> Result<(), Error> {
    let SlotLength(length) = arguments.slot;
    let written = |utc: DateTime<Utc>| written(utc, &arguments.tz);
    let busy = availability.busy().iter().map(|time| BusyRow {
        start: written(time.interval.start()),
        end: written(time.interval.end()),
        r#type: time.busy_type.name(),
    });
    let slots = availability
        .free_slots(length)
        .flat_map(|free| free.pieces(length));
    let free = slots.map(|slot| FreeRow {
        start: written(slot.start()),
        end: written(slot.end()),
    });
    if arguments.json {
        return console.json(&Answer {
            busy: busy.collect(),
            free: free.collect(),
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
