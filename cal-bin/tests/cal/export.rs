//! `cal export`.

use crate::running::{Home, calendar, event};

const ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
                    TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE";

fn zoned(uid: &str, day: u32) -> String {
    event(uid, day, "")
        .replace("DTSTART:", "DTSTART;TZID=Here:")
        .replace("DTEND:", "DTEND;TZID=Here:")
        .replace("00Z\nDTEND", "00\nDTEND")
        .replace("00Z\nSUMMARY", "00\nSUMMARY")
}

fn home(calendars: &[(&str, String)]) -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    for (name, text) in calendars {
        let file = home.file("in.ics", text);
        home.run(&["import", "--user", "ada", "--calendar", name, &file])
            .expect_done();
    }
    home
}

#[test]
fn a_calendar_comes_out_whole_with_each_zone_once() {
    let events = [zoned("1", 1), zoned("2", 2), event("3", 3, "")].join("\n");
    let home = home(&[("work", calendar(&format!("{ZONE}\n{events}")))]);
    let text = home
        .run(&["export", "--user", "ada", "--calendar", "work"])
        .expect_done();
    let count = |what: &str| text.matches(what).count();
    assert_eq!(count("BEGIN:VCALENDAR"), 1, "{text}");
    assert_eq!(count("BEGIN:VTIMEZONE"), 1, "{text}");
    assert_eq!(count("BEGIN:VEVENT"), 3, "{text}");
    assert!(text.contains("X-WR-CALNAME:work\r\n"), "{text}");
    assert!(text.find("VTIMEZONE") < text.find("VEVENT"));
}

#[test]
fn a_zone_that_is_used_and_not_defined_is_defined() {
    let home = home(&[(
        "work",
        calendar(&zoned("1", 1).replace("Here", "Europe/Berlin")),
    )]);
    let text = home
        .run(&["export", "--user", "ada", "--calendar", "work"])
        .expect_done();
    assert!(text.contains("TZID:Europe/Berlin\r\n"), "{text}");
    assert!(text.contains("BEGIN:DAYLIGHT\r\n"), "{text}");
}

#[test]
fn floating_times_of_a_feed_keep_their_zone() {
    let floating = |uid: &str, day| event(uid, day, "").replace("00Z", "00");
    let feed = calendar(&format!("X-WR-TIMEZONE:Asia/Tokyo\n{}", floating("f", 1)));
    let home = home(&[("work", feed), ("work", calendar(&floating("g", 2)))]);
    let text = home
        .run(&["export", "--user", "ada", "--calendar", "work"])
        .expect_done();
    let calendars: Vec<&str> = text.split("BEGIN:VCALENDAR").skip(1).collect();
    assert_eq!(calendars.len(), 2, "{text}");
    assert!(calendars[0].contains("UID:g") && !calendars[0].contains("X-WR-TIMEZONE"));
    assert!(calendars[1].contains("UID:f") && calendars[1].contains("X-WR-TIMEZONE:Asia/Tokyo"));
}

#[test]
fn all_calendars_come_out_one_after_the_other() {
    let home = home(&[
        ("work", calendar(&event("1", 1, ""))),
        ("play", calendar(&event("2", 2, ""))),
    ]);
    let text = home.run(&["export", "--user", "ada"]).expect_done();
    // Those that every user has are there too, and empty.
    assert_eq!(text.matches("BEGIN:VCALENDAR").count(), 4, "{text}");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");
}

#[test]
fn to_a_folder_each_object_is_a_file_byte_for_byte() {
    let text = calendar(&event("1@example.com", 1, "X-ODD;X-P=\"a;b\":kept\\n"));
    let home = home(&[("work", text.clone())]);
    let run = home.run(&[
        "export",
        "--user",
        "ada",
        "--calendar",
        "work",
        "--to",
        "out",
    ]);
    assert_eq!(run.expect_done(), "work: 1 object to out/work\n");
    let file = home.path().join("out/work/1@example.com.ics");
    assert_eq!(std::fs::read_to_string(file).unwrap(), text);
}

#[test]
fn what_is_exported_can_be_imported_again_without_a_change() {
    let events = [
        zoned("1", 1),
        event("2", 2, "RRULE:FREQ=DAILY"),
        event("3", 3, ""),
    ]
    .join("\n");
    let home = home(&[("work", calendar(&format!("{ZONE}\n{events}")))]);
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
    let files: Vec<String> = std::fs::read_dir(home.path().join("out/work"))
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    let mut arguments: Vec<&str> = vec!["import", "--user", "ada", "--calendar", "work"];
    arguments.extend(files.iter().map(String::as_str));
    let run = home.run(&arguments).expect_done();
    assert_eq!(run, "created 0, updated 0, left 3 unchanged, skipped 0\n");
}

#[test]
fn a_uid_that_is_no_file_name_leaves_the_folder_alone() {
    let home = home(&[("../../work", calendar(&event("../../../etc/passwd", 1, "")))]);
    let run = home.run(&["export", "--user", "ada", "--to", "out"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(!home.path().join("work").exists());
}
