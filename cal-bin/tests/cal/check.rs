//! `cal check`.

use crate::running::{Home, calendar, event};

#[test]
fn a_clean_calendar_gives_no_finding() {
    let home = Home::new();
    let file = home.file("a.ics", calendar(&event("1", 1, "")));
    let run = home.run(&["check", &file]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", ""),
        "{run}"
    );
}

#[test]
fn findings_have_file_line_column_severity_and_message() {
    let home = Home::new();
    let broken = calendar(&event("1", 1, "no colon here"));
    home.file("a.ics", &broken);
    let run = home.run(&["check", "a.ics"]);
    assert_eq!(run.code, 1, "{run}");
    let line = run.stdout.lines().next().unwrap();
    assert!(line.starts_with("a.ics:10:1: error: "), "{run}");
    assert!(line.ends_with(" [no-colon, RFC 5545 3.1]"), "{run}");

    let run = home.run(&["check", "--json", "a.ics"]);
    let finding = &run.json_lines()[0];
    let keys: Vec<_> = finding
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "file", "line", "column", "severity", "code", "message", "section",
    ];
    assert_eq!(keys, expected);
    assert_eq!(finding["file"], "a.ics");
    assert_eq!(finding["line"], 10);
    assert_eq!(finding["column"], 1);
    assert_eq!(finding["code"], "no-colon");
    assert_eq!(finding["section"], "RFC 5545 3.1");
}

#[test]
fn warnings_alone_exit_with_0() {
    let home = Home::new();
    let text = calendar(&event("1", 1, "RRULE:FREQ=DAILY;BYMONTH=4"));
    let run = home.run_with(&["check", "-"], text);
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout
            .starts_with("-:10:7: warning: a rule that does not generate DTSTART"),
        "{run}"
    );
}

#[test]
fn matters_of_style_are_told_with_style_alone() {
    let home = Home::new();
    home.file(
        "a.ics",
        calendar(&event("1", 1, "RRULE:FREQ=DAILY;INTERVAL=1")),
    );
    assert_eq!(home.run(&["check", "a.ics"]).stdout, "");
    let run = home.run(&["check", "--style", "a.ics"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.starts_with("a.ics:10:7: style: "), "{run}");
    assert!(
        run.stdout
            .ends_with(" [explicit-default, RFC 5545 3.3.10]\n"),
        "{run}"
    );
}

#[test]
fn json_says_what_a_fix_would_do() {
    let home = Home::new();
    let text = calendar(&event("1", 1, "RRULE:FREQ=DAILY;UNTIL=20260401"));
    home.file("a.ics", &text);
    let run = home.run(&["check", "--json", "a.ics"]);
    let finding = &run.json_lines()[0];
    assert_eq!(finding["code"], "until-type", "{run}");
    assert_eq!(finding["fix"], "give UNTIL the type that DTSTART asks for");
    home.run(&["check", "--fix", "a.ics"]).expect_done();
    let mended = std::fs::read_to_string(home.path().join("a.ics")).unwrap();
    assert_eq!(
        mended,
        text.replace("UNTIL=20260401", "UNTIL=20260401T235959Z")
    );
}

#[test]
fn a_fix_mends_what_it_says_and_nothing_else() {
    let home = Home::new();
    let date = event("1", 1, "X-KEPT;A=b:as it is\nRRULE:FREQ=DAILY;BYMONTH=4")
        .replace("DTSTART:20260301T090000Z", "DTSTART:20260301")
        .replace("DTEND:20260301T100000Z", "DTEND:20260302");
    let text = calendar(&date);
    home.file("a.ics", &text);
    let run = home.run(&["check", "--fix", "a.ics"]);
    assert_eq!(run.code, 0, "{run}");
    let fixed = run.stdout.lines().filter(|line| line.ends_with(" (fixed)"));
    assert_eq!(fixed.count(), 2, "{run}");
    let mended = std::fs::read_to_string(home.path().join("a.ics")).unwrap();
    let expected = text
        .replace("DTSTART:", "DTSTART;VALUE=DATE:")
        .replace("DTEND:", "DTEND;VALUE=DATE:");
    assert_eq!(mended, expected);

    let again = home.run(&["check", "--fix", "--json", "a.ics"]);
    assert!(
        again
            .json_lines()
            .iter()
            .all(|finding| finding["fixed"] == false),
        "{again}"
    );
    let names: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["a.ics"]);
    let run = home.run_with(&["check", "--fix", "-"], text);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn a_file_that_cannot_be_read_does_not_keep_others_from_being_checked() {
    let home = Home::new();
    home.file("b.ics", calendar(&event("1", 1, "no colon here")));
    let run = home.run(&["check", "a.ics", "b.ics"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr.starts_with("cal: a.ics: cannot be read"),
        "{run}"
    );
    assert!(run.stdout.starts_with("b.ics:10:1: error: "), "{run}");
}

#[test]
fn what_is_not_icalendar_is_named_and_does_not_keep_others_from_being_checked() {
    let home = Home::new();
    home.file("a.json", "[\"vcalendar\", [], []]");
    home.file("b.xml", "<icalendar/>");
    home.file("c.ics", calendar("BEGIN:VEVENT\nEND:VEVENT"));
    let run = home.run(&["check", "a.json", "b.xml", "c.ics"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr.contains("a.json:1:1: this looks like jCal"),
        "{run}"
    );
    assert!(
        run.stderr.contains("b.xml:1:1: this looks like xCal"),
        "{run}"
    );
    assert!(run.stdout.contains("c.ics:4:1: error: "), "{run}");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_is_mended_stays_a_link() {
    let home = Home::new();
    let text = calendar(&event("1", 1, ""))
        .replace("DTSTART:20260301T090000Z", "DTSTART:20260301")
        .replace("DTEND:20260301T100000Z", "DTEND:20260302");
    home.file("real.ics", &text);
    let link = home.path().join("link.ics");
    std::os::unix::fs::symlink("real.ics", &link).unwrap();
    home.run(&["check", "--fix", "link.ics"]).expect_done();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    let mended = std::fs::read_to_string(home.path().join("real.ics")).unwrap();
    assert_ne!(mended, text);
}
