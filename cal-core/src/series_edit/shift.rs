//! A move of a whole series along the wall clock: what becomes of its times and of its rule.

use std::ops::Range;

use cal_rrule::{Frequency, RRule, Weekday, WeekdayNum};
use chrono::{Datelike, NaiveDateTime, TimeDelta};

use super::detach::same_form;
use super::rule_text::RuleText;
use crate::Moment;
use crate::occurrence::Instances;

/// Instances of one day that an EXDATE of the whole day is spelled out for.
const MOST_OF_A_DAY: usize = 1_000;

/// The days that every month has: a rule that names only such can be moved among them.
const SAFE_DAYS: Range<i64> = 1..29;

/// How far, and what kind of times the series has afterwards.
#[derive(Debug)]
pub(super) struct Shift {
    /// Start of the series before.
    old: Moment,
    /// A moment of the kind and zone that the series has now.
    form: Moment,
    delta: TimeDelta,
}

impl Shift {
    /// The move of a series that begins at `old`, of which one instance moves
    /// from `from` to `to`; `None` if it stays where it is.
    pub(super) fn new(old: &Moment, from: &Moment, to: &Moment) -> Option<Self> {
        let form = if same_form(from, to) { old } else { to };
        let delta = to.local() - from.local();
        (!same_form(form, old) || delta != TimeDelta::zero()).then(|| Self {
            old: old.clone(),
            form: form.clone(),
            delta,
        })
    }

    /// The instance of the moved series for one at a local time of the old.
    pub(super) fn series(&self, local: NaiveDateTime) -> Moment {
        let local = local.checked_add_signed(self.delta).unwrap_or(local);
        self.form.at_local(local)
    }

    /// Where something of the series goes that has a time of its own. A time
    /// of another kind or zone than the series had keeps that.
    pub(super) fn own(&self, moment: &Moment) -> Moment {
        if same_form(moment, &self.old) {
            return self.series(moment.local());
        }
        if same_form(&self.form, &self.old) && !moment.is_date() {
            return moment.shifted(self.delta).unwrap_or_else(|| moment.clone());
        }
        moment.clone()
    }

    /// What becomes of the exclusion of a whole day, which is between these keys.
    pub(super) fn day(
        &self,
        instances: &Instances<'_>,
        keys: Range<NaiveDateTime>,
    ) -> Option<Vec<Moment>> {
        let whole_days = self.delta.num_seconds() % 86_400 == 0;
        if whole_days && !self.form.is_date() {
            let date = instances.local_of(keys.start)?.date();
            let date = date.checked_add_signed(self.delta)?;
            return Some(vec![Moment::Date(date)]);
        }
        let rules = instances.rules();
        let found = instances.bare(rules)?.within(keys).take(MOST_OF_A_DAY);
        let found: Result<Vec<Moment>, _> = found
            .map(|found| found.map(|found| self.series(found.local())))
            .collect();
        found.ok().filter(|found| !found.is_empty())
    }

    /// Moves a rule; `None` if no rule says the same at the new times.
    pub(super) fn rule(
        &self,
        text: &mut RuleText,
        rule: &RRule,
        instances: &Instances<'_>,
    ) -> Option<()> {
        self.days_of_rule(text, rule)?;
        if rule.until().is_some() {
            let last = instances.bare([rule.clone()])?.last().ok()??;
            let last = self.series(last.local());
            let until = match last {
                Moment::Zoned { .. } => instances.instant(&last),
                last => last,
            };
            text.set("UNTIL", &until.to_value());
        }
        Some(())
    }

