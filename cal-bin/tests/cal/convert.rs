//! `cal convert`.

use crate::running::{Home, calendar, event, shared_data};

#[test]
fn ics_to_ics_is_byte_for_byte_the_input() {
    let home = Home::new();
    for text in [
        calendar(&event("1", 1, "")),
        calendar(&event("1", 1, "")).replace("\r\n", "\n"),
        calendar(&event("1", 1, "SUMMARY:\u{feff}fold\n ed")),
        format!("\u{feff}{}trailing junk", calendar("")),
    ] {
        let run = home.run_with(&["convert", "--to", "ics", "-"], &text);
        assert_eq!(run.expect_done(), text);
    }
}

#[test]
fn the_corpus_goes_through_unchanged() {
    let Some(folder) = shared_data("ics") else {
        return;
    };
    let home = Home::new();
    // Many processes cost more than much text: one file in twenty.
    let files = crate::corpus::files(&folder);
    for path in files.iter().step_by(20) {
        let mut command = home.command();
        command.args(["convert", "--to", "ics"]).arg(path);
        let output = command.output().unwrap();
        if output.status.success() {
            assert!(
                output.stdout == std::fs::read(path).unwrap(),
                "{}",
                path.display()
            );
        } else {
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                stderr.contains("there is no VCALENDAR"),
                "{}: {stderr}",
                path.display()
            );
        }
    }
}

#[test]
fn a_format_that_there_is_not_is_a_usage_error_that_names_those_there_are() {
    let home = Home::new();
    let file = home.file("a.ics", calendar(&event("1", 1, "")));
    let run = home.run(&["convert", "--to", "csv", &file]);
    assert_eq!(run.code, 2, "{run}");
    let expected = "the formats are ics, jcal, xcal and jscal";
    assert!(run.stderr.contains(expected), "{run}");
}

#[test]
fn every_format_comes_out_and_goes_in_again() {
    let home = Home::new();
    let text = calendar(&event("1", 1, "SUMMARY:a\\, b & c"));
    for format in ["jcal", "xcal", "jscal"] {
        let converted = home
            .run_with(&["convert", "--to", format], &text)
            .expect_done();
        let back = home
            .run_with(&["convert", "--to", "ics"], &converted)
            .expect_done();
        assert!(back.contains("SUMMARY:a\\, b & c\r\n"), "{format}: {back}");
        let run = home.run_with(&["expand", "--json"], &converted);
        assert_eq!(run.json_lines()[0]["start"], "2026-03-01T09:00:00Z");
    }
}

#[test]
fn what_the_other_format_cannot_hold_is_named_on_standard_error() {
    let home = Home::new();
    let text = calendar(&event("1", 1, "1X:a"));
    let run = home.run_with(&["convert", "--to", "xcal"], &text);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stderr.contains("-: warning: line "), "{run}");
    assert!(
        run.stderr.contains("1X of VEVENT: XML has no such name"),
        "{run}"
    );
}

#[test]
fn a_file_that_is_not_there_and_a_text_without_a_calendar_are_named() {
    let home = Home::new();
    let run = home.run(&["convert", "--to", "ics", "none.ics"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.starts_with("cal: none.ics: cannot be read: "),
        "{run}"
    );

    let run = home.run_with(&["convert", "--to", "ics"], "milk, eggs\n");
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run}");
    assert!(run.stderr.contains("-:1:1: "), "{run}");
}

#[test]
fn jcal_comes_out_as_json_and_goes_in_again() {
    let home = Home::new();
    let text = calendar(&event("1", 1, "CATEGORIES:a,b\\,c"));
    let jcal = home
        .run_with(&["convert", "--to", "jcal"], &text)
        .expect_done();
    let json: serde_json::Value = serde_json::from_str(&jcal).unwrap();
    assert_eq!(json[0], "vcalendar");
    assert_eq!(json[2][0][0], "vevent");
    assert_eq!(
        home.run_with(&["convert", "--to", "ics"], &jcal)
            .expect_done(),
        text
    );
    // The other commands read it as well.
    let run = home.run_with(&["expand", "--json"], &jcal);
    assert_eq!(run.json_lines()[0]["start"], "2026-03-01T09:00:00Z");
}

#[test]
fn an_input_of_another_format_is_named() {
    let home = Home::new();
    for (input, expected) in [
        (
            "<icalendar/>",
            "-: this looks like XML and cannot be read as xCal: at 1:1: not the icalendar element",
        ),
        (
            "{\"@type\": \"Event\"}",
            "-: this looks like JSON and cannot be read as JSCalendar: at ",
        ),
        (
            "[1, 2",
            "-: this looks like JSON and cannot be read as jCal: at ",
        ),
    ] {
        let run = home.run_with(&["convert", "--to", "ics"], input);
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stderr.contains(expected), "{run}");
    }
}

#[test]
fn components_outside_of_any_vcalendar_are_read_by_every_verb() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let bare = format!("{}\n{}\n", event("1", 1, ""), event("2", 1, ""));
    home.file("bare.ics", &bare);
    let warned = |run: &crate::running::Run| {
        assert!(
            run.stderr
                .contains("bare.ics:1:1: warning: there is no BEGIN:VCALENDAR"),
            "{run}"
        );
    };

    let run = home.run(&["convert", "--to", "ics", "bare.ics"]);
    warned(&run);
    assert_eq!(run.expect_done(), bare);

    let run = home.run(&["expand", "--json", "bare.ics"]);
    warned(&run);
    assert_eq!((run.code, run.json_lines().len()), (0, 2));

    let window = ["--from", "2026-03-01", "--to", "2026-03-02", "--slot", "1h"];
    let mut free = vec!["free", "--json", "bare.ics"];
    free.extend(window);
    let run = home.run(&free);
    warned(&run);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.json_lines()[0]["busy"][0]["start"],
        "2026-03-01T09:00:00Z"
    );

    let run = home.run(&["import", "--user", "ada", "--calendar", "work", "bare.ics"]);
    warned(&run);
    assert!(run.expect_done().starts_with("created 2,"));

    let jcal = home
        .run(&["convert", "--to", "jcal", "bare.ics"])
        .expect_done();
    assert!(jcal.starts_with("[[\"vevent\","), "{jcal}");
}

#[test]
fn every_vcalendar_of_a_file_is_read_by_every_verb() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let several = calendar(&event("1", 1, "")) + &calendar(&event("2", 1, "RRULE:X"));
    home.file("two.ics", &several);
    let convert = ["convert", "--to", "ics", "two.ics"];
    assert_eq!(home.run(&convert).expect_done(), several);
    assert_eq!(
        home.run(&["expand", "--json", "two.ics"])
            .json_lines()
            .len(),
        2
    );
    assert!(
        home.run(&["check", "two.ics"])
            .stdout
            .contains("two.ics:21:")
    );
    let import = ["import", "--user", "ada", "--calendar", "work", "two.ics"];
    assert!(home.run(&import).expect_done().starts_with("created 2,"));
}

#[test]
fn what_holds_no_component_is_refused() {
    let home = Home::new();
    for (text, reason) in [
        ("", "-:1:1: there is nothing in it"),
        (
            "milk, eggs",
            "-:1:1: there is no VCALENDAR and no component in it",
        ),
    ] {
        let run = home.run_with(&["convert", "--to", "ics"], text);
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stderr.ends_with(&format!("cal: {reason}\n")), "{run}");
    }
}
