//! `cal free`.

use serde_json::json;

use crate::running::{Home, calendar, event};

const DAY: &[&str] = &[
    "--from",
    "2026-03-01T08:00:00Z",
    "--to",
    "2026-03-01T12:00:00Z",
    "--slot",
    "1h",
    "--json",
];

fn free(home: &Home, files: &[&str], arguments: &[impl AsRef<str>]) -> crate::running::Run {
    let mut all = vec!["free"];
    all.extend(files);
    all.extend(arguments.iter().map(AsRef::as_ref));
    home.run(&all)
}

#[test]
fn the_answer_is_one_object_with_busy_and_free() {
    let home = Home::new();
    home.file("a.ics", calendar(&event("1", 1, "")));
    let run = free(&home, &["a.ics"], DAY);
    assert_eq!(
        run.json_lines(),
        [json!({
            "busy": [{"start": "2026-03-01T09:00:00Z", "end": "2026-03-01T10:00:00Z", "type": "BUSY"}],
            "free": [
                {"start": "2026-03-01T08:00:00Z", "end": "2026-03-01T09:00:00Z"},
                {"start": "2026-03-01T10:00:00Z", "end": "2026-03-01T11:00:00Z"},
                {"start": "2026-03-01T11:00:00Z", "end": "2026-03-01T12:00:00Z"},
            ],
        })]
    );
}

