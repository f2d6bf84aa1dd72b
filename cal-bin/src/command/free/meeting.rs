//! What meeting is looked for: the request that `find` and `weekly` share.

use std::str::FromStr;

use cal_freebusy::{Factor, Interval, Participant, Request, RoomNeed, Tentative, Weights};
use chrono::TimeDelta;

use super::length::{Around, Length, SlotLength};
use super::named::{Named, all_said_of, check_names, said_of};
use super::people::{File, PeopleArguments, Person};
use super::unknown::Unknown;
use super::weekly_time::NotedTime;
use crate::console::Console;
use crate::error::Error;

/// Who meets, for how long, and what they like.
#[derive(Debug, clap::Args)]
pub(super) struct MeetingArguments {
    #[command(flatten)]
    pub(super) people: PeopleArguments,
    /// Length of the meeting, such as 30m or 1h30m
    #[arg(long, value_name = "LENGTH")]
    slot: SlotLength,
    /// A person without whom it can take place
    #[arg(long, value_name = "NAME")]
    optional: Vec<String>,
    /// A room, by its calendar; any one that is free will do
    #[arg(long, value_name = "[NAME=]FILE")]
    room: Vec<Named<File>>,
    /// It can do without a room, if it must
    #[arg(long)]
    room_optional: bool,
    /// By how much hours may be stretched before and after, such as 0m/4h, if it must be
    #[arg(long, value_name = "[NAME=]LENGTH[/LENGTH]")]
    margin: Vec<Named<Around>>,
    /// How long to be free before and after
    #[arg(long, value_name = "[NAME=]LENGTH[/LENGTH]")]
    buffer: Vec<Named<Around>>,
    /// How long the way there and back takes, on top of buffers
    #[arg(long, value_name = "[NAME=]LENGTH[/LENGTH]")]
    travel: Vec<Named<Around>>,
    /// How long someone met out of hours before: others come first now
    #[arg(long, value_name = "NAME=LENGTH")]
    burden: Vec<Named<Length>>,
    /// A time that is liked: 09:00-12:00, "Tue,Wed 09:00-12:00: morning". Without a name it is on
    /// the clock of --tz
    #[arg(long, value_name = "[NAME=][DAYS ]HOURS[: NOTE]")]
    prefer: Vec<Named<NotedTime>>,
    /// A time that is better avoided: "Fri 00:00-24:00: often cancelled"
    #[arg(long, value_name = "[NAME=][DAYS ]HOURS[: NOTE]")]
    avoid: Vec<Named<NotedTime>>,
    /// A time that is ruled out, as START/END or START/LENGTH in the form of iCalendar and in UTC:
    /// 20260302T120000Z/PT1H
    #[arg(long, value_name = "PERIOD")]
    without: Vec<Interval>,
    /// How much a factor counts: preference=3, hours=3, buffer=1, compactness=0.5, room=1,
    /// optional=1, tentative=1, fairness=1 and soonness=0.1 unless said
    #[arg(long, value_name = "FACTOR=NUMBER")]
    weight: Vec<Weight>,
    /// Something tentative does not rule a time out, it counts against it
    #[arg(long)]
    over_tentative: bool,
    /// How far apart starts are
    #[arg(long, value_name = "LENGTH", default_value = "15m")]
    step: SlotLength,
    /// How many times to tell
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
}

/// `FACTOR=NUMBER`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Weight {
    factor: Factor,
    weight: f64,
}

impl FromStr for Weight {
    type Err = String;

    fn from_str(text: &str) -> Result<Weight, String> {
        let known = || Factor::ALL.map(Factor::name).join(", ");
        let form = || format!("a weight is written FACTOR=NUMBER; factors are {}", known());
        let (name, number) = text.split_once('=').ok_or_else(form)?;
        let mut factors = Factor::ALL.into_iter();
        let factor = factors
            .find(|factor| factor.name() == name)
            .ok_or_else(form)?;
        let weight: f64 = number.parse().map_err(|_| form())?;
        if weight.is_finite() && weight >= 0.0 {
            Ok(Weight { factor, weight })
        } else {
            Err("a weight is a number that is not negative".to_owned())
        }
    }
}

impl MeetingArguments {
    /// How long the meeting is.
    pub(super) fn length(&self) -> TimeDelta {
        self.slot.0
    }

