//! `cal free`: busy and free time, and finding a time.

mod export;
mod find;
mod length;
mod meeting;
mod named;
mod owner;
mod people;
mod report;
mod shared_file;
mod slots;
mod team;
mod unknown;
mod weekly;
mod weekly_time;
mod why;
mod window;
mod written;

use std::collections::HashSet;

use cal_core::{Expansion, PropertyKind};

use super::Outcome;
use super::calendar_input::{CalendarInput, Message};
use crate::console::Console;
use crate::error::Error;

/// What is asked of some calendars: slots, or something else.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    question: Option<Question>,
    #[command(flatten)]
    slots: slots::SlotsArguments,
}

/// A file that is called like one of these is told by its path: `./find`.
#[derive(Debug, clap::Subcommand)]
enum Question {
    Find(Box<find::FindArguments>),
    Weekly(Box<weekly::WeeklyArguments>),
    Team(Box<team::TeamArguments>),
    Why(why::WhyArguments),
    Report(report::ReportArguments),
    Export(export::ExportArguments),
    Merge(export::MergeArguments),
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let Some(question) = &arguments.question else {
        return slots::run(&arguments.slots, console);
    };
    match question {
        Question::Find(find) => find::run(find, console),
        Question::Weekly(weekly) => weekly::run(weekly, console),
        Question::Team(team) => team::run(team, console),
        Question::Why(why) => why::run(why, console),
        Question::Report(report) => report::run(report, console),
        Question::Export(export) => export::export(export, console),
        Question::Merge(merge) => export::merge(merge, console),
    }
}

/// What was asked makes no sense to the library.
#[expect(
    clippy::needless_pass_by_value,
    reason = "an error is handed over where it is mapped"
)]
fn refused(error: cal_freebusy::Error) -> Error {
    Error::Usage(error.to_string())
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
