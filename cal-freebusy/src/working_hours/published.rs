//! Working hours as a standard object: a VAVAILABILITY (RFC 7953 section 3.1).

use std::fmt::Write as _;

use cal_core::{Window, ZoneDefinition};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};

use super::WorkingHours;
use crate::published::{PRODUCT, UTC_FORM};
use crate::wall_clock::{WallClock, later, utc};
use crate::{Error, Interval};

const LOCAL_FORM: &str = "%Y%m%dT%H%M%S";

impl WorkingHours {
    /// The hours as a calendar with one VAVAILABILITY, made at `stamp` and in
    /// force from the day that this is in the zone of the hours: an AVAILABLE
    /// that repeats weekly for each of them, all other time unavailable. The
    /// margins are not written: the format knows none. Neither does it know
    /// hours that end by the clock: where the clocks change within them they
    /// are as long as ever, and end an hour off. The zone is defined from 1970
    /// on at the earliest.
    ///
    /// `uid` names the object; what RFC 5545 wants escaped in it is. Reading it
    /// through a [`Schedule`](crate::Schedule) gives the same hours.
    ///
    /// # Errors
    ///
    /// [`Error::WindowTooLong`] is never met here, but for a `stamp` at the end
    /// of all time.
    pub fn to_vavailability(&self, uid: &str, stamp: DateTime<Utc>) -> Result<String, Error> {
        let clock = WallClock::over(&self.zone, &Interval::new(stamp, stamp))?;
        let midnight = clock
            .local_time(stamp)
            .date()
            .and_time(chrono::NaiveTime::MIN);
        let tzid = match self.zone.iana() {
            Some(zone) => zone.to_string(),
            None => "Hours".to_owned(),
        };
        let since = later(stamp, -TimeDelta::days(1)).max(DateTime::UNIX_EPOCH);
        let since = Window::starting(since);
        let zone = ZoneDefinition::new(tzid.as_str(), &self.zone).covering(&since);
        let uid = escaped(uid);
        let (written, start) = (stamp.format(UTC_FORM), midnight.format(LOCAL_FORM));
        let mut text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n{zone}");
        text.push_str("BEGIN:VAVAILABILITY\r\n");
        line(&mut text, &format!("UID:{uid}"));
        line(&mut text, &format!("DTSTAMP:{written}"));
        line(&mut text, &format!("DTSTART;TZID={tzid}:{start}"));
        let today = midnight.weekday();
        for (ahead, weekday) in (0..7).zip(std::iter::successors(Some(today), |d| Some(d.succ()))) {
            let place = weekday.num_days_from_monday() as usize;
            let day = midnight.and_utc().timestamp() + ahead * super::DAY;
            for (number, hours) in self.days.get(place).into_iter().flatten().enumerate() {
                let (from, to) = hours.seconds();
                let [from, to] = [from, to].map(|at| utc(day + at).format(LOCAL_FORM));
                let code = code(weekday);
                text.push_str("BEGIN:AVAILABLE\r\n");
                line(&mut text, &format!("UID:{uid}-{code}{number}"));
                line(&mut text, &format!("DTSTAMP:{written}"));
                line(&mut text, &format!("DTSTART;TZID={tzid}:{from}"));
                line(&mut text, &format!("DTEND;TZID={tzid}:{to}"));
                line(&mut text, &format!("RRULE:FREQ=WEEKLY;BYDAY={code}"));
                text.push_str("END:AVAILABLE\r\n");
            }
        }
        text.push_str("END:VAVAILABILITY\r\nEND:VCALENDAR\r\n");
        Ok(text)
    }
}

/// Adds a line, folded to 75 bytes (RFC 5545 section 3.1).
fn line(text: &mut String, content: &str) {
    let mut room = 75;
    for character in content.chars() {
        if character.len_utf8() > room {
            text.push_str("\r\n ");
            room = 74;
        }
        room -= character.len_utf8();
        text.push(character);
    }
    text.push_str("\r\n");
}

/// A value of type TEXT, without the control characters that none may have.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        let written = match character {
            '\\' | ';' | ',' => write!(text, "\\{character}"),
            '\n' => write!(text, "\\n"),
            other if other.is_control() => Ok(()),
            other => write!(text, "{other}"),
        };
        debug_assert!(written.is_ok(), "a string takes all that is written");
    }
    text
}

fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}
