//! RecurrenceRule objects (RFC 8984 4.3.3).

use cal_rrule::{RRule, When};
use chrono::{Days, NaiveDateTime, NaiveTime, Timelike};
use serde_json::{Value, json};

use super::Object;
use super::clock::{Clock, read_local, write_local};
use super::draft::{take_object, take_string};
use crate::Moment;

/// Parts with lists of numbers, by the names that both formats have for them.
const NUMBERS: &[(&str, &str)] = &[
    ("BYSECOND", "bySecond"),
    ("BYMINUTE", "byMinute"),
    ("BYHOUR", "byHour"),
    ("BYMONTHDAY", "byMonthDay"),
    ("BYYEARDAY", "byYearDay"),
    ("BYWEEKNO", "byWeekNo"),
    ("BYSETPOS", "bySetPosition"),
];

/// Parts with one word.
const WORDS: &[(&str, &str)] = &[
    ("RSCALE", "rscale"),
    ("FREQ", "frequency"),
    ("WKST", "firstDayOfWeek"),
    ("SKIP", "skip"),
];

/// Parts with one number.
const COUNTS: &[(&str, &str)] = &[("COUNT", "count"), ("INTERVAL", "interval")];

/// The object for a rule as iCalendar writes it; none for what is no rule, or
/// says more than the object can.
pub(super) fn write(text: &str, clock: &Clock) -> Option<Value> {
    let rule = RRule::parse_lenient(text).rule?;
    let mut object = Object::new();
    object.insert("@type".to_owned(), "RecurrenceRule".into());
    for part in rule.to_string().split(';') {
        let (name, value) = part.split_once('=')?;
        let find = |table: &[(&str, &'static str)]| {
            let found = table.iter().find(|(own, _)| *own == name);
            found.map(|(_, key)| (*key).to_owned())
        };
        let numbers = || value.split(',').map(|item| item.parse::<i64>().ok());
        if let Some(key) = find(WORDS) {
            object.insert(key, value.to_ascii_lowercase().into());
        } else if let Some(key) = find(COUNTS) {
            object.insert(key, value.parse::<u64>().ok()?.into());
        } else if let Some(key) = find(NUMBERS) {
            let numbers: Option<Vec<i64>> = numbers().collect();
            object.insert(key, numbers?.into());
        } else if name == "BYMONTH" {
            let months: Vec<&str> = value.split(',').collect();
            object.insert("byMonth".to_owned(), months.into());
        } else if name == "BYDAY" {
            let days: Option<Vec<Value>> = value.split(',').map(write_day).collect();
            object.insert("byDay".to_owned(), days?.into());
        } else if name == "UNTIL" {
            let until = write_local(local_until(rule.until()?, clock)?);
            object.insert("until".to_owned(), until.into());
        } else {
            return None;
        }
    }
    Some(Value::Object(object))
}

/// The last moment of a rule on the clock of its entry.
fn local_until(until: When, clock: &Clock) -> Option<NaiveDateTime> {
    match (until, clock) {
        (When::Date(date), Clock::Date) => Some(date.and_time(NaiveTime::MIN)),
        // A date ends a timed series with its last second.
        (When::Date(date), _) => date.and_hms_opt(23, 59, 59),
        (When::Local(local), Clock::Date) => Some(local.date().and_time(NaiveTime::MIN)),
        (When::Utc(utc), Clock::Date) => Some(nearest_day(utc)),
        (When::Local(local), _) => Some(local),
        (When::Utc(utc), clock) => clock.at_utc(utc),
    }
}

/// The day that an instant means as the end of an all-day series: programs
/// write its midnight in a zone that the series does not name.
fn nearest_day(utc: NaiveDateTime) -> NaiveDateTime {
    let day = utc.date().and_time(NaiveTime::MIN);
    let late = utc.hour() >= 12 && (utc.hour(), utc.minute(), utc.second()) != (23, 59, 59);
    let next = day.checked_add_days(Days::new(1)).filter(|_| late);
    next.unwrap_or(day)
}

fn write_day(day: &str) -> Option<Value> {
    let (number, day) = day.split_at_checked(day.len().checked_sub(2)?)?;
    let mut object = json!({"@type": "NDay", "day": day.to_ascii_lowercase()});
    if !number.is_empty() {
        let number: i64 = number.trim_start_matches('+').parse().ok()?;
        object
            .as_object_mut()?
            .insert("nthOfPeriod".to_owned(), number.into());
    }
    Some(object)
}

/// The rule that an object says, as iCalendar writes it; none for what is no
/// RecurrenceRule, or has more in it than a rule can say.
pub(super) fn read(value: &Value, clock: &Clock) -> Option<String> {
    let mut object = value.as_object()?.clone();
    let mut parts: Vec<String> = Vec::new();
    match object.shift_remove("@type") {
        None => {}
        Some(Value::String(own)) if own == "RecurrenceRule" => {}
        Some(_) => return None,
    }
    for (name, key) in WORDS {
        if let Some(word) = take_string(&mut object, key) {
            parts.push(format!("{name}={}", word.to_ascii_uppercase()));
        }
    }
    for (name, key) in COUNTS {
        if let Some(number) = object.shift_remove(*key) {
            parts.push(format!("{name}={}", number.as_u64()?));
        }
    }
    for (name, key) in NUMBERS {
        let number = |item: &Value| Some(item.as_i64()?.to_string());
        parts.extend(list(&mut object, name, key, number)?);
    }
    parts.extend(list(&mut object, "BYMONTH", "byMonth", |month| {
        Some(month.as_str()?.to_owned())
    })?);
    parts.extend(list(&mut object, "BYDAY", "byDay", read_day)?);
    if let Some(until) = take_string(&mut object, "until") {
        parts.push(format!("UNTIL={}", read_until(&until, clock)?));
    }
    // The RRule parser has the last word, and brings the parts in order.
    let rule: RRule = parts.join(";").parse().ok()?;
    object.is_empty().then(|| rule.to_string())
}

/// A part with a list; nothing where there is none, none where it is malformed.
fn list(
    object: &mut Object,
    name: &str,
    key: &str,
    read: impl Fn(&Value) -> Option<String>,
) -> Option<Option<String>> {
    let Some(items) = object.shift_remove(key) else {
        return Some(None);
    };
    let items: Option<Vec<String>> = items.as_array()?.iter().map(read).collect();
    Some(Some(format!("{name}={}", items?.join(","))))
}

fn read_day(value: &Value) -> Option<String> {
    let mut day = value.as_object()?.clone();
    let _ = take_string(&mut day, "@type");
    let name = take_string(&mut day, "day")?.to_ascii_uppercase();
    let number = match day.shift_remove("nthOfPeriod") {
        Some(number) => number.as_i64()?.to_string(),
        None => String::new(),
    };
    day.is_empty().then(|| number + &name)
}

fn read_until(text: &str, clock: &Clock) -> Option<String> {
    let local = read_local(text)?;
    let moment = match clock.to_utc(local) {
        Some(utc) => Moment::Utc(utc),
        None if matches!(clock, Clock::Date) => Moment::Date(local.date()),
        None => Moment::Floating(local),
    };
    Some(moment.to_value())
}

/// Takes the rules of a property: a list of them, or one.
pub(super) fn take(object: &mut Object, keys: [&str; 2], clock: &Clock) -> Vec<String> {
    let [list, one] = keys;
    let mut rules = Vec::new();
    if let Some(Value::Array(items)) = object.get(list) {
        let all: Option<Vec<String>> = items.iter().map(|item| read(item, clock)).collect();
        if let Some(all) = all {
            rules.extend(all);
            object.shift_remove(list);
        }
    }
    if let Some(rule) = object.get(one).and_then(|rule| read(rule, clock)) {
        rules.push(rule);
        let _ = take_object(object, one);
    }
    rules
}
