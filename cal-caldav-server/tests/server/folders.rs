//! Plain collections, which hold any files, folders and calendars (RFC 4918 sections 5 and 9).

use cal_caldav_server::Limits;
use cal_dav::name::dav;

use crate::world::{World, event, prop};

const FOLDER: &str = "/dav/calendars/ada/files/";

const NOTE: &str = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><note xmlns='urn:x'>kept</note>\
                    </D:prop></D:set></D:propertyupdate>";

/// `files/sub/a.txt`, each with a note.
async fn world() -> World {
    let world = World::new();
    for folder in [FOLDER, "/dav/calendars/ada/files/sub/"] {
        assert_eq!(world.request("MKCOL", folder).status().await, 201);
    }
    let file = world.request("PUT", "/dav/calendars/ada/files/sub/a.txt");
    let file = file.header("content-type", "text/plain").body("text");
    assert_eq!(file.status().await, 201);
    for path in ["", "sub/", "sub/a.txt"] {
        let call = world.request("PROPPATCH", &format!("{FOLDER}{path}"));
        assert_eq!(call.xml(NOTE).status().await, 207);
    }
    world
}

/// Whether there is something at a path below the home, with its note.
async fn has_note(world: &World, path: &str) -> bool {
    let path = format!("/dav/calendars/ada/{path}");
    let found = world.request("PROPFIND", &path).depth("0");
    let found = found.xml(&prop(&["x:note"]).replace("<x:note/>", "<note xmlns='urn:x'/>"));
    found.send().await.text().contains(">kept<")
}

#[tokio::test]
async fn a_folder_goes_with_all_that_is_in_it_and_their_properties() {
    for method in ["COPY", "MOVE"] {
        let world = world().await;
        let call = world.request(method, FOLDER);
        let call = call.header("destination", "/dav/calendars/ada/there/");
        assert_eq!(call.status().await, 201, "{method}");
        for path in ["there/", "there/sub/", "there/sub/a.txt"] {
            assert!(has_note(&world, path).await, "{method} {path}");
        }
        let stays = has_note(&world, "files/sub/a.txt").await;
        assert_eq!(stays, method == "COPY", "{method}");
        let file = world.request("GET", "/dav/calendars/ada/there/sub/a.txt");
        let file = file.send().await;
        assert_eq!(
            (file.text().as_str(), file.header("content-type")),
            ("text", Some("text/plain")),
            "{method}"
        );
    }
}

#[tokio::test]
async fn a_shallow_copy_of_a_folder_is_empty() {
    let world = world().await;
    let call = world.request("COPY", FOLDER).depth("0");
    let call = call.header("destination", "/dav/calendars/ada/there/");
    assert_eq!(call.status().await, 201);
    assert!(has_note(&world, "there/").await);
    let sub = world.request("PROPFIND", "/dav/calendars/ada/there/sub/");
    assert_eq!(sub.status().await, 404);
}

#[tokio::test]
async fn what_a_folder_replaces_is_gone_and_not_merged() {
    let world = world().await;
    let there = "/dav/calendars/ada/there/";
    assert_eq!(world.request("MKCOL", there).status().await, 201);
    let old = format!("{there}old.txt");
    assert_eq!(world.request("PUT", &old).body("old").status().await, 201);
    let copy = || world.request("COPY", FOLDER).header("destination", there);
    assert_eq!(copy().header("overwrite", "F").status().await, 412);
    assert_eq!(copy().status().await, 204);
    assert_eq!(world.request("GET", &old).status().await, 404);
    assert!(has_note(&world, "there/sub/a.txt").await);
}

#[tokio::test]
async fn an_extended_mkcol_makes_a_folder_with_its_properties() {
    let world = world().await;
    let path = format!("{FOLDER}made/");
    let body = "<D:mkcol xmlns:D='DAV:'><D:set><D:prop><D:resourcetype><D:collection/>\
                </D:resourcetype><D:displayname>Made</D:displayname>\
                <note xmlns='urn:x'>kept</note></D:prop></D:set></D:mkcol>";
    let made = world.request("MKCOL", &path).xml(body);
    assert_eq!(made.status().await, 201);
    assert!(has_note(&world, "files/made/").await);
    let found = world.request("PROPFIND", &path).depth("0");
    let found = found.xml(&prop(&["D:displayname"])).send().await;
    assert_eq!(found.property(&dav::DISPLAYNAME).as_deref(), Some("Made"));
}

#[tokio::test]
async fn a_folder_holds_calendars_and_a_calendar_holds_none() {
    let world = world().await;
    let calendar = format!("{FOLDER}sub/calendar/");
    let made = world.request("MKCALENDAR", &calendar);
    assert_eq!(made.status().await, 201);
    let object = format!("{calendar}e.ics");
    let body = event("e", &["DTSTART:20260302T090000Z"]);
    world.put(&object, &body).await;
    for (method, from) in [
        ("MKCOL", None),
        ("MKCALENDAR", None),
        ("MOVE", Some("/dav/calendars/ada/calendar/")),
        ("COPY", Some("/dav/calendars/ada/calendar/")),
    ] {
        let inside = format!("{calendar}inside/");
        let call = match from {
            Some(from) => world.request(method, from).header("destination", &inside),
            None => world.request(method, &inside),
        };
        let answer = call.send().await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["calendar-collection-location-ok".to_owned()]),
            "{method}"
        );
    }
    assert_eq!(world.request("GET", &object).status().await, 200);
}

#[tokio::test]
async fn a_file_larger_than_the_limit_is_refused() {
    let limits = Limits {
        resource_size: 4,
        ..Limits::default()
    };
    let world = World::with_limits(limits);
    let path = "/dav/calendars/ada/a.bin";
    for (body, status) in [("12345", 413), ("1234", 201)] {
        let call = world.request("PUT", path).body(body);
        assert_eq!(call.status().await, status, "{body}");
    }
}

#[tokio::test]
async fn a_folder_is_listed_level_by_level() {
    let world = world().await;
    let answer = world.request("PROPFIND", FOLDER).depth("infinity");
    let answer = answer.send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.conditions()),
        (403, vec!["propfind-finite-depth".to_owned()])
    );
}
