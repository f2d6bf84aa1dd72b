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
use clap::Subcommand as _;

use super::Outcome;
use super::calendar_input::{CalendarInput, Message};
use crate::console::Console;
use crate::error::Error;

/// What is asked of some calendars.
#[derive(Debug)]
pub(crate) struct Arguments(Asked);

/// Slots, or something else.
#[derive(Debug)]
enum Asked {
    Slots(slots::SlotsArguments),
    Question(Question),
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

/// The flags of slots are wanted only where nothing else is asked.
impl clap::Args for Arguments {
    fn augment_args(command: clap::Command) -> clap::Command {
        let command = Question::augment_subcommands(command)
            .subcommand_required(false)
            .arg_required_else_help(false)
            .subcommand_negates_reqs(true)
            .args_conflicts_with_subcommands(true);
        slots::SlotsArguments::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Arguments {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let asked = match matches.subcommand_name() {
            Some(_) => Question::from_arg_matches(matches).map(Asked::Question),
            None => slots::SlotsArguments::from_arg_matches(matches).map(Asked::Slots),
        };
        asked.map(Arguments)
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let question = match &arguments.0 {
        Asked::Slots(slots) => return slots::run(slots, console),
        Asked::Question(question) => question,
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
