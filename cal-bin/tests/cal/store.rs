//! `cal store check` and `backup`.

mod copy;

use crate::running::{Home, calendar, event};
use crate::server::Server;

fn home() -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    import(
        &home,
        "in.ics",
        &[event("1", 1, ""), event("2", 2, "")].join("\n"),
    );
    home
}

fn import(home: &Home, name: &str, events: &str) {
    let file = home.file(name, calendar(events));
    home.run(&["import", "--user", "ada", "--calendar", "work", &file])
        .expect_done();
}

#[test]
fn a_store_that_is_whole_has_no_faults_also_while_the_server_runs() {
    let home = home();
    let _server = Server::start(&home);
    let said = home.run(&["store", "check"]).expect_done();
    assert_eq!(said, "2 objects as stored, 0 faults\n");
    let report = home.run(&["store", "check", "--json"]).json_lines();
    assert_eq!(report, [serde_json::json!({"sound": 2, "faults": []})]);
}

#[test]
fn an_event_that_is_not_as_it_was_stored_is_named() {
    let home = home();
    let path = home.data().join("cal.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let body = b"UID:2\r\n";
    let place = bytes.windows(body.len()).position(|it| it == body).unwrap();
    bytes[place + 4] = b'3';
    std::fs::write(&path, bytes).unwrap();

    let run = home.run(&["store", "check", "--json"]);
    assert_eq!(run.code, 1, "{run}");
    let report = &run.json_lines()[0];
    assert_eq!(report["sound"], 1);
    let fault = &report["faults"][0];
    assert_eq!(fault["user"], "ada");
    assert_eq!(fault["fault"], "other bytes than were stored");
}

#[test]
fn a_backup_is_what_was_there_when_it_was_made() {
    let home = home();
    let _server = Server::start(&home);
    let copy = home.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    home.run(&["store", "backup", copy]).expect_done();
    import(&home, "later.ics", &event("3", 3, ""));

    let restored = Home::new();
    std::fs::create_dir_all(restored.data()).unwrap();
    std::fs::copy(copy, restored.data().join("cal.db")).unwrap();
    let said = restored.run(&["store", "check"]).expect_done();
    assert_eq!(said, "2 objects as stored, 0 faults\n");

    let again = home.run(&["store", "backup", copy]);
    assert_eq!(again.code, 1, "{again}");
    assert!(again.stderr.contains("already exists"), "{again}");
}

#[test]
fn a_database_is_backed_up_by_its_own_means() {
    let url = "postgres://cal@127.0.0.1:1/cal";
    let run = Home::new().run(&["store", "backup", "copy.db", "--database", url]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("pg_dump"), "{run}");
}

#[test]
fn plain_files_are_backed_up_by_a_copy() {
    let home = Home::new();
    let files = ["--data", "folder:files"];
    let add = ["user", "add", "ada", "--password-stdin"];
    home.run_with(&[&add[..], &files[..]].concat(), "engine")
        .expect_done();
    let run = home.run(&[&["store", "backup", "copy.db"][..], &files[..]].concat());
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("cal store copy"), "{run}");
}
