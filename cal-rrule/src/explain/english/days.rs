//! The days of a rule in English.

use chrono::Weekday;

use crate::explain::english::words::{
    and, group, joined, month, month_name, nth, or, position, runs, weekday, weekdays,
};
use crate::explain::english::{DateFormat, English, each, every};
use crate::explain::{Condition, Days, Description, Months, OrdinalScope};
use crate::{Frequency, Part, Rscale, Skip, WeekdayNum};

impl<F: DateFormat> English<F> {
    /// The unit that repeats, with its days and months.
    pub(super) fn days(&self, description: &Description) -> String {
        match description.frequency {
            Frequency::Yearly => self.of_years(description),
            Frequency::Monthly => of_months(description),
            Frequency::Weekly => of_weeks(description),
            Frequency::Daily => of_days(description),
            Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => {
                self.of_slots(description)
            }
        }
    }

    /// Units shorter than a day, which days and months limit.
    fn of_slots(&self, description: &Description) -> String {
        let unit = every(description.frequency, description.interval);
        let times = self.times(description);
        let days = on_days(&description.days);
        format!("{unit}{times}{days}{}", in_months(description))
    }

    fn of_years(&self, description: &Description) -> String {
        let years = every(Frequency::Yearly, description.interval);
        let months = month_names(description);
        let of_months = match &description.months {
            Months::Any => "the year".to_owned(),
            Months::OfStart => "the starting month".to_owned(),
            Months::These(_) => and(&months),
        };
        let in_months = in_months(description);
        match &description.days {
            Days::Every | Days::OfStart => format!("{years}{in_months}"),
            Days::Weekdays(days) => {
                format!("{years} on every {}{in_months}", weekdays(days, "and"))
            }
            Days::NthWeekdays(days, scope) => {
                let frame = match scope {
                    OrdinalScope::Month => of_months,
                    OrdinalScope::Year => "the year".to_owned(),
                };
                format!("{years} on {} of {frame}", nth_weekdays(days, "and"))
            }
            Days::NthOf(positions, days) => {
                format!("{years} on {} of {of_months}", nth_of(positions, days))
            }
            Days::MonthDays(days) => match self.date(description, days) {
                Some(date) => format!("{years} on {date}"),
                None => format!("{years} on the {} of {of_months}", month_days(days, "and")),
            },
            Days::YearDays(days) => {
                let note = leap_note(description, matches!(days.as_slice(), [366 | -366]));
                let days = year_days(days, "and");
                format!("{years} on {days} of the year{in_months}{note}")
            }
            Days::OfWeeks(weeks, days) => {
                let weeks = week_numbers(weeks, "and");
                match (days.as_slice(), group(days)) {
                    ([], _) => format!("{years} in {weeks}{in_months}"),
                    (_, Some(noun)) => format!("{years} on every {noun} of {weeks}{in_months}"),
                    (_, None) => {
                        let days = weekdays(days, "and");
                        format!("{years} on the {days} of {weeks}{in_months}")
                    }
                }
            }
            Days::Matching(conditions) => {
                let frame = match description.months {
                    Months::These(_) => or(&months),
                    _ => of_months,
                };
                matching_days(conditions, &years, &frame, description)
            }
        }
    }

    /// One date of one month.
    fn date(&self, description: &Description, days: &[i8]) -> Option<String> {
        let (Months::These(months), [day]) = (&description.months, days) else {
            return None;
        };
        let (&[month], Ok(day)) = (months.as_slice(), u8::try_from(*day)) else {
            return None;
        };
        if !is_gregorian(description) {
            return None;
        }
        let note = leap_note(description, month.number() == 2 && day == 29);
        let date = self.dates.day_of_year(month.number(), day);
        Some(format!("{date}{note}"))
    }
}

fn is_gregorian(description: &Description) -> bool {
    description
        .calendar
        .as_ref()
        .is_none_or(Rscale::has_gregorian_months)
}

fn leap_note(description: &Description, leap_day: bool) -> &'static str {
    if leap_day && description.skip == Skip::Omit && is_gregorian(description) {
        " (in leap years only)"
    } else {
        ""
    }
}

fn of_months(description: &Description) -> String {
    let months = each(Frequency::Monthly, description.interval);
    let said = match &description.days {
        Days::Every | Days::OfStart => every(Frequency::Monthly, description.interval),
        Days::Weekdays(days) => format!("every {} of {months}", weekdays(days, "and")),
        Days::NthWeekdays(days, _) => format!("on {} of {months}", nth_weekdays(days, "and")),
        Days::NthOf(positions, days) => format!("on {} of {months}", nth_of(positions, days)),
        Days::MonthDays(days) => {
            let at_times = matches!(days.as_slice(), [29.. | ..=-29]);
            let note = if at_times && description.skip == Skip::Omit {
                " (if it has one)"
            } else {
                ""
            };
            format!("on the {} of {months}{note}", month_days(days, "and"))
        }
        Days::Matching(conditions) => {
            let unit = every(Frequency::Monthly, description.interval);
            return matching_days(conditions, &unit, &months, description);
        }
        Days::YearDays(_) | Days::OfWeeks(..) => {
            let unit = every(Frequency::Monthly, description.interval);
            format!("{unit}{}", on_days(&description.days))
        }
    };
    format!("{said}{}", limiting_months(description))
}

