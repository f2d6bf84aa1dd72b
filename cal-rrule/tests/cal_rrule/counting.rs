//! How many occurrences there are, and which is the nth.

use std::time::{Duration, Instant};

use cal_rrule::{Error, RRule, RecurrenceSet, Start, StartMember, When};
use chrono::{Days, TimeDelta};
use chrono_tz::{America, Pacific};
use proptest::prelude::*;

use crate::strategy::{horizon, rules, starts};
use crate::value::{date, time};

fn walked(set: &RecurrenceSet) -> u64 {
    u64::try_from(set.iter().flatten().count()).unwrap()
}

/// The set without those of its members that are named by number: that moment,
/// or all of its day.
fn without(set: RecurrenceSet, left_out: &[(usize, bool)]) -> RecurrenceSet {
    let members: Vec<_> = set.iter().map_while(Result::ok).take(4000).collect();
    let exdates = left_out.iter().filter_map(|(index, day)| {
        let member = members.get(*index)?;
        let day = day.then(|| When::Date(member.local().date()));
        let instant = member.utc().map(When::Utc);
        Some(day.or(instant).unwrap_or(When::Local(member.local())))
    });
    set.with_exdates(exdates)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counting_is_visiting_and_counting(
        rule in rules(),
        start in starts(),
        added in prop::collection::vec(0_u64..500, 0..3),
        left_out in prop::collection::vec((0_usize..900, any::<bool>()), 0..4),
        line in 0..4,
        until in any::<bool>(),
    ) {
        let end = start + Days::new(horizon(&rule) / 2);
        let rule = if until { rule.with_until(When::Local(end)) } else { rule.with_count(700) };
        let first = match line {
            0 => Start::Floating(start),
            1 => Start::Date(start.date()),
            2 => Start::zoned(start, America::New_York),
            _ => Start::zoned(start, Pacific::Apia),
        };
        let set = RecurrenceSet::new(first)
            .with_rule(rule.clone())
            .with_rdates(added.into_iter().map(|hours| start + TimeDelta::hours(7 * i64::try_from(hours).unwrap())));
        let set = without(set, &left_out);
        match set.count() {
            Ok(count) => prop_assert_eq!(count, walked(&set), "{} from {}", rule, start),
            Err(error) => prop_assert_eq!(error, Error::PastYear9999, "{} from {}", rule, start),
        }
    }

    #[test]
    fn the_nth_is_the_nth_that_is_visited(
        rule in rules(),
        start in starts(),
        n in 900_usize..4000,
        added in 0_i64..3000,
        left_out in prop::collection::vec((0_usize..4000, any::<bool>()), 0..4),
        zoned in any::<bool>(),
    ) {
        let first = if zoned { Start::zoned(start, America::New_York) } else { Start::Floating(start) };
        let set = RecurrenceSet::new(first)
            .with_rule(rule.clone())
            .with_rdate(start + TimeDelta::hours(added));
        let set = without(set, &left_out);
        let visited: Result<Vec<_>, _> = set.iter().take(n + 1).collect();
        let expected = visited.map(|visited| visited.get(n).copied());
        prop_assert_eq!(set.nth(u64::try_from(n).unwrap()), expected, "{} from {}", rule, start);
    }

    #[test]
    fn where_the_clock_skips_each_moment_counts_once(
        every in 1_u32..200,
        minutes in any::<bool>(),
        seconds in 0_u8..60,
        earlier in 0_i64..5000,
        lord_howe in any::<bool>(),
        until in 0_i64..9000,
    ) {
        let (zone, gap) = if lord_howe {
            (chrono_tz::Australia::Lord_Howe, time("20231001T020000"))
        } else {
            (America::New_York, time("20240310T020000"))
        };
        let frequency = if minutes { "MINUTELY" } else { "HOURLY" };
        let start = gap - TimeDelta::minutes(earlier) + TimeDelta::seconds(i64::from(seconds));
        let rule: RRule = format!("FREQ={frequency};INTERVAL={every}").parse().unwrap();
        let end = gap + TimeDelta::minutes(until - 3000);
        let set = rule.with_until(When::Local(end)).starting(Start::zoned(start, zone));
        let count = set.count().unwrap();
        prop_assert_eq!(count, walked(&set), "every {} from {} to {}", every, start, end);
        let last = set.last().unwrap();
        prop_assert_eq!(set.nth(count.saturating_sub(1)), Ok(last));
    }
}