    /// Reads the people and rooms within `known`, and puts together the request
    /// for a time within `window`.
    ///
    /// # Errors
    /// A file cannot be read, or a flag names nobody.
    pub(super) fn request(
        &self,
        window: Interval,
        known: &Interval,
        console: &mut Console,
    ) -> Result<(Request, Vec<Unknown>), Error> {
        self.check()?;
        let SlotLength(length) = self.slot;
        let SlotLength(step) = self.step;
        let people = self.people.read(known, &self.around(known), console)?;
        let mut incomplete = people.incomplete;
        let rooms = (self.people).read_rooms(&self.room, known, &mut incomplete, console)?;

        let mut request = Request::new(window, length, self.people.window.zone())
            .with_granularity(step)
            .with_limit(usize::from(self.limit))
            .with_weights(self.weight.iter().fold(Weights::default(), |all, one| {
                all.with(one.factor, one.weight)
            }));
        if self.room_optional {
            request = request.with_need_of_room(RoomNeed::Preferred);
        }
        if self.over_tentative {
            request = request.with_tentative(Tentative::Counts);
        }
        for forbidden in &self.without {
            request = request.without(*forbidden);
        }
        for liked in self.prefer.iter().filter(|said| said.name.is_none()) {
            request = request.with_preference(liked.value.liked());
        }
        for avoided in self.avoid.iter().filter(|said| said.name.is_none()) {
            request = request.with_preference(avoided.value.avoided());
        }
        for room in rooms {
            request = request.with_room(room);
        }
        for person in people.people {
            request = request.with(self.participant(person));
        }
        Ok((request, incomplete))
    }

    /// A window with the buffers and ways that a meeting at its borders needs,
    /// of whoever needs most.
    fn around(&self, window: &Interval) -> Interval {
        let most = |all: &[Named<Around>]| {
            let before = all.iter().map(|said| said.value.before).max();
            let after = all.iter().map(|said| said.value.after).max();
            (before.unwrap_or_default(), after.unwrap_or_default())
        };
        let ((before, after), (there, back)) = (most(&self.buffer), most(&self.travel));
        let start = window.start().checked_sub_signed(before + there);
        let end = window.end().checked_add_signed(after + back);
        Interval::new(start.unwrap_or(window.start()), end.unwrap_or(window.end()))
    }

    fn participant(&self, person: Person) -> Participant {
        let name = person.name.as_str();
        let mut wanted = Participant::new(name, person.zone, person.busy);
        if self.optional.iter().any(|optional| optional == name) {
            wanted = wanted.optional();
        }
        if let Some(hours) = person.hours {
            let margin = said_of(&self.margin, name);
            let stretched = margin.map(|by| hours.clone().with_margins(by.before, by.after));
            wanted = wanted.with_hours(stretched.unwrap_or(hours));
        }
        if let Some(buffer) = said_of(&self.buffer, name) {
            wanted = wanted.with_buffers(buffer.before, buffer.after);
        }
        if let Some(way) = said_of(&self.travel, name) {
            wanted = wanted.with_travel(way.before, way.after);
        }
        if let Some(Length(burden)) = said_of(&self.burden, name) {
            wanted = wanted.with_burden(*burden);
        }
        let own = |all: &[Named<NotedTime>]| -> Vec<NotedTime> {
            let own = all.iter().filter(|said| said.name.is_some());
            let own: Vec<_> = own.cloned().collect();
            all_said_of(&own, name).cloned().collect()
        };
        for liked in own(&self.prefer) {
            wanted = wanted.with_preference(liked.liked());
        }
        for avoided in own(&self.avoid) {
            wanted = wanted.with_preference(avoided.avoided());
        }
        wanted
    }

    /// Refuses flags about somebody who is not there, and more time around a
    /// meeting than the library heeds.
    fn check(&self) -> Result<(), Error> {
        let week = TimeDelta::days(7);
        for (flag, all) in [("--buffer", &self.buffer), ("--travel", &self.travel)] {
            if all
                .iter()
                .any(|said| said.value.before.max(said.value.after) > week)
            {
                return Err(Error::Usage(format!("{flag}: seven days at most")));
            }
        }
        let people = self.people.names();
        let optional = self.optional.iter().map(String::as_str);
        check_names("--optional", optional, &people)?;
        check_names("--margin", said(&self.margin), &people)?;
        check_names("--buffer", said(&self.buffer), &people)?;
        check_names("--travel", said(&self.travel), &people)?;
        check_names("--burden", said(&self.burden), &people)?;
        check_names("--prefer", said(&self.prefer), &people)?;
        check_names("--avoid", said(&self.avoid), &people)
    }
}

fn said<T>(all: &[Named<T>]) -> impl Iterator<Item = &str> {
    all.iter().filter_map(|said| said.name.as_deref())
}
