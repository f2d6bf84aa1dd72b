//! `cal free` with a question: find, weekly, team, why, report, export, merge.

use serde_json::{Value, json};

use crate::running::{Home, Run, calendar, event};

/// Monday to Friday in Berlin.
const WEEK: [&str; 6] = [
    "--from",
    "2026-03-02",
    "--to",
    "2026-03-07",
    "--tz",
    "Europe/Berlin",
];

fn ask(home: &Home, question: &[&str], more: &[&str]) -> Run {
    let mut all = vec!["free"];
    all.extend(question);
    all.extend(WEEK);
    all.extend(more);
    home.run(&all)
}

fn answer(home: &Home, question: &[&str], more: &[&str]) -> Value {
    let run = ask(home, question, more);
    let out = run.expect_done();
    serde_json::from_str(&out).unwrap()
}

/// An event from one time to another on Monday, in UTC.
fn on_monday(uid: &str, from: &str, to: &str) -> String {
    event(uid, 2, "")
        .replace("T090000Z", &format!("T{from}00Z"))
        .replace("T100000Z", &format!("T{to}00Z"))
}

/// Ada meets from 9 to 16 in Berlin, Bob from 16 to 17.
fn home() -> Home {
    let home = Home::new();
    home.file("ada.ics", calendar(&on_monday("1", "0800", "1500")));
    home.file("bob.ics", calendar(&on_monday("2", "1500", "1600")));
    home.file("free.ics", calendar(&event("3", 30, "")));
    home
}

#[test]
fn what_cannot_be_heeded_is_refused() {
    let home = home();
    let refused = |more: &[&str]| {
        let run = ask(&home, &["find", "ada.ics", "--slot", "1h"], more);
        assert_eq!(run.code, 2, "{more:?}");
        run.stderr
    };
    assert_eq!(
        refused(&["--buffer", "0m/8d"]),
        "cal: --buffer: seven days at most\n"
    );
    assert!(refused(&["--limit", "0"]).contains("--limit"));
}

#[test]
fn a_time_is_found_within_the_hours_of_all() {
    let home = home();
    let people = ["find", "ada.ics", "bob.ics"];
    let found = answer(&home, &people, &["--slot", "1h", "--hours", "09:00-17:00"]);
    // Monday is full.
    assert_eq!(
        found["suggestions"][0]["start"],
        "2026-03-03T09:00:00+01:00"
    );
    assert_eq!(found["suggestions"].as_array().unwrap().len(), 5);
    assert_eq!(found["obstacles"], json!([]));
    let score = found["suggestions"][0]["score"].as_f64().unwrap();
    let shares = found["suggestions"][0]["shares"].as_array().unwrap();
    let sum: f64 = shares
        .iter()
        .map(|share| share["share"].as_f64().unwrap())
        .sum();
    assert!((score - sum).abs() < 1e-9);
}

#[test]
fn where_nothing_fits_it_says_why_and_what_is_least_bad() {
    let home = home();
    let monday = ["--to", "2026-03-03"];
    let mut more = vec!["--slot", "1h", "--hours", "09:00-17:00"];
    let question = ["free", "find", "ada.ics", "bob.ics", "--from", "2026-03-02"];
    let mut all = question.to_vec();
    all.extend(monday);
    all.extend(["--tz", "Europe/Berlin"]);
    all.append(&mut more);
    let found: Value = serde_json::from_str(&home.run(&all).expect_done()).unwrap();
    assert_eq!(found["suggestions"], json!([]));
    let obstacle = found["obstacles"][0].as_str().unwrap();
    assert!(
        obstacle.contains("ada blocks") && obstacle.contains("bob blocks"),
        "{obstacle}"
    );
    let problems = &found["compromises"][0]["problems"];
    assert!(
        problems[0]
            .as_str()
            .unwrap()
            .ends_with("minutes outside their hours"),
        "{problems}"
    );

    all.push("--text");
    let text = home.run(&all).expect_done();
    assert!(
        text.starts_with("Nothing fits: none of the 29 starts"),
        "{text}"
    );
    assert!(
        text.contains("The least bad:\n      Mon 02 Mar 2026"),
        "{text}"
    );
}

#[test]
fn three_offices_nine_to_five_share_no_time_but_with_soft_hours_they_do() {
    let home = home();
    let people = ["find", "west=free.ics", "east=free.ics", "paris=free.ics"];
    let mut more = vec![
        "--slot",
        "30m",
        "--hours",
        "09:00-17:00",
        "--zone",
        "west=America/Los_Angeles",
        "--zone",
        "east=America/New_York",
        "--zone",
        "paris=Europe/Paris",
    ];
    let found = answer(&home, &people, &more);
    assert_eq!(
        found["obstacles"],
        json!(["the working hours of west and paris have no common time long enough"])
    );
    more.extend(["--margin", "paris=0m/4h"]);
    let found = answer(&home, &people, &more);
    let best = &found["suggestions"][0];
    assert_eq!(best["start"], "2026-03-02T18:00:00+01:00");
    assert_eq!(
        best["outside"],
        json!([{"name": "paris", "minutes": 30, "local": "18:00-18:30"}])
    );
}

