//! `cal free why`: why a time is busy, or is not.

use cal_freebusy::{Cause, Effect};
use serde::Serialize;

use super::owner::OwnerArguments;
use super::people::complain;
use super::window::FormArguments;
use super::written::{self, BusyRow, Span};
use crate::command::Outcome;
use crate::console::Console;
use crate::error::Error;

const EXAMPLES: &str = "\
Example:
  cal free why work.ics --from 2026-03-03T09:00 --to 2026-03-03T10:00 --tz Europe/Berlin";

/// Say why a time is busy or free.
///
/// Told are the events that take it, and those that might seem to but do not, and what is out of
/// --hours. With --for-others it says what others may know: when, and how firmly, and nothing of any
/// event.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct WhyArguments {
    #[command(flatten)]
    owner: OwnerArguments,
    /// Name no event
    #[arg(long)]
    for_others: bool,
    #[command(flatten)]
    form: FormArguments,
}

#[derive(Serialize)]
struct Answer {
    free: bool,
    busy: Vec<BusyRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    out_of_hours: Vec<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    causes: Option<Vec<Row>>,
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    when: Span,
    effect: String,
    uid: Option<String>,
    summary: Option<String>,
    recurring: bool,
}

pub(super) fn run(arguments: &WhyArguments, console: &mut Console) -> Result<Outcome, Error> {
    let owner = &arguments.owner;
    let zone = owner.window.zone();
    let window = owner.window.window()?;
    let inputs = owner.read(console)?;
    let outcome = complain(&owner.unknown(&inputs, &window), console);
    let why = owner
        .schedule(&inputs)
        .explain(&window)
        .map_err(super::refused)?;
    let closed = owner.closed(&window)?;
    let is_free = why.is_free() && closed.is_empty() && outcome == Outcome::Done;
    let busy = why.for_others().iter();
    if arguments.form.is_json(console) {
        let busy = busy.map(|time| BusyRow::new(time, &zone));
        let row = |cause: &Cause| Row {
            when: Span::new(&cause.interval, &zone),
            effect: effect(cause.effect),
            uid: cause.uid.clone(),
            summary: cause.summary.clone(),
            recurring: cause.is_recurring,
        };
        let causes = || why.causes.iter().map(row).collect();
        console.json(&Answer {
            free: is_free,
            busy: busy.collect(),
            out_of_hours: closed.iter().map(|time| Span::new(time, &zone)).collect(),
            causes: (!arguments.for_others).then(causes),
        })?;
        return Ok(outcome);
    }
    if is_free {
        console.line("free")?;
    }
    for time in &closed {
        let when = written::for_people(time, &zone);
        console.line(format_args!("{when}  out of hours"))?;
    }
    if arguments.for_others {
        for time in busy {
            let when = written::for_people(&time.interval, &zone);
            console.line(format_args!("{when}  {}", time.busy_type))?;
        }
        return Ok(outcome);
    }
    for cause in &why.causes {
        let when = written::for_people(&cause.interval, &zone);
        let what = cause.summary.as_deref().unwrap_or_default();
        console.line(format_args!(
            "{when}  {}  {}",
            effect(cause.effect),
            printable(what)
        ))?;
    }
    Ok(outcome)
}

/// What it does to the time, in words.
fn effect(effect: Effect) -> String {
    match effect {
        Effect::Takes(busy_type) => busy_type.to_string(),
        Effect::Leaves(why) => format!("free, because {why}"),
        Effect::UsuallyAway(busy_type) => format!("{busy_type}: outside of the usual hours"),
        Effect::Published(busy_type) => format!("{busy_type}: published as such"),
    }
}

/// Text of an event, which must not steer a terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}
