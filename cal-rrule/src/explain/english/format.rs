//! How English sentences write dates and times.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use crate::explain::english::words::month_name;

/// Writes the dates and times of [`English`](crate::English) sentences.
pub trait DateFormat {
    /// A date.
    fn date(&self, date: NaiveDate) -> String;

    /// A date of every year: the number of a month, from 1 to 12, and a day.
    fn day_of_year(&self, month: u8, day: u8) -> String;

    /// A time of day, with its seconds where asked.
    fn time(&self, time: NaiveTime, with_seconds: bool) -> String;
}

/// 31 December 2026, 25 December, 17:05.
#[derive(Clone, Copy, Debug, Default)]
pub struct DayFirst;

impl DateFormat for DayFirst {
    fn date(&self, date: NaiveDate) -> String {
        let month = month_name(date.month());
        format!("{} {month} {}", date.day(), date.year())
    }

    fn day_of_year(&self, month: u8, day: u8) -> String {
        format!("{day} {}", month_name(month.into()))
    }

    fn time(&self, time: NaiveTime, with_seconds: bool) -> String {
        clock(time.hour(), time, with_seconds)
    }
}

/// December 31, 2026, December 25, 5:05 pm.
#[derive(Clone, Copy, Debug, Default)]
pub struct MonthFirst;

impl DateFormat for MonthFirst {
    fn date(&self, date: NaiveDate) -> String {
        let month = month_name(date.month());
        format!("{month} {}, {}", date.day(), date.year())
    }

    fn day_of_year(&self, month: u8, day: u8) -> String {
        format!("{} {day}", month_name(month.into()))
    }

    fn time(&self, time: NaiveTime, with_seconds: bool) -> String {
        let (afternoon, hour) = time.hour12();
        let half = if afternoon { "pm" } else { "am" };
        format!("{} {half}", clock(hour, time, with_seconds))
    }
}

fn clock(hour: u32, time: NaiveTime, with_seconds: bool) -> String {
    let minute = time.minute();
    if with_seconds {
        format!("{hour}:{minute:02}:{:02}", time.second())
    } else {
        format!("{hour}:{minute:02}")
    }
}