#[test]
fn rooms_buffers_preferences_and_weights_are_heeded() {
    let home = home();
    home.file("atrium.ics", calendar(&event("r", 3, "")));
    let found = answer(
        &home,
        &["find", "ada.ics"],
        &[
            "--slot",
            "1h",
            "--hours",
            "09:00-17:00",
            "--room",
            "atrium.ics",
            "--buffer",
            "15m",
            "--prefer",
            "Tue 09:00-12:00: morning",
            "--avoid",
            "Fri 00:00-24:00: often cancelled",
            "--weight",
            "preference=9",
            "--limit",
            "1",
            "--step",
            "30m",
            "--without",
            "20260303T103000Z/PT1H",
        ],
    );
    let all = found["suggestions"].as_array().unwrap();
    // The room is taken from ten to eleven in Berlin, and half past eleven is ruled out.
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["start"], "2026-03-03T09:00:00+01:00");
    assert_eq!(all[0]["room"], "atrium");
    assert!(
        all[0]["reasons"]
            .as_array()
            .unwrap()
            .contains(&json!("morning"))
    );
}

/// The times that `find` tells on Monday from two to four in Berlin, before
/// Bob's meeting.
fn before_bobs_meeting(home: &Home, file: &str, more: &[&str]) -> Vec<Value> {
    let mut all = vec!["free", "find", file, "--tz", "Europe/Berlin"];
    all.extend(["--from", "2026-03-02T14:00", "--to", "2026-03-02T16:00"]);
    all.extend(["--slot", "1h", "--step", "1h"]);
    all.extend(more);
    let found: Value = serde_json::from_str(&home.run(&all).expect_done()).unwrap();
    let suggestions = found["suggestions"].as_array().unwrap();
    let mut starts: Vec<Value> = suggestions
        .iter()
        .map(|best| best["start"].clone())
        .collect();
    starts.sort_by_key(Value::to_string);
    starts
}

#[test]
fn what_comes_just_after_the_time_to_look_at_needs_its_buffer_too() {
    let home = home();
    let both = ["2026-03-02T14:00:00+01:00", "2026-03-02T15:00:00+01:00"];
    assert_eq!(before_bobs_meeting(&home, "bob.ics", &[]), both);
    for needs in [["--buffer", "10m"], ["--travel", "0m/10m"]] {
        let found = before_bobs_meeting(&home, "bob.ics", &needs);
        assert_eq!(found, both[..1], "{needs:?}");
    }
}

#[test]
fn what_a_file_says_nothing_of_is_no_buffer() {
    let home = home();
    let window = ["--from", "2026-03-02T14:00", "--to", "2026-03-02T16:00"];
    let mut export = vec![
        "free", "export", "free.ics", "--name", "eve", "-o", "eve.fbz",
    ];
    export.extend(window);
    export.extend(["--tz", "Europe/Berlin"]);
    home.run(&export).expect_done();
    assert_eq!(before_bobs_meeting(&home, "eve.fbz", &[]).len(), 2);
    let found = before_bobs_meeting(&home, "eve.fbz", &["--buffer", "0m/10m"]);
    assert_eq!(found, ["2026-03-02T14:00:00+01:00"]);
}

#[test]
fn it_says_why_one_slot_is_not_offered() {
    let home = home();
    let more = [
        "--slot",
        "1h",
        "--hours",
        "09:00-17:00",
        "--at",
        "2026-03-02T16:30",
    ];
    let why = answer(&home, &["find", "ada.ics", "bob.ics"], &more);
    assert_eq!(
        (&why["fits"], &why["problems"]),
        (
            &json!(false),
            &json!([
                "16:30-17:30 for ada, 30 minutes outside their hours",
                "bob is busy",
                "16:30-17:30 for bob, 30 minutes outside their hours",
            ])
        )
    );
    let more = ["--slot", "1h", "--at", "2026-03-03T09:00"];
    assert_eq!(answer(&home, &["find", "ada.ics"], &more)["fits"], true);
}

#[test]
fn a_weekly_slot_counts_its_clashes() {
    let home = home();
    home.file("later.ics", calendar(&event("1", 9, "")));
    let more = [
        "--slot",
        "1h",
        "--weeks",
        "3",
        "--limit",
        "1",
        "--without",
        "20260302T000000Z/PT8H",
    ];
    let monday = ["--step", "1h", "--hours", "Mon 10:00-11:00"];
    let more = [&more[..], &monday[..]].concat();
    let fits = answer(&home, &["weekly", "later.ics"], &more);
    let fit = &fits["fits"][0];
    assert_eq!(fit["clashes"], 1);
    assert_eq!(fit["weeks"][1]["clashing"], json!(["later"]));
    assert_eq!(fit["weeks"].as_array().unwrap().len(), 3);
}

