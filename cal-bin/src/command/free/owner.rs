//! The calendars of one person, and how they are read.

use cal_core::Expansion;
use cal_freebusy::{Availability, Interval, Schedule, WorkingHours};

use super::people::expansion;
use super::shared_file;
use super::unknown::Unknown;
use super::weekly_time::{WeeklyTime, working_hours};
use super::window::WindowArguments;
use crate::command::calendar_input::CalendarInput;
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// Some files, and when to look at them.
#[derive(Debug, clap::Args)]
pub(super) struct OwnerArguments {
    /// Calendars; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    pub(super) files: Vec<Input>,
    #[command(flatten)]
    pub(super) window: WindowArguments,
    /// Address of the owner: meetings that they declined are not busy
    #[arg(long, value_name = "ADDRESS")]
    pub(super) address: Vec<String>,
    /// Working hours, in the zone of --tz: 09:00-17:00 (from Monday to Friday), "Mon-Thu
    /// 08:00-16:00". May be given several times
    #[arg(long, value_name = "HOURS")]
    hours: Vec<WeeklyTime>,
}

impl OwnerArguments {
    /// The hours that were named.
    pub(super) fn hours(&self) -> Option<WorkingHours> {
        working_hours(&self.window.zone(), &self.hours)
    }

    /// What of a window is out of the hours that were named.
    ///
    /// # Errors
    /// The window is too long.
    pub(super) fn closed(&self, window: &Interval) -> Result<Vec<Interval>, Error> {
        let Some(hours) = self.hours() else {
            return Ok(Vec::new());
        };
        let mut closed = Vec::new();
        let mut closed_from = window.start();
        for open in hours.open(window).map_err(super::refused)? {
            closed.push(Interval::new(closed_from, open.start()));
            closed_from = open.end();
        }
        closed.push(Interval::new(closed_from, window.end()));
        closed.retain(|closed| !closed.is_empty());
        Ok(closed)
    }

    /// Reads the files.
    ///
    /// # Errors
    /// One cannot be read, or is no calendar.
    pub(super) fn read(&self, console: &mut Console) -> Result<Vec<CalendarInput>, Error> {
        let mut inputs = Vec::new();
        for file in &self.files {
            let (name, bytes) = (file.to_string(), file.read()?);
            if shared_file::is_one(&bytes) {
                return Err(Error::Input(format!(
                    "{name}: it is availability for others and names no events: give the calendar"
                )));
            }
            let input = CalendarInput::read_bytes(&name, bytes, console)?;
            super::warn_of_zones(&input, &self.expansion(&input), console);
            inputs.push(input);
        }
        Ok(inputs)
    }

    /// All calendars as those of one person.
    pub(super) fn schedule<'a>(&self, inputs: &'a [CalendarInput]) -> Schedule<'a> {
        inputs.iter().fold(self.nobody(), |all, input| {
            let zone = self.expansion(input).zone().clone();
            all.with_calendar_in(&input.calendar, zone)
        })
    }

    /// What may take time in them, and nobody can tell when.
    pub(super) fn unknown(&self, inputs: &[CalendarInput], window: &Interval) -> Vec<Unknown> {
        let unknown = inputs.iter().flat_map(|input| {
            let expansion = self.expansion(input);
            let alone = std::slice::from_ref(input);
            let alone = Availability::of(&self.schedule(alone), window);
            Unknown::all(input, &expansion, window, alone.faults())
        });
        unknown.collect()
    }

    /// A calendar in the zone that its dates and floating times are taken in.
    pub(super) fn expansion<'a>(&self, input: &'a CalendarInput) -> Expansion<'a> {
        expansion(input, self.window.tz.as_ref())
    }

    fn nobody(&self) -> Schedule<'static> {
        let addresses = self.address.iter().map(String::as_str);
        addresses.fold(Schedule::new(self.window.zone()), |all, address| {
            all.with_address(address)
        })
    }
}
