//! `cal import`.

use crate::running::{Home, Run, calendar, event};

fn home() -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    home
}

fn import(home: &Home, files: &[&str]) -> Run {
    let mut arguments = vec!["import", "--user", "ada", "--calendar", "work"];
    arguments.extend(files);
    home.run(&arguments)
}

fn export(home: &Home) -> String {
    home.run(&["export", "--user", "ada", "--calendar", "work"])
        .expect_done()
}

#[test]
fn a_second_import_of_the_same_file_changes_nothing() {
    let home = home();
    let file = home.file(
        "a.ics",
        calendar(&[event("1", 1, ""), event("2", 2, "")].join("\n")),
    );
    let first = import(&home, &[&file]).expect_done();
    assert_eq!(first, "created 2, updated 0, left 0 unchanged, skipped 0\n");
    let second = import(&home, &[&file]).expect_done();
    assert_eq!(
        second,
        "created 0, updated 0, left 2 unchanged, skipped 0\n"
    );
}

#[test]
fn a_newer_version_updates_and_an_older_one_is_skipped_with_file_line_and_reason() {
    let home = home();
    home.file("1.ics", calendar(&event("x", 1, "SEQUENCE:1")));
    home.file("3.ics", calendar(&event("x", 3, "SEQUENCE:3")));
    home.file("2.ics", calendar(&event("x", 2, "SEQUENCE:2")));
    import(&home, &["1.ics"]).expect_done();
    let newer = import(&home, &["3.ics"]).expect_done();
    assert_eq!(newer, "created 0, updated 1, left 0 unchanged, skipped 0\n");
    let older = import(&home, &["2.ics"]);
    assert_eq!(
        older.stderr,
        "2.ics:4:1: skipped: VEVENT x: the calendar has a later version, by SEQUENCE\n"
    );
    assert!(export(&home).contains("DTSTART:20260303T090000Z"));
}

#[test]
fn of_two_with_one_sequence_the_later_dtstamp_counts() {
    let home = home();
    let at = |stamp: &str, day| event("x", day, "").replace("20260101T000000Z", stamp);
    home.file("new.ics", calendar(&at("20260201T000000Z", 1)));
    home.file("old.ics", calendar(&at("20260101T000000Z", 2)));
    import(&home, &["new.ics"]).expect_done();
    let run = import(&home, &["old.ics"]);
    assert!(run.stderr.contains("a later version, by DTSTAMP"), "{run}");
}

#[test]
fn a_series_stays_together_and_a_part_of_it_does_not_replace_it() {
    let home = home();
    let master = event("s", 1, "RRULE:FREQ=DAILY;COUNT=5");
    let changed = event("s", 2, "RECURRENCE-ID:20260302T090000Z")
        .replace("T090000Z\nDTEND", "T093000Z\nDTEND");
    home.file(
        "whole.ics",
        calendar(&format!("{changed}\n{}\n{master}", event("o", 9, ""))),
    );
    home.file("part.ics", calendar(&changed.replace("Event s", "Moved")));
    let run = import(&home, &["whole.ics"]).expect_done();
    assert_eq!(run, "created 2, updated 0, left 0 unchanged, skipped 0\n");
    let run = import(&home, &["part.ics"]);
    assert!(
        run.stderr
            .contains("part.ics:4:1: skipped: VEVENT s: the calendar has the whole series"),
        "{run}"
    );
    let text = export(&home);
    assert!(text.contains("RRULE:") && text.contains("RECURRENCE-ID:") && !text.contains("Moved"));
}

#[test]
fn of_two_components_for_one_instance_the_later_is_taken_and_the_other_named() {
    let home = home();
    let text = calendar(&[event("x", 1, "SEQUENCE:2"), event("x", 2, "SEQUENCE:1")].join("\n"));
    home.file("a.ics", text);
    let run = import(&home, &["a.ics"]);
    assert_eq!(
        run.stderr,
        "a.ics:12:1: skipped: VEVENT x: line 4 has it again\n"
    );
    assert!(export(&home).contains("DTSTART:20260301T090000Z"));
}