#[test]
fn several_calendars_are_one_union() {
    let home = Home::new();
    home.file("a.ics", calendar(&event("1", 1, "")));
    let later = event("2", 1, "STATUS:TENTATIVE")
        .replace("T100000Z", "T113000Z")
        .replace("T090000Z", "T093000Z");
    home.file("b.ics", calendar(&later));
    let rows = free(&home, &["a.ics", "b.ics"], DAY).json_lines();
    let busy: Vec<_> = rows[0]["busy"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["start"].as_str().unwrap(),
                row["end"].as_str().unwrap(),
                row["type"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z", "BUSY"),
        (
            "2026-03-01T10:00:00Z",
            "2026-03-01T11:30:00Z",
            "BUSY-TENTATIVE",
        ),
    ];
    assert_eq!(busy, expected);
    assert_eq!(rows[0]["free"].as_array().unwrap().len(), 1);
}

#[test]
fn what_takes_no_time_is_not_busy() {
    let home = Home::new();
    let events = [
        event("1", 1, "TRANSP:TRANSPARENT"),
        event("2", 1, "STATUS:CANCELLED"),
        event("3", 1, "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com"),
    ];
    home.file("a.ics", calendar(&events.join("\n")));
    let mut arguments = DAY.to_vec();
    arguments.extend(["--address", "ada@example.com"]);
    assert_eq!(
        free(&home, &["a.ics"], &arguments).json_lines()[0]["busy"],
        json!([])
    );
    assert_eq!(
        free(&home, &["a.ics"], DAY).json_lines()[0]["busy"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn whole_days_are_of_the_zone_that_was_named_and_so_is_the_answer() {
    let home = Home::new();
    let day =
        "BEGIN:VEVENT\nUID:d\nDTSTAMP:20260101T000000Z\nDTSTART;VALUE=DATE:20260329\nEND:VEVENT";
    home.file("a.ics", calendar(day));
    let arguments = [
        "--from",
        "2026-03-29",
        "--to",
        "2026-03-30T02:00",
        "--slot",
        "2h",
        "--tz",
        "Europe/Berlin",
        "--json",
    ];
    let rows = free(&home, &["a.ics"], &arguments).json_lines();
    // The day on which the clocks go forward has 23 hours.
    let expected = json!({
        "busy": [{"start": "2026-03-29T00:00:00+01:00", "end": "2026-03-30T00:00:00+02:00", "type": "BUSY"}],
        "free": [{"start": "2026-03-30T00:00:00+02:00", "end": "2026-03-30T02:00:00+02:00"}],
    });
    assert_eq!(rows, [expected]);
}

#[test]
fn a_program_gets_json_and_a_person_a_chart() {
    let home = Home::new();
    let text = calendar(&event("1", 1, ""));
    let mut arguments = vec!["free"];
    arguments.extend(DAY.iter().filter(|argument| **argument != "--json"));
    let json = home.run_with(&arguments, &text);
    assert_eq!(json.json_lines().len(), 1);
    arguments.push("--text");
    assert_eq!(
        home.run_with(&arguments, &text).expect_done(),
        "            0     3     6     9     12    15    18    21\n\
         Sun 01 Mar                  ..##....\n\
         . free  # busy  ~ tentative  x unavailable  - out of hours\n\n\
         busy             Sun 01 Mar 2026 09:00-10:00\n\
         free             Sun 01 Mar 2026 08:00-09:00\n\
         free             Sun 01 Mar 2026 10:00-11:00\n\
         free             Sun 01 Mar 2026 11:00-12:00\n"
    );
}

#[test]
fn a_length_is_written_as_people_or_as_calendars_do() {
    let home = Home::new();
    for (length, slots) in [
        ("30m", 8),
        ("PT30M", 8),
        ("1h", 4),
        ("1h30m", 2),
        ("90m", 2),
        ("4h", 1),
        ("1d", 0),
    ] {
        let arguments = [
            "--from",
            "2026-03-01T08:00",
            "--to",
            "2026-03-01T12:00",
            "--slot",
            length,
            "--json",
        ];
        let mut all = vec!["free"];
        all.extend(arguments);
        let run = home.run_with(&all, calendar(""));
        assert_eq!(
            run.json_lines()[0]["free"].as_array().unwrap().len(),
            slots,
            "{length}"
        );
    }
    for wrong in ["0m", "30", "1x", "-PT30M", "", "30s"] {
        let run = free(
            &home,
            &[],
            &[
                "--from",
                "2026-03-01",
                "--to",
                "2026-03-02",
                "--slot",
                wrong,
            ],
        );
        assert_eq!(run.code, 2, "{wrong}");
    }
}

#[test]
fn without_flags_half_hours_of_the_coming_week_are_told() {
    let home = Home::new();
    home.file("a.ics", calendar(&event("1", 1, "")));
    let now = ["--now", "2026-03-01T00:00:00Z"];
    let told = free(&home, &["a.ics"], &now).json_lines();
    let asked = [
        "--from",
        "2026-03-01T00:00:00Z",
        "--to",
        "2026-03-08T00:00:00Z",
        "--slot",
        "30m",
    ];
    assert_eq!(told, free(&home, &["a.ics"], &asked).json_lines());
    assert_eq!(told[0]["busy"].as_array().map(Vec::len), Some(1));
    assert_eq!(told[0]["free"].as_array().map(Vec::len), Some(7 * 48 - 2));
}

#[test]
fn a_window_that_ends_before_it_starts_is_a_mistake() {
    let home = Home::new();
    let run = free(
        &home,
        &[],
        &["--from", "2026-03-02", "--to", "2026-03-01", "--slot", "1h"],
    );
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (2, "cal: --to must be later than --from\n")
    );
}

#[test]
fn more_slots_than_an_answer_can_hold_are_refused_at_once() {
    let home = Home::new();
    home.file("a.ics", calendar(&event("1", 1, "")));
    let span = ["--from", "2026-01-01", "--to", "9999-01-01", "--slot", "1m"];
    let run = free(&home, &["a.ics"], &span);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("1000000 slots"), "{}", run.stderr);
}

/// Events whose time nobody can tell, and a word of why.
const UNKNOWN: &[(&str, &str)] = &[
    ("RRULE:FREQ=SOMETIMES", "FREQ is not a frequency"),
    ("RRULE:FREQ=WEEKLY;BYDAY=MO,XX", "BYDAY has a value"),
    ("RDATE:20260301T090000Z,someday", "neither a date"),
    ("RRULE:FREQ=SECONDLY", "occurs more than"),
    ("RECURRENCE-ID:someday", "neither a date"),
    ("DTEND:garbage", "neither a date"),
    ("DTEND:20260301T250000Z", "neither a date"),
    ("DURATION:1 hour", "not a duration"),
    ("DTSTART:garbage", "neither a date"),
];

/// An event `lost` with a line in place of those that say the same.
fn event_with(line: &str) -> String {
    let name = line.split(':').next().unwrap();
    let replaced = match name {
        "DURATION" => "DTEND:",
        name => name,
    };
    let event = event("lost", 1, line);
    let (before, after) = event.split_once("SUMMARY").unwrap();
    let before = before.lines().filter(|line| !line.starts_with(replaced));
    let before: Vec<&str> = before.collect();
    format!("{}\nSUMMARY{after}", before.join("\n"))
}

#[test]
fn nothing_is_free_while_a_series_cannot_be_worked_out() {
    for (line, reason) in UNKNOWN {
        let home = Home::new();
        home.file("a.ics", calendar(&event_with(line)));
        let window = ["--from", "2026-03-01", "--to", "2026-03-05", "--slot", "1h"];
        let text = [&window[..], &["--text"]].concat();
        let run = free(&home, &["a.ics"], &text);
        assert_eq!(run.code, 1, "{line}: {run}");
        assert!(!run.stdout.contains("\nfree "), "{line}: {run}");
        assert!(!run.stdout.contains(". free"), "{line}: {run}");
        let named = run.stderr.lines().any(|line| {
            line.starts_with("a.ics:4:1: error: when \"lost\" takes place") && line.contains(reason)
        });
        assert!(named, "{line}: {run}");

        let mut json = window.to_vec();
        json.push("--json");
        let answer = &free(&home, &["a.ics"], &json).json_lines()[0];
        assert_eq!(answer["free"], json!([]), "{line}");
        assert_eq!(answer["incomplete"][0]["uid"], "lost", "{line}");
        assert_eq!(answer["incomplete"][0]["line"], 4, "{line}");
    }
}

#[test]
fn nothing_is_free_while_a_series_has_more_rules_than_are_worked_out() {
    let home = Home::new();
    let rules = "RRULE:FREQ=DAILY;COUNT=3\n".repeat(20);
    home.file("a.ics", calendar(&event("lost", 1, rules.trim_end())));
    let run = free(&home, &["a.ics"], &from_day(2));
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(run.json_lines()[0]["free"], json!([]));
    let said = "a.ics:4:1: error: when \"lost\" takes place is not known: a component of";
    assert!(run.stderr.contains(said), "{run}");

    home.file("b.ics", calendar(&event("later", 20, rules.trim_end())));
    assert_eq!(free(&home, &["b.ics"], DAY).code, 0);
}

#[test]
fn nothing_is_free_while_an_override_cannot_be_placed() {
    for line in [
        "RECURRENCE-ID:someday",
        "RECURRENCE-ID:20260302T090000Z\nDTEND:garbage",
        "RECURRENCE-ID:20260302T090000Z\nDTSTART:garbage",
    ] {
        let home = Home::new();
        let series = event("lost", 1, "RRULE:FREQ=DAILY;COUNT=3");
        let (id, rest) = line.split_once('\n').unwrap_or((line, "X-X:"));
        let other = event_with(rest).replace("SUMMARY", &format!("{id}\nSUMMARY"));
        home.file("a.ics", calendar(&[series, other].join("\n")));
        let run = free(&home, &["a.ics"], &from_day(2));
        assert_eq!(run.code, 1, "{line}: {run}");
        let incomplete = &run.json_lines()[0]["incomplete"];
        assert_eq!(incomplete.as_array().unwrap().len(), 1, "{line}: {run}");
        assert_eq!(incomplete[0]["line"], 12, "{line}: {run}");
    }
}

#[test]
fn nothing_is_free_while_an_event_has_an_end_but_no_start() {
    let home = Home::new();
    let startless = event("lost", 1, "").replace("DTSTART:20260301T090000Z\n", "");
    home.file("a.ics", calendar(&startless));
    let run = free(&home, &["a.ics"], DAY);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stderr.contains("it has no DTSTART"), "{run}");
}

#[test]
fn an_event_without_a_uid_is_in_the_way_like_any_other() {
    let home = Home::new();
    let event = event("", 1, "RRULE:FREQ=SECONDLY").replace("UID:\n", "");
    home.file("a.ics", calendar(&event));
    let window = ["--from", "2026-03-01", "--to", "2026-03-05", "--slot", "1h"];
    let run = free(&home, &["a.ics"], &window);
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(run.json_lines()[0]["free"], json!([]), "{run}");
}

#[test]
fn nothing_is_free_while_a_member_of_jscalendar_that_tells_when_is_not_understood() {
    let home = Home::new();
    let told = |members: &str| {
        format!(
            "{{\"@type\":\"Event\",\"uid\":\"lost\",\"start\":\"2026-03-01T09:00:00\",\
             \"timeZone\":\"Etc/UTC\",{members}}}"
        )
    };
    for members in [
        r#""duration": "1 hour""#,
        r#""recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "sometimes"}]"#,
        r#""recurrenceOverrides": {"someday": {}}"#,
    ] {
        home.file("a.json", told(members));
        let run = free(&home, &["a.json"], DAY);
        assert_eq!(run.code, 1, "{members}: {run}");
        assert_eq!(run.json_lines()[0]["free"], json!([]), "{members}: {run}");
    }
    let weekly = r#""duration": "PT1H",
        "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly"}],
        "recurrenceOverrides": {"2026-03-08T09:00:00": {"title": "Other"}}, "x.org:x": 1"#;
    home.file("a.json", told(weekly));
    let run = free(&home, &["a.json"], DAY);
    assert_eq!(run.code, 0, "{run}");
}

