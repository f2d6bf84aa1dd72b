//! VTIMEZONE text for a zone (RFC 5545 3.6.5), for calendars that leave the
//! house.

use std::fmt;

use cal_rrule::Zone;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::ZoneRules;
use super::changes::{self, Change};
use super::onsets::shifted;
use super::yearly::Run;
use crate::{UtcOffset, Window};

/// How far ahead a zone's changes are looked at to see which rule they follow.
const HORIZON: i32 = 2099;

/// The VTIMEZONE of a zone: STANDARD and DAYLIGHT blocks with a yearly RRULE
/// wherever the zone follows one, single onsets elsewhere. Outlook and the
/// other clients that know no RDATE here read it.
///
/// ```
/// use cal_core::ZoneDefinition;
///
/// let text = ZoneDefinition::new("Europe/Berlin", chrono_tz::Europe::Berlin).to_string();
/// assert!(text.contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"));
/// ```
///
/// Printed with CRLF line ends, the last one included.
#[derive(Clone, Debug)]
pub struct ZoneDefinition {
    tzid: String,
    rules: ZoneRules,
    window: Window,
}

impl ZoneDefinition {
    /// The definition under the name by which the calendar's properties refer
    /// to the zone; from 1970 on.
    #[must_use]
    pub fn new(tzid: impl Into<String>, rules: impl Into<ZoneRules>) -> Self {
        Self {
            tzid: tzid.into(),
            rules: rules.into(),
            window: Window::ALL,
        }
    }

    /// Limits the definition to what is needed for the times in the window. A
    /// rule that goes on after the window's end is written with no end.
    #[must_use]
    pub fn covering(mut self, window: &Window) -> Self {
        self.window = *window;
        self
    }

    /// The name under which the zone is defined.
    #[must_use]
    pub fn tzid(&self) -> &str {
        &self.tzid
    }

    /// When the first observance must be in force.
    fn start(&self) -> NaiveDateTime {
        self.window.naive().0.unwrap_or_else(epoch)
    }

    /// The runs of changes that the window needs, and whether each goes on.
    fn runs(&self, start: NaiveDateTime) -> Vec<(Run, bool)> {
        // The year before shows both halves of the rule in force at the start.
        let since = start
            .checked_sub_signed(TimeDelta::days(400))
            .unwrap_or(start);
        let changes = changes::between(&self.rules, since, horizon());
        let end = self.window.naive().1;
        Run::group(&changes)
            .into_iter()
            .filter(|run| end.is_none_or(|end| run.first.at < end))
            .map(|run| {
                let goes_on = run.last.at + TimeDelta::days(366) > horizon();
                (run, goes_on)
            })
            .collect()
    }
}

fn epoch() -> NaiveDateTime {
    NaiveDateTime::default()
}

/// Offsets of real zones are far below the day that bounds [`UtcOffset`].
fn offset(seconds: i32) -> UtcOffset {
    UtcOffset::from_seconds(seconds).unwrap_or_default()
}

fn horizon() -> NaiveDateTime {
    let end = NaiveDate::from_ymd_opt(HORIZON, 12, 31).and_then(|day| day.and_hms_opt(0, 0, 0));
    end.unwrap_or(NaiveDateTime::MAX)
}

impl fmt::Display for ZoneDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.start();
        let runs = self.runs(start);
        write!(f, "BEGIN:VTIMEZONE\r\nTZID:{}\r\n", self.tzid)?;
        if runs.first().is_none_or(|(run, _)| run.first.at > start) {
            self.write_first(f, start, runs.first().map(|(run, _)| &run.first))?;
        }
        for (run, goes_on) in &runs {
            self.write_run(f, run, *goes_on)?;
        }
        f.write_str("END:VTIMEZONE\r\n")
    }
}

impl ZoneDefinition {
    /// The observance in force before the first change that is known.
    fn write_first(
        &self,
        f: &mut fmt::Formatter<'_>,
        start: NaiveDateTime,
        next: Option<&Change>,
    ) -> fmt::Result {
        let offset = next.map_or_else(|| self.rules.offset_at(start), |change| change.from);
        let since = start.min(epoch());
        let only = Change {
            at: shifted(since, -i64::from(offset)),
            from: offset,
            to: offset,
            daylight: false,
        };
        self.write_onset(f, &only, since, None)
    }

    fn write_run(&self, f: &mut fmt::Formatter<'_>, run: &Run, goes_on: bool) -> fmt::Result {
        let until = (!goes_on).then_some(run.last.at);
        let rule = run.rule().map(|rule| match until {
            Some(until) => format!("{rule};UNTIL={}Z", until.format("%Y%m%dT%H%M%S")),
            None => rule.to_string(),
        });
        let name_at = run.first.at;
        self.write_onset(f, &run.first, name_at, rule)
    }

    fn write_onset(
        &self,
        f: &mut fmt::Formatter<'_>,
        change: &Change,
        name_at: NaiveDateTime,
        rule: Option<String>,
    ) -> fmt::Result {
        let kind = if change.daylight {
            "DAYLIGHT"
        } else {
            "STANDARD"
        };
        let local = shifted(change.at, i64::from(change.from));
        write!(
            f,
            "BEGIN:{kind}\r\nDTSTART:{}\r\n",
            local.format("%Y%m%dT%H%M%S")
        )?;
        write!(f, "TZOFFSETFROM:{}\r\n", offset(change.from))?;
        write!(f, "TZOFFSETTO:{}\r\n", offset(change.to))?;
        if let Some(name) = changes::abbreviation(&self.rules, name_at) {
            write!(f, "TZNAME:{name}\r\n")?;
        }
        if let Some(rule) = rule {
            write!(f, "RRULE:{rule}\r\n")?;
        }
        write!(f, "END:{kind}\r\n")
    }
}
