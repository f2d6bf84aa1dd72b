//! `cal free FILE...`: busy times, and free slots of one length.

use cal_core::ZoneRules;
use cal_freebusy::{
    Availability, BusyTime, BusyTimes, BusyType, Chart, Interval, Layer, SharedAvailability,
};
use serde::Serialize;

use super::length::SlotLength;
use super::owner::OwnerArguments;
use super::people::complain;
use super::shared_file::{self, Key};
use super::unknown::Unknown;
use super::window::FormArguments;
use super::written::{self, BusyRow, Span};
use crate::command::Outcome;
use crate::command::calendar_input::CalendarInput;
use crate::console::Console;
use crate::error::Error;

/// Show when the owners of some calendars are busy and when all of them are free, or find a time.
///
/// Busy are events that say so: cancelled and transparent ones are not, nor are those that the
/// owner (--address) declined. Free slots follow each other within each free time, each as long as
/// asked for. On a terminal the time is drawn as a chart; otherwise the answer is JSON:
/// {"busy":[{"start","end","type"}],"free":[{"start","end"}]}, with "out_of_hours":[{"start","end"}]
/// where hours are known and "incomplete":[{"file","line","uid","reason"}] where free time is not.
///
/// Where it cannot be told when an event takes place (its start, its end or its series cannot be
/// read or worked out, the file breaks off), no time is known to be free: none is printed, what is
/// in the way is named on standard error, and the exit code is 1.
#[derive(Debug, clap::Args)]
pub(super) struct SlotsArguments {
    #[command(flatten)]
    owner: OwnerArguments,
    /// Length of a free slot, such as 30m, 1h30m or PT30M
    #[arg(long, value_name = "LENGTH", default_value = "30m")]
    slot: SlotLength,
    /// Trust availability files only if they are signed with the key in this file
    #[arg(long, value_name = "FILE")]
    key: Option<Key>,
    #[command(flatten)]
    form: FormArguments,
}

/// The most slots that one answer may have: each is a row in memory.
const MOST_SLOTS: i64 = 1_000_000;

/// The most days that are drawn.
const MOST_DAYS: i64 = 62;

/// The answer as one object.
#[derive(Serialize)]
struct Answer {
    busy: Vec<BusyRow>,
    free: Vec<Span>,
    /// Where nobody works, if hours are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    out_of_hours: Vec<Span>,
    /// Why nothing is free, as far as anyone knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    incomplete: Vec<Unknown>,
}

/// What is known of all of them together.
struct Together {
    window: Interval,
    busy: BusyTimes,
    /// When someone does not work.
    closed: Vec<Interval>,
    incomplete: Vec<Unknown>,
}

pub(super) fn run(arguments: &SlotsArguments, console: &mut Console) -> Result<Outcome, Error> {
    let owner = &arguments.owner;
    let window = owner.window.window()?;
    let SlotLength(length) = arguments.slot;
    if window.length().num_seconds() / length.num_seconds().max(1) > MOST_SLOTS {
        return Err(Error::Usage(format!(
            "there would be more than {MOST_SLOTS} slots between --from and --to"
        )));
    }
    let mut together = Together {
        window,
        busy: BusyTimes::new(),
        closed: Vec::new(),
        incomplete: Vec::new(),
    };
    for file in &owner.files {
        let name = file.to_string();
        let bytes = file.read()?;
        if shared_file::is_one(&bytes) {
            together.add_shared(
                &name,
                &shared_file::parse(&name, &bytes, arguments.key.as_ref())?,
            )?;
        } else {
            let input = CalendarInput::read_bytes(&name, bytes, console)?;
            together.add(&input, owner, console);
        }
    }
    together.closed.append(&mut owner.closed(&window)?);
    let outcome = complain(&together.incomplete, console);
    print(together, arguments, console)?;
    Ok(outcome)
}

impl Together {
    /// Adds the calendars of one more person.
    fn add(&mut self, input: &CalendarInput, owner: &OwnerArguments, console: &mut Console) {
        let expansion = owner.expansion(input);
        super::warn_of_zones(input, &expansion, console);
        let availability =
            Availability::of(&owner.schedule(std::slice::from_ref(input)), &self.window);
        let unknown = Unknown::all(input, &expansion, &self.window, availability.faults());
        self.incomplete.extend(unknown);
        self.busy.extend(availability.busy().iter().copied());
    }

    /// Adds someone of whom no more is known than they share.
    fn add_shared(&mut self, file: &str, shared: &SharedAvailability) -> Result<(), Error> {
        shared_file::check_window(file, shared, &self.window)?;
        let busy = shared.layers().busy_times();
        self.busy.extend(busy.within(&self.window).iter().copied());
        let closed = shared.layers().slots(Layer::OutOfHours).runs();
        let closed = closed.map(|run| Interval::new(run.start.start(), run.end.start()));
        self.closed
            .extend(closed.filter_map(|closed| closed.intersection(&self.window)));
        Ok(())
    }
}

fn print(
    together: Together,
    arguments: &SlotsArguments,
    console: &mut Console,
) -> Result<(), Error> {
    let SlotLength(length) = arguments.slot;
    let zone = arguments.owner.window.zone();
    let Together {
        window,
        busy,
        closed,
        incomplete,
    } = together;
    let shut = closed.iter();
    let shut = shut.map(|closed| BusyTime::new(*closed, BusyType::Unavailable));
    let closed: BusyTimes = shut.collect();
    let mut taken = busy.clone();
    taken.extend(closed.iter().copied());
    let known = incomplete.is_empty();
    let free: Vec<Interval> = taken
        .free(window, length)
        .filter(|_| known)
        .flat_map(|free| free.pieces(length))
        .collect();
    if arguments.form.is_json(console) {
        let rows = busy.iter().map(|time| BusyRow::new(time, &zone));
        let span = |interval: Interval| Span::new(&interval, &zone);
        return console.json(&Answer {
            busy: rows.collect(),
            free: free.into_iter().map(span).collect(),
            out_of_hours: closed.intervals().map(span).collect(),
            incomplete,
        });
    }
    // A chart would show as free what nobody knows.
    if known {
        draw(&busy, &closed, &window, &zone, console)?;
    }
    for time in &busy {
        let when = written::for_people(&time.interval, &zone);
        console.line(format_args!(
            "{:<16} {when}",
            time.busy_type.name().to_lowercase()
        ))?;
    }
    for slot in free {
        console.line(format_args!(
            "{:<16} {}",
            "free",
            written::for_people(&slot, &zone)
        ))?;
    }
    Ok(())
}

/// Draws the time, unless it is too long for that.
fn draw(
    busy: &BusyTimes,
    closed: &BusyTimes,
    window: &Interval,
    zone: &ZoneRules,
    console: &mut Console,
) -> Result<(), Error> {
    if window.length().num_days() > MOST_DAYS {
        return Ok(());
    }
    let closed: Vec<Interval> = closed.intervals().collect();
    let chart = Chart::new(busy, window, zone.clone()).map_err(super::refused)?;
    let chart = chart.with_closed(&closed);
    for line in chart.to_string().lines() {
        console.line(line)?;
    }
    console.line(". free  # busy  ~ tentative  x unavailable  - out of hours\n")
}
