//! `cal reindex`, and what the server does by itself.

use std::time::{Duration, Instant};

use cal_store::{Backend, IndexBasis, Sqlite};
use tokio::runtime::Runtime;

use crate::running::{Home, calendar};
use crate::server::Server;

/// A home with a stand-up in Berlin on each day of the year.
fn home() -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    let daily = "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20200101T080000Z\r\n\
         DTSTART;TZID=Europe/Berlin:20200101T090000\r\nDURATION:PT15M\r\nRRULE:FREQ=DAILY\r\n\
         SUMMARY:Stand-up\r\nORGANIZER:mailto:ada@example.com\r\n\
         ATTENDEE:mailto:bo@example.com\r\nEND:VEVENT\r\n";
    let file = home.file("in.ics", calendar(daily));
    home.run(&["import", "--user", "ada", "--calendar", "work", &file])
        .expect_done();
    home
}

/// Runs a question or a note about what the index was made with.
fn with_backend<T>(home: &Home, work: impl AsyncFnOnce(&Sqlite) -> T) -> T {
    Runtime::new().unwrap().block_on(async {
        let sqlite = Sqlite::open(home.data().join("cal.db")).await.unwrap();
        work(&sqlite).await
    })
}

/// As if the index had been made when Berlin had no summer time.
fn make_outdated(home: &Home) {
    let now = IndexBasis::current().zones;
    let (before, rest) = now.split_once("TZID:Europe/Berlin\r\n").unwrap();
    let (_, after) = rest.split_once("END:VTIMEZONE").unwrap();
    let winter = "TZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
         TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n";
    let zones = format!("{before}{winter}END:VTIMEZONE{after}");
    let basis = IndexBasis::new(IndexBasis::current().form, "1999z", zones);
    with_backend(home, async |sqlite| {
        sqlite.set_index_basis(basis).await.unwrap();
    });
}

fn is_current(home: &Home) -> bool {
    let basis = with_backend(home, async |sqlite| sqlite.index_basis().await.unwrap());
    basis.is_some_and(|basis| basis.is_current())
}

#[test]
fn what_a_new_release_of_the_zones_has_moved_is_named() {
    let home = home();
    make_outdated(&home);
    let tried = home.run(&["reindex", "--dry-run", "--json"]).json_lines();
    assert!(!is_current(&home));
    let report = home.run(&["reindex", "--json"]).json_lines();
    assert_eq!(report, tried);
    assert!(is_current(&home));
    let report = &report[0];
    assert_eq!(report["tzdata_before"], "1999z");
    assert_eq!(
        (&report["read"], &report["reindexed"]),
        (&1.into(), &1.into())
    );
    let moved = &report["moved"][0];
    assert_eq!(
        (&moved["calendar"], &moved["summary"]),
        (&"work".into(), &"Stand-up".into())
    );
    assert_eq!(moved["attendees"][0], "mailto:bo@example.com");
    let occurrences = moved["occurrences"].as_array().unwrap();
    assert!(occurrences.len() > 200, "a summer is that long");
    let start = |side: &str| occurrences[0][side]["start"].as_str().unwrap().to_owned();
    assert!(start("old").ends_with("T08:00:00Z") && start("new").ends_with("T07:00:00Z"));

    let again = home.run(&["reindex"]).expect_done();
    assert!(
        again.starts_with("1 object indexed with tzdata "),
        "{again}"
    );
    assert!(again.ends_with("no event has moved\n"), "{again}");
}

#[test]
fn what_has_moved_is_told_in_words() {
    let home = home();
    make_outdated(&home);
    let run = home.run(&["reindex", "--user", "ada"]).expect_done();
    let line = run.lines().next().unwrap();
    assert!(
        line.starts_with("work/") && line.contains("\tStand-up\t"),
        "{line}"
    );
    assert!(
        line.contains(" is now ") && line.ends_with("\tmailto:bo@example.com"),
        "{line}"
    );
    assert!(run.ends_with("(before: 1999z), 1 event moved\n"), "{run}");
    assert!(!is_current(&home), "what others have is as it was");
}

#[test]
fn the_index_of_nobody_is_not_made() {
    let run = home().run(&["reindex", "--user", "bob"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stderr.contains("there is no user bob"), "{run}");
}

#[test]
fn the_server_brings_an_outdated_index_up_to_date_by_itself() {
    let home = home();
    make_outdated(&home);
    let server = Server::start(&home);
    let begin = Instant::now();
    while !is_current(&home) {
        assert!(begin.elapsed() < Duration::from_secs(60), "it did not");
        std::thread::sleep(Duration::from_millis(50));
    }
    let ended = server.stop();
    assert!(
        ended.stderr.contains("at another instant"),
        "{}",
        ended.stderr
    );
}
