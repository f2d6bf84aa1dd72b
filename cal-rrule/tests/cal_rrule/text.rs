//! Rules as text: strict and lenient reading, canonical printing.

use cal_rrule::{
    Builder, Frequency, Month, Part, ProblemKind, RRule, Rscale, Skip, Weekday, WeekdayNum, When,
};

use crate::value::date;

/// Text, and its canonical form.
const CANONICAL: [(&str, &str); 12] = [
    ("FREQ=DAILY", "FREQ=DAILY"),
    ("freq=daily;count=3", "FREQ=DAILY;COUNT=3"),
    (
        "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=WE,MO,MO;",
        "FREQ=WEEKLY;BYDAY=MO,WE",
    ),
    (
        "BYDAY=-1FR,+2TU,SU;FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=SU,2TU,-1FR",
    ),
    (
        "FREQ=YEARLY;BYMONTHDAY=-1,31,1,-31;BYMONTH=12,2",
        "FREQ=YEARLY;BYMONTHDAY=1,31,-1,-31;BYMONTH=2,12",
    ),
    (
        "WKST=SU;FREQ=WEEKLY;UNTIL=20241231",
        "FREQ=WEEKLY;UNTIL=20241231;WKST=SU",
    ),
    (
        "FREQ=DAILY;UNTIL=20241231T235960Z",
        "FREQ=DAILY;UNTIL=20241231T235959Z",
    ),
    (
        "FREQ=DAILY;BYHOUR=09,10;BYMINUTE=0;BYSECOND=60",
        "FREQ=DAILY;BYSECOND=60;BYMINUTE=0;BYHOUR=9,10",
    ),
    (
        "FREQ=MONTHLY;SKIP=backward;RSCALE=gregorian",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD",
    ),
    (
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L,13;SKIP=OMIT",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L,13",
    ),
    (
        "FREQ=YEARLY;BYWEEKNO=-1,53,1;BYSETPOS=-1,1",
        "FREQ=YEARLY;BYWEEKNO=1,53,-1;BYSETPOS=1,-1",
    ),
    (
        "FREQ=YEARLY;BYYEARDAY=366,-366",
        "FREQ=YEARLY;BYYEARDAY=366,-366",
    ),
];

#[test]
fn a_rule_prints_in_canonical_form() {
    for (text, canonical) in CANONICAL {
        let rule: RRule = text.parse().unwrap();
        assert_eq!(rule.to_string(), canonical);
        assert_eq!(canonical.parse::<RRule>().unwrap(), rule);
    }
}

