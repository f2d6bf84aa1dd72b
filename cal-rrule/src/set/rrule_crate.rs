//! Conversion from and to the sets of the `rrule` crate, so that its users can
//! move over a piece at a time.

use chrono::{NaiveDateTime, TimeZone};
use rrule::Unvalidated;

use crate::engine::Wall;
use crate::seconds::from_seconds;
use crate::set::compiled::{Compiled, TimeLine};
use crate::set::exclusions::Exclusions;
use crate::{Error, RRule, RecurrenceSet, Start, StartMember, When};

impl TryFrom<&rrule::RRuleSet> for RecurrenceSet {
    type Error = Error;

    /// The series that a set of the `rrule` crate generates. As there, the start
    /// belongs to it only where a rule generates it. A start in the local zone
    /// of the machine, whose name nobody knows, becomes a floating one.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if a rule is one that RFC 5545 forbids, such as one
    /// with BYEASTER.
    fn try_from(set: &rrule::RRuleSet) -> Result<Self, Error> {
        let start = set.get_dt_start();
        let local = start.naive_local();
        let mut series = Self::new(match start.timezone() {
            rrule::Tz::Tz(chrono_tz::UTC) => Start::Utc(local),
            rrule::Tz::Tz(zone) => Start::zoned(local, zone),
            rrule::Tz::Local(_) => Start::Floating(local),
        });
        for rule in set.get_rrule() {
            series = series.with_rule(from_rrule(rule)?);
        }
        for rule in set.get_exrule() {
            series = series.with_exrule(from_rrule(rule)?);
        }
        Ok(series
            .with_rdates(set.get_rdate().iter().map(when))
            .with_exdates(set.get_exdate().iter().map(when))
            .with_start_member(StartMember::IfGenerated))
    }
}

fn from_rrule(rule: &rrule::RRule) -> Result<RRule, Error> {
    let own: RRule = rule.to_string().parse()?;
    // That crate prints an UNTIL of any zone as if it were in UTC.
    Ok(match rule.get_until() {
        Some(until) => own.with_until(when(until)),
        None => own,
    })
}

fn when(time: &chrono::DateTime<rrule::Tz>) -> When {
    match time.timezone() {
        rrule::Tz::Local(_) => When::Local(time.naive_local()),
        rrule::Tz::Tz(_) => When::Utc(time.naive_utc()),
    }
}

impl RecurrenceSet {
    /// The set of the `rrule` crate that generates the same series.
    ///
    /// `zone` is that of the start. Where the start floats or is a date it is
    /// the zone to take it in; a start in UTC needs none.
    ///
    /// ```
    /// use cal_rrule::{RRule, Start};
    /// use chrono::NaiveDate;
    /// use chrono_tz::Europe::Berlin;
    ///
    /// let start = NaiveDate::from_ymd_opt(2026, 3, 27).unwrap().and_hms_opt(9, 0, 0).unwrap();
    /// let rule: RRule = "FREQ=DAILY;COUNT=4".parse()?;
    /// let ours = rule.starting(Start::zoned(start, Berlin));
    /// let theirs = ours.to_rrule_set(Berlin)?;
    /// assert_eq!(theirs.all(10).dates.len(), 4);
    /// # Ok::<(), cal_rrule::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with what that crate has no word for or refuses: a
    /// calendar of RSCALE, an EXRULE, an INTERVAL above 65,535, a time that the
    /// clock of the zone skips; and the limits of [`RecurrenceSet::iter`].
    pub fn to_rrule_set(&self, zone: chrono_tz::Tz) -> Result<rrule::RRuleSet, Error> {
        if !self.exrules.is_empty() {
            return Err(refused("an EXRULE"));
        }
        let set = self.compiled();
        if let Some(error) = &set.error {
            return Err(error.clone());
        }
        let zone = match self.start {
            Start::Utc(_) => chrono_tz::UTC,
            _ => zone,
        };
        let instant = |moment| instant(set, moment, zone);
        let start = set.line.moment(Wall::of(self.start.local()));
        let dt_start = instant(start)?;
        if dt_start.naive_local() != self.start.local() {
            return Err(refused("a start that the clock skips"));
        }
        let mut theirs = rrule::RRuleSet::new(dt_start);
        let mut generated =
            Self::new(self.start.clone()).with_start_member(StartMember::IfGenerated);
        for (rule, compiled) in self.rules.iter().zip(&set.rules) {
            let mut rule = rule.clone();
            if let Some(count) = rule.count()
                && self.member == StartMember::Always
                && !self.generates_start(&rule, start)?
            {
                // The start counts here, and does not there.
                match count - 1 {
                    0 => continue,
                    left => rule = rule.with_count(left),
                }
            }
            generated = generated.with_rule(rule.clone());
            if rule.until().is_some() {
                let last = Wall::from_seconds(compiled.end.to_seconds() - 1);
                let last = instant(compiled.until.min(set.line.moment(last)))?;
                rule = rule.with_until(When::Utc(last.naive_utc()));
            }
            let read = rule.to_string().parse::<rrule::RRule<Unvalidated>>();
            let valid = read.and_then(|rule| rule.validate(dt_start));
            theirs = theirs.rrule(valid.map_err(|error| refused(&error.to_string()))?);
        }
        for date in &set.dates {
            let moment = date.strike.moment;
            // What is there twice occurs twice there.
            if !generated.contains(from_seconds(moment))? {
                theirs = theirs.rdate(instant(moment)?);
            }
        }
        let Some(exclusions) = Exclusions::of(self)? else {
            return Err(refused("more excluded times than can be listed"));
        };
        for moment in exclusions.moments() {
            theirs = theirs.exdate(instant(*moment)?);
        }
        Ok(theirs)
    }

    fn generates_start(&self, rule: &RRule, start: i64) -> Result<bool, Error> {
        Self::new(self.start.clone())
            .with_rule(rule.clone())
            .with_start_member(StartMember::IfGenerated)
            .contains(from_seconds(start))
    }
}

/// A moment of a set as an instant in a zone.
fn instant(
    set: &Compiled,
    moment: i64,
    zone: chrono_tz::Tz,
) -> Result<chrono::DateTime<rrule::Tz>, Error> {
    let time: NaiveDateTime = from_seconds(moment);
    let zone = rrule::Tz::Tz(zone);
    match set.line {
        TimeLine::Utc | TimeLine::Zoned(_) => Ok(zone.from_utc_datetime(&time)),
        TimeLine::Dates | TimeLine::Floating => zone
            .from_local_datetime(&time)
            .earliest()
            .ok_or_else(|| refused("a time that the clock skips")),
    }
}

fn refused(reason: &str) -> Error {
    Error::Refused {
        by: "rrule",
        reason: reason.to_owned(),
    }
}