#[test]
fn late_calls_go_round() {
    let home = home();
    let people = ["weekly", "west=free.ics", "berlin=free.ics"];
    let more = [
        "--slot",
        "1h",
        "--weeks",
        "2",
        "--rotate",
        "--hours",
        "09:00-17:00",
        "--zone",
        "west=America/Los_Angeles",
        "--margin",
        "2h",
    ];
    let turns = answer(&home, &people, &more);
    let late = |week: usize| turns["weeks"][week]["outside"][0]["name"].clone();
    assert_ne!(late(0), Value::Null);
    assert_ne!(late(0), late(1));
}

#[test]
fn a_team_is_booked_in_turn_or_all_at_once() {
    let home = home();
    let team = ["team", "ada.ics", "bob.ics"];
    let more = [
        "--slot",
        "1h",
        "--hours",
        "Mon 15:00-18:00",
        "--booked",
        "ada=2",
    ];
    let turns = answer(&home, &team, &more);
    let hosts = |place: usize| turns["offers"][place]["hosts"].clone();
    assert_eq!(hosts(0), json!(["bob"]));
    assert_eq!(hosts(1), json!(["ada"]));
    assert_eq!(hosts(2), json!(["bob", "ada"]));
    let more = ["--slot", "1h", "--hours", "Mon 15:00-18:00", "--collective"];
    let together = answer(&home, &team, &more);
    assert_eq!(together["offers"].as_array().unwrap().len(), 1);
    assert_eq!(together["offers"][0]["start"], "2026-03-02T17:00:00+01:00");
}

#[test]
fn it_says_why_a_time_is_busy_and_to_others_only_that_it_is() {
    let home = home();
    let own = answer(&home, &["why", "ada.ics"], &[]);
    assert_eq!(own["causes"][0]["summary"], "Event 1");
    assert_eq!(own["causes"][0]["effect"], "BUSY");
    let run = ask(&home, &["why", "ada.ics"], &["--for-others"]);
    let out = run.expect_done();
    assert!(!out.contains("Event 1"), "{out}");
    let others: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(others["busy"][0]["start"], "2026-03-02T09:00:00+01:00");
}

#[test]
fn a_time_out_of_hours_is_not_called_free() {
    let home = home();
    let more = ["--hours", "09:00-17:00"];
    let why = answer(&home, &["why", "free.ics"], &more);
    assert_eq!(why["free"], false);
    assert_eq!(why["busy"], json!([]));
    assert_eq!(why["out_of_hours"][0]["end"], "2026-03-02T09:00:00+01:00");
    let text = ask(&home, &["why", "free.ics", "--text"], &more).expect_done();
    assert_eq!(
        text.lines().next(),
        Some("Mon 02 Mar 2026 00:00-09:00  out of hours")
    );
    let always = answer(&home, &["why", "free.ics"], &[]);
    assert_eq!(always["free"], true);
}

#[test]
fn a_question_about_events_is_not_answered_from_what_names_none() {
    let home = home();
    let more = ["--name", "ada", "-o", "ada.fbz"];
    ask(&home, &["export", "ada.ics"], &more).expect_done();
    for question in ["why", "report"] {
        let run = ask(&home, &[question, "ada.fbz"], &[]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run}");
        assert!(
            run.stderr
                .contains("ada.fbz: it is availability for others"),
            "{run}"
        );
    }
}

#[test]
fn a_report_tells_what_is_left_to_focus() {
    let home = home();
    let report = answer(&home, &["report", "ada.ics"], &[]);
    assert_eq!(report["meetings"], 1);
    assert_eq!(report["meeting_minutes"], 420);
    assert_eq!(report["focus"].as_array().unwrap().len(), 4);
    assert_eq!(report["free_minutes"], 4 * 480 + 60);
    let text = ask(&home, &["report", "ada.ics"], &["--text"]).expect_done();
    assert!(text.starts_with("1 meeting, 7h"), "{text}");
}

