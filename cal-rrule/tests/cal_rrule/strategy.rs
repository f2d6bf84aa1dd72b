//! Random rules and starts.

use cal_rrule::{Builder, Frequency, Month, RRule, WeekdayNum};
use chrono::{Days, NaiveDate, NaiveDateTime};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::oracle::WEEKDAYS;

/// A start in the years 1995 to 2035, often at a month's end.
pub(crate) fn starts() -> impl Strategy<Value = NaiveDateTime> {
    let day = prop_oneof![3 => 0_u64..14_600, 1 => prop::sample::select(vec![58, 59, 364, 424, 1825, 1826, 9189])];
    (day, 0_u32..24, 0_u32..60, prop_oneof![Just(0), 0_u32..60]).prop_map(|(day, h, m, s)| {
        let first = NaiveDate::from_ymd_opt(1995, 1, 1).unwrap();
        (first + Days::new(day)).and_hms_opt(h, m, s).unwrap()
    })
}

fn signed(limit: i16) -> impl Strategy<Value = i16> {
    (1..=limit, any::<bool>()).prop_map(|(value, negative)| if negative { -value } else { value })
}

fn small(limit: i8) -> impl Strategy<Value = i8> {
    signed(i16::from(limit)).prop_map(|value| i8::try_from(value).unwrap())
}

#[derive(Clone, Debug)]
struct Dates {
    months: Vec<u8>,
    week_numbers: Vec<i8>,
    year_days: Vec<i16>,
    month_days: Vec<i8>,
    days: Vec<(Option<i8>, usize)>,
}

fn some<T: Strategy>(weight: u32, values: T) -> impl Strategy<Value = Vec<T::Value>>
where
    T::Value: Clone + std::fmt::Debug,
{
    prop_oneof![10 - weight => Just(Vec::new()), weight => vec(values, 1..4)]
}

fn dates() -> impl Strategy<Value = Dates> {
    (
        some(3, 1_u8..=12),
        some(2, prop_oneof![small(53), Just(53), Just(1), Just(-1)]),
        some(2, prop_oneof![signed(366), Just(366), Just(60), Just(-1)]),
        some(3, small(31)),
        some(4, (option::weighted(0.4, small(6)), 0_usize..7)),
    )
        .prop_map(
            |(months, week_numbers, year_days, month_days, days)| Dates {
                months,
                week_numbers,
                year_days,
                month_days,
                days,
            },
        )
}

fn frequencies() -> impl Strategy<Value = Frequency> {
    prop::sample::select(Frequency::ALL.to_vec())
}

/// Valid rules of every kind, without COUNT and UNTIL.
pub(crate) fn rules() -> impl Strategy<Value = RRule> {
    (
        (
            frequencies(),
            prop_oneof![6 => 1_u32..5, 2 => 1_u32..40, 1 => 40_u32..500],
            0_usize..7,
        ),
        dates(),
        (some(2, 0_u8..24), some(2, 0_u8..60), some(1, 0_u8..=60)),
        some(2, prop_oneof![signed(4), signed(30)]),
    )
        .prop_map(
            |((frequency, interval, wkst), dates, (hours, minutes, seconds), positions)| {
                let mut builder = RRule::builder(frequency)
                    .with_interval(interval)
                    .with_week_start(WEEKDAYS[wkst])
                    .with_by_hour(hours.clone())
                    .with_by_minute(minutes.clone())
                    .with_by_second(seconds.clone())
                    .with_by_month(dates.months.iter().copied().map(Month::new));
                let clock = !(hours.is_empty() && minutes.is_empty() && seconds.is_empty());
                builder = with_dates(builder, frequency, &dates);
                let any_part = clock
                    || !dates.months.is_empty()
                    || !dates.days.is_empty()
                    || (frequency != Frequency::Weekly && !dates.month_days.is_empty());
                if any_part {
                    builder = builder.with_by_set_pos(positions);
                }
                builder.build().expect("a valid rule")
            },
        )
}

fn with_dates(builder: Builder, frequency: Frequency, dates: &Dates) -> Builder {
    let yearly = frequency == Frequency::Yearly;
    let week_numbers = yearly && !dates.week_numbers.is_empty();
    let ordinals = frequency >= Frequency::Monthly && !week_numbers;
    let mut builder = builder.with_by_day(dates.days.iter().map(|(ordinal, day)| match ordinal {
        Some(ordinal) if ordinals => WeekdayNum::nth(*ordinal, WEEKDAYS[*day]),
        _ => WeekdayNum::every(WEEKDAYS[*day]),
    }));
    if frequency != Frequency::Weekly {
        builder = builder.with_by_month_day(dates.month_days.clone());
    }
    if yearly || frequency < Frequency::Daily {
        builder = builder.with_by_year_day(dates.year_days.clone());
    }
    if yearly {
        builder = builder.with_by_week_no(dates.week_numbers.clone());
    }
    builder
}

/// How far the oracle looks, in days: far enough to see something, near
/// enough to be walked.
pub(crate) fn horizon(rule: &RRule) -> u64 {
    match rule.frequency() {
        Frequency::Secondly => 2,
        Frequency::Minutely => 40,
        Frequency::Hourly => 500,
        Frequency::Daily => 2000,
        Frequency::Weekly => 3000,
        Frequency::Monthly => 6000,
        Frequency::Yearly => 15_000,
    }
}
