//! `cal free report`: what a week is like.

use cal_freebusy::{WeekReport, WorkingHours};
use serde::Serialize;

use super::owner::OwnerArguments;
use super::people::complain;
use super::why::printable;
use super::window::FormArguments;
use super::written::{self, Span};
use crate::command::Outcome;
use crate::console::{Console, counted};
use crate::error::Error;

const EXAMPLES: &str = "\
Example:
  cal free report work.ics --from 2026-03-02 --to 2026-03-07 --tz Europe/Berlin";

/// Say what a week is like: meetings, time to focus, and what breaks it up.
///
/// Working hours are 09:00-17:00 from Monday to Friday unless --hours says otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    owner: OwnerArguments,
    #[command(flatten)]
    form: FormArguments,
}

/// Lengths are in minutes.
#[derive(Serialize)]
struct Answer {
    meetings: usize,
    meeting_minutes: i64,
    people_minutes: i64,
    outside_hours_minutes: i64,
    back_to_back: usize,
    double_booked: usize,
    free_minutes: i64,
    focus: Vec<Span>,
    fragmentation: f64,
    series: Vec<Series>,
}

#[derive(Serialize)]
struct Series {
    uid: String,
    summary: Option<String>,
    meetings: usize,
    minutes: i64,
    broken_up_minutes: i64,
}

pub(super) fn run(arguments: &ReportArguments, console: &mut Console) -> Result<Outcome, Error> {
    let owner = &arguments.owner;
    let window = owner.window.window()?;
    let inputs = owner.read(console)?;
    let outcome = complain(&owner.unknown(&inputs, &window), console);
    let hours = match owner.hours() {
        Some(hours) => hours,
        None => {
            let usual = "09:00-17:00".parse().map_err(super::refused)?;
            WorkingHours::weekdays(owner.window.zone(), usual)
        }
    };
    let report = owner.schedule(&inputs).report(&window, &hours);
    let report = report.map_err(super::refused)?;
    if arguments.form.is_json(console) {
        console.json(&answer(&report, owner))?;
    } else {
        print(&report, owner, console)?;
    }
    Ok(outcome)
}

fn answer(report: &WeekReport, owner: &OwnerArguments) -> Answer {
    let zone = owner.window.zone();
    let series = report.series.iter().map(|series| Series {
        uid: series.uid.clone(),
        summary: series.summary.clone(),
        meetings: series.meetings,
        minutes: series.time.num_minutes(),
        broken_up_minutes: series.broken_up.num_minutes(),
    });
    Answer {
        meetings: report.meetings,
        meeting_minutes: report.meeting_time.num_minutes(),
        people_minutes: report.people_time.num_minutes(),
        outside_hours_minutes: report.outside_hours.num_minutes(),
        back_to_back: report.back_to_back,
        double_booked: report.double_booked,
        free_minutes: report.free.num_minutes(),
        focus: report
            .focus
            .iter()
            .map(|focus| Span::new(focus, &zone))
            .collect(),
        fragmentation: report.fragmentation,
        series: series.collect(),
    }
}

fn print(report: &WeekReport, owner: &OwnerArguments, console: &mut Console) -> Result<(), Error> {
    let zone = owner.window.zone();
    let length = written::length;
    console.line(format_args!(
        "{}, {} ({} for all who are in them), {} of it out of hours",
        counted(report.meetings, "meeting"),
        length(report.meeting_time),
        length(report.people_time),
        length(report.outside_hours),
    ))?;
    console.line(format_args!(
        "{} back to back, {} double booked",
        report.back_to_back, report.double_booked
    ))?;
    console.line(format_args!(
        "{} of the working hours free, {:.0} % of that in pieces too short to focus",
        length(report.free),
        report.fragmentation * 100.0
    ))?;
    for focus in &report.focus {
        console.line(format_args!(
            "focus   {}",
            written::for_people(focus, &zone)
        ))?;
    }
    for series in &report.series {
        console.line(format_args!(
            "series  {}, {}, breaks up {}: {}",
            counted(series.meetings, "meeting"),
            length(series.time),
            length(series.broken_up),
            printable(series.summary.as_deref().unwrap_or(&series.uid)),
        ))?;
    }
    Ok(())
}
