//! Numbers, lists, weekdays and months in English.

use chrono::Weekday;

use crate::weekday::WEEKDAYS;
use crate::{Frequency, Month};

/// From how many on, numbers in a row are named by the first and the last.
const RUN: usize = 3;

const NUMBER_WORDS: [&str; 10] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn unit(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Secondly => "second",
        Frequency::Minutely => "minute",
        Frequency::Hourly => "hour",
        Frequency::Daily => "day",
        Frequency::Weekly => "week",
        Frequency::Monthly => "month",
        Frequency::Yearly => "year",
    }
}

/// "first" to "tenth", then "11th".
pub(super) fn number_word(number: u64) -> String {
    let index = number
        .checked_sub(1)
        .and_then(|at| usize::try_from(at).ok());
    match index.and_then(|at| NUMBER_WORDS.get(at)) {
        Some(word) => (*word).to_owned(),
        None => nth(number),
    }
}

/// "1st", "22nd".
pub(super) fn nth(number: u64) -> String {
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// "second", "last", "third to last".
pub(super) fn position(at: i64) -> String {
    match at {
        -1 => "last".to_owned(),
        ..-1 => format!("{} to last", number_word(at.unsigned_abs())),
        _ => number_word(at.unsigned_abs()),
    }
}

/// "a", "a and b", "a, b and c".
pub(super) fn and<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "and")
}

/// "a", "a or b", "a, b or c".
pub(super) fn or<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "or")
}

/// A list with a word before its last item.
pub(super) fn joined<T: AsRef<str>>(items: &[T], word: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
    }
}

/// Ascending numbers, each as `name` has it; three and more in a row as
/// "9 to 16".
pub(super) fn runs<T: Copy + Into<i64>>(values: &[T], name: impl Fn(i64) -> String) -> Vec<String> {
    let mut rows: Vec<(i64, i64)> = Vec::new();
    for value in values {
        let value = (*value).into();
        match rows.last_mut() {
            Some((_, last)) if *last + 1 == value => *last = value,
            _ => rows.push((value, value)),
        }
    }
    let mut named = Vec::new();
    for (first, last) in rows {
        let length = usize::try_from(last - first + 1).unwrap_or(RUN);
        if length >= RUN {
            named.push(format!("{} to {}", name(first), name(last)));
        } else {
            named.extend((first..=last).map(&name));
        }
    }
    named
}

pub(super) fn month_name(number: u32) -> &'static str {
    let index = number
        .checked_sub(1)
        .and_then(|at| usize::try_from(at).ok());
    index.and_then(|at| MONTHS.get(at)).copied().unwrap_or("")
}

/// Months of the Gregorian calendar: "April, June and September".
pub(crate) fn month_list(months: &[Month]) -> String {
    let named: Vec<_> = months.iter().map(|at| month(*at, true)).collect();
    and(&named)
}

/// The name of a month of the Gregorian calendar, else its number.
pub(super) fn month(month: Month, gregorian: bool) -> String {
    match (gregorian, month.is_leap()) {
        (true, _) => month_name(month.number().into()).to_owned(),
        (false, false) => format!("month {}", month.number()),
        (false, true) => format!("leap month {}", month.number()),
    }
}

pub(super) fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// Weekdays as one noun: "weekday", "Monday or Thursday".
pub(super) fn weekdays(days: &[Weekday], word: &str) -> String {
    if let Some(noun) = group(days) {
        return noun.to_owned();
    }
    if days == [Weekday::Sat, Weekday::Sun] && word == "or" {
        return "weekend day".to_owned();
    }
    let names: Vec<_> = days.iter().map(|day| weekday(*day)).collect();
    joined(&names, word)
}

/// The noun for all days, and the one for Monday to Friday.
pub(super) fn group(days: &[Weekday]) -> Option<&'static str> {
    let has = |length: usize| {
        let wanted = WEEKDAYS.get(..length).unwrap_or_default();
        days.len() == length && wanted.iter().all(|day| days.contains(day))
    };
    if has(7) {
        Some("day")
    } else if has(5) {
        Some("weekday")
    } else {
        None
    }
}