#[test]
fn a_time_is_found_with_what_others_share_and_nothing_of_their_events_is_in_it() {
    let home = home();
    home.file("key", "a secret of enough bytes");
    for (file, name) in [("ada.ics", "ada"), ("bob.ics", "ada")] {
        let output = file.replace(".ics", ".fbz");
        let more = [
            "--name",
            name,
            "-o",
            &output,
            "--key",
            "key",
            "--hours",
            "09:00-18:00",
        ];
        ask(&home, &["export", file], &more).expect_done();
    }
    let file = std::fs::read(home.path().join("ada.fbz")).unwrap();
    assert!(!file.windows(7).any(|part| part == b"Event 1"));
    let merge = [
        "free", "merge", "ada.fbz", "bob.fbz", "-o", "all.fbz", "--key", "key",
    ];
    home.run(&merge).expect_done();
    let more = [
        "--slot",
        "1h",
        "--limit",
        "1",
        "--key",
        "key",
        "--weight",
        "soonness=9",
    ];
    let found = answer(&home, &["find", "all.fbz"], &more);
    assert_eq!(
        found["suggestions"][0]["start"],
        "2026-03-02T17:00:00+01:00"
    );
    // Without an argument that asks for more, it is a calendar like any other.
    let busy = answer(&home, &["all.fbz"], &["--slot", "1h"]);
    assert_eq!(busy["busy"][0]["end"], "2026-03-02T17:00:00+01:00");
    assert_eq!(busy["out_of_hours"][0]["end"], "2026-03-02T09:00:00+01:00");
}

#[test]
fn a_file_that_was_changed_or_says_too_little_is_refused_by_name() {
    let home = home();
    home.file("key", "a secret of enough bytes");
    let more = ["--name", "ada", "-o", "ada.fbz"];
    ask(&home, &["export", "ada.ics"], &more).expect_done();
    let unsigned = ask(
        &home,
        &["find", "ada.fbz"],
        &["--slot", "1h", "--key", "key"],
    );
    assert_eq!(unsigned.code, 1, "{unsigned}");
    assert!(
        unsigned
            .stderr
            .contains("ada.fbz: shared availability: it is not signed"),
        "{unsigned}"
    );
    let run = home.run(&[
        "free",
        "find",
        "ada.fbz",
        "--from",
        "2026-03-02",
        "--to",
        "2026-04-02",
        "--slot",
        "1h",
    ]);
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr
            .contains("ada.fbz: it speaks of 20260301T230000Z/20260306T230000Z only"),
        "{run}"
    );
}

#[test]
fn what_is_said_of_nobody_is_a_mistake() {
    let home = home();
    for flag in [
        ["--optional", "eve"],
        ["--hours", "eve=09:00-17:00"],
        ["--zone", "eve=Europe/Paris"],
        ["--buffer", "eve=5m"],
        ["--avoid", "eve=09:00-17:00"],
    ] {
        let mut more = vec!["--slot", "1h"];
        more.extend(flag);
        let run = ask(&home, &["find", "ada.ics", "bob.ics"], &more);
        assert_eq!(run.code, 2, "{run}");
        let expected = format!("{}: nobody is called eve; there are ada, bob", flag[0]);
        assert!(run.stderr.contains(&expected), "{run}");
    }
}

#[test]
fn a_value_that_makes_no_sense_is_answered_with_one_that_does() {
    let home = home();
    for (flag, value, hint) in [
        ("--hours", "nine to five", "Mon-Fri 09:00-17:00"),
        ("--weight", "luck=1", "preference, hours, buffer"),
        ("--buffer", "soon", "1h30m"),
        ("--zone", "ada=Nowhere", "Europe/Berlin"),
    ] {
        let run = ask(&home, &["find", "ada.ics"], &["--slot", "1h", flag, value]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains(hint), "{run}");
    }
}

#[test]
fn no_time_is_offered_while_someones_time_is_not_known() {
    let home = home();
    let broken = event("9", 3, "").replace("DTSTART:20260303T090000Z", "DTSTART:soon");
    home.file("eve.ics", calendar(&broken));
    for question in ["find", "team"] {
        let run = ask(&home, &[question, "ada.ics", "eve.ics"], &["--slot", "1h"]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run}");
        assert!(run.stderr.contains("eve.ics:"), "{run}");
    }
    let run = ask(
        &home,
        &["export", "eve.ics"],
        &["--name", "eve", "-o", "eve.fbz"],
    );
    assert_eq!(run.code, 1, "{run}");
    assert!(!home.path().join("eve.fbz").exists());
}

#[test]
fn on_paper_a_week_is_a_chart_with_its_layers() {
    let home = home();
    let tentative = on_monday("t", "1500", "1600").replace("SUMMARY", "STATUS:TENTATIVE\nSUMMARY");
    home.file("bob.ics", calendar(&tentative));
    let more = ["--slot", "4h", "--hours", "09:00-18:00", "--text"];
    let text = ask(&home, &["ada.ics", "bob.ics"], &more).expect_done();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[1],
        "Mon 02 Mar  ------------------##############~~..------------"
    );
    assert_eq!(
        lines[2],
        "Tue 03 Mar  ------------------..................------------"
    );
    assert!(
        text.contains("busy             Mon 02 Mar 2026 09:00-16:00\n"),
        "{text}"
    );
    assert!(
        text.contains("free             Tue 03 Mar 2026 09:00-13:00\n"),
        "{text}"
    );
}