/// The same hours of a day of March 2026.
fn from_day(day: u32) -> Vec<String> {
    let on_day = |argument: &&str| argument.replace("2026-03-01", &format!("2026-03-{day:02}"));
    DAY.iter().map(on_day).collect()
}

#[test]
fn an_event_that_takes_no_time_may_be_as_broken_as_it_likes() {
    for line in [
        "RRULE:FREQ=SOMETIMES\nTRANSP:TRANSPARENT",
        "RRULE:FREQ=SECONDLY\nSTATUS:CANCELLED",
        "EXDATE:someday",
        "DTEND:garbage\nTRANSP:TRANSPARENT",
        "DURATION:1 hour",
    ] {
        let home = Home::new();
        home.file("a.ics", calendar(&event("x", 1, line)));
        let run = free(&home, &["a.ics"], DAY);
        assert_eq!(run.code, 0, "{line}: {run}");
        assert!(!run.json_lines()[0]["free"].as_array().unwrap().is_empty());
    }
    let home = Home::new();
    let task = "BEGIN:VTODO\nUID:t\nDTSTAMP:20260101T000000Z\nDTSTART:20260301T000000Z\nRRULE:FREQ=SECONDLY\nEND:VTODO";
    home.file("a.ics", calendar(task));
    assert_eq!(free(&home, &["a.ics"], DAY).code, 0);
}

