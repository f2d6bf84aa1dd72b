//! Whose time it is: people and rooms, each of one calendar file or several.

use std::ffi::OsString;
use std::str::FromStr;

use cal_core::{Expansion, ZoneRules};
use cal_freebusy::{
    Availability, BusyTime, BusyTimes, BusyType, Interval, Layer, Room, Schedule,
    SharedAvailability, WorkingHours,
};

use super::named::{Named, all_said_of, check_names, said_of};
use super::shared_file::{self, Key};
use super::unknown::Unknown;
use super::weekly_time::{WeeklyTime, working_hours};
use super::window::WindowArguments;
use crate::command::calendar_input::CalendarInput;
use crate::command::{Outcome, zone};
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// A file as it stands on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File(pub(super) Input);

impl FromStr for File {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<File, Self::Err> {
        Ok(File(Input::from(OsString::from(name))))
    }
}

/// A zone as it stands on the command line.
#[derive(Clone, Debug)]
pub(super) struct ZoneName(pub(super) ZoneRules);

impl FromStr for ZoneName {
    type Err = String;

    fn from_str(name: &str) -> Result<ZoneName, String> {
        zone::parse(name).map(ZoneName)
    }
}

/// Who they are and where and when they work.
#[derive(Debug, clap::Args)]
pub(super) struct PeopleArguments {
    /// Whose calendars: FILE, or NAME=FILE, where several files of one name are one person. A
    /// person without a name is called like the file. A file is a calendar, or availability made
    /// by `cal free export`; - is standard input
    #[arg(required = true, value_name = "[NAME=]FILE")]
    people: Vec<Named<File>>,
    #[command(flatten)]
    pub(super) window: WindowArguments,
    /// Address of a person, or of all: meetings that they declined are not busy
    #[arg(long, value_name = "[NAME=]ADDRESS")]
    address: Vec<Named<String>>,
    /// Zone that a person lives in [default: that of --tz]
    #[arg(long, value_name = "NAME=ZONE")]
    zone: Vec<Named<ZoneName>>,
    /// Working hours of a person, or of all who have none of their own, in their zone: 09:00-17:00
    /// (from Monday to Friday), "Mon-Thu 08:00-16:00". May be given several times
    #[arg(long, value_name = "[NAME=]HOURS")]
    hours: Vec<Named<WeeklyTime>>,
    /// Trust availability files only if they are signed with the key in this file
    #[arg(long, value_name = "FILE")]
    key: Option<Key>,
}

/// One person, and what is known of their time.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) zone: ZoneRules,
    pub(super) busy: BusyTimes,
    pub(super) hours: Option<WorkingHours>,
}

/// All of them, and why not all of their time is known.
pub(super) struct People {
    pub(super) people: Vec<Person>,
    pub(super) incomplete: Vec<Unknown>,
}

impl PeopleArguments {
    /// What they are called, in order, each once.
    pub(super) fn names(&self) -> Vec<&str> {
        names(&self.people)
    }

    /// Reads what the people have within a window, and in the time around it
    /// that a meeting at its borders needs.
    ///
    /// # Errors
    /// A file cannot be read, or a flag names nobody.
    pub(super) fn read(
        &self,
        window: &Interval,
        around: &Interval,
        console: &mut Console,
    ) -> Result<People, Error> {
        let names = self.names();
        let of = |name: &'_ Option<String>| name.clone();
        check(
            "--address",
            self.address.iter().filter_map(|said| of(&said.name)),
            &names,
        )?;
        check(
            "--zone",
            self.zone.iter().filter_map(|said| of(&said.name)),
            &names,
        )?;
        check(
            "--hours",
            self.hours.iter().filter_map(|said| of(&said.name)),
            &names,
        )?;
        let mut people = Vec::new();
        let mut incomplete = Vec::new();
        for name in &names {
            let mut reader = self.reader(name, window, around);
            for file in files_of(&self.people, name) {
                reader.read(file, console)?;
            }
            let busy = reader.busy();
            incomplete.append(&mut reader.incomplete);
            people.push(Person {
                busy,
                hours: self.hours_of(name, &reader.zone),
                name: (*name).to_owned(),
                zone: reader.zone,
            });
        }
        Ok(People { people, incomplete })
    }

    /// Reads what some rooms have within a window; what is not known of it is
    /// added to `incomplete`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn read_rooms(
        &self,
        rooms: &[Named<File>],
        window: &Interval,
        incomplete: &mut Vec<Unknown>,
        console: &mut Console,
    ) -> Result<Vec<Room>, Error> {
        let mut found = Vec::new();
        for name in names(rooms) {
            let mut reader = self.reader(name, window, window);
            for file in files_of(rooms, name) {
                reader.read(file, console)?;
            }
            found.push(Room::new(name, reader.busy()));
            incomplete.append(&mut reader.incomplete);
        }
        Ok(found)
    }

    /// The hours that a person works: their own, or else those of all.
    fn hours_of(&self, name: &str, zone: &ZoneRules) -> Option<WorkingHours> {
        let own = self
            .hours
            .iter()
            .filter(|said| said.name.as_deref() == Some(name));
        let all = self.hours.iter().filter(|said| said.name.is_none());
        let value = |said: &'_ Named<WeeklyTime>| said.value.clone();
        let own: Vec<WeeklyTime> = own.map(value).collect();
        let times = if own.is_empty() {
            all.map(value).collect()
        } else {
            own
        };
        working_hours(zone, &times)
    }

    fn reader<'a>(
        &'a self,
        name: &'a str,
        window: &'a Interval,
        around: &'a Interval,
    ) -> Reader<'a> {
        let zone = said_of(&self.zone, name).map(|ZoneName(zone)| zone.clone());
        let stated = zone.or_else(|| self.window.tz.clone());
        Reader {
            arguments: self,
            name,
            window,
            around,
            zone: stated.clone().unwrap_or_else(ZoneRules::utc),
            stated,
            inputs: Vec::new(),
            shared: BusyTimes::new(),
            incomplete: Vec::new(),
        }
    }
}