    /// Moves what a rule says of days.
    fn days_of_rule(&self, text: &mut RuleText, rule: &RRule) -> Option<()> {
        let start = self.old.local();
        let moved = start.checked_add_signed(self.delta)?;
        let days = (moved.date() - start.date()).num_days();
        let clock_changes = moved.time() != start.time() || self.form.is_date();
        let names_times = !(rule.by_hour().is_empty()
            && rule.by_minute().is_empty()
            && rule.by_second().is_empty());
        if names_times && clock_changes {
            return None;
        }
        if rule.frequency() < Frequency::Daily && self.delta != TimeDelta::zero() {
            return is_plain(rule).then_some(());
        }
        if days == 0 {
            return Some(());
        }
        if rule.rscale().is_some()
            || !rule.by_week_no().is_empty()
            || !rule.by_year_day().is_empty()
        {
            return None;
        }
        let by_month = !rule.by_month().is_empty();
        let ordinals = rule.by_day().iter().any(|day| day.ordinal().is_some());
        match rule.frequency() {
            Frequency::Daily | Frequency::Weekly => {
                let fits = !by_month && !ordinals && rule.by_month_day().is_empty();
                let ordered = rule.by_set_pos().is_empty() || rule.frequency() == Frequency::Weekly;
                (fits && ordered).then(|| rotate(text, rule, days))
            }
            _ => {
                let fits = rule.by_day().is_empty() && rule.by_set_pos().is_empty();
                let day = i64::from(start.day());
                fits.then(|| days_of_month(text, rule, (day, days)))?
            }
        }
    }
}

/// Whether a rule names no days, months or times at all.
fn is_plain(rule: &RRule) -> bool {
    rule.by_second().is_empty()
        && rule.by_minute().is_empty()
        && rule.by_hour().is_empty()
        && rule.by_day().is_empty()
        && rule.by_month_day().is_empty()
        && rule.by_year_day().is_empty()
        && rule.by_week_no().is_empty()
        && rule.by_month().is_empty()
        && rule.by_set_pos().is_empty()
}

/// Turns weekdays, and with them the day that weeks begin on, so that the same
/// days stay in one week.
fn rotate(text: &mut RuleText, rule: &RRule, days: i64) {
    if rule.by_day().is_empty() {
        return;
    }
    let turned = |day: Weekday| {
        let number = i64::from(day.num_days_from_monday()) + days;
        let number = u8::try_from(number.rem_euclid(7)).unwrap_or_default();
        Weekday::try_from(number).unwrap_or(day)
    };
    let all: Vec<String> = rule
        .by_day()
        .iter()
        .map(|day| WeekdayNum::from(turned(day.weekday())).to_string())
        .collect();
    text.set("BYDAY", &all.join(","));
    if rule.frequency() == Frequency::Weekly
        && (rule.interval() > 1 || !rule.by_set_pos().is_empty())
    {
        let start = WeekdayNum::from(turned(rule.week_start()));
        text.set("WKST", &start.to_string());
    }
}

/// Moves days of the month, as long as every month has them before and after.
fn days_of_month(text: &mut RuleText, rule: &RRule, (start, days): (i64, i64)) -> Option<()> {
    let safe = |day: i64| SAFE_DAYS.contains(&day.abs());
    let moves = |day: i64| safe(day) && safe(day + days) && (day < 0) == (day + days < 0);
    if rule.by_month_day().is_empty() {
        // The day that the start names; without months the rule follows it anywhere.
        let free = rule.by_month().is_empty();
        return (free || moves(start)).then_some(());
    }
    let named: Vec<i64> = rule.by_month_day().iter().copied().map(i64::from).collect();
    if !named.iter().all(|&day| moves(day)) {
        return None;
    }
    let moved: Vec<String> = named.iter().map(|day| (day + days).to_string()).collect();
    text.set("BYMONTHDAY", &moved.join(","));
    Some(())
}

/// How the end of a series is spelled in its UNTIL: as its start is, but an
/// instant where that has a zone (RFC 5545 3.3.10).
pub(super) fn until(start: &Moment, last: &cal_rrule::Occurrence) -> String {
    let moment = match (start, last.utc()) {
        (Moment::Utc(_) | Moment::Zoned { .. }, Some(utc)) => Moment::Utc(utc),
        (Moment::Date(_), _) => Moment::Date(last.local().date()),
        _ => Moment::Floating(last.local()),
    };
    moment.to_value()
}