fn of_weeks(description: &Description) -> String {
    let weeks = every(Frequency::Weekly, description.interval);
    let is_implied = description.implied.contains(&Part::ByDay);
    let said = match &description.days {
        Days::Weekdays(days) => match (days.as_slice(), group(days)) {
            ([day], _) if description.interval == 2 && !is_implied => {
                format!("every other {}", weekday(*day))
            }
            (_, Some(noun)) => format!("{weeks} on {noun}s"),
            (_, None) => format!("{weeks} on {}", weekdays(days, "and")),
        },
        Days::NthOf(positions, days) => {
            let weeks = each(Frequency::Weekly, description.interval);
            format!("on {} of {weeks}", nth_of(positions, days))
        }
        Days::Every | Days::OfStart => weeks,
        other => format!("{weeks}{}", on_days(other)),
    };
    format!("{said}{}", limiting_months(description))
}

fn of_days(description: &Description) -> String {
    let unit = every(Frequency::Daily, description.interval);
    let in_months = in_months(description);
    match &description.days {
        Days::Weekdays(days) if description.interval == 1 => {
            format!("every {}{in_months}", weekdays(days, "and"))
        }
        days => {
            let days = on_days(days);
            match (description.interval, days.len() + in_months.len()) {
                (1, _) | (_, 0) => format!("{unit}{days}{in_months}"),
                _ => format!("{unit}, but only{days}{in_months}"),
            }
        }
    }
}

/// Days that fulfil several conditions.
fn matching_days(
    conditions: &[Condition],
    unit: &str,
    frame: &str,
    description: &Description,
) -> String {
    let yearly = description.frequency == Frequency::Yearly;
    let prefix = if yearly {
        format!("{unit} ")
    } else {
        String::new()
    };
    // Years have days of months only where they have months.
    let in_frame = !yearly || description.months != Months::Any;
    let limit = if yearly {
        ""
    } else {
        &limiting_months(description)
    };
    match conditions {
        [Condition::Weekdays(days), Condition::MonthDays(on)] if in_frame => {
            match (days.as_slice(), on.as_slice()) {
                ([day], [13]) if description.interval == 1 && description.calendar.is_none() => {
                    let months = in_months(description);
                    format!("every {} the 13th{months}", weekday(*day))
                }
                _ => {
                    let days = weekdays(days, "or");
                    let on = month_days(on, "or");
                    format!("{prefix}on any {days} that falls on the {on} of {frame}{limit}")
                }
            }
        }
        _ => {
            let listed: Vec<_> = conditions.iter().map(condition).collect();
            let months = match (yearly, limit) {
                (true, _) => in_months(description),
                (false, limit) => limit.to_owned(),
            };
            format!("{unit} on days that are {}{months}", and(&listed))
        }
    }
}

/// What a day is that fulfils a condition.
fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Weekdays(days) => format!("a {}", weekdays(days, "or")),
        Condition::NthWeekdays(days, OrdinalScope::Month) => {
            format!("{} of the month", nth_weekdays(days, "or"))
        }
        Condition::NthWeekdays(days, OrdinalScope::Year) => {
            format!("{} of the year", nth_weekdays(days, "or"))
        }
        Condition::MonthDays(days) => format!("the {} of the month", month_days(days, "or")),
        Condition::YearDays(days) => format!("{} of the year", year_days(days, "or")),
        Condition::Weeks(weeks) => format!("in {}", week_numbers(weeks, "or")),
    }
}

/// Days as an adverb: " on Mondays and Thursdays".
fn on_days(days: &Days) -> String {
    match days {
        Days::Every | Days::OfStart => String::new(),
        Days::Weekdays(days) => match group(days) {
            Some(noun) => format!(" on {noun}s"),
            None => {
                let names: Vec<_> = days
                    .iter()
                    .map(|day| format!("{}s", weekday(*day)))
                    .collect();
                format!(" on {}", and(&names))
            }
        },
        Days::NthWeekdays(days, scope) => {
            let days = condition(&Condition::NthWeekdays(days.clone(), *scope));
            format!(" on {days}")
        }
        Days::NthOf(positions, days) => format!(" on {}", nth_of(positions, days)),
        Days::MonthDays(days) => format!(" on the {} of the month", month_days(days, "and")),
        Days::YearDays(days) => format!(" on {} of the year", year_days(days, "and")),
        Days::OfWeeks(weeks, days) => match days.as_slice() {
            [] => format!(" in {}", week_numbers(weeks, "and")),
            days => format!(
                " on the {} of {}",
                weekdays(days, "and"),
                week_numbers(weeks, "and")
            ),
        },
        Days::Matching(conditions) => {
            let listed: Vec<_> = conditions.iter().map(condition).collect();
            format!(" on days that are {}", and(&listed))
        }
    }
}