#[test]
fn an_event_without_a_uid_gets_the_same_one_each_time() {
    let home = home();
    let text = calendar(&event("x", 1, "").replace("UID:x\n", ""));
    home.file("a.ics", &text);
    // When it was written does not make another event of it.
    home.file(
        "b.ics",
        text.replace("20260101T000000Z", "20260102T000000Z"),
    );
    let run = import(&home, &["a.ics"]);
    assert!(
        run.stderr
            .contains("a.ics:4:1: warning: no UID, imported as "),
        "{run}"
    );
    assert_eq!(
        run.expect_done(),
        "created 1, updated 0, left 0 unchanged, skipped 0\n"
    );
    let again = import(&home, &["a.ics"]).expect_done();
    assert_eq!(again, "created 0, updated 0, left 1 unchanged, skipped 0\n");
    let newer = import(&home, &["b.ics"]).expect_done();
    assert_eq!(newer, "created 0, updated 1, left 0 unchanged, skipped 0\n");
}

#[test]
fn one_bad_component_does_not_keep_the_others_out() {
    let home = home();
    let mut text = calendar(&[event("1", 1, ""), event("2", 2, "GARBAGE")].join("\n"));
    text.truncate(text.len() - "END:VCALENDAR\r\n".len());
    text.push_str("BEGIN:VEVENT\r\nUID:cut\r\nDTSTART:2026");
    home.file("a.ics", text);
    let run = import(&home, &["a.ics"]);
    assert!(
        run.stderr
            .contains("a.ics:19:1: skipped: VEVENT cut: the file ends before its END"),
        "{run}"
    );
    assert!(run.stderr.contains("a.ics:17:1: warning: "), "{run}");
    assert_eq!(
        run.expect_done(),
        "created 2, updated 0, left 0 unchanged, skipped 1\n"
    );
}

