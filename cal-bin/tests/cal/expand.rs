//! `cal expand`.

use serde_json::json;

use crate::running::{Home, calendar, event};

fn expand(home: &Home, text: &str, arguments: &[&str]) -> crate::running::Run {
    let mut all = vec!["expand", "--json"];
    all.extend(arguments);
    home.run_with(&all, text)
}

#[test]
fn a_line_has_uid_start_end_all_day_and_recurrence_id() {
    let home = Home::new();
    let series = "BEGIN:VEVENT\nUID:s\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Europe/Berlin:20260327T090000\n\
                  DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n\
                  BEGIN:VEVENT\nUID:s\nDTSTAMP:20260101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20260328T090000\n\
                  DTSTART;TZID=Europe/Berlin:20260328T113000\nDURATION:PT1H\nEND:VEVENT";
    let run = expand(&home, &calendar(series), &[]);
    assert_eq!(run.code, 0, "{run}");
    let first = run.stdout.lines().next().unwrap();
    assert_eq!(
        first,
        r#"{"uid":"s","start":"2026-03-27T09:00:00+01:00","end":"2026-03-27T10:00:00+01:00","all_day":false,"recurrence_id":"2026-03-27T09:00:00+01:00"}"#
    );
    let rows = run.json_lines();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1]["start"], "2026-03-28T11:30:00+01:00");
    assert_eq!(rows[1]["recurrence_id"], "2026-03-28T09:00:00+01:00");
    assert_eq!(rows[2]["start"], "2026-03-29T09:00:00+02:00");
}

#[test]
fn each_kind_of_time_is_written_in_its_form() {
    let home = Home::new();
    let cases = [
        (
            "DTSTART:20260301T090000Z\nDTEND:20260301T100000Z",
            "2026-03-01T09:00:00Z",
            "2026-03-01T10:00:00Z",
            false,
        ),
        (
            "DTSTART:20260301T090000\nDURATION:PT1H",
            "2026-03-01T09:00:00",
            "2026-03-01T10:00:00",
            false,
        ),
        (
            "DTSTART;VALUE=DATE:20260301",
            "2026-03-01",
            "2026-03-02",
            true,
        ),
        (
            "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260304",
            "2026-03-01",
            "2026-03-04",
            true,
        ),
        (
            "DTSTART;TZID=Asia/Kathmandu:20260301T090000",
            "2026-03-01T09:00:00+05:45",
            "2026-03-01T09:00:00+05:45",
            false,
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20260701T090000",
            "2026-07-01T09:00:00+02:00",
            "2026-07-01T09:00:00+02:00",
            false,
        ),
        // Before 1893 the clocks of Berlin were 53 minutes and 28 seconds ahead.
        (
            "DTSTART;TZID=Europe/Berlin:18900101T090000",
            "1890-01-01T08:59:32+00:53",
            "1890-01-01T08:59:32+00:53",
            false,
        ),
    ];
    for (times, start, end, all_day) in cases {
        let text = calendar(&format!(
            "BEGIN:VEVENT\nUID:x\nDTSTAMP:20260101T000000Z\n{times}\nEND:VEVENT"
        ));
        let run = expand(&home, &text, &[]);
        let expected = json!({"uid": "x", "start": start, "end": end, "all_day": all_day, "recurrence_id": null});
        assert_eq!(run.json_lines(), [expected], "{times}");
    }
}

