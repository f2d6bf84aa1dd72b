//! Calendars that ask for endless work, and everything that a server asks of
//! one: an answer or an error, and soon.

use std::time::{Duration, Instant};

use cal_core::{Calendar, ComponentKind, Expansion, Window, check};

use crate::series::window;

/// What each question may take.
const SOON: Duration = Duration::from_secs(1);

fn calendar(components: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\n{components}END:VCALENDAR\n")
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT\n")
}

/// A calendar of one event.
fn one(lines: &str) -> String {
    calendar(&event(lines))
}

/// An event in a zone that the calendar defines with these lines.
fn zoned(observances: &str) -> String {
    let event =
        event("DTSTART;TZID=Its own:20260101T023000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2000");
    calendar(&format!(
        "BEGIN:VTIMEZONE\nTZID:Its own\n{observances}END:VTIMEZONE\n{event}"
    ))
}

fn observance(start: &str, lines: &str) -> String {
    format!(
        "BEGIN:STANDARD\nDTSTART:{start}\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n{lines}\nEND:STANDARD\n"
    )
}

/// A text for each number below a bound.
fn each(count: u32, text: impl Fn(u32) -> String) -> String {
    (0..count).map(text).collect()
}

/// A time of day of a day, both counted.
fn time(number: u32) -> String {
    let (day, second) = (number / 86_400, number % 86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("202601{:02}T{hour:02}{minute:02}{second:02}Z", day + 1)
}

fn list(count: u32, value: impl Fn(u32) -> String) -> String {
    let values: Vec<String> = (0..count).map(value).collect();
    values.join(",")
}

/// Each number of a BY part.
fn numbers(count: u32) -> String {
    list(count, |number| number.to_string())
}

const SECONDLY: &str = "DTSTART:20260101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY";

fn rules_and_dates() -> Vec<(&'static str, String)> {
    vec![
        (
            "a period of a century",
            one(
                "DTSTART:20000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;INTERVAL=2\n\
                 RDATE;VALUE=PERIOD:20000101T000000Z/20990101T000000Z",
            ),
        ),
        (
            "many periods",
            one(&format!(
                "{SECONDLY}\nRDATE;VALUE=PERIOD:{}",
                list(50_000, |n| format!("{}/P9000W", time(n)))
            )),
        ),
        (
            "added dates",
            one(&format!("{SECONDLY}\nRDATE:{}", list(100_000, time))),
        ),
        (
            "excluded dates",
            one(&format!("{SECONDLY}\nEXDATE:{}", list(100_000, time))),
        ),
        (
            "lines of excluded dates",
            one(&format!(
                "{SECONDLY}\n{}",
                each(50_000, |n| format!("EXDATE:{}\n", time(n)))
            )),
        ),
        (
            "many rules",
            one(&format!(
                "{SECONDLY}\n{}",
                "RRULE:FREQ=SECONDLY;BYSECOND=7\nEXRULE:FREQ=MINUTELY\n".repeat(10_000)
            )),
        ),
        (
            "a rule that excludes everything",
            one(&format!("{SECONDLY}\nEXRULE:FREQ=SECONDLY")),
        ),
        (
            "a rule that excludes everything but a day",
            one(&format!(
                "{SECONDLY}\nEXRULE:FREQ=SECONDLY;UNTIL=20500101T000000Z"
            )),
        ),
        (
            "a rule that never comes true",
            one(&format!("{SECONDLY};BYMONTH=2;BYMONTHDAY=30")),
        ),
        (
            "a length of ages",
            one("DTSTART:20260101T000000Z\nDURATION:P9999999W\nRRULE:FREQ=SECONDLY"),
        ),
        (
            "a length of ages on the wall clock",
            one("DTSTART:20260101T000000\nDURATION:P9999999W\nRRULE:FREQ=SECONDLY"),
        ),
        (
            "the edges of the calendar",
            calendar(
                &(event("DTSTART:00010101T000000Z\nDURATION:P999999999W\nRRULE:FREQ=SECONDLY")
                    + &event("DTSTART;TZID=Asia/Tokyo:00010101T000000\nRRULE:FREQ=YEARLY")
                    + &event(
                        "DTSTART;VALUE=DATE:99991231\nDURATION:P999999999W\nRRULE:FREQ=DAILY",
                    )),
            ),
        ),
    ]
}

fn zones() -> Vec<(&'static str, String)> {
    let every_second = format!(
        "BYHOUR={};BYMINUTE={};BYSECOND={}",
        numbers(24),
        numbers(60),
        numbers(60)
    );
    vec![
        (
            "a zone that changes each second",
            zoned(&observance("20200101T000000", "RRULE:FREQ=SECONDLY")),
        ),
        (
            "a zone that changes each second of some years",
            zoned(&observance(
                "20201231T235955",
                &format!("RRULE:FREQ=YEARLY;INTERVAL=9;{every_second}"),
            )),
        ),
        (
            "a zone that changes each second of a far year",
            zoned(&observance(
                "20201231T235955",
                &format!("RRULE:FREQ=YEARLY;INTERVAL=500;{every_second}"),
            )),
        ),
        (
            "a zone that changes each second for years",
            zoned(&observance(
                "20201231T235955",
                &format!("RRULE:FREQ=YEARLY;UNTIL=20401231T000000Z;{every_second}"),
            )),
        ),
        (
            "many observances",
            zoned(&each(10_000, |n| {
                observance(&format!("{:04}0101T000000", n % 9000 + 1), "")
            })),
        ),
        (
            "observances that never return",
            zoned(
                &observance(
                    "00010101T000000",
                    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                )
                .repeat(16),
            ),
        ),
        (
            "an observance with many rules",
            zoned(&observance(
                "20200101T000000",
                &"RRULE:FREQ=YEARLY;COUNT=9000\n".repeat(10_000),
            )),
        ),
        (
            "many definitions",
            calendar(&each(1_000, |n| {
                let observances = observance(
                    "19700101T000000",
                    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
                );
                let event = event(&format!(
                    "DTSTART;TZID=Z{n}:29990101T000000\nRRULE:FREQ=DAILY;COUNT=2"
                ));
                format!("BEGIN:VTIMEZONE\nTZID:Z{n}\n{observances}END:VTIMEZONE\n{event}")
            })),
        ),
    ]
}

fn components() -> Vec<(&'static str, String)> {
    let replaced = |n: u32, more: &str| {
        event(&format!(
            "RECURRENCE-ID{more}:{0}\nDTSTART:{0}\nDURATION:PT1S",
            time(n)
        ))
    };
    let alarm = |lines: &str| format!("BEGIN:VALARM\nACTION:DISPLAY\n{lines}\nEND:VALARM\n");
    vec![
        (
            "many overrides",
            calendar(&(event(SECONDLY) + &each(20_000, |n| replaced(n, "")))),
        ),
        (
            "many overrides of one instance",
            calendar(&(event(SECONDLY) + &replaced(7, "").repeat(20_000))),
        ),
        (
            "many overrides by their date",
            calendar(
                &(event(SECONDLY)
                    + &event("RECURRENCE-ID;VALUE=DATE:20260101\nDTSTART:20260101T000000Z")
                        .repeat(10_000)),
            ),
        ),
        (
            "a chain of changes to all that follows",
            calendar(
                &(event(SECONDLY) + &each(5_000, |n| replaced(n * 60, ";RANGE=THISANDFUTURE"))),
            ),
        ),
        (
            "many series of one UID",
            calendar(
                &(each(5_000, |n| event(&format!("{SECONDLY}\nSUMMARY:{n}")))
                    + &each(5_000, |n| replaced(n, "").replace("VEVENT", "VTODO"))),
            ),
        ),
        (
            "alarms that repeat for ever",
            one(&format!(
                "DTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY\n{}",
                each(10_000, |n| alarm(&format!(
                    "TRIGGER:-PT{n}M\nREPEAT:1000000000\nDURATION:PT1S"
                )))
            )),
        ),
        (
            "alarms far away from what they belong to",
            one(&format!(
                "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY\n{}",
                each(1_000, |n| alarm(&format!(
                    "TRIGGER:-P{}W\nREPEAT:{}\nDURATION:P999999999W",
                    999_999_999 - n,
                    n % 20
                )))
            )),
        ),
        (
            "busy periods",
            calendar(&format!(
                "BEGIN:VFREEBUSY\nUID:1\nFREEBUSY:{}\nEND:VFREEBUSY\n",
                list(100_000, |n| format!("{}/PT1S", time(n)))
            )),
        ),
        (
            "begins without ends",
            calendar(&"BEGIN:VEVENT\nUID:1\nRRULE:FREQ=DAILY\n".repeat(30_000)),
        ),
        (
            "to-dos without a time",
            calendar(&"BEGIN:VTODO\nUID:1\nEND:VTODO\n".repeat(30_000)),
        ),
    ]
}

type Question = (&'static str, fn(&Expansion<'_>, &Calendar));

