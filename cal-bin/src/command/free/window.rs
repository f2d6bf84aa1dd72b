//! The time to look at, the zone it is given and printed in, and the form of
//! the answer.

use cal_core::ZoneRules;
use cal_freebusy::Interval;
use chrono::{DateTime, TimeDelta, Utc};

use crate::command::zone;
use crate::console::Console;
use crate::error::Error;
use crate::point_in_time::{self, PointInTime};

/// From when to when, and in which zone.
#[derive(Debug, clap::Args)]
pub(super) struct WindowArguments {
    /// Start of the time to look at
    #[arg(long, value_name = "TIME", default_value = "now")]
    pub(super) from: PointInTime,
    /// End of the time to look at [default: a week after its start]
    #[arg(long, value_name = "TIME")]
    pub(super) to: Option<PointInTime>,
    /// Zone of times given and printed here, and of whole days and floating times [default: UTC,
    /// and for a calendar that names its own zone, that one for its whole days and floating times]
    #[arg(long, value_name = "ZONE", value_parser = zone::parse)]
    pub(super) tz: Option<ZoneRules>,
    /// What `now` means
    #[arg(long, value_name = "TIME", default_value = "now")]
    pub(super) now: PointInTime,
}

impl WindowArguments {
    /// The zone of times given and printed.
    pub(super) fn zone(&self) -> ZoneRules {
        self.tz.clone().unwrap_or_else(ZoneRules::utc)
    }

    /// The instant that is now.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now.utc(&self.zone(), Utc::now())
    }

    /// A time given here as an instant.
    pub(super) fn instant(&self, time: PointInTime) -> DateTime<Utc> {
        time.utc(&self.zone(), self.now())
    }

    /// The time to look at.
    ///
    /// # Errors
    /// It ends before it starts.
    pub(super) fn window(&self) -> Result<Interval, Error> {
        let start = self.instant(self.from);
        let end = match self.to {
            Some(to) => self.instant(to),
            None => start
                .checked_add_signed(TimeDelta::weeks(1))
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
        };
        point_in_time::in_order(start, end)?;
        Ok(Interval::new(start, end))
    }
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct FormArguments {
    /// Print one JSON object, also on a terminal
    #[arg(long, conflicts_with = "text")]
    json: bool,
    /// Print text for people, also where standard output is no terminal
    #[arg(long)]
    text: bool,
}

impl FormArguments {
    /// Whether the answer is JSON: unless a person sees it.
    pub(super) fn is_json(self, console: &Console) -> bool {
        self.json || !(self.text || console.is_seen())
    }
}