/// Text, the problem, the text that it quotes, and what a lenient reading
/// makes of it.
const FAULTY: [(&str, ProblemKind, &str, Option<&str>); 28] = [
    ("", ProblemKind::NoFrequency, "", None),
    ("COUNT=3", ProblemKind::NoFrequency, "", None),
    (
        "FREQ=FORTNIGHTLY",
        ProblemKind::UnknownFrequency,
        "FORTNIGHTLY",
        None,
    ),
    (
        "FREQ=DAILY;FOO=1",
        ProblemKind::UnknownPart,
        "FOO=1",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;;COUNT=1",
        ProblemKind::NotAPart,
        "",
        Some("FREQ=DAILY;COUNT=1"),
    ),
    (
        "FREQ=DAILY;COUNT=1;COUNT=2",
        ProblemKind::Repeated(Part::Count),
        "COUNT=2",
        Some("FREQ=DAILY;COUNT=1"),
    ),
    (
        "FREQ=DAILY;COUNT=0",
        ProblemKind::OutOfRange(Part::Count),
        "0",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;COUNT=-1",
        ProblemKind::Syntax(Part::Count),
        "-1",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;INTERVAL=0",
        ProblemKind::OutOfRange(Part::Interval),
        "0",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;INTERVAL=99999999999",
        ProblemKind::OutOfRange(Part::Interval),
        "99999999999",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;UNTIL=T",
        ProblemKind::Syntax(Part::Until),
        "T",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;UNTIL=20240230",
        ProblemKind::Syntax(Part::Until),
        "20240230",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;UNTIL=2024-12-31T10:00:00Z",
        ProblemKind::Syntax(Part::Until),
        "2024-12-31T10:00:00Z",
        Some("FREQ=DAILY;UNTIL=20241231T100000Z"),
    ),
    (
        "FREQ=YEARLY;BYMONTH=0,5,bla",
        ProblemKind::OutOfRange(Part::ByMonth),
        "0",
        Some("FREQ=YEARLY;BYMONTH=5"),
    ),
    (
        "FREQ=YEARLY;BYMONTH=5L",
        ProblemKind::LeapMonth,
        "5L",
        Some("FREQ=YEARLY"),
    ),
    (
        "FREQ=MONTHLY;BYDAY=0MO,SA",
        ProblemKind::OutOfRange(Part::ByDay),
        "0MO",
        Some("FREQ=MONTHLY;BYDAY=SA"),
    ),
    (
        "FREQ=MONTHLY;BYDAY=XX",
        ProblemKind::Syntax(Part::ByDay),
        "XX",
        Some("FREQ=MONTHLY"),
    ),
    (
        "FREQ=DAILY;BYHOUR=24",
        ProblemKind::OutOfRange(Part::ByHour),
        "24",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;BYHOUR=+9",
        ProblemKind::Syntax(Part::ByHour),
        "+9",
        Some("FREQ=DAILY"),
    ),
    (
        "FREQ=DAILY;BYHOUR=9, 10",
        ProblemKind::Syntax(Part::ByHour),
        " 10",
        Some("FREQ=DAILY;BYHOUR=9,10"),
    ),
    (
        "FREQ=WEEKLY;BYMONTHDAY=5",
        ProblemKind::NotWithFrequency(Part::ByMonthDay, Frequency::Weekly),
        "5",
        Some("FREQ=WEEKLY"),
    ),
    (
        "FREQ=MONTHLY;BYYEARDAY=5",
        ProblemKind::NotWithFrequency(Part::ByYearDay, Frequency::Monthly),
        "5",
        Some("FREQ=MONTHLY"),
    ),
    (
        "FREQ=MONTHLY;BYWEEKNO=5",
        ProblemKind::NotWithFrequency(Part::ByWeekNo, Frequency::Monthly),
        "5",
        Some("FREQ=MONTHLY"),
    ),
    (
        "FREQ=WEEKLY;BYDAY=1MO",
        ProblemKind::OrdinalNotWithFrequency(Frequency::Weekly),
        "1MO",
        Some("FREQ=WEEKLY;BYDAY=MO"),
    ),
    (
        "FREQ=YEARLY;BYWEEKNO=10;BYDAY=1MO",
        ProblemKind::OrdinalWithWeekNo,
        "1MO",
        Some("FREQ=YEARLY;BYDAY=MO;BYWEEKNO=10"),
    ),
    (
        "FREQ=MONTHLY;BYSETPOS=1",
        ProblemKind::SetPosAlone,
        "1",
        Some("FREQ=MONTHLY"),
    ),
    (
        "FREQ=DAILY;COUNT=3;UNTIL=20240101",
        ProblemKind::CountAndUntil,
        "3",
        Some("FREQ=DAILY;UNTIL=20240101;COUNT=3"),
    ),
    (
        "FREQ=MONTHLY;SKIP=FORWARD",
        ProblemKind::SkipWithoutRscale,
        "FORWARD",
        Some("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD"),
    ),
];

#[test]
fn what_the_rfc_forbids_is_refused_where_it_stands_and_read_leniently() {
    for (text, kind, quoted, lenient) in FAULTY {
        let error = text.parse::<RRule>().expect_err(text);
        let cal_rrule::Error::Invalid(problem) = error else {
            panic!("{text}: {error}");
        };
        assert_eq!(problem.kind(), kind, "{text}");
        if let Some(offset) = problem.offset() {
            assert!(
                text.get(offset..).unwrap().starts_with(quoted),
                "{text}: {problem}"
            );
            assert_eq!(problem.text(), quoted);
        }
        let reading = RRule::parse_lenient(text);
        assert_eq!(
            reading.rule.map(|rule| rule.to_string()).as_deref(),
            lenient,
            "{text}"
        );
        assert!(reading.problems.contains(&problem));
    }
}

#[test]
fn problems_name_the_part_the_rule_and_the_place() {
    let problem = RRule::parse_lenient("FREQ=WEEKLY;BYMONTHDAY=5,7")
        .problems
        .remove(0);
    let expected = "BYMONTHDAY must not be used with FREQ=WEEKLY (`5,7` at byte 23)";
    assert_eq!(problem.to_string(), expected);
}