/// Reads the files of one person.
struct Reader<'a> {
    arguments: &'a PeopleArguments,
    name: &'a str,
    window: &'a Interval,
    /// The window and what matters of the time around it.
    around: &'a Interval,
    zone: ZoneRules,
    /// The zone that the command line says they live in.
    stated: Option<ZoneRules>,
    inputs: Vec<CalendarInput>,
    shared: BusyTimes,
    incomplete: Vec<Unknown>,
}

impl Reader<'_> {
    fn read(&mut self, file: &Input, console: &mut Console) -> Result<(), Error> {
        let name = file.to_string();
        let bytes = file.read()?;
        if shared_file::is_one(&bytes) {
            let key = self.arguments.key.as_ref();
            let shared = shared_file::parse(&name, &bytes, key)?;
            self.shared.extend(self.taken(&name, &shared)?);
            return Ok(());
        }
        let input = CalendarInput::read_bytes(&name, bytes, console)?;
        super::warn_of_zones(&input, &expansion(&input, self.stated.as_ref()), console);
        self.inputs.push(input);
        Ok(())
    }

    /// What takes their time, once all files are read.
    fn busy(&mut self) -> BusyTimes {
        let addresses = all_said_of(&self.arguments.address, self.name);
        let nobody = addresses.fold(Schedule::new(self.zone.clone()), |all, address| {
            all.with_address(address)
        });
        let mut schedule = nobody.clone();
        for input in &self.inputs {
            let expansion = expansion(input, self.stated.as_ref());
            let zone = expansion.zone().clone();
            schedule = schedule.with_calendar_in(&input.calendar, zone.clone());
            let alone = nobody.clone().with_calendar_in(&input.calendar, zone);
            let alone = Availability::of(&alone, self.around);
            let unknown = Unknown::all(input, &expansion, self.around, alone.faults());
            self.incomplete.extend(unknown);
        }
        let mut busy = Availability::of(&schedule, self.around).busy().clone();
        busy.extend(self.shared.iter().copied());
        busy
    }

    /// What shared availability takes, if it speaks of the whole window. What is
    /// out of hours is not available, nor is what it says nothing of around the
    /// window.
    fn taken(&self, file: &str, shared: &SharedAvailability) -> Result<Vec<BusyTime>, Error> {
        shared_file::check_window(file, shared, self.window)?;
        let closed = shared.layers().slots(Layer::OutOfHours).runs();
        let closed = closed.map(|run| Interval::new(run.start.start(), run.end.start()));
        let known = shared.layers().window();
        let unknown = [
            Interval::new(self.around.start(), known.start()),
            Interval::new(known.end(), self.around.end()),
        ];
        let unavailable = closed.chain(unknown);
        let unavailable = unavailable.map(|time| BusyTime::new(time, BusyType::Unavailable));
        let busy = shared.layers().busy_times();
        let all: BusyTimes = busy.into_iter().chain(unavailable).collect();
        Ok(all.within(self.around).into_iter().collect())
    }
}

/// A calendar in the zone that was named, or else in its own.
pub(super) fn expansion<'a>(input: &'a CalendarInput, stated: Option<&ZoneRules>) -> Expansion<'a> {
    let expansion = Expansion::of(&input.calendar);
    match stated {
        Some(zone) => expansion.in_zone(zone.clone()),
        None => expansion.in_feed_zone_or(ZoneRules::utc()),
    }
}

fn check(flag: &str, said: impl Iterator<Item = String>, people: &[&str]) -> Result<(), Error> {
    let said: Vec<String> = said.collect();
    check_names(flag, said.iter().map(String::as_str), people)
}

/// What people or rooms are called, in order, each once.
fn names(files: &[Named<File>]) -> Vec<&str> {
    let mut names = Vec::new();
    for file in files {
        let name = name_of(file);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn files_of<'a>(files: &'a [Named<File>], name: &'a str) -> impl Iterator<Item = &'a Input> {
    let own = files.iter().filter(move |file| name_of(file) == name);
    own.map(|file| &file.value.0)
}

/// What they are called: as was said, or else like the file without its
/// extension.
fn name_of(file: &Named<File>) -> &str {
    if let Some(name) = &file.name {
        return name;
    }
    match &file.value.0 {
        Input::Standard => "-",
        Input::File(path) => path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or("?"),
    }
}

/// Says what is in the way of an answer.
pub(super) fn complain(incomplete: &[Unknown], console: &mut Console) -> Outcome {
    for unknown in incomplete {
        console.note(unknown.message());
    }
    if incomplete.is_empty() {
        return Outcome::Done;
    }
    console.note("cal: no free time is shown, because not all that takes time is known");
    Outcome::Failed
}