#[test]
fn a_calendar_that_is_made_takes_tasks_too_and_one_that_does_not_reports_them() {
    let home = home();
    let task = "BEGIN:VTODO\nUID:t\nDTSTAMP:20260101T000000Z\nSUMMARY:Do\nEND:VTODO";
    home.file("a.ics", calendar(&format!("{}\n{task}", event("1", 1, ""))));
    let made = import(&home, &["a.ics"]).expect_done();
    assert_eq!(made, "created 2, updated 0, left 0 unchanged, skipped 0\n");
    let run = home.run(&["import", "--user", "ada", "--calendar", "calendar", "a.ics"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stderr
            .contains("a.ics:11:1: skipped: VTODO t: the calendar takes VEVENT only"),
        "{run}"
    );
    assert_eq!(
        run.stdout,
        "created 1, updated 0, left 0 unchanged, skipped 1\n"
    );
}

#[test]
fn a_dry_run_counts_and_changes_nothing() {
    let home = home();
    home.file("a.ics", calendar(&event("1", 1, "")));
    let run = home.run(&[
        "import",
        "--user",
        "ada",
        "--calendar",
        "work",
        "--dry-run",
        "a.ics",
    ]);
    assert_eq!(
        run.expect_done(),
        "would have created 1, updated 0, left 0 unchanged, skipped 0\n"
    );
    let run = home.run(&["export", "--user", "ada", "--calendar", "work"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (1, "cal: ada has no calendar work\n")
    );
}

#[test]
fn a_dry_run_says_what_the_import_then_does() {
    let home = home();
    let task = "BEGIN:VTODO\nUID:t\nDTSTAMP:20260101T000000Z\nSUMMARY:Do\nEND:VTODO";
    home.file("a.ics", calendar(&format!("{}\n{task}", event("1", 1, ""))));
    home.file(
        "b.ics",
        calendar(&[event("1", 1, ""), event("2", 2, "")].join("\n")),
    );
    home.file("c.ics", calendar(&event("2", 3, "SEQUENCE:1")));
    for calendar in ["work", "calendar"] {
        let mut arguments = vec!["import", "--user", "ada", "--calendar", calendar];
        arguments.extend(["a.ics", "b.ics", "c.ics"]);
        let mut dry = arguments.clone();
        dry.push("--dry-run");
        let (dry, done) = (home.run(&dry), home.run(&arguments));
        assert_eq!(dry.stdout, format!("would have {}", done.stdout));
        assert_eq!(dry.stderr, done.stderr);
    }
}

#[test]
fn the_report_as_json_names_what_was_skipped() {
    let home = home();
    home.file(
        "a.ics",
        calendar(&[event("x", 1, ""), event("x", 2, "")].join("\n")),
    );
    let run = home.run(&[
        "import",
        "--user",
        "ada",
        "--calendar",
        "work",
        "--json",
        "a.ics",
    ]);
    let report = &run.json_lines()[0];
    assert_eq!(report["created"], 1);
    assert_eq!(report["skipped"][0]["file"], "a.ics");
    assert_eq!(report["skipped"][0]["line"], 4);
    assert_eq!(report["skipped"][0]["uid"], "x");
    assert_eq!(report["skipped"][0]["reason"], "line 11 has it again");
}

#[test]
fn a_file_that_cannot_be_read_exits_with_1_after_the_others() {
    let home = home();
    home.file("a.ics", calendar(&event("1", 1, "")));
    let run = import(&home, &["missing.ics", "a.ics"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.starts_with("cal: missing.ics: cannot be read"),
        "{run}"
    );
    assert_eq!(
        run.stdout,
        "created 1, updated 0, left 0 unchanged, skipped 0\n"
    );
}

#[test]
fn a_calendar_is_found_by_what_people_call_it() {
    let home = home();
    home.file("a.ics", calendar(&event("1", 1, "")));
    home.run(&["import", "--user", "ada", "--calendar", "Calendar", "a.ics"])
        .expect_done();
    let text = home
        .run(&["export", "--user", "ada", "--calendar", "calendar"])
        .expect_done();
    assert!(text.contains("UID:1\r\n"), "{text}");
}

#[test]
fn what_a_calendar_holds_does_not_steer_the_terminal() {
    let home = home();
    home.file("a.ics", calendar(&event("\u{1b}[2J", 1, "")));
    let run = import(&home, &["a.ics"]);
    assert!(run.stderr.contains("skipped: VEVENT \\u{1b}[2J: "), "{run}");
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let home = home();
    let arguments = ["import", "--user", "ada", "--calendar", "work", "-"];
    let run = home.run_with(&arguments, calendar(&event("1", 1, "")));
    assert_eq!(
        run.expect_done(),
        "created 1, updated 0, left 0 unchanged, skipped 0\n"
    );
}

#[test]
fn what_is_not_utf_8_or_crlf_is_when_it_is_stored() {
    let home = home();
    let text = calendar(&event("1", 1, "LOCATION:caf?")).replace("\r\n", "\n");
    let bytes: Vec<u8> = text
        .bytes()
        .map(|byte| if byte == b'?' { 0xE9 } else { byte })
        .collect();
    home.file("a.ics", bytes);
    import(&home, &["a.ics"]).expect_done();
    let text = export(&home);
    assert!(text.contains("\r\nLOCATION:café\r\n"), "{text}");
    assert!(!text.replace("\r\n", "").contains('\n'));
}

#[test]
fn the_zone_of_a_feed_stays_with_its_floating_times() {
    let home = home();
    let floating = event("f", 1, "")
        .replace("00Z\nDTEND", "00\nDTEND")
        .replace("00Z\nSUMMARY", "00\nSUMMARY");
    let text = calendar(&format!(
        "X-WR-TIMEZONE:Europe/Madrid\n{floating}\n{}",
        event("u", 2, "")
    ));
    home.file("a.ics", text);
    import(&home, &["a.ics"]).expect_done();
    home.run(&[
        "export",
        "--user",
        "ada",
        "--calendar",
        "work",
        "--to",
        "out",
    ])
    .expect_done();
    let read =
        |name: &str| std::fs::read_to_string(home.path().join("out/work").join(name)).unwrap();
    assert!(read("f.ics").contains("X-WR-TIMEZONE:Europe/Madrid"));
    assert!(!read("u.ics").contains("X-WR-TIMEZONE"));
}

#[test]
fn a_calendar_that_cannot_have_its_name_in_a_url_is_said_to_have_another() {
    let home = home();
    home.file("a.ics", calendar(&event("1", 1, "")));
    let import = |name: &str| home.run(&["import", "--user", "ada", "--calendar", name, "a.ics"]);
    let run = import("work/travel");
    let said = "the calendar work/travel is called work-travel in its URL\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, said));
    assert_eq!(import("work/travel").stderr, "");

    assert_eq!(import("b-c").code, 0);
    let run = import("b/c");
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stderr.contains("another has the name b-c"), "{run}");
}

#[test]
fn jcal_is_imported_like_icalendar() {
    let home = home();
    let text = calendar(&event("1", 1, ""));
    let jcal = home
        .run_with(&["convert", "--to", "jcal"], text)
        .expect_done();
    home.file("a.json", jcal);
    let run = import(&home, &["a.json"]).expect_done();
    assert_eq!(run, "created 1, updated 0, left 0 unchanged, skipped 0\n");
    assert!(export(&home).contains("SUMMARY:Event 1"));
}

#[test]
fn what_is_no_calendar_is_skipped_with_the_reason() {
    let home = home();
    home.file("a.html", "<html>not found</html>");
    home.file("b.ics", "");
    home.file("c.ics", "milk, eggs");
    home.file("d.json", "[1, 2");
    home.file("e.ics", "[\"vcalendar\"]");
    let files = ["a.html", "b.ics", "c.ics", "d.json", "e.ics"];
    let run = import(&home, &files);
    assert_eq!(
        run.stdout,
        "created 0, updated 0, left 0 unchanged, skipped 5\n"
    );
    for reason in [
        "a.html:1:1: skipped: the whole file: this looks like XML and cannot be read as xCal: at ",
        "b.ics:1:1: skipped: the whole file: there is nothing in it",
        "c.ics:1:1: skipped: the whole file: there is no VCALENDAR and no component in it",
        "d.json:1:1: skipped: the whole file: this looks like JSON and cannot be read as jCal: at ",
        "e.ics:1:1: skipped: the whole file: this looks like JSON and cannot be read as jCal: at ",
    ] {
        assert!(run.stderr.contains(reason), "{reason}: {run}");
    }
}

#[test]
fn it_is_a_failure_only_if_there_is_no_calendar_in_any_file() {
    let home = home();
    home.file("a.ics", calendar(&event("1", 1, "")));
    home.file("b.ics", "milk, eggs");
    home.file("c.html", "<html>not found</html>");
    home.file("empty.ics", calendar(""));
    for (files, code) in [
        (&["b.ics"][..], 1),
        (&["b.ics", "c.html"], 1),
        (&["b.ics", "a.ics", "c.html"], 0),
        (&["a.ics", "nowhere.ics"], 1),
        (&["empty.ics"], 0),
    ] {
        let run = import(&home, files);
        assert_eq!(run.code, code, "{files:?}: {run}");
    }
}

#[test]
fn each_vcalendar_of_a_file_has_its_own_zone() {
    let home = home();
    let feed = |zone: &str, uid: &str| {
        let floating = event(uid, 1, "").replace("00Z\n", "00\n");
        calendar(&format!("X-WR-TIMEZONE:{zone}\n{floating}"))
    };
    home.file(
        "a.ics",
        feed("Europe/Berlin", "b") + &feed("Asia/Tokyo", "t"),
    );
    import(&home, &["a.ics"]).expect_done();
    home.run(&["export", "--user", "ada", "--to", "out"])
        .expect_done();
    let object =
        |name: &str| std::fs::read_to_string(home.path().join("out/work").join(name)).unwrap();
    assert!(object("b.ics").contains("X-WR-TIMEZONE:Europe/Berlin"));
    assert!(object("t.ics").contains("X-WR-TIMEZONE:Asia/Tokyo"));
}
