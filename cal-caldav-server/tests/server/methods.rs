//! What each resource can do: `OPTIONS` says it, and it is so.

use crate::world::{World, event};

const OBJECT: &str = "/dav/calendars/ada/calendar/a.ics";

async fn world() -> World {
    let world = World::new();
    world
        .put(
            OBJECT,
            &event("a", &["DTSTART:20260302T090000Z", "SUMMARY:A"]),
        )
        .await;
    assert_eq!(
        world
            .request("MKCOL", "/dav/calendars/ada/files/")
            .status()
            .await,
        201
    );
    assert_eq!(
        world
            .request("PUT", "/dav/calendars/ada/files/a.txt")
            .header("content-type", "text/plain; x=y")
            .body("hello")
            .status()
            .await,
        201
    );
    world
}

#[tokio::test]
async fn options_tells_the_truth_about_every_resource() {
    let all = [
        "OPTIONS",
        "GET",
        "HEAD",
        "PUT",
        "DELETE",
        "POST",
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "MKCALENDAR",
        "REPORT",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "ACL",
        "PATCH",
        "TRACE",
    ];
    let paths = [
        "/dav/",
        "/dav/principals/",
        "/dav/principals/ada/",
        "/dav/calendars/",
        "/dav/calendars/ada/",
        "/dav/calendars/ada/calendar/",
        OBJECT,
        "/dav/calendars/ada/files/",
        "/dav/calendars/ada/files/a.txt",
    ];
    let mut table = String::new();
    for path in paths {
        for method in all {
            // Each on a world of its own: some of them destroy what they are tried on.
            let world = world().await;
            let options = world.request("OPTIONS", path).send().await;
            assert_eq!(options.status, 200, "{path}");
            let allow = options.header("allow").unwrap().to_owned();
            let classes = match allow.contains("UNLOCK") {
                true => {
                    "1, 2, 3, access-control, calendar-access, calendar-managed-attachments, calendar-no-timezone, extended-mkcol"
                }
                false => {
                    "1, 3, access-control, calendar-access, calendar-managed-attachments, calendar-no-timezone, extended-mkcol"
                }
            };
            assert_eq!(options.header("dav"), Some(classes), "{path}");
            let advertised = allow.split(", ").any(|verb| verb == method);
            let answer = world.request(method, path).send().await;
            let works = !matches!(answer.status.as_u16(), 405 | 501);
            // MKCALENDAR on what is there has a condition of its own, not 405.
            if method != "MKCALENDAR" {
                assert_eq!(
                    works, advertised,
                    "{method} {path}: {} with Allow: {allow}",
                    answer.status
                );
            }
            if answer.status == 405 {
                let allow = answer.header("allow").expect("405 has an Allow");
                assert!(
                    allow.split(", ").all(|allowed| allowed != method),
                    "{method} {path} is refused and allowed: {allow}"
                );
            }
            if method == "OPTIONS" {
                table.push_str(&format!("{path}\n  {allow}\n"));
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn nothing_dav_is_ever_answered_with_a_web_page() {
    let world = world().await;
    for path in ["/dav/", "/dav/calendars/ada/", "/dav/nowhere", OBJECT] {
        for method in ["PROPFIND", "REPORT", "GET", "DELETE"] {
            let answer = world.request(method, path).depth("1").send().await;
            assert!(
                !answer
                    .header("content-type")
                    .unwrap_or_default()
                    .contains("html"),
                "{method} {path}"
            );
        }
    }
}

/// Method, source, destination, headers, expected status.
type Relocation = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    u16,
);

#[tokio::test]
async fn copies_and_moves_follow_overwrite_and_depth() {
    let cases: [Relocation; 20] = [
        ("COPY", "calendar/a.ics", "calendar3/a.ics", &[], 201),
        ("MOVE", "calendar/a.ics", "calendar/b.ics", &[], 201),
        (
            "MOVE",
            "calendar/a.ics",
            "calendar/with%20space.ics",
            &[],
            201,
        ),
        ("COPY", "calendar/a.ics", "calendar/b.ics", &[], 403),
        ("COPY", "calendar/a.ics", "calendar/a.ics", &[], 403),
        ("MOVE", "calendar/none.ics", "calendar/b.ics", &[], 404),
        ("MOVE", "calendar/a.ics", "missing/b.ics", &[], 409),
        (
            "MOVE",
            "calendar/a.ics",
            "calendar2/there.ics",
            &[("overwrite", "F")],
            412,
        ),
        (
            "MOVE",
            "calendar/a.ics",
            "calendar2/there.ics",
            &[("overwrite", "T")],
            204,
        ),
        ("MOVE", "calendar/a.ics", "calendar2/there.ics", &[], 204),
        (
            "MOVE",
            "calendar/a.ics",
            "calendar2/b.ics",
            &[("overwrite", "maybe")],
            400,
        ),
        (
            "MOVE",
            "calendar/a.ics",
            "calendar2/b.ics",
            &[("if-match", "\"x\"")],
            412,
        ),
        ("MOVE", "calendar/a.ics", "tasks/b.ics", &[], 403),
        ("COPY", "files/a.txt", "calendar/b.ics", &[], 403),
        ("COPY", "calendar/", "copy/", &[], 201),
        ("COPY", "calendar/", "copy/", &[("depth", "0")], 201),
        ("COPY", "calendar/", "copy/", &[("depth", "1")], 400),
        ("MOVE", "calendar/", "moved/", &[], 201),
        ("MOVE", "calendar/", "calendar2/inside/", &[], 403),
        ("MOVE", "calendar/", "files/inside/", &[], 201),
    ];
    for (method, from, to, headers, status) in cases {
        let world = world().await;
        let home = "/dav/calendars/ada/";
        for calendar in ["calendar2/", "calendar3/"] {
            let made = world.request("MKCALENDAR", &format!("{home}{calendar}"));
            assert_eq!(made.status().await, 201);
        }
        world
            .put(
                &format!("{home}calendar2/there.ics"),
                &event("a", &["DTSTART:20260302T090000Z"]),
            )
            .await;
        let to = format!("{home}{to}");
        let mut call = world
            .request(method, &format!("{home}{from}"))
            .header("destination", &format!("https://cal.example.com{to}"));
        for (name, value) in headers {
            call = call.header(name, value);
        }
        let answer = call.send().await;
        assert_eq!(
            answer.status,
            status,
            "{method} {from} {to} {headers:?}: {}",
            answer.text()
        );
        if answer.status.is_success() {
            let there = world.request("PROPFIND", &to).depth("0").status().await;
            assert_eq!(there, 207, "{method} {to}");
            let left = world
                .request("PROPFIND", &format!("{home}{from}"))
                .depth("0")
                .status()
                .await;
            assert_eq!(
                left,
                if method == "MOVE" { 404 } else { 207 },
                "{method} {from}"
            );
        }
    }
    let world = world().await;
    for (destination, status) in [
        ("", 400),
        ("https://elsewhere.example.com/x", 502),
        ("/outside/x", 404),
        ("/dav/calendars/ada/", 403),
        ("/dav/principals/ada/", 403),
    ] {
        let mut call = world.request("COPY", OBJECT);
        if !destination.is_empty() {
            call = call.header("destination", destination);
        }
        assert_eq!(call.status().await, status, "{destination}");
    }
}

#[tokio::test]
async fn folders_in_a_home_hold_any_files_and_folders() {
    let world = world().await;
    let files = "/dav/calendars/ada/files/";
    let got = world.request("GET", &format!("{files}a.txt")).send().await;
    assert_eq!(
        (got.text().as_str(), got.header("content-type")),
        ("hello", Some("text/plain; x=y"))
    );
    assert_eq!(
        world
            .request("MKCOL", &format!("{files}deep/"))
            .status()
            .await,
        201
    );
    assert_eq!(
        world
            .request("PUT", &format!("{files}deep/b.bin"))
            .body(vec![0_u8, 255])
            .status()
            .await,
        201
    );
    let listing = world.request("PROPFIND", files).depth("1").send().await;
    assert_eq!(
        listing.hrefs(),
        [
            files.to_owned(),
            format!("{files}deep/"),
            format!("{files}a.txt")
        ]
    );
    let note = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><note xmlns='urn:x'>kept</note></D:prop></D:set></D:propertyupdate>";
    assert_eq!(
        world
            .request("PROPPATCH", &format!("{files}a.txt"))
            .xml(note)
            .status()
            .await,
        207
    );
    let moved = world
        .request("MOVE", &format!("{files}a.txt"))
        .header("destination", &format!("{files}deep/c.txt"));
    assert_eq!(moved.status().await, 201);
    let all = world
        .request("PROPFIND", &format!("{files}deep/c.txt"))
        .depth("0")
        .send()
        .await;
    assert!(all.text().contains(">kept<"), "{}", all.text());
    assert_eq!(world.request("DELETE", files).status().await, 204);
    assert_eq!(
        world
            .request("GET", &format!("{files}deep/c.txt"))
            .status()
            .await,
        404
    );
}

#[tokio::test]
async fn a_destination_on_another_host_is_on_another_server() {
    let to = "/dav/calendars/ada/calendar/b.ics";
    let names = [
        ("host", "cal.example.com"),
        ("host", "CAL.example.com:443"),
        ("x-forwarded-host", "inner.example.com, cal.example.com"),
        (
            "forwarded",
            "for=192.0.2.1;host=cal.example.com;proto=https",
        ),
        ("forwarded", "host=\"cal.example.com:80\""),
    ];
    for (name, value) in names {
        for (authority, status) in [("cal.example.com", 201), ("evil.example.com", 502)] {
            let world = world().await;
            let call = world.request("MOVE", OBJECT).header(name, value);
            let call = if name == "host" {
                call
            } else {
                call.header("host", "127.0.0.1:5545")
            };
            let answer = call
                .header("destination", &format!("https://{authority}{to}"))
                .send()
                .await;
            assert_eq!(answer.status, status, "{name}: {value}, {authority}");
            let stays = world.request("GET", OBJECT).status().await;
            assert_eq!(stays, if status == 201 { 404 } else { 200 }, "{authority}");
        }
    }
}

#[tokio::test]
async fn the_server_as_a_whole_says_what_it_knows() {
    let world = World::new();
    let ask = world.request("OPTIONS", "*").anonymous();
    let within = ask.clone().send().await;
    let outside = ask.send_to(world.dav.discovery()).await;
    for answer in [within, outside] {
        assert_eq!(answer.status, 200);
        assert!(answer.header("dav").unwrap().contains("calendar-access"));
        assert!(answer.header("allow").unwrap().contains("MKCALENDAR"));
    }
    assert!(cal_caldav_server::Discovery::wants(
        &http::Method::OPTIONS,
        "*"
    ));
}

#[tokio::test]
async fn who_opens_the_root_in_a_browser_is_told_what_it_is_for() {
    let world = World::new();
    let answer = world.request("GET", "/dav/").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(answer.text().contains("/dav/calendars/ada/"));
    let anonymous = world.request("GET", "/dav/").anonymous();
    assert_eq!(anonymous.status().await, 401);
}
