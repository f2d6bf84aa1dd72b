//! The calendars that can be computed, by the crate `icu_calendar`.

use icu_calendar::cal::hijri::{
    TabularAlgorithm, TabularAlgorithmEpoch, TabularAlgorithmLeapYears,
};
use icu_calendar::cal::{
    ChineseTraditional, Coptic, Ethiopian, Hebrew, Hijri, Indian, KoreanTraditional, Persian,
};
use icu_calendar::types::RataDie;
use icu_calendar::{AnyCalendar, Date};
use smallvec::SmallVec;

use super::year::{CalendarYear, MonthSpan, YearSpan};
use crate::{Month, Rscale};

/// The day 1970-01-01 as a count from 0001-01-01, which is day 1.
const EPOCH: i64 = 719_163;

/// A new moon, 2000-01-06, as a day number.
const NEW_MOON: i64 = 10_962;

/// The mean time from one new moon to the next, as so many parts of a day.
const LUNATION: i64 = 295_305_889;
const PARTS_OF_DAY: i64 = 10_000_000;

/// A calendar with months of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Chinese,
    Coptic,
    Dangi,
    /// Years count from either era; recurrences are the same.
    Ethiopic,
    Hebrew,
    Indian,
    IslamicCivil,
    IslamicTabular,
    IslamicUmmAlQura,
    Persian,
}

impl System {
    /// The calendar of a CLDR name.
    pub(crate) fn named(rscale: &Rscale) -> Option<Self> {
        Some(match rscale.name() {
            "CHINESE" => Self::Chinese,
            "COPTIC" => Self::Coptic,
            "DANGI" => Self::Dangi,
            "ETHIOPIC" | "ETHIOAA" | "ETHIOPIC-AMETE-ALEM" => Self::Ethiopic,
            "HEBREW" => Self::Hebrew,
            "INDIAN" => Self::Indian,
            "ISLAMIC-CIVIL" | "ISLAMICC" => Self::IslamicCivil,
            "ISLAMIC-TBLA" => Self::IslamicTabular,
            // What is sighted cannot be computed. The months that are published
            // for Mecca come nearest.
            "ISLAMIC" | "ISLAMIC-RGSA" | "ISLAMIC-UMALQURA" => Self::IslamicUmmAlQura,
            "PERSIAN" => Self::Persian,
            _ => return None,
        })
    }

    /// The year in which a day falls.
    pub(crate) fn year(self, day: i32) -> CalendarYear {
        let span = self.year_span(day);
        let mut months = SmallVec::new();
        let mut next = span.first;
        while next < span.end() && !span.is_far {
            let here = self.date(next);
            let (info, length) = (here.month(), i32::from(here.days_in_month().max(1)));
            let month = if info.to_input().is_leap() {
                Month::leap(info.number())
            } else {
                Month::new(info.number())
            };
            months.push(MonthSpan {
                month,
                first: next,
                length,
            });
            next += length;
        }
        CalendarYear { span, months }
    }

    /// The month of a day, and the day of the month.
    pub(crate) fn month_and_day(self, day: i32) -> Option<(Month, i8)> {
        let span = self.year(day).month_at(day)?;
        Some((span.month, i8::try_from(day - span.first + 1).ok()?))
    }

    /// The year in which a day falls, without its months.
    pub(crate) fn year_span(self, day: i32) -> YearSpan {
        let date = self.date(day);
        let number = date.year().extended_year();
        if date.to_rata_die() != rata_die(day) {
            return YearSpan {
                number,
                first: day,
                length: 366,
                is_far: true,
            };
        }
        YearSpan {
            number,
            first: day - i32::from(date.day_of_year().0) + 1,
            length: i32::from(date.days_in_year()),
            is_far: false,
        }
    }

    fn date(self, day: i32) -> Date<AnyCalendar> {
        let calendar = match self {
            Self::Chinese => AnyCalendar::Chinese(ChineseTraditional::new()),
            Self::Coptic => AnyCalendar::Coptic(Coptic),
            Self::Dangi => AnyCalendar::Dangi(KoreanTraditional::new()),
            Self::Ethiopic => AnyCalendar::Ethiopian(Ethiopian::new()),
            Self::Hebrew => AnyCalendar::Hebrew(Hebrew),
            Self::Indian => AnyCalendar::Indian(Indian),
            Self::IslamicCivil => AnyCalendar::HijriTabular(tabular(TabularAlgorithmEpoch::Friday)),
            Self::IslamicTabular => {
                AnyCalendar::HijriTabular(tabular(TabularAlgorithmEpoch::Thursday))
            }
            Self::IslamicUmmAlQura => AnyCalendar::HijriUmmAlQura(Hijri::new_umm_al_qura()),
            Self::Persian => AnyCalendar::Persian(Persian),
        };
        Date::from_rata_die(rata_die(day), calendar)
    }

    /// The number of a month in the row of all months; the next month has the
    /// next number.
    pub(crate) fn month_number(self, year: &CalendarYear, month: &MonthSpan) -> i64 {
        let of_year = |months: i64| {
            let at = i64::from(month.month.number()) - 1;
            i64::from(year.span.number) * months + at
        };
        match self {
            Self::Coptic | Self::Ethiopic => of_year(13),
            // Years have 12 or 13 months, each of which is one lunation and
            // begins within days of a new moon.
            Self::Chinese | Self::Dangi | Self::Hebrew => {
                let parts = (i64::from(month.first) - NEW_MOON) * PARTS_OF_DAY;
                (parts + LUNATION / 2).div_euclid(LUNATION)
            }
            _ => of_year(12),
        }
    }

    /// Whether any year has a month.
    pub(crate) fn has_month(self, month: Month) -> bool {
        let last = match self {
            Self::Coptic | Self::Ethiopic => 13,
            _ => 12,
        };
        let has_number = (1..=last).contains(&month.number());
        match self {
            _ if !month.is_leap() => has_number,
            Self::Chinese | Self::Dangi => has_number,
            Self::Hebrew => month.number() == 5,
            _ => false,
        }
    }

    /// The days of its longest month.
    pub(crate) const fn longest_month(self) -> i32 {
        match self {
            Self::Indian | Self::Persian => 31,
            _ => 30,
        }
    }

    /// The days of its longest year.
    pub(crate) const fn longest_year(self) -> i32 {
        match self {
            Self::Chinese | Self::Dangi | Self::Hebrew => 385,
            Self::IslamicCivil | Self::IslamicTabular | Self::IslamicUmmAlQura => 355,
            _ => 366,
        }
    }

    /// After how many years without a day there is none: where years and
    /// weekdays repeat, else so many that each kind of year has been there.
    pub(crate) const fn years_in_cycle(self) -> u64 {
        match self {
            Self::Coptic | Self::Ethiopic => 28,
            Self::IslamicCivil | Self::IslamicTabular => 210,
            Self::Indian => 400,
            // Published for three hundred years, computed for the others.
            Self::IslamicUmmAlQura => 600,
            Self::Hebrew => 1000,
            // Corrected until 3608.
            Self::Persian => 2000,
            // Where almanacs end leap months are spread evenly.
            Self::Chinese | Self::Dangi => 2000,
        }
    }
}

fn rata_die(day: i32) -> RataDie {
    RataDie::new(i64::from(day) + EPOCH)
}

const fn tabular(epoch: TabularAlgorithmEpoch) -> Hijri<TabularAlgorithm> {
    Hijri(TabularAlgorithm::new(
        TabularAlgorithmLeapYears::TypeII,
        epoch,
    ))
}
