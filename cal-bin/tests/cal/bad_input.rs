//! What a server must refuse, and what it must say.

use crate::running::{Home, calendar, event};
use crate::server::Server;

const SYNC: &str = r#"<?xml version="1.0"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>data:,lie</D:sync-token><D:sync-level>1</D:sync-level><D:prop/></D:sync-collection>"#;

const BOMB: &str = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><propfind xmlns="DAV:"><prop><x>&b;</x></prop></propfind>"#;

#[tokio::test]
async fn what_cannot_be_stored_is_refused_with_its_precondition() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    let two = calendar(&[event("1", 1, ""), event("2", 2, "")].join("\n"));
    let task = calendar("BEGIN:VTODO\nUID:t\nDTSTAMP:20260101T000000Z\nSUMMARY:Do\nEND:VTODO");
    let method = calendar(&format!("METHOD:REQUEST\n{}", event("1", 1, "")));
    let cases = [
        ("milk, eggs".to_owned(), "valid-calendar-data"),
        (String::new(), "valid-calendar-data"),
        (
            calendar(&event("1", 1, "")).replace("END:VEVENT\r\n", ""),
            "valid-calendar-data",
        ),
        (two, "valid-calendar-object-resource"),
        (method, "valid-calendar-object-resource"),
        (calendar(""), "valid-calendar-object-resource"),
        (task, "supported-calendar-component"),
    ];
    for (body, condition) in cases {
        let response = ada.put("x.ics", body.clone()).await.unwrap();
        let status = response.status().as_u16();
        let answer = response.text().await.unwrap();
        assert!(matches!(status, 403 | 409 | 415), "{status} {body}");
        assert!(
            answer.contains(&format!("<C:{condition}")),
            "{answer} for {body}"
        );
    }
    let first = ada
        .put("1.ics", calendar(&event("1", 1, "")))
        .await
        .unwrap();
    assert_eq!(first.status(), 201);
    let again = ada
        .put("2.ics", calendar(&event("1", 1, "")))
        .await
        .unwrap();
    assert!(again.text().await.unwrap().contains("<C:no-uid-conflict"));
    assert_eq!(ada.changes("").await.changed, ["1.ics"]);
}

#[tokio::test]
async fn broken_requests_are_told_why() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    let deep = format!("<?xml version=\"1.0\"?>{}", "<a>".repeat(100_000));
    let cases = [
        ("PROPFIND", "<propfind", 400),
        ("PROPFIND", "not xml at all", 400),
        ("PROPFIND", BOMB, 400),
        ("PROPFIND", deep.as_str(), 400),
        (
            "REPORT",
            "<?xml version=\"1.0\"?><unknown xmlns=\"x:\"/>",
            403,
        ),
        ("REPORT", SYNC, 403),
        ("BREW", "", 501),
    ];
    for (method, body, status) in cases {
        let request = ada.request(method, &ada.object("")).header("depth", "0");
        let response = request.body(body.to_owned()).send().await.unwrap();
        let found = response.status().as_u16();
        let answer = response.text().await.unwrap();
        assert_eq!(found, status, "{method}: {answer}");
        assert!(!answer.is_empty(), "{method} is told nothing");
    }
}