#[test]
fn a_broken_series_that_begins_after_the_window_is_not_in_the_way() {
    let home = Home::new();
    home.file("a.ics", calendar(&event("x", 20, "RRULE:FREQ=SOMETIMES")));
    let run = free(&home, &["a.ics"], DAY);
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn nothing_is_free_where_the_file_breaks_off() {
    let home = Home::new();
    let whole = calendar(&event("x", 1, ""));
    home.file("a.ics", whole.replace("END:VCALENDAR\r\n", ""));
    let run = free(&home, &["a.ics"], DAY);
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(run.json_lines()[0]["free"], json!([]));
    assert_eq!(run.json_lines()[0]["busy"].as_array().unwrap().len(), 1);
}

#[test]
fn a_calendar_that_names_its_zone_has_its_floating_times_there() {
    let home = Home::new();
    let floating = event("x", 1, "").replace("00Z\n", "00\n");
    let feed = format!("X-WR-TIMEZONE:America/New_York\n{floating}");
    home.file("a.ics", calendar(&feed));
    let busy = |more: &[&str]| {
        let mut arguments = vec![
            "--from",
            "2026-03-01",
            "--to",
            "2026-03-02",
            "--slot",
            "1h",
            "--json",
        ];
        arguments.extend(more);
        let answer = free(&home, &["a.ics"], &arguments).json_lines().remove(0);
        answer["busy"][0]["start"].clone()
    };
    assert_eq!(busy(&[]), "2026-03-01T14:00:00Z");
    assert_eq!(
        busy(&["--tz", "Europe/Berlin"]),
        "2026-03-01T09:00:00+01:00"
    );
}

#[test]
fn an_unknown_zone_is_warned_of_once() {
    let home = Home::new();
    let events = [1, 2].map(|day| {
        event(&day.to_string(), day, "")
            .replace("00Z\nSUMMARY", "00\nSUMMARY")
            .replace(
                "DTSTART:20260301T090000Z",
                "DTSTART;TZID=Mars:20260301T090000",
            )
            .replace(
                "DTSTART:20260302T090000Z",
                "DTSTART;TZID=Mars:20260302T090000",
            )
    });
    home.file("a.ics", calendar(&events.join("\n")));
    let run = free(&home, &["a.ics"], DAY);
    let warnings = run.stderr.matches("time zone \"Mars\" is unknown").count();
    assert_eq!(warnings, 1, "{run}");
}

#[test]
fn a_zone_that_is_defined_and_cannot_be_followed_is_not_called_unknown() {
    let home = Home::new();
    let zone = |observance: &str| {
        let in_zone = event("1", 1, "").replace(
            "DTSTART:20260301T090000Z",
            "DTSTART;TZID=Mars:20260301T090000",
        );
        let definition = format!("BEGIN:VTIMEZONE\nTZID:Mars\n{observance}END:VTIMEZONE");
        calendar(&[definition, in_zone].join("\n"))
    };
    let hourly = "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n\
                  TZOFFSETTO:+0200\nRRULE:FREQ=HOURLY\nEND:STANDARD\n";
    for observance in [hourly, ""] {
        home.file("a.ics", zone(observance));
        for run in [
            free(&home, &["a.ics"], DAY),
            home.run(&["expand", "a.ics", "--json"]),
        ] {
            assert!(
                run.stderr.contains("\"Mars\" is defined, but has no"),
                "{run}"
            );
            assert!(!run.stderr.contains("unknown"), "{run}");
        }
    }
}
