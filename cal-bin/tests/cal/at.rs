//! `cal at`.

use crate::running::{Home, Run, calendar, event, moment};
use crate::server::Server;

/// A home in which `work` had the events 1, 2 and the series 3, and then much happened.
struct Eventful {
    home: Home,
    /// A time before that.
    then: String,
}

const WORK: [&str; 4] = ["--user", "ada", "--calendar", "work"];

fn series(more: &str) -> String {
    event("3", 3, "RRULE:FREQ=DAILY;COUNT=5") + more
}

fn import(home: &Home, components: &str) {
    let file = home.file("in.ics", calendar(components));
    let mut arguments = vec!["import"];
    arguments.extend(WORK);
    arguments.push(&file);
    home.run(&arguments).expect_done();
}

impl Eventful {
    fn new() -> Eventful {
        let home = Home::new();
        home.add_user("ada", "engine");
        import(
            &home,
            &[event("1", 1, ""), event("2", 2, ""), series("")].join("\n"),
        );
        Eventful {
            then: moment(),
            home,
        }
    }

    fn at(&self, arguments: &[&str]) -> Run {
        let mut all = vec!["at", self.then.as_str()];
        all.extend(arguments);
        all.extend(WORK);
        self.home.run(&all)
    }

    /// What is in the calendar now.
    fn export(&self) -> String {
        let mut arguments = vec!["export"];
        arguments.extend(WORK);
        self.home.run(&arguments).expect_done()
    }
}

/// An event in a later revision, so that an import takes it.
fn renamed(text: &str) -> String {
    text.replace("SUMMARY:Event", "SEQUENCE:1\nSUMMARY:Renamed")
}

#[test]
fn calendars_and_objects_are_listed_as_they_were() {
    let it = Eventful::new();
    import(
        &it.home,
        &[renamed(&event("1", 1, "")), event("4", 4, "")].join("\n"),
    );
    let list = it.at(&["list", "--json"]).json_lines();
    let seen: Vec<_> = list
        .iter()
        .map(|row| {
            (
                row["uid"].as_str(),
                row["summary"].as_str(),
                row["now"].as_str(),
            )
        })
        .collect();
    let expected = [
        (Some("1"), Some("Event 1"), Some("changed")),
        (Some("2"), Some("Event 2"), Some("same")),
        (Some("3"), Some("Event 3"), Some("same")),
    ];
    assert_eq!(seen, expected);
    assert_eq!(list[0]["start"], "20260301T090000Z");
    let one = it.at(&["list", "--uid", "1"]).expect_done();
    assert_eq!(one.lines().count(), 1, "{one}");
    assert!(one.ends_with("\tEvent 1\tchanged\n"), "{one}");

    let calendars = it.home.run(&["at", &it.then, "list", "--user", "ada"]);
    assert!(calendars.expect_done().contains("work\twork\tsame\n"));
}

#[test]
fn an_object_is_shown_as_it_was_and_how_it_has_changed() {
    let it = Eventful::new();
    import(&it.home, &renamed(&event("1", 1, "")));
    let shown = it.at(&["show", "--uid", "1"]).expect_done();
    assert!(shown.contains("SUMMARY:Event 1\r\n"), "{shown}");
    let shown = it.at(&["show", "--uid", "1", "--json"]).json_lines();
    assert_eq!(shown[0]["via"], "import");
    assert_eq!(shown[0]["principal"], "ada");
    let diff = it.at(&["show", "--uid", "1", "--diff"]).expect_done();
    let expected = "VEVENT 1\n+ SEQUENCE:1\n- SUMMARY:Event 1\n+ SUMMARY:Renamed 1\n";
    assert_eq!(diff, expected);
    let diff = it.at(&["show", "--uid", "1", "--diff", "--json"]);
    let properties = &diff.json_lines()[0]["components"][0]["properties"];
    assert_eq!(properties[1]["from"], "SUMMARY:Event 1");
    assert_eq!(properties[1]["to"], "SUMMARY:Renamed 1");
}

#[test]
fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let it = Eventful::new();
    import(
        &it.home,
        &[renamed(&event("1", 1, "")), event("4", 4, "")].join("\n"),
    );
    let before = it.export();
    let run = it.at(&["restore", "--dry-run", "--json"]);
    let seen: Vec<_> = run
        .json_lines()
        .iter()
        .map(|row| (row["action"].clone(), row["uid"].clone()))
        .collect();
    let expected = [("replace", "1"), ("delete", "4")].map(|(a, u)| (a.into(), u.into()));
    assert_eq!(seen, expected);
    assert_eq!(run.stderr, "nothing was changed\n");
    assert_eq!(it.export(), before);
}