#[test]
fn cycles_of_years_are_counted_as_walking_counts_them() {
    for text in [
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;INTERVAL=7;BYMONTHDAY=29,31",
        "FREQ=YEARLY;INTERVAL=3;BYWEEKNO=53;BYDAY=MO,SU",
        "FREQ=WEEKLY;INTERVAL=9;BYDAY=TU;BYMONTH=2,8;BYHOUR=7,19",
        "FREQ=DAILY;INTERVAL=11;BYDAY=TU",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;BYYEARDAY=366",
    ] {
        let rule: RRule = text.parse().unwrap();
        let set = rule
            .with_until(When::Date(date("99991231")))
            .starting(time("20240229T090000"));
        let members: Vec<_> = set.iter().map(Result::unwrap).collect();
        let count = u64::try_from(members.len()).unwrap();
        assert_eq!(set.count(), Ok(count), "{text}");
        for n in (0..members.len()).step_by(members.len() / 7) {
            let found = set.nth(u64::try_from(n).unwrap());
            assert_eq!(found, Ok(Some(members[n])), "{text}");
        }
    }
}

#[test]
fn a_count_is_itself_however_large() {
    let begun = Instant::now();
    for (text, count) in [
        ("FREQ=DAILY;COUNT=2000000", 2_000_000),
        (
            "FREQ=SECONDLY;INTERVAL=7;BYDAY=MO,TU;COUNT=3000000000",
            3_000_000_000,
        ),
        ("FREQ=SECONDLY;COUNT=4294967295", 4_294_967_295),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=1,-1;COUNT=500000",
            500_000,
        ),
    ] {
        let rule: RRule = text.parse().unwrap();
        let set = rule.starting(time("20240101T000000"));
        assert_eq!(set.count(), Ok(count), "{text}");
        let last = set.last().unwrap();
        assert_eq!(set.nth(count - 1), Ok(last), "{text}");
        assert_eq!(set.nth(count), Ok(None), "{text}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_zoned_series_to_the_end_of_the_calendar_is_counted() {
    let rule: RRule = "FREQ=DAILY;UNTIL=99991231T000000Z".parse().unwrap();
    let set = rule.starting(Start::zoned(time("20240101T090000"), America::New_York));
    let days = date("99991230") - date("20240101") + TimeDelta::days(1);
    assert_eq!(set.count(), Ok(u64::try_from(days.num_days()).unwrap()));
    let found = set.nth(1_000_000).unwrap().unwrap();
    assert_eq!(
        found.local().date(),
        date("20240101") + Days::new(1_000_000)
    );
}

#[test]
fn millions_are_counted_beside_exclusions_and_skipped_times() {
    let rule: RRule = "FREQ=DAILY;UNTIL=99991231T000000Z".parse().unwrap();
    let start = time("20240101T023000");
    let set = rule
        .starting(Start::zoned(start, America::New_York))
        .with_exdate(date("20240310"))
        .with_exdate(time("20250101T023000"))
        .with_exdate(time("20250101T023001"));
    let days = u64::try_from((date("99991230") - date("20240101")).num_days()).unwrap() + 1;
    assert_eq!(set.count(), Ok(days - 2));
    let found = set.nth(2_000_000).unwrap().unwrap();
    assert_eq!(found.local(), start + Days::new(2_000_002));
}

#[test]
fn what_is_excluded_does_not_count() {
    let rule: RRule = "FREQ=DAILY;COUNT=10".parse().unwrap();
    let set = rule
        .starting(time("20240101T090000"))
        .with_exdate(date("20240105"));
    assert_eq!(set.count(), Ok(9));
    assert_eq!(
        set.nth(4).unwrap().unwrap().local(),
        time("20240106T090000")
    );
    assert_eq!(set.nth(9), Ok(None));
}

#[test]
fn a_series_without_end_has_no_count_but_an_nth() {
    let rule: RRule = "FREQ=DAILY".parse().unwrap();
    let set = rule.starting(date("20240101"));
    assert_eq!(set.count(), Err(Error::PastYear9999));
    let found = set.nth(1_000_000).unwrap().unwrap();
    assert_eq!(
        found.local().date(),
        date("20240101") + Days::new(1_000_000)
    );
    assert_eq!(set.nth(4_000_000), Err(Error::PastYear9999));
}

#[test]
fn too_many_to_visit_is_an_error_and_not_a_wait() {
    let rule: RRule = "FREQ=SECONDLY;UNTIL=20500101T000000".parse().unwrap();
    let set = rule
        .starting(time("20240101T000000"))
        .with_exrule("FREQ=DAILY".parse().unwrap());
    let limit = Error::CountLimit { limit: 1_000_000 };
    assert_eq!(set.count(), Err(limit.clone()));
    assert_eq!(set.nth(5_000_000), Err(limit));
}

#[test]
fn a_set_of_its_start_has_one() {
    let set = RecurrenceSet::new(date("20240101"));
    assert_eq!(set.count(), Ok(1));
    let none = set.with_start_member(StartMember::IfGenerated);
    assert_eq!(none.count(), Ok(0));
    assert_eq!(none.nth(0), Ok(None));
}