#[test]
fn all_problems_are_listed_in_the_order_of_the_text() {
    let reading = RRule::parse_lenient("X=1;FREQ=WEEKLY;BYWEEKNO=99;BYDAY=2MO;BYMONTH=13,1");
    let offsets: Vec<_> = reading
        .problems
        .iter()
        .map(|problem| problem.offset().unwrap())
        .collect();
    assert_eq!(offsets, [0, 25, 34, 46]);
    assert_eq!(
        reading.rule.unwrap().to_string(),
        "FREQ=WEEKLY;BYDAY=MO;BYMONTH=1"
    );
}

#[test]
fn an_endless_text_is_not_read() {
    let text = format!("FREQ=DAILY;BYHOUR={}", "1,".repeat(40_000));
    let reading = RRule::parse_lenient(&text);
    assert_eq!(reading.rule, None);
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.problems[0].kind(), ProblemKind::TooLong);
}

#[test]
fn a_built_rule_is_checked_like_a_parsed_one() {
    let rule = RRule::builder(Frequency::Yearly)
        .with_interval(2)
        .with_by_month([Month::new(3)])
        .with_by_day([WeekdayNum::nth(-1, Weekday::Sun)])
        .with_by_hour([2])
        .with_until(When::Date(date("20301231")))
        .with_week_start(Weekday::Sun)
        .build()
        .unwrap();
    assert_eq!(
        rule.to_string(),
        "FREQ=YEARLY;UNTIL=20301231;INTERVAL=2;BYHOUR=2;BYDAY=-1SU;BYMONTH=3;WKST=SU"
    );
    type Wrong = fn(Builder) -> Builder;
    let wrong: [(Wrong, ProblemKind); 8] = [
        (
            |b| b.with_interval(0),
            ProblemKind::OutOfRange(Part::Interval),
        ),
        (|b| b.with_count(0), ProblemKind::OutOfRange(Part::Count)),
        (
            |b| b.with_by_hour([24]),
            ProblemKind::OutOfRange(Part::ByHour),
        ),
        (
            |b| b.with_by_month([Month::leap(5)]),
            ProblemKind::OutOfRange(Part::ByMonth),
        ),
        (
            |b| b.with_by_month_day([0]),
            ProblemKind::OutOfRange(Part::ByMonthDay),
        ),
        (|b| b.with_by_set_pos([1]), ProblemKind::SetPosAlone),
        (
            |b| b.with_by_week_no([1]),
            ProblemKind::NotWithFrequency(Part::ByWeekNo, Frequency::Weekly),
        ),
        (
            |b| b.with_skip(Skip::Forward),
            ProblemKind::SkipWithoutRscale,
        ),
    ];
    for (spoil, kind) in wrong {
        let error = spoil(RRule::builder(Frequency::Weekly))
            .build()
            .unwrap_err();
        assert!(
            matches!(&error, cal_rrule::Error::Invalid(problem) if problem.kind() == kind),
            "{error}"
        );
    }
    let hebrew = RRule::builder(Frequency::Yearly)
        .with_rscale(Rscale::new("hebrew"))
        .with_by_month([Month::leap(5)])
        .build()
        .unwrap();
    assert_eq!(hebrew.to_string(), "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L");
}

#[test]
fn a_rule_gives_up_its_bound() {
    let rule: RRule = "FREQ=DAILY;COUNT=3".parse().unwrap();
    assert!(rule.is_bounded());
    assert_eq!(
        rule.clone()
            .with_until(When::Date(date("20240101")))
            .to_string(),
        "FREQ=DAILY;UNTIL=20240101"
    );
    assert_eq!(
        rule.without_bound().with_count(5).to_string(),
        "FREQ=DAILY;COUNT=5"
    );
}

/// Calendars with other numbers of years have the months of the Gregorian.
#[test]
fn calendars_with_gregorian_months_are_counted_like_it() {
    for name in ["BUDDHIST", "Japanese", "roc", "GREGORY"] {
        let rule = |rscale: &str| {
            let text = format!("RSCALE={rscale};FREQ=YEARLY;INTERVAL=3;SKIP=FORWARD;COUNT=5");
            let rule: RRule = text.parse().unwrap();
            let found = rule.expand(crate::value::time("20240229T090000")).unwrap();
            found.map(Result::unwrap).collect::<Vec<_>>()
        };
        assert_eq!(rule(name), rule("GREGORIAN"), "{name}");
        let leap_month = format!("RSCALE={name};FREQ=YEARLY;BYMONTH=5L");
        assert!(leap_month.parse::<RRule>().is_err(), "{name}");
    }
}