#[test]
fn a_whole_calendar_comes_back_and_that_can_be_undone() {
    let it = Eventful::new();
    let before = it.export();
    import(
        &it.home,
        &[renamed(&event("1", 1, "")), event("4", 4, "")].join("\n"),
    );
    let after = it.export();
    let later = moment();
    let run = it.at(&["restore"]);
    assert_eq!(
        run.stderr, "brought back 0, replaced 1, removed 1\n",
        "{run}"
    );
    assert_eq!(it.export(), before);
    let mut undo = vec!["at", later.as_str(), "restore"];
    undo.extend(WORK);
    it.home.run(&undo).expect_done();
    assert_eq!(it.export(), after);
}

#[test]
fn one_object_comes_back_and_no_other() {
    let it = Eventful::new();
    let both = [renamed(&event("1", 1, "")), renamed(&event("2", 2, ""))];
    import(&it.home, &both.join("\n"));
    it.at(&["restore", "--uid", "1"]).expect_done();
    let now = it.export();
    assert!(now.contains("SUMMARY:Event 1\r\n"), "{now}");
    assert!(now.contains("SUMMARY:Renamed 2\r\n"), "{now}");
    let never = it.at(&["restore", "--uid", "never"]);
    assert_eq!(never.code, 1);
    assert!(
        never.stderr.contains("there was no object with UID never"),
        "{never}"
    );
}

#[test]
fn one_instance_of_a_series_comes_back_and_no_other() {
    let it = Eventful::new();
    let without = "\nEXDATE:20260304T090000Z\nEXDATE:20260305T090000Z\nSEQUENCE:1\nEND:VEVENT";
    import(&it.home, &series("").replace("\nEND:VEVENT", without));
    let dry = it.at(&[
        "restore",
        "--uid",
        "3",
        "--instance",
        "20260304T090000Z",
        "--dry-run",
    ]);
    assert!(dry.expect_done().starts_with("replace\t"));
    assert!(it.export().contains("EXDATE:20260304T090000Z"));
    it.at(&["restore", "--uid", "3", "--instance", "20260304T090000Z"])
        .expect_done();
    let now = it.export();
    assert!(!now.contains("EXDATE:20260304T090000Z"), "{now}");
    assert!(now.contains("EXDATE:20260305T090000Z"), "{now}");
    let never = it.at(&["restore", "--uid", "3", "--instance", "20270101T090000Z"]);
    assert_eq!(
        never.code, 0,
        "what never was an instance stays none: {never}"
    );
}

#[test]
fn what_cannot_be_told_is_said() {
    let it = Eventful::new();
    let cases: [(&[&str], i32, &str); 5] = [
        (
            &["at", "1w ago", "list", "--user", "bob"],
            1,
            "there is no user bob",
        ),
        (
            &[
                "at",
                "1w ago",
                "list",
                "--user",
                "ada",
                "--calendar",
                "work",
            ],
            1,
            "ada had no calendar work at 20",
        ),
        (
            &["at", "2999-01-01", "list", "--user", "ada"],
            2,
            "in the future",
        ),
        (&["at", "lately", "list", "--user", "ada"], 2, "2d ago"),
        (
            &["at", "1d ago", "restore", "--user", "ada"],
            2,
            "--calendar",
        ),
    ];
    for (arguments, code, expected) in cases {
        let run = it.home.run(arguments);
        assert_eq!(run.code, code, "{arguments:?} {run}");
        assert!(run.stderr.contains(expected), "{arguments:?} {run}");
    }
    for time in [
        "2d ago",
        "2d-ago",
        "90m ago",
        "1 w ago",
        "2020-01-01",
        "2020-01-01T09:00",
    ] {
        let list = it.home.run(&["at", time, "list", "--user", "ada"]);
        assert_eq!(list.expect_done(), "", "{time}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_tells_its_clients_what_was_restored() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    ada.put("1.ics", calendar(&event("1", 1, "")))
        .await
        .unwrap();
    let then = moment();
    ada.put("1.ics", calendar(&renamed(&event("1", 1, ""))))
        .await
        .unwrap();
    ada.put("2.ics", calendar(&event("2", 2, "")))
        .await
        .unwrap();
    let token = ada.changes("").await.token;
    let calendar = ["--user", "ada", "--calendar", "calendar"];
    let mut arguments = vec!["at", then.as_str(), "restore"];
    arguments.extend(calendar);
    home.run(&arguments).expect_done();
    let news = ada.changes(&token).await;
    assert_eq!(news.changed, ["1.ics"]);
    assert_eq!(news.removed, ["2.ics"]);
    let path = ada.object("1.ics");
    let body = ada.request("GET", &path).send().await.unwrap().text().await;
    assert!(body.unwrap().contains("SUMMARY:Event 1\r\n"));
}
