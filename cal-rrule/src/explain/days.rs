//! Which days a rule means, in the unit in which they are best named.

use chrono::Weekday;

use crate::Frequency;
use crate::Part;
use crate::explain::stated::Stated;
use crate::explain::{Condition, Days, Months};

/// The unit that repeats, its days and its months.
pub(super) struct Shape {
    pub(super) frequency: Frequency,
    pub(super) days: Days,
    pub(super) months: Months,
}

pub(super) fn shape(stated: &Stated<'_>) -> Shape {
    let rule = stated.rule;
    let mut shape = Shape {
        frequency: rule.frequency,
        days: days(stated),
        months: months(stated),
    };
    // Every second month with a day of March is not a matter of years, and
    // other calendars have other years.
    if rule.interval == 1 && rule.rscale.is_none() && rule.frequency >= Frequency::Daily {
        shape.name_unit(stated.implied.contains(&Part::ByDay));
    }
    shape
}

impl Shape {
    /// Finds the unit in which a person would name the days, where the
    /// interval is one unit and so any unit will do.
    fn name_unit(&mut self, weekday_is_implied: bool) {
        match (&self.days, self.frequency) {
            (Days::Weekdays(_), _) if !weekday_is_implied => self.frequency = Frequency::Daily,
            (Days::MonthDays(_) | Days::Matching(_), Frequency::Daily) => {
                self.frequency = Frequency::Monthly;
            }
            _ => {}
        }
        if self.frequency == Frequency::Monthly && matches!(self.months, Months::These(_)) {
            self.frequency = Frequency::Yearly;
        }
    }
}

fn months(stated: &Stated<'_>) -> Months {
    let rule = stated.rule;
    if !stated.months.is_empty() {
        return Months::These(stated.months.clone());
    }
    let in_years = rule.frequency == Frequency::Yearly
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty();
    if in_years && !rule.by_month_day.is_empty() {
        Months::OfStart
    } else {
        Months::Any
    }
}

fn days(stated: &Stated<'_>) -> Days {
    let rule = stated.rule;
    let (month_days, year_days) = (&stated.month_days, &rule.by_year_day);
    let named = [
        !stated.weekdays.is_empty(),
        !month_days.is_empty(),
        !year_days.is_empty(),
        !rule.by_week_no.is_empty(),
    ];
    match (named, stated.plain_weekdays()) {
        ([false, false, false, false], _) if rule.frequency > Frequency::Daily => Days::OfStart,
        ([false, false, false, false], _) => Days::Every,
        ([true, false, false, false], Some(plain)) if picks_days(stated) => {
            Days::NthOf(rule.by_set_pos.clone(), plain)
        }
        ([true, false, false, false], Some(plain)) => Days::Weekdays(plain),
        ([true, false, false, false], None) => {
            Days::NthWeekdays(stated.weekdays.clone(), stated.scope)
        }
        ([false, true, false, false], _) => Days::MonthDays(month_days.clone()),
        ([false, false, true, false], _) => Days::YearDays(year_days.clone()),
        ([_, false, false, true], Some(plain)) => Days::OfWeeks(rule.by_week_no.clone(), plain),
        (_, plain) => Days::Matching(conditions(stated, plain)),
    }
}

/// Whether BYSETPOS picks days among weekdays, and not times of days or days
/// of several months.
fn picks_days(stated: &Stated<'_>) -> bool {
    let rule = stated.rule;
    let once_a_day = [&stated.hours, &stated.minutes, &stated.seconds]
        .iter()
        .all(|values| values.len() <= 1);
    let in_one_frame = match rule.frequency {
        Frequency::Weekly | Frequency::Monthly => true,
        Frequency::Yearly => stated.months.len() <= 1,
        _ => false,
    };
    !rule.by_set_pos.is_empty() && once_a_day && in_one_frame
}

fn conditions(stated: &Stated<'_>, plain: Option<Vec<Weekday>>) -> Vec<Condition> {
    let rule = stated.rule;
    let weekdays = match plain {
        Some(plain) if plain.is_empty() => None,
        Some(plain) => Some(Condition::Weekdays(plain)),
        None => Some(Condition::NthWeekdays(
            stated.weekdays.clone(),
            stated.scope,
        )),
    };
    let month_days =
        (!stated.month_days.is_empty()).then(|| Condition::MonthDays(stated.month_days.clone()));
    let year_days =
        (!rule.by_year_day.is_empty()).then(|| Condition::YearDays(rule.by_year_day.clone()));
    let weeks = (!rule.by_week_no.is_empty()).then(|| Condition::Weeks(rule.by_week_no.clone()));
    [weekdays, month_days, year_days, weeks]
        .into_iter()
        .flatten()
        .collect()
}
