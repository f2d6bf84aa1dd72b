//! `cal audit`.

use crate::running::{Home, calendar, event};
use crate::server::Server;

fn home() -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    let file = home.file("in.ics", calendar(&event("1", 1, "")));
    home.run(&["import", "--user", "ada", "--calendar", "work", &file])
        .expect_done();
    home
}

#[test]
fn chains_that_nobody_touched_hold_also_while_the_server_runs() {
    let home = home();
    let _server = Server::start(&home);
    let run = home.run(&["audit", "verify"]).expect_done();
    assert!(run.ends_with("records: all hold\n"), "{run}");
    let report = home.run(&["audit", "verify", "--json"]).json_lines();
    assert_eq!(report[0]["broken"], serde_json::json!([]));
    assert!(report[0]["entries"].as_u64() > Some(3), "{report:?}");
}

#[test]
fn chains_are_held_against_heads_that_were_noted() {
    let home = home();
    let heads = home.run(&["audit", "heads"]).expect_done();
    let noted = home.file("heads.json", &heads);
    let verify = |heads: &str| home.run(&["audit", "verify", "--json", "--heads", heads]);
    verify(&noted).expect_done();

    // As if another store had taken the place of this one.
    let mut other: serde_json::Value = serde_json::from_str(heads.lines().next().unwrap()).unwrap();
    other["hash"] = "0".repeat(64).into();
    let run = verify(&home.file("other.json", other.to_string()));
    assert_eq!(run.code, 1, "{run}");
    let broken = &run.json_lines()[0]["broken"];
    assert_eq!(broken[0]["chain"], "store");
    assert!(
        broken[0]["fault"]
            .as_str()
            .unwrap()
            .contains("not the one that was noted")
    );

    let run = verify(&home.file("wrong.json", "{}"));
    assert_eq!(run.code, 1, "{run}");
    assert!(
        run.stderr.contains("wrong.json:1: no head of a chain"),
        "{run}"
    );
}
