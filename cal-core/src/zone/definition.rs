//! VTIMEZONE text for a zone (RFC 5545 3.6.5), for calendars that leave the
//! house.

use std::fmt;

use cal_rrule::Zone;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::ZoneRules;
use super::changes::{self, Change};
use super::onsets::shifted;
use super::yearly::Run;
use crate::text::escape::escape_into;
use crate::text::fold::fold_into;
use crate::{Moment, UtcOffset, Window};

/// How far ahead a zone's changes are looked at to see which rule they follow.
const HORIZON: i32 = 2099;

/// The VTIMEZONE of a zone: STANDARD and DAYLIGHT blocks with a yearly RRULE
/// wherever the zone follows one, which Outlook and the other clients that
/// know no RDATE here read. Onsets that follow no rule (Morocco's, by the
/// moon) stand alone if they are few, and in an RDATE if they are many.
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

    /// The runs of changes that the window needs.
    fn runs(&self, start: NaiveDateTime) -> Vec<Run> {
        // The year before shows both halves of the rule in force at the start.
        let since = start
            .checked_sub_signed(TimeDelta::days(400))
            .unwrap_or(start);
        let changes = changes::between(&self.rules, since, horizon());
        Run::group(&changes, horizon(), self.window.naive().1)
    }
}

fn epoch() -> NaiveDateTime {
    NaiveDateTime::default()
}

/// Offsets of real zones are far below the day that bounds [`UtcOffset`].
fn offset(seconds: i32) -> UtcOffset {
    UtcOffset::from_seconds(seconds).unwrap_or_default()
}

pub(super) fn horizon() -> NaiveDateTime {
    let end = NaiveDate::from_ymd_opt(HORIZON, 12, 31).and_then(|day| day.and_hms_opt(0, 0, 0));
    end.unwrap_or(NaiveDateTime::MAX)
}

impl fmt::Display for ZoneDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut folded = Vec::new();
        for line in self.lines() {
            fold_into(&mut folded, line.as_bytes(), b"\r\n");
        }
        f.write_str(&String::from_utf8_lossy(&folded))
    }
}

impl ZoneDefinition {
    /// The content lines, unfolded.
    fn lines(&self) -> Vec<String> {
        let start = self.start();
        let runs = self.runs(start);
        let mut tzid = "TZID:".to_owned();
        escape_into(&mut tzid, &self.tzid);
        let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), tzid];
        let earliest = runs.first().and_then(Run::first);
        if earliest.is_none_or(|first| first.at > start) {
            self.push_earliest(&mut lines, start, earliest);
        }
        for run in &runs {
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            let rule = run.rule().map(|rule| match run.goes_on(horizon()) {
                true => format!("RRULE:{rule}"),
                false => format!("RRULE:{rule};UNTIL={}", Moment::Utc(last.at).to_value()),
            });
            let dates: Vec<String> = run
                .dates()
                .map(|date| Moment::Floating(date).to_value())
                .collect();
            let dates = (!dates.is_empty()).then(|| format!("RDATE:{}", dates.join(",")));
            self.push(&mut lines, (first, first.at), rule.or(dates));
        }
        lines.push("END:VTIMEZONE".to_owned());
        lines
    }

    /// The observance in force before the first change that is known.
    fn push_earliest(&self, lines: &mut Vec<String>, start: NaiveDateTime, next: Option<&Change>) {
        let offset = next.map_or_else(|| self.rules.offset_at(start), |change| change.from);
        let since = start.min(epoch());
        let only = Change {
            at: shifted(since, -i64::from(offset)),
            from: offset,
            to: offset,
            daylight: false,
        };
        self.push(lines, (&only, since), None);
    }

    /// One observance: a change, the name in force at an instant, and the line
    /// that says when it returns.
    fn push(
        &self,
        lines: &mut Vec<String>,
        (change, named_at): (&Change, NaiveDateTime),
        recurrence: Option<String>,
    ) {
        let kind = if change.daylight {
            "DAYLIGHT"
        } else {
            "STANDARD"
        };
        let local = shifted(change.at, i64::from(change.from));
        lines.push(format!("BEGIN:{kind}"));
        lines.push(format!("DTSTART:{}", Moment::Floating(local).to_value()));
        lines.push(format!("TZOFFSETFROM:{}", offset(change.from)));
        lines.push(format!("TZOFFSETTO:{}", offset(change.to)));
        let name = changes::abbreviation(&self.rules, named_at);
        lines.extend(name.map(|name| format!("TZNAME:{name}")));
        lines.extend(recurrence);
        lines.push(format!("END:{kind}"));
    }
}
