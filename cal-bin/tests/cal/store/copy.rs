//! `cal store copy`, and a store of plain files.

use std::time::Duration;

use crate::running::{Home, calendar, event};
use crate::server::Server;

/// A home with a user, so many events in one file, and some history.
fn filled(events: u32) -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    let work = ["import", "--user", "ada", "--calendar", "calendar"];
    let all: String = (0..events)
        .map(|number| event(&number.to_string(), number % 28 + 1, "") + "\n")
        .collect();
    let again = all.replace("SUMMARY:Event", "SEQUENCE:1\nSUMMARY:Renamed");
    for (name, body) in [("one.ics", all), ("two.ics", again)] {
        let file = home.file(name, calendar(&body));
        home.run(&[&work[..], &[&file]].concat()).expect_done();
    }
    home
}

fn copy(from: &str, to: &str) -> Vec<String> {
    let words = ["store", "copy", "--from", from, "--to", to, "--json"];
    words.map(str::to_owned).to_vec()
}

#[test]
fn a_copy_is_whole_and_a_second_one_finds_it() {
    let home = filled(20);
    let data = home.data().display().to_string();
    let there = home.run(&copy(&data, "folder:files")).json_lines();
    assert_eq!(there[0]["objects"], 20);
    assert_eq!(there[0]["versions"], 20);
    assert_eq!(there[0]["found"], 0);
    let again = home.run(&copy(&data, "folder:files")).json_lines();
    assert_eq!(again[0]["found"], again[0]["records"]);
    let back = home.run(&copy("folder:files", "back")).json_lines();
    assert_eq!(back[0]["checksum"], there[0]["checksum"]);
    let verify = ["audit", "verify", "--data", "back"];
    assert!(home.run(&verify).expect_done().ends_with("all hold\n"));
    let files = std::fs::read_dir(home.path().join("files/ada/calendar")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.ends_with(".ics")).count(), 20);
    let check = ["store", "check", "--data", "folder:files"];
    let said = home.run(&check).expect_done();
    assert_eq!(said, "20 objects as stored, 0 faults\n");
}

#[test]
fn a_copy_over_something_else_is_refused_and_changes_nothing() {
    let home = filled(1);
    let data = home.data().display().to_string();
    let add = ["user", "add", "bob", "--password-stdin", "--data", "other"];
    home.run_with(&add, "builder").expect_done();
    let run = home.run(&copy(&data, "other"));
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr
            .contains("holds something else: the principal bob"),
        "{run}"
    );
    let list = home.run(&["user", "list", "--data", "other"]).expect_done();
    assert!(list.contains("bob") && !list.contains("ada"), "{list}");
    let nothing = home.run(&copy("nowhere", "new"));
    assert_eq!(nothing.code, 1, "{nothing}");
    assert!(
        !home.path().join("new").exists(),
        "a store was made of nothing"
    );
}

#[test]
fn a_copy_that_was_killed_goes_on() {
    let home = filled(400);
    let data = home.data().display().to_string();
    for to in ["folder:files", "file"] {
        is_killed_and_goes_on(&home, &data, to);
    }
    is_killed_and_goes_on(&home, "folder:files", "back");
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_copy_into_a_database_that_was_killed_goes_on() {
    let Some(url) = crate::database::url().await else {
        return;
    };
    let home = filled(400);
    let data = home.data().display().to_string();
    is_killed_and_goes_on(&home, &data, &url);
    is_killed_and_goes_on(&home, &url, "back");
}

#[test]
fn a_copy_tells_how_much_there_is_to_do_where_there_is_no_terminal() {
    let home = filled(3);
    let data = home.data().display().to_string();
    let run = home.run(&copy(&data, "copy"));
    let records = run.json_lines()[0]["records"].as_u64().unwrap();
    let steps: Vec<_> = run.stderr.lines().collect();
    let expected = [
        format!("copying {records} records"),
        format!("comparing {} records", records * 2),
    ];
    assert_eq!(steps, expected);
}

fn is_killed_and_goes_on(home: &Home, from: &str, to: &str) {
    let mut killed = 0;
    for round in 1..40 {
        let mut command = home.command();
        command
            .args(copy(from, to))
            .stdout(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 * round));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success());
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    assert!(killed > 0, "the copy to {to} was never killed");
    let last = home.run(&copy(from, to));
    assert_eq!(last.code, 0, "{last}");
    assert_eq!(last.json_lines()[0]["objects"], 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_plain_files_serves_what_others_edit() {
    let home = Home::new();
    let files = ["--data", "folder:files"];
    let add = ["user", "add", "ada", "--password-stdin"];
    home.run_with(&[&add[..], &files[..]].concat(), "engine")
        .expect_done();
    let server = Server::start_with(&home, &files);
    let ada = server.user("ada", "engine");
    let body = calendar(&event("lunch", 1, ""));
    let put = ada.put("lunch.ics", body.clone()).await.unwrap();
    assert_eq!(put.status(), 201);
    let file = home.path().join("files/ada/calendar/lunch.ics");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), body);
    let edited = body.replace("SUMMARY:Event", "SUMMARY:By hand");
    std::fs::write(&file, &edited).unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let path = ada.object("lunch.ics");
    let got = ada.request("GET", &path).send().await.unwrap();
    assert_eq!(got.text().await.unwrap(), edited);
    let list = home.run(&[&["user", "list"][..], &files[..]].concat());
    assert_eq!(list.code, 1, "{list}");
    assert!(
        list.stderr.contains("another process has the store open"),
        "{list}"
    );
}
