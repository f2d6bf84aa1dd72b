//! Calendar systems and invalid dates: RSCALE, SKIP and leap months (RFC 7529).

use std::fmt;

#[cfg(feature = "rscale")]
use chrono::NaiveTime;
use chrono::{Datelike, NaiveDate};

#[cfg(feature = "rscale")]
use crate::engine::{System, Wall};
use crate::{Error, RRule};

/// The calendar in which a rule counts, such as `GREGORIAN` or `HEBREW`:
/// a CLDR calendar name, kept in upper case.
///
/// Every name is read and printed. `GREGORIAN`, `GREGORY` and `ISO8601` are
/// computed, and so are `BUDDHIST`, `JAPANESE` and `ROC`, whose years have
/// other numbers and the same days. With the feature `rscale` these are too:
///
/// | Name | Calendar |
/// |---|---|
/// | `CHINESE` | lunisolar; leap months after any month |
/// | `DANGI` | the Chinese calendar as seen from Korea |
/// | `HEBREW` | lunisolar; `5L` is Adar I, 6 is Adar or Adar II |
/// | `COPTIC` | thirteen months, the last of five or six days |
/// | `ETHIOPIC`, `ETHIOAA`, `ETHIOPIC-AMETE-ALEM` | like the Coptic, in either era |
/// | `INDIAN` | the national calendar of India (Saka) |
/// | `PERSIAN` | Solar Hijri |
/// | `ISLAMIC-CIVIL`, `ISLAMICC` | tabular, from Friday, 16 July 622 |
/// | `ISLAMIC-TBLA` | tabular, from the Thursday before |
/// | `ISLAMIC-UMALQURA` | as published in Saudi Arabia for 1300 to 1600 AH, else as `ISLAMIC-CIVIL` |
/// | `ISLAMIC`, `ISLAMIC-RGSA` | as `ISLAMIC-UMALQURA`: what is sighted cannot be computed |
///
/// The Chinese and Dangi calendars are those of the almanacs for the years
/// that `icu_calendar` has tables of, about 1900 to 2100. Before and after they
/// are approximate: a month may begin a day off, and a leap month may be
/// another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rscale(String);

/// The calendars whose months and days are those of the Gregorian one.
const GREGORIAN_MONTHS: [&str; 6] = [
    "BUDDHIST",
    "GREGORIAN",
    "GREGORY",
    "ISO8601",
    "JAPANESE",
    "ROC",
];

/// The calendars that the feature `rscale` brings.
const BY_FEATURE: [&str; 15] = [
    "CHINESE",
    "COPTIC",
    "DANGI",
    "ETHIOAA",
    "ETHIOPIC",
    "ETHIOPIC-AMETE-ALEM",
    "HEBREW",
    "INDIAN",
    "ISLAMIC",
    "ISLAMIC-CIVIL",
    "ISLAMIC-RGSA",
    "ISLAMIC-TBLA",
    "ISLAMIC-UMALQURA",
    "ISLAMICC",
    "PERSIAN",
];

impl Rscale {
    /// The names of the calendars that are computed, in upper case: what a
    /// server lists as `supported-rscale-set` (RFC 7529 section 8).
    ///
    /// ```
    /// use cal_rrule::Rscale;
    ///
    /// assert!(Rscale::supported().any(|name| name == "GREGORIAN"));
    /// ```
    pub fn supported() -> impl Iterator<Item = &'static str> {
        let by_feature = BY_FEATURE.into_iter().filter(|_| cfg!(feature = "rscale"));
        GREGORIAN_MONTHS.into_iter().chain(by_feature)
    }

    /// A calendar by its CLDR name, in any case.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_uppercase())
    }

    /// The name in upper case.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether this is the calendar of RFC 5545 itself.
    #[must_use]
    pub fn is_gregorian(&self) -> bool {
        matches!(self.0.as_str(), "GREGORIAN" | "GREGORY" | "ISO8601")
    }

    /// Whether months and days are those of the Gregorian calendar; the
    /// numbers of its years do not matter to a rule.
    pub(crate) fn has_gregorian_months(&self) -> bool {
        GREGORIAN_MONTHS.contains(&self.name())
    }
}

/// A calendar in which days can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleCalendar {
    Gregorian,
    #[cfg(feature = "rscale")]
    Other(System),
}

impl RRule {
    /// The calendar in which the rule counts.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedCalendar`] for a name that is not known,
    /// [`Error::CalendarNotBuiltIn`] for one that needs a feature.
    pub(crate) fn calendar(&self) -> Result<RuleCalendar, Error> {
        match &self.rscale {
            Some(rscale) if !rscale.has_gregorian_months() => other(rscale),
            _ => Ok(RuleCalendar::Gregorian),
        }
    }

    /// The month and the day of the month of a date in the rule's calendar, if
    /// that can be computed.
    pub(crate) fn month_and_day(&self, date: NaiveDate) -> Option<(Month, i8)> {
        match self.calendar().ok()? {
            RuleCalendar::Gregorian => {
                let month = u8::try_from(date.month()).ok()?;
                Some((Month::new(month), i8::try_from(date.day()).ok()?))
            }
            #[cfg(feature = "rscale")]
            RuleCalendar::Other(system) => {
                system.month_and_day(Wall::of(date.and_time(NaiveTime::MIN)).day())
            }
        }
    }
}

#[cfg(feature = "rscale")]
fn other(rscale: &Rscale) -> Result<RuleCalendar, Error> {
    match System::named(rscale) {
        Some(system) => Ok(RuleCalendar::Other(system)),
        None => Err(Error::UnsupportedCalendar {
            rscale: rscale.to_string(),
        }),
    }
}

#[cfg(not(feature = "rscale"))]
fn other(rscale: &Rscale) -> Result<RuleCalendar, Error> {
    let name = rscale.to_string();
    Err(if BY_FEATURE.contains(&rscale.name()) {
        Error::CalendarNotBuiltIn { rscale: name }
    } else {
        Error::UnsupportedCalendar { rscale: name }
    })
}

impl fmt::Display for Rscale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happens to a date that does not exist, such as 30 February.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Skip {
    /// It is left out, as in RFC 5545.
    #[default]
    Omit,
    /// The last valid day before it is taken.
    Backward,
    /// The first valid day after it is taken.
    Forward,
}

impl Skip {
    /// The name in a rule.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Omit => "OMIT",
            Self::Backward => "BACKWARD",
            Self::Forward => "FORWARD",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Omit, Self::Backward, Self::Forward]
            .into_iter()
            .find(|skip| skip.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A BYMONTH value: a month's number in its calendar, and whether it is the
/// leap month that follows the month of that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    number: u8,
    leap: bool,
}

impl Month {
    /// The month of a number, from 1.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self {
            number,
            leap: false,
        }
    }

    /// The leap month after the month of a number (`5L`), as lunisolar
    /// calendars have them.
    #[must_use]
    pub const fn leap(number: u8) -> Self {
        Self { number, leap: true }
    }

    /// The number, from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.number
    }

    /// Whether this is a leap month.
    #[must_use]
    pub const fn is_leap(self) -> bool {
        self.leap
    }
}

impl From<u8> for Month {
    fn from(number: u8) -> Self {
        Self::new(number)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if self.leap { f.write_str("L") } else { Ok(()) }
    }
}