#[test]
fn uids_come_in_the_order_of_the_file_and_each_by_start() {
    let home = Home::new();
    let text = calendar(&format!(
        "{}\n{}\n{}",
        event("b", 9, "RDATE:20260301T090000Z,20260305T090000Z"),
        event("a", 1, ""),
        event("b", 2, "RECURRENCE-ID:20260305T090000Z"),
    ));
    let rows = expand(&home, &text, &[]).json_lines();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row["uid"].as_str().unwrap(), row["start"].as_str().unwrap()))
        .collect();
    let expected = [
        ("b", "2026-03-01T09:00:00Z"),
        ("b", "2026-03-02T09:00:00Z"),
        ("b", "2026-03-09T09:00:00Z"),
        ("a", "2026-03-01T09:00:00Z"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_limit_counts_for_each_uid() {
    let home = Home::new();
    let text = calendar(&format!(
        "{}\n{}\n{}",
        event("a", 1, "RRULE:FREQ=DAILY"),
        event("b", 1, "RRULE:FREQ=DAILY;COUNT=2"),
        event("c", 1, "RRULE:FREQ=SECONDLY"),
    ));
    let run = expand(&home, &text, &["--limit", "3"]);
    let count = |uid: &str| {
        run.json_lines()
            .iter()
            .filter(|row| row["uid"] == uid)
            .count()
    };
    assert_eq!(
        (run.code, count("a"), count("b"), count("c")),
        (0, 3, 2, 3),
        "{run}"
    );
    assert_eq!(expand(&home, &text, &["--limit", "0"]).stdout, "");
}

#[test]
fn a_series_without_end_must_be_bounded_by_the_user() {
    let home = Home::new();
    let text = calendar(&event("a", 1, "RRULE:FREQ=DAILY"));
    let run = expand(&home, &text, &[]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("give --to or --limit"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout.lines().count(), 100_000);
}

#[test]
fn the_window_is_half_open_and_in_the_zone_that_was_named() {
    let home = Home::new();
    let text = calendar(&event("a", 1, "RRULE:FREQ=DAILY"));
    let cases: [(&[&str], usize); 6] = [
        (&["--from", "2026-03-02", "--to", "2026-03-04"], 2),
        (
            &[
                "--from",
                "2026-03-02T10:00:00Z",
                "--to",
                "2026-03-03T09:00:00Z",
            ],
            0,
        ),
        (
            &[
                "--from",
                "2026-03-02T09:59:59Z",
                "--to",
                "2026-03-03T09:00:01Z",
            ],
            2,
        ),
        (&["--to", "2026-03-03T09:00"], 2),
        (&["--to", "2026-03-03T09:00", "--tz", "Asia/Tokyo"], 2),
        (
            &["--from", "now", "--to", "2026-04-11", "--now", "2026-04-10"],
            1,
        ),
    ];
    for (arguments, expected) in cases {
        let run = expand(&home, &text, arguments);
        assert_eq!(run.stdout.lines().count(), expected, "{arguments:?} {run}");
    }
}

#[test]
fn floating_times_and_dates_are_in_the_zone_of_the_feed_or_the_one_named() {
    let home = Home::new();
    let floating = "BEGIN:VEVENT\nUID:f\nDTSTAMP:20260101T000000Z\nDTSTART:20260301T000000\nDURATION:PT1H\nEND:VEVENT";
    let feed = calendar(&format!("X-WR-TIMEZONE:Asia/Tokyo\n{floating}"));
    let tokyo = [
        "--from",
        "2026-02-28T15:00:00Z",
        "--to",
        "2026-02-28T16:00:00Z",
    ];
    assert_eq!(expand(&home, &feed, &tokyo).stdout.lines().count(), 1);
    assert_eq!(expand(&home, &calendar(floating), &tokyo).stdout, "");
    let named: Vec<&str> = tokyo
        .iter()
        .copied()
        .chain(["--tz", "Asia/Tokyo"])
        .collect();
    assert_eq!(
        expand(&home, &calendar(floating), &named)
            .stdout
            .lines()
            .count(),
        1
    );
}

#[test]
fn what_is_broken_is_said_with_its_place_and_the_rest_is_listed() {
    let home = Home::new();
    let broken = event("bad", 1, "").replace("DTSTART:20260301T090000Z", "DTSTART:tomorrow");
    home.file(
        "a.ics",
        calendar(&format!("{broken}\n{}", event("good", 2, "GARBAGE"))),
    );
    let run = home.run(&["expand", "--json", "a.ics"]);
    assert_eq!(run.json_lines().len(), 1, "{run}");
    assert_eq!(run.json_lines()[0]["uid"], "good");
    assert!(run.stderr.contains("a.ics:7:"), "{run}");
    assert!(
        run.stderr
            .contains("a.ics:17:1: warning: a content line without a colon"),
        "{run}"
    );
}

#[test]
fn an_unknown_zone_is_warned_of() {
    let home = Home::new();
    let text = calendar(
        "BEGIN:VEVENT\nUID:x\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Mars/Olympus:20260301T090000\nEND:VEVENT",
    );
    let run = expand(&home, &text, &["--tz", "Europe/Berlin"]);
    assert_eq!(run.json_lines()[0]["start"], "2026-03-01T09:00:00+01:00");
    assert!(
        run.stderr
            .contains("-:4:1: warning: time zone \"Mars/Olympus\" is unknown"),
        "{run}"
    );
}

#[test]
fn without_json_a_line_is_for_people() {
    let home = Home::new();
    let run = home.run_with(&["expand"], calendar(&event("a", 1, "")));
    assert_eq!(
        run.stdout,
        "2026-03-01T09:00:00Z\t2026-03-01T10:00:00Z\ta\tEvent a\n"
    );
}

#[test]
fn who_stops_reading_is_no_failure() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let home = Home::new();
    let file = home.file("a.ics", calendar(&event("a", 1, "RRULE:FREQ=DAILY")));
    let mut child = home
        .command()
        .args(["expand", "--json", &file])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_wrong_argument_exits_with_2() {
    let home = Home::new();
    for wrong in [
        &["--from", "yesterday"][..],
        &["--tz", "Nowhere"],
        &["--limit", "-1"],
        &["--limit", "0"],
        &["--to", "2026-13-01"],
    ] {
        assert_eq!(expand(&home, "", wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn a_window_that_ends_before_it_starts_is_a_mistake() {
    let home = Home::new();
    for to in ["2026-03-01", "2026-03-02"] {
        let arguments = ["--from", "2026-03-02", "--to", to];
        let run = expand(&home, &calendar(""), &arguments);
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (2, "cal: --to must be later than --from\n")
        );
    }
}

#[test]
fn what_is_wrong_is_said_once() {
    let home = Home::new();
    let broken = [
        event("a", 1, "RRULE:FREQ=SOMETIMES"),
        event("b", 1, "").replace("DTSTART:20260301T090000Z", "DTSTART:tomorrow"),
        event("c", 1, "").replace("DTSTART:20260301T090000Z\n", ""),
    ];
    for component in broken {
        let run = expand(&home, &calendar(&component), &[]);
        assert_eq!(run.stderr.lines().count(), 1, "{run}");
        assert!(run.stderr.starts_with("-:"), "{run}");
        assert!(run.stderr.contains(": warning: "), "{run}");
    }
}

#[test]
fn in_jcal_nothing_has_a_line() {
    let home = Home::new();
    let text = calendar(&event("a", 1, "RRULE:FREQ=SOMETIMES"));
    let jcal = home
        .run_with(&["convert", "--to", "jcal"], text)
        .expect_done();
    let run = expand(&home, &jcal, &[]);
    assert_eq!(
        run.stderr,
        "-: warning: not a recurrence rule: \"SOMETIMES\"\n"
    );
}