/// Everything that is asked of a calendar once it is read.
const QUESTIONS: &[Question] = &[
    ("check", |_, calendar| drop(check(calendar))),
    ("span", |_, calendar| {
        let _ = calendar.span();
    }),
    ("superseded", |_, calendar| {
        for object in calendar.objects() {
            drop(object.superseded());
        }
    }),
    ("occurrences", |expansion, _| {
        expansion.occurrences(&near()).for_each(drop);
    }),
    ("occurrences much later", |expansion, _| {
        expansion.occurrences(&far()).for_each(drop);
    }),
    ("occurrences in order", |expansion, _| {
        expansion
            .occurrences(&Window::ALL)
            .by_start()
            .take(1_000)
            .for_each(drop);
    }),
    ("events", |expansion, _| {
        drop(expansion.overlapping(ComponentKind::Event, &far()));
    }),
    ("to-dos", |expansion, _| {
        drop(expansion.overlapping(ComponentKind::Todo, &far()));
    }),
    ("busy times", |expansion, _| {
        drop(expansion.overlapping(ComponentKind::FreeBusy, &far()));
    }),
    ("alarms", |expansion, _| {
        drop(expansion.overlapping(ComponentKind::Alarm, &near()));
    }),
    ("alarms much later", |expansion, _| {
        drop(expansion.overlapping(ComponentKind::Alarm, &far()));
    }),
    ("expanded", |expansion, _| {
        drop(expansion.expanded(&window("20260101T000000Z", "20260101T000100Z")));
    }),
    ("limited", |expansion, _| {
        drop(expansion.with_limited_overrides(&near()));
    }),
];

