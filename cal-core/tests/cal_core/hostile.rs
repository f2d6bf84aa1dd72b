//! Hostile input: time grows with its length, nothing else.

use std::time::{Duration, Instant};

use cal_core::{Calendar, check, validate_resource};

/// Shapes that have made parsers quadratic or recursive, by size.
#[expect(clippy::too_many_lines, reason = "a table")]
fn shapes(size: usize) -> Vec<(&'static str, String)> {
    let event = |lines: String| {
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{lines}END:VEVENT\nEND:VCALENDAR\n")
    };
    vec![
        ("one line", event(format!("SUMMARY:{}\n", "x".repeat(size)))),
        (
            "folds",
            event(format!("SUMMARY:x{}\n", "\n x".repeat(size / 3))),
        ),
        (
            "folded head",
            event(format!("X-A{}:1\n", "\n ;P=1".repeat(size / 700)).repeat(100)),
        ),
        (
            "empty folds",
            format!("BEGIN:VCALENDAR\n{}", "\n ".repeat(size / 2)),
        ),
        ("blank lines", "\n".repeat(size)),
        ("bare returns", "\r".repeat(size)),
        ("bad lines", event("x\n".repeat(size / 2))),
        ("nesting", "BEGIN:X-A\n".repeat(size / 10)),
        (
            "nested events",
            format!("BEGIN:VCALENDAR\n{}", "BEGIN:VEVENT\n".repeat(size / 13)),
        ),
        (
            "deep and shallow",
            "BEGIN:VCALENDAR\nBEGIN:X-A\nEND:VCALENDAR\n".repeat(size / 43),
        ),
        (
            "stray ends",
            format!("BEGIN:VCALENDAR\n{}", "END:X-A\n".repeat(size / 8)),
        ),
        (
            "parameters",
            event(format!("X-A{}:1\n", ";P=1".repeat(size / 4))),
        ),
        ("quotes", event(format!("X-A;P={}:1\n", "\"".repeat(size)))),
        ("open quotes", event("X-A;P=\"x\n".repeat(size / 9))),
        (
            "backslashes",
            event(format!("SUMMARY:{}\n", "\\".repeat(size))),
        ),
        ("carets", event(format!("X-A;P={}:1\n", "^".repeat(size)))),
        (
            "categories",
            event(format!("CATEGORIES:{}\n", ",".repeat(size))),
        ),
        (
            "dates",
            event(format!(
                "EXDATE:{}\n",
                "20260101T000000Z,".repeat(size / 17)
            )),
        ),
        (
            "one uid",
            format!(
                "BEGIN:VCALENDAR\n{}END:VCALENDAR\n",
                "BEGIN:VEVENT\nUID:1\nEND:VEVENT\n".repeat(size / 30)
            ),
        ),
        (
            "no uid",
            format!(
                "BEGIN:VCALENDAR\n{}END:VCALENDAR\n",
                "BEGIN:VEVENT\nEND:VEVENT\n".repeat(size / 24)
            ),
        ),
        (
            "zones",
            format!(
                "BEGIN:VCALENDAR\n{}END:VCALENDAR\n",
                "BEGIN:VTIMEZONE\nTZID:Z\nEND:VTIMEZONE\n".repeat(size / 38)
            ),
        ),
        (
            "not utf-8",
            event("SUMMARY:\u{80}\u{80}\u{80}\n".repeat(size / 15)),
        ),
    ]
}

/// Everything that a server does with an input.
fn work(text: &str) {
    let reading = Calendar::read(text);
    assert_eq!(reading.calendar.to_bytes(), text.as_bytes());
    let _ = Calendar::parse(text);
    let _ = validate_resource(&reading.calendar);
    let _ = reading
        .calendar
        .split()
        .map(|(_, part)| part.len())
        .sum::<usize>();
    for component in reading.calendar.components() {
        let _ = (
            component.summary(),
            component.categories(),
            component.content_hash(),
        );
        for property in component.properties().take(10) {
            let _ = property.date_times();
            let _ = property
                .parameters()
                .map(|parameter| parameter.values().count())
                .sum::<usize>();
        }
    }
    let _ = reading.calendar.to_jcal();
    let _ = check(&reading.calendar);
}

#[test]
fn no_shape_of_input_takes_more_than_linear_time() {
    // Quadratic work on this size takes minutes; linear work a fraction of a second.
    for (shape, text) in shapes(1 << 18) {
        let begun = Instant::now();
        work(&text);
        let taken = begun.elapsed();
        assert!(taken < Duration::from_secs(20), "{shape} takes {taken:?}");
        eprintln!("{shape}: {taken:?}");
    }
}