fn month_names(description: &Description) -> Vec<String> {
    let Months::These(months) = &description.months else {
        return Vec::new();
    };
    let gregorian = is_gregorian(description);
    if !gregorian {
        return months.iter().map(|at| month(*at, false)).collect();
    }
    let numbers: Vec<u8> = months.iter().map(|month| month.number()).collect();
    runs(&numbers, |number| {
        u32::try_from(number).map_or("", month_name).to_owned()
    })
}

fn in_months(description: &Description) -> String {
    match &description.months {
        Months::Any => String::new(),
        Months::OfStart => " in the starting month".to_owned(),
        Months::These(months) => match month_names(description).as_slice() {
            [run] if months.len() > 1 => format!(" from {run}"),
            names => format!(" in {}", and(names)),
        },
    }
}

/// Months of a rule whose interval steps over some of them.
fn limiting_months(description: &Description) -> String {
    match (in_months(description), description.interval) {
        (months, _) if months.is_empty() => months,
        (months, 1) => months,
        (months, _) => format!(", but only{months}"),
    }
}

/// "the second Tuesday and the last Friday", "every Monday".
fn nth_weekdays(days: &[WeekdayNum], word: &str) -> String {
    let mut by_weekday: Vec<(Weekday, Vec<String>)> = Vec::new();
    for day in days {
        let at = day
            .ordinal()
            .map_or_else(String::new, |at| position(at.into()));
        match by_weekday.iter_mut().find(|(weekday, ordinals)| {
            *weekday == day.weekday() && ordinals.first().is_some_and(|first| !first.is_empty())
        }) {
            Some((_, ordinals)) => ordinals.push(at),
            None => by_weekday.push((day.weekday(), vec![at])),
        }
    }
    let named: Vec<_> = by_weekday
        .iter()
        .map(|(day, ordinals)| match ordinals.as_slice() {
            [plain] if plain.is_empty() => format!("every {}", weekday(*day)),
            ordinals => format!("the {} {}", joined(ordinals, word), weekday(*day)),
        })
        .collect();
    joined(&named, word)
}

/// "the first and last weekday", "the second Tuesday or Thursday".
fn nth_of(positions: &[i16], days: &[Weekday]) -> String {
    let positions: Vec<_> = positions.iter().map(|at| position((*at).into())).collect();
    format!("the {} {}", and(&positions), weekdays(days, "or"))
}

/// "1st", "7th to 13th and last day".
fn month_days(days: &[i8], word: &str) -> String {
    let counted: Vec<i8> = days.iter().copied().filter(|day| *day > 0).collect();
    let mut named = runs(&counted, |day| nth(day.unsigned_abs()));
    let from_end = days.iter().filter(|day| **day < 0);
    named.extend(from_end.map(|day| format!("{} day", position((*day).into()))));
    joined(&named, word)
}

/// "day 100", "days 100 and 200", "the last day".
fn year_days(days: &[i16], word: &str) -> String {
    let (counted, from_end): (Vec<i16>, Vec<i16>) = days.iter().partition(|day| **day > 0);
    numbered("day", &counted, &from_end, word)
}

/// "week 20", "weeks 20 and 30", "the last week of the year".
fn week_numbers(weeks: &[i8], word: &str) -> String {
    let (counted, from_end): (Vec<i8>, Vec<i8>) = weeks.iter().partition(|week| **week > 0);
    let numbered = numbered("week", &counted, &from_end, word);
    if from_end.is_empty() {
        numbered
    } else {
        format!("{numbered} of the year")
    }
}

fn numbered<T: Copy + Into<i64>>(noun: &str, counted: &[T], from_end: &[T], word: &str) -> String {
    let mut named = Vec::new();
    let listed = runs(counted, |number| number.to_string());
    match counted {
        [] => {}
        [_] => named.push(format!("{noun} {}", or(&listed))),
        _ => named.push(format!("{noun}s {}", joined(&listed, word))),
    }
    named.extend(
        from_end
            .iter()
            .map(|at| format!("the {} {noun}", position((*at).into()))),
    );
    joined(&named, word)
}
