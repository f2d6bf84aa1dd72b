//! `cal free team`: when a team can be booked, and whose turn it is.

use cal_freebusy::{Host, Team};
use serde::Serialize;

use super::length::SlotLength;
use super::named::{Named, check_names, said_of};
use super::people::{PeopleArguments, complain};
use super::window::FormArguments;
use super::written::{self, Span};
use crate::command::Outcome;
use crate::console::Console;
use crate::error::Error;

const EXAMPLES: &str = "\
Example:
  cal free team ada.ics bob.ics --booked ada=3 --slot 30m --hours 09:00-17:00 \\
      --from 2026-03-02 --to 2026-03-07 --tz Europe/Berlin";

/// Say when a team can be booked, and whose turn it is.
///
/// Whoever was booked least for their share has the next turn. With --collective all of the team
/// are wanted at once.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct TeamArguments {
    #[command(flatten)]
    people: PeopleArguments,
    /// Length of a booking, such as 30m or 1h
    #[arg(long, value_name = "LENGTH")]
    slot: SlotLength,
    /// How far apart starts are [default: the length of a booking]
    #[arg(long, value_name = "LENGTH")]
    step: Option<SlotLength>,
    /// All of the team at once
    #[arg(long)]
    collective: bool,
    /// How often someone was booked before
    #[arg(long, value_name = "NAME=N")]
    booked: Vec<Named<u32>>,
    /// How often someone is to be booked, relative to the others
    #[arg(long, value_name = "NAME=N")]
    share: Vec<Named<u32>>,
    #[command(flatten)]
    form: FormArguments,
}

#[derive(Serialize)]
struct Answer {
    offers: Vec<OfferRow>,
}

#[derive(Serialize)]
struct OfferRow {
    #[serde(flatten)]
    when: Span,
    /// Whose turn it is first.
    hosts: Vec<String>,
    #[serde(skip)]
    for_people: String,
}

pub(super) fn run(arguments: &TeamArguments, console: &mut Console) -> Result<Outcome, Error> {
    let names = arguments.people.names();
    for (flag, all) in [
        ("--booked", &arguments.booked),
        ("--share", &arguments.share),
    ] {
        let said = all.iter().filter_map(|said| said.name.as_deref());
        check_names(flag, said, &names)?;
    }
    let zone = arguments.people.window.zone();
    let window = arguments.people.window.window()?;
    let people = arguments.people.read(&window, &window, console)?;
    let outcome = complain(&people.incomplete, console);
    if outcome == Outcome::Failed {
        return Ok(outcome);
    }
    let hosts = people.people.into_iter().map(|person| {
        let booked = said_of(&arguments.booked, &person.name).copied();
        let share = said_of(&arguments.share, &person.name).copied();
        let host = Host::new(person.name, person.busy)
            .with_bookings(booked.unwrap_or(0), None)
            .with_share(share.unwrap_or(1));
        match person.hours {
            Some(hours) => host.with_hours(hours),
            None => host,
        }
    });
    let team = Team::new(hosts.collect());
    let SlotLength(length) = arguments.slot;
    let SlotLength(step) = arguments.step.unwrap_or(arguments.slot);
    let row = |interval, hosts: &[usize]| OfferRow {
        when: Span::new(&interval, &zone),
        hosts: (hosts.iter())
            .filter_map(|place| Some(team.hosts().get(*place)?.name().to_owned()))
            .collect(),
        for_people: written::for_people(&interval, &zone),
    };
    let offers: Vec<OfferRow> = if arguments.collective {
        let all: Vec<usize> = (0..team.hosts().len()).collect();
        let slots = team.collective(&window, length, step);
        let slots = slots.map_err(super::refused)?.into_iter();
        slots.map(|slot| row(slot, &all)).collect()
    } else {
        let offers = team.round_robin(&window, length, step);
        let offers = offers.map_err(super::refused)?.into_iter();
        offers
            .map(|offer| row(offer.interval, &offer.hosts))
            .collect()
    };
    if arguments.form.is_json(console) {
        console.json(&Answer { offers })?;
        return Ok(outcome);
    }
    for offer in offers {
        console.line(format_args!(
            "{}  {}",
            offer.for_people,
            offer.hosts.join(", ")
        ))?;
    }
    Ok(outcome)
}
