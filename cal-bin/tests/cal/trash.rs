//! `cal trash`, and `cal at` of what is in it.

use crate::running::{Home, calendar, event, moment};
use crate::server::Server;

/// A home whose calendar `calendar` had one event and was deleted by a client,
/// and a time between the two.
async fn deleted() -> (Home, Server, String) {
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    ada.put("1.ics", calendar(&event("1", 1, "")))
        .await
        .unwrap();
    let then = moment();
    let gone = ada.request("DELETE", &ada.object("")).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    (home, server, then)
}

async fn is_back(server: &Server) -> bool {
    let ada = server.user("ada", "engine");
    let path = ada.object("1.ics");
    let found = ada.request("GET", &path).send().await.unwrap();
    found.status() == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_calendar_is_listed_and_comes_back() {
    let (home, server, _) = deleted().await;
    let list = home
        .run(&["trash", "list", "--user", "ada", "--json"])
        .json_lines();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["calendar"], "calendar");
    let restore = ["trash", "restore", "--user", "ada", "--calendar"];
    let back = |name| home.run(&[&restore[..], &[name]].concat());
    let never = back("never");
    assert!(
        never.stderr.contains("no calendar never in the trash"),
        "{never}"
    );
    assert_eq!(back("calendar").expect_done(), "restored calendar\n");
    assert!(is_back(&server).await);
    assert_eq!(
        home.run(&["trash", "list", "--user", "ada"]).expect_done(),
        ""
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_calendar_comes_back_as_it_was_at_a_time() {
    let (home, server, then) = deleted().await;
    let at = ["at", then.as_str()];
    let of = ["--user", "ada", "--calendar", "calendar"];
    let run = |action: &[&str]| home.run(&[&at[..], action, &of].concat());
    let list = home
        .run(&["at", &then, "list", "--user", "ada"])
        .expect_done();
    assert!(list.contains("in the trash"), "{list}");
    let dry = run(&["restore", "--dry-run"]).expect_done();
    assert_eq!(dry, "restore-calendar\tcalendar\t\n");
    assert!(!is_back(&server).await);
    run(&["restore"]).expect_done();
    assert!(is_back(&server).await);
}
