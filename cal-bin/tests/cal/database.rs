//! Calendars and accounts in a PostgreSQL database.

#[path = "../../../cal-store/tests/store/postgres/server.rs"]
#[expect(dead_code, reason = "tests of the store do more with it")]
mod postgres;

use crate::running::{Home, calendar, event, moment};
use crate::server::Server;

/// The URL of a new database, if PostgreSQL is installed.
pub(crate) async fn url() -> Option<String> {
    let settings = postgres::database().await?;
    let word = |key| {
        let mut words = settings.split(' ');
        words.find_map(|word| word.strip_prefix(key)).unwrap()
    };
    Some(format!(
        "postgres://{}@{}:{}/{}",
        word("user="),
        word("host=").replace('/', "%2F"),
        word("port="),
        word("dbname=")
    ))
}

#[tokio::test]
async fn what_one_server_is_told_another_on_the_same_database_answers() {
    let Some(url) = url().await else {
        return;
    };
    let home = Home::new();
    let add = ["user", "add", "ada", "--password-stdin", "--database", &url];
    home.run_with(&add, "engine").expect_done();
    let servers = [(); 2].map(|()| Server::start_with(&home, &["--database", &url]));
    let [one, two] = servers
        .each_ref()
        .map(|server| server.user("ada", "engine"));
    let body = calendar(&event("lunch", 1, ""));
    let put = one.put("lunch.ics", body.clone()).await.unwrap();
    assert_eq!(put.status(), 201);
    let got = two.request("GET", &two.object("lunch.ics")).send().await;
    assert_eq!(got.unwrap().text().await.unwrap(), body);
    assert!(!home.data().exists(), "a data folder was made all the same");
}

#[tokio::test]
async fn what_was_and_who_changed_it_is_known_of_a_database_too() {
    let Some(url) = url().await else {
        return;
    };
    let home = Home::new();
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &["--database", &url]].concat();
        home.run(&arguments)
    };
    let work = ["--user", "ada", "--calendar", "work"];
    let add = ["user", "add", "ada", "--password-stdin", "--database", &url];
    home.run_with(&add, "engine").expect_done();
    let import = |body: String| {
        let file = home.file("in.ics", calendar(&body));
        run(&[&["import"][..], &work, &[&file]].concat()).expect_done();
    };
    import(event("1", 1, ""));
    let then = moment();
    import(event("1", 1, "").replace("SUMMARY:Event", "SEQUENCE:1\nSUMMARY:Renamed"));
    let at = run(&[&["at", &then, "restore"][..], &work].concat());
    assert_eq!(at.stderr, "brought back 0, replaced 1, removed 0\n", "{at}");
    let export = run(&[&["export"][..], &work].concat()).expect_done();
    assert!(export.contains("SUMMARY:Event 1\r\n"), "{export}");
    let verified = run(&["audit", "verify"]).expect_done();
    assert!(verified.ends_with("records: all hold\n"), "{verified}");
}

#[test]
fn a_database_that_cannot_be_reached_is_named_without_its_password() {
    let home = Home::new();
    let url = "postgres://cal:hush@127.0.0.1:1/cal?sslmode=disable";
    let run = home.run(&["user", "list", "--database", url]);
    assert_eq!(run.code, 1, "{run}");
    let expected = "cal: postgres://cal@127.0.0.1:1/cal: cannot be opened: ";
    assert!(run.stderr.starts_with(expected), "{run}");
    assert!(!run.stderr.contains("hush"), "{run}");
}

#[test]
fn a_database_must_be_a_url() {
    let home = Home::new();
    let run = home.run(&["user", "list", "--database", "mysql://localhost/cal"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("postgres://cal@localhost/cal"), "{run}");
}

#[test]
fn a_data_folder_on_the_command_line_goes_over_a_database_in_the_file() {
    let home = Home::new();
    let config = home.file("cal.toml", "database = \"postgres://127.0.0.1:1/cal\"\n");
    let add = ["user", "add", "ada", "--password-stdin", "--data", "here"];
    let add = [&add[..], &["--config", &config]].concat();
    home.run_with(&add, "engine").expect_done();
    assert!(home.path().join("here/cal.db").exists());
}
