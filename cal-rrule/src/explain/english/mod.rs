//! Rules in English.

mod days;
mod format;
mod times;
mod words;

use chrono::{NaiveDateTime, NaiveTime};

use crate::explain::english::words::{and, number_word, position, unit, weekday};
use crate::explain::{Description, Phrasebook, Picked};
use crate::{Frequency, Rscale, Skip, When};

pub(crate) use words::month_list;

pub use format::{DateFormat, DayFirst, MonthFirst};

/// English sentences, such as "on the second Tuesday of every month at 9:30,
/// 10 times".
///
/// Dates and times of day are written by a [`DateFormat`].
///
/// ```
/// use cal_rrule::explain::MonthFirst;
/// use cal_rrule::{English, RRule};
///
/// let rule: RRule = "FREQ=DAILY;UNTIL=20261231".parse()?;
/// assert_eq!(rule.explain(&English::new()), "every day, until 31 December 2026");
/// let american = English::new().with_dates(MonthFirst);
/// assert_eq!(rule.explain(&american), "every day, until December 31, 2026");
/// # Ok::<(), cal_rrule::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct English<F = DayFirst> {
    dates: F,
}

impl English {
    /// With dates as "31 December 2026" and times as "9:30".
    #[must_use]
    pub const fn new() -> Self {
        Self { dates: DayFirst }
    }
}

impl<F> English<F> {
    /// With another format of dates and times.
    #[must_use]
    pub fn with_dates<G: DateFormat>(self, dates: G) -> English<G> {
        English { dates }
    }
}

impl<F: DateFormat> Phrasebook for English<F> {
    fn sentence(&self, description: &Description) -> String {
        let mut sentence = self.days(description);
        if description.frequency >= Frequency::Daily {
            sentence += &self.times(description);
        }
        if let Some(picked) = &description.picked {
            sentence += &keeping(picked);
        }
        if let Some(first) = description.week_start {
            sentence += &format!(", with weeks that start on {}", weekday(first));
        }
        if let Some(calendar) = &description.calendar {
            sentence += &format!(", in the {} calendar", calendar_name(calendar));
        }
        sentence += match description.skip {
            Skip::Omit => "",
            Skip::Backward => ", with a date that does not exist moved back to the one before",
            Skip::Forward => ", with a date that does not exist moved on to the one after",
        };
        sentence += &self.end(description);
        sentence
    }
}

impl<F: DateFormat> English<F> {
    /// From where an interval counts, and where the rule ends.
    fn end(&self, description: &Description) -> String {
        let mut text = String::new();
        if let Some(start) = description.counted_from {
            let start = match start {
                When::Local(time) | When::Utc(time)
                    if description.frequency >= Frequency::Daily =>
                {
                    When::Date(time.date())
                }
                other => other,
            };
            text += &format!(", counted from {}", self.when(start));
        }
        match (description.count, description.until) {
            (Some(1), None) => text += ", once only",
            (Some(2), None) => text += ", twice",
            (Some(count), None) => text += &format!(", {count} times"),
            (Some(count), Some(_)) => text += &format!(", at most {count} times"),
            (None, _) => {}
        }
        if let Some(until) = description.until {
            text += &format!(", until {}", self.when(until));
        }
        text
    }

    fn when(&self, when: When) -> String {
        let local = |time: NaiveDateTime| {
            format!(
                "{} at {}",
                self.dates.date(time.date()),
                self.time(time.time())
            )
        };
        match when {
            When::Date(date) => self.dates.date(date),
            When::Local(time) => local(time),
            When::Utc(time) => format!("{} UTC", local(time)),
        }
    }

    /// A time with its seconds only where they are not zero.
    fn time(&self, time: NaiveTime) -> String {
        self.dates.time(time, chrono::Timelike::second(&time) != 0)
    }
}

/// BYSETPOS: which of each unit are kept.
fn keeping(picked: &Picked) -> String {
    let positions: Vec<_> = picked
        .positions
        .iter()
        .map(|at| position((*at).into()))
        .collect();
    format!(
        ", keeping only the {} of each {}",
        and(&positions),
        unit(picked.of_each)
    )
}

/// "every day", "every other day", "every 3 days".
fn every(frequency: Frequency, interval: u32) -> String {
    let unit = unit(frequency);
    match interval {
        1 => format!("every {unit}"),
        2 if frequency >= Frequency::Daily => format!("every other {unit}"),
        _ => format!("every {interval} {unit}s"),
    }
}

/// "every month", "every other month", "every third month": each one of them.
fn each(frequency: Frequency, interval: u32) -> String {
    let unit = unit(frequency);
    match interval {
        1 => format!("every {unit}"),
        2 => format!("every other {unit}"),
        _ => format!("every {} {unit}", number_word(interval.into())),
    }
}

/// The name of a CLDR calendar as English has it.
fn calendar_name(calendar: &Rscale) -> String {
    if calendar.is_gregorian() {
        return "Gregorian".to_owned();
    }
    match calendar.name() {
        "BUDDHIST" => "Buddhist",
        "CHINESE" => "Chinese",
        "COPTIC" => "Coptic",
        "DANGI" => "Korean",
        "ETHIOAA" | "ETHIOPIC-AMETE-ALEM" => "Ethiopic Amete Alem",
        "ETHIOPIC" => "Ethiopic",
        "HEBREW" => "Hebrew",
        "INDIAN" => "Indian",
        "ISLAMIC" => "Islamic",
        "ISLAMIC-CIVIL" | "ISLAMICC" => "Islamic civil",
        "ISLAMIC-RGSA" => "Islamic (Saudi Arabia)",
        "ISLAMIC-TBLA" => "Islamic tabular",
        "ISLAMIC-UMALQURA" => "Islamic (Umm al-Qura)",
        "JAPANESE" => "Japanese",
        "PERSIAN" => "Persian",
        "ROC" => "Minguo",
        other => return other.to_owned(),
    }
    .to_owned()
}