fn near() -> Window {
    window("20260101T000000Z", "20260102T000000Z")
}

fn far() -> Window {
    window("20500101T000000Z", "20500101T000100Z")
}

/// The time that this thread has had a processor, where the system tells; the
/// machine may do other things too.
fn busy() -> Option<Duration> {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = spent.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

fn taken(run: impl Fn()) -> Duration {
    let (begun, busy_before) = (Instant::now(), busy());
    run();
    match (busy_before, busy()) {
        (Some(before), Some(after)) => after - before,
        _ => begun.elapsed(),
    }
}

fn assert_soon(table: Vec<(&'static str, String)>) {
    let mut late = Vec::new();
    for (name, text) in table {
        let mut note = |question: &str, taken: Duration| {
            if taken > SOON / 4 {
                eprintln!("{name}, {question}: {taken:?}");
            }
            if taken >= SOON {
                late.push(format!("{name}, {question}: {taken:?}"));
            }
        };
        note("reading", taken(|| drop(Calendar::read(&text))));
        let calendar = Calendar::read(&text).calendar;
        let expansion = Expansion::of(&calendar).in_zone(chrono_tz::Europe::Berlin);
        note("zones", taken(|| drop(Expansion::of(&calendar))));
        for (question, ask) in QUESTIONS {
            note(question, taken(|| ask(&expansion, &calendar)));
        }
    }
    assert!(late.is_empty(), "{late:#?}");
}

#[test]
fn no_rule_and_no_list_of_dates_hangs() {
    assert_soon(rules_and_dates());
}

#[test]
fn no_definition_of_a_zone_hangs() {
    assert_soon(zones());
}

#[test]
fn no_number_of_components_hangs() {
    assert_soon(components());
}
