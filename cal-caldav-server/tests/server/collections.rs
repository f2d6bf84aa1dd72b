//! Collections: made under two methods, described, changed, deleted.

use cal_dav::name::{apple, caldav, dav};

use crate::world::{World, component, event, prop};

const NS: &str = "xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav' \
                  xmlns:A='http://apple.com/ns/ical/'";

fn mkcalendar(properties: &str) -> String {
    format!("<C:mkcalendar {NS}><D:set><D:prop>{properties}</D:prop></D:set></C:mkcalendar>")
}

fn mkcol(properties: &str) -> String {
    format!("<D:mkcol {NS}><D:set><D:prop>{properties}</D:prop></D:set></D:mkcol>")
}

fn proppatch(set: &str, remove: &str) -> String {
    format!(
        "<D:propertyupdate {NS}><D:set><D:prop>{set}</D:prop></D:set>\
         <D:remove><D:prop>{remove}</D:prop></D:remove></D:propertyupdate>"
    )
}

const HOME: &str = "/dav/calendars/ada/";

#[tokio::test]
async fn a_calendar_is_made_with_its_properties_under_either_method() {
    let world = World::new();
    let properties = "<D:displayname>Travel</D:displayname><A:calendar-color>#63DA38</A:calendar-color>\
         <C:supported-calendar-component-set><C:comp name='VEVENT'/></C:supported-calendar-component-set>";
    let type_ = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>";
    let made = [
        ("MKCALENDAR", "one", mkcalendar(properties)),
        ("MKCOL", "two", mkcol(&format!("{type_}{properties}"))),
    ];
    for (method, name, body) in made {
        let path = format!("{HOME}{name}/");
        let answer = world.request(method, &path).xml(&body).send().await;
        assert_eq!(answer.status, 201, "{method}: {}", answer.text());
        let names = [
            "D:displayname",
            "A:calendar-color",
            "D:resourcetype",
            "C:supported-calendar-component-set",
        ];
        let found = world
            .request("PROPFIND", &path)
            .depth("0")
            .xml(&prop(&names))
            .send()
            .await;
        assert_eq!(
            found.property(&dav::DISPLAYNAME).as_deref(),
            Some("Travel"),
            "{method}"
        );
        assert_eq!(
            found.property(&apple::CALENDAR_COLOR).as_deref(),
            Some("#63DA38")
        );
        let todo = component("VTODO", "t", &[]);
        let put = world
            .request("PUT", &format!("{path}t.ics"))
            .calendar(&todo)
            .send()
            .await;
        assert_eq!(
            (put.status.as_u16(), put.conditions()),
            (403, vec!["supported-calendar-component".into()])
        );
    }
}

/// Method, path, body, status, condition.
type Making = (
    &'static str,
    &'static str,
    String,
    u16,
    Option<&'static str>,
);

#[tokio::test]
async fn what_is_in_the_way_of_a_new_collection_is_said_precisely() {
    let world = World::new();
    world
        .put(
            "/dav/calendars/ada/calendar/e.ics",
            &event("e", &["DTSTART:20260301T000000Z"]),
        )
        .await;
    let bad = "<D:getetag>x</D:getetag><D:displayname>Bad</D:displayname>";
    let cases: [Making; 13] = [
        ("MKCALENDAR", "new/", String::new(), 201, None),
        (
            "MKCALENDAR",
            "new/",
            String::new(),
            403,
            Some("resource-must-be-null"),
        ),
        ("MKCOL", "new/", String::new(), 405, None),
        ("MKCALENDAR", "missing/new/", String::new(), 409, None),
        ("MKCOL", "missing/new/", String::new(), 409, None),
        (
            "MKCALENDAR",
            "calendar/new/",
            String::new(),
            403,
            Some("calendar-collection-location-ok"),
        ),
        (
            "MKCOL",
            "calendar/new/",
            String::new(),
            403,
            Some("calendar-collection-location-ok"),
        ),
        (
            "MKCALENDAR",
            "calendar/e.ics",
            String::new(),
            403,
            Some("resource-must-be-null"),
        ),
        ("MKCOL", "plain/", String::new(), 201, None),
        ("MKCALENDAR", "plain/nested/", String::new(), 201, None),
        ("MKCALENDAR", "bad/", mkcalendar(bad), 207, None),
        ("MKCOL", "bad/", mkcol(bad), 403, None),
        (
            "MKCOL",
            "odd/",
            mkcol("<D:resourcetype><D:collection/><D:odd/></D:resourcetype>"),
            403,
            Some("valid-resourcetype"),
        ),
    ];
    for (method, path, body, status, condition) in cases {
        let answer = world
            .request(method, &format!("{HOME}{path}"))
            .xml(&body)
            .send()
            .await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        assert_eq!(
            answer.conditions(),
            Vec::from_iter(condition),
            "{method} {path}"
        );
    }
    assert_eq!(
        world
            .request("PROPFIND", &format!("{HOME}bad/"))
            .depth("0")
            .status()
            .await,
        404
    );
    let refused = world
        .request("MKCALENDAR", &format!("{HOME}bad/"))
        .xml(&mkcalendar(bad))
        .send()
        .await;
    insta::assert_snapshot!(refused.transcript());
}

#[tokio::test]
async fn a_color_is_one_property_whatever_its_attributes() {
    let world = World::new();
    let path = "/dav/calendars/ada/calendar/";
    for color in [
        "<A:calendar-color symbolic-color='green'>#63DA38</A:calendar-color>",
        "<A:calendar-color symbolic-color='custom'>#0E61B9FF</A:calendar-color>",
    ] {
        assert_eq!(
            world
                .request("PROPPATCH", path)
                .xml(&proppatch(color, ""))
                .status()
                .await,
            207
        );
    }
    let found = world
        .request("PROPFIND", path)
        .depth("0")
        .xml(&prop(&["A:calendar-color"]))
        .send()
        .await;
    assert_eq!(found.text().matches("#").count(), 1);
    assert_eq!(
        found.property(&apple::CALENDAR_COLOR).as_deref(),
        Some("#0E61B9FF")
    );
}

#[tokio::test]
async fn a_proppatch_changes_all_or_nothing() {
    let world = World::new();
    let path = "/dav/calendars/ada/calendar/";
    let set = "<D:displayname>Changed</D:displayname><x:note xmlns:x='urn:x' a='1' xml:lang='de'>Gr\u{fc}n <x:b/></x:note>";
    let refused = world
        .request("PROPPATCH", path)
        .xml(&proppatch(&format!("{set}<D:getetag>x</D:getetag>"), ""))
        .send()
        .await;
    insta::assert_snapshot!("refused", refused.transcript());
    let names = "<D:propfind xmlns:D='DAV:'><D:prop><D:displayname/><note xmlns='urn:x'/></D:prop></D:propfind>";
    let before = world
        .request("PROPFIND", path)
        .depth("0")
        .xml(names)
        .send()
        .await;
    assert_eq!(
        before.property(&dav::DISPLAYNAME).as_deref(),
        Some("Calendar")
    );
    let done = world
        .request("PROPPATCH", path)
        .xml(&proppatch(set, "<C:calendar-description/>"))
        .send()
        .await;
    insta::assert_snapshot!("done", done.transcript());
    let after = world
        .request("PROPFIND", path)
        .depth("0")
        .xml(names)
        .send()
        .await;
    insta::assert_snapshot!("after", after.transcript());
    let minimal = world
        .request("PROPPATCH", path)
        .header("prefer", "return=minimal")
        .xml(&proppatch("", "<note xmlns='urn:x'/>"))
        .send()
        .await;
    assert_eq!(
        (minimal.status.as_u16(), minimal.text().as_str()),
        (200, "")
    );
}

#[tokio::test]
async fn a_time_zone_is_set_as_a_definition_or_by_its_id() {
    let world = World::new();
    let path = "/dav/calendars/ada/calendar/";
    let names = ["C:calendar-timezone", "C:calendar-timezone-id"];
    let id = "<C:calendar-timezone-id>Europe/Berlin</C:calendar-timezone-id>";
    assert!(
        world
            .request("PROPPATCH", path)
            .xml(&proppatch(id, ""))
            .send()
            .await
            .text()
            .contains("200 OK")
    );
    let found = world
        .request("PROPFIND", path)
        .depth("0")
        .xml(&prop(&names))
        .send()
        .await;
    assert_eq!(
        found.property(&caldav::CALENDAR_TIMEZONE_ID).as_deref(),
        Some("Europe/Berlin")
    );
    assert!(
        found
            .property(&caldav::CALENDAR_TIMEZONE)
            .unwrap()
            .contains("BEGIN:VTIMEZONE")
    );
    let wrong = [
        (
            "<C:calendar-timezone-id>Nowhere/At_All</C:calendar-timezone-id>",
            "valid-timezone",
        ),
        (
            "<C:calendar-timezone>garbage</C:calendar-timezone>",
            "valid-calendar-data",
        ),
        (
            "<C:calendar-timezone>BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n</C:calendar-timezone>",
            "valid-calendar-data",
        ),
    ];
    for (set, condition) in wrong {
        let answer = world
            .request("PROPPATCH", path)
            .xml(&proppatch(set, ""))
            .send()
            .await;
        assert!(
            answer.text().contains(condition) && answer.text().contains("403"),
            "{set}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_deleted_calendar_frees_its_url_at_once() {
    let world = World::new();
    let path = "/dav/calendars/ada/calendar/";
    world
        .put(
            &format!("{path}e.ics"),
            &event("e", &["DTSTART:20260301T000000Z"]),
        )
        .await;
    assert_eq!(world.request("DELETE", path).depth("0").status().await, 400);
    assert_eq!(world.request("DELETE", path).status().await, 204);
    assert_eq!(
        world.request("PROPFIND", path).depth("0").status().await,
        404
    );
    assert_eq!(world.request("MKCALENDAR", path).status().await, 201);
    let listing = world.request("PROPFIND", path).depth("1").send().await;
    assert_eq!(listing.hrefs(), [path]);
    assert_eq!(world.request("DELETE", HOME).status().await, 405);
}

#[tokio::test]
async fn a_calendar_is_deleted_only_as_the_client_knows_it() {
    let world = World::new();
    let path = "/dav/calendars/ada/calendar/";
    let known = world.request("GET", path).send().await.etag();
    let body = event("e", &["DTSTART:20260301T000000Z"]);
    world.put(&format!("{path}e.ics"), &body).await;
    let delete = world.request("DELETE", path);
    for (name, value) in [
        ("if-match", known.as_str()),
        ("if-none-match", "*"),
        ("if-unmodified-since", "Sun, 01 Mar 2026 11:59:59 GMT"),
    ] {
        let refused = delete.clone().header(name, value);
        assert_eq!(refused.status().await, 412, "{name}");
    }
    let now = world.request("GET", path).send().await.etag();
    assert_eq!(delete.header("if-match", &now).status().await, 204);
}

#[tokio::test]
async fn collections_answer_with_and_without_their_slash() {
    let world = World::new();
    for path in [
        "/dav/calendars/ada/calendar",
        "/dav/calendars/ada/calendar/",
        "/dav//calendars/ada//calendar/",
    ] {
        for (method, status) in [("PROPFIND", 207), ("OPTIONS", 200), ("GET", 200)] {
            assert_eq!(
                world.request(method, path).depth("0").status().await,
                status,
                "{method} {path}"
            );
        }
        let found = world.request("PROPFIND", path).depth("0").send().await;
        assert_eq!(found.hrefs(), ["/dav/calendars/ada/calendar/"]);
    }
}

#[tokio::test]
async fn principals_of_any_name_have_calendars() {
    let world = World::new();
    for (name, segment) in [
        ("The King", "The%20King"),
        ("a@b.c", "a@b.c"),
        ("Zo\u{eb}/x", "Zo%C3%AB%2Fx"),
        ("cn=a,dc=b", "cn=a,dc=b"),
    ] {
        let call = |method: &str, path: &str| world.request(method, path).user(name);
        let root = call("PROPFIND", "/dav/")
            .depth("0")
            .xml(&prop(&["D:current-user-principal"]))
            .send()
            .await;
        let principal = format!("/dav/principals/{segment}/");
        assert!(
            root.text()
                .contains(&format!("<D:href>{principal}</D:href>")),
            "{}",
            root.text()
        );
        let home = format!("/dav/calendars/{segment}/");
        let found = call("PROPFIND", &principal)
            .depth("0")
            .xml(&prop(&["C:calendar-home-set"]))
            .send()
            .await;
        assert!(
            found.text().contains(&format!("<D:href>{home}</D:href>")),
            "{}",
            found.text()
        );
        assert_eq!(
            call("MKCALENDAR", &format!("{home}new%20one/"))
                .status()
                .await,
            201
        );
        let object = format!("{home}new%20one/%C3%A9%20vent.ics");
        let body = event("e", &["DTSTART:20260301T000000Z"]);
        assert_eq!(call("PUT", &object).calendar(&body).status().await, 201);
        let multiget = format!(
            "<C:calendar-multiget {NS}><D:prop><D:getetag/></D:prop><D:href>{object}</D:href></C:calendar-multiget>"
        );
        let got = call("REPORT", &format!("{home}new%20one/"))
            .xml(&multiget)
            .send()
            .await;
        assert_eq!(got.hrefs(), [object]);
        assert!(got.text().contains("200 OK"));
    }
}

#[tokio::test]
async fn the_names_of_scheduling_are_taken_by_nothing_else() {
    let world = World::new();
    let home = "/dav/calendars/ada/";
    assert_eq!(
        world
            .request("MKCOL", &format!("{home}files/"))
            .status()
            .await,
        201
    );
    for name in ["inbox", "outbox"] {
        let path = format!("{home}{name}/");
        let mut calls: Vec<_> = ["MKCALENDAR", "MKCOL"]
            .map(|method| world.request(method, &path))
            .into();
        calls.push(world.request("PUT", &format!("{home}{name}")));
        for method in ["MOVE", "COPY"] {
            let call = world.request(method, &format!("{home}files/"));
            calls.push(call.header("destination", &path));
        }
        for call in calls {
            let answer = call.send().await;
            assert_eq!(
                (answer.status.as_u16(), answer.conditions()),
                (403, vec!["calendar-collection-location-ok".to_owned()]),
                "{name}: {}",
                answer.text()
            );
        }
        assert_eq!(
            world.request("PROPFIND", &path).depth("0").status().await,
            404
        );
    }
}

#[tokio::test]
async fn a_calendar_for_components_that_it_could_not_take_is_not_made() {
    let world = World::new();
    let set = |names: &[&str]| {
        let comps = names.iter().map(|name| format!("<C:comp name='{name}'/>"));
        let comps: String = comps.collect();
        format!(
            "<C:mkcalendar xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set><D:prop>\
             <C:supported-calendar-component-set>{comps}</C:supported-calendar-component-set>\
             </D:prop></D:set></C:mkcalendar>"
        )
    };
    let path = "/dav/calendars/ada/odd/";
    for names in [
        &["VEVENT", "X-COFFEE"][..],
        &["VALARM"],
        &[],
        &["VTIMEZONE"],
    ] {
        let call = world.request("MKCALENDAR", path).xml(&set(names));
        let answer = call.send().await;
        assert!(
            answer.status == 207 && answer.text().contains("C:supported-calendar-component/"),
            "{names:?}: {}",
            answer.text()
        );
        assert_eq!(
            world.request("PROPFIND", path).depth("0").status().await,
            404
        );
    }
    let usual = set(&["VEVENT", "VTIMEZONE"]);
    assert_eq!(
        world.request("MKCALENDAR", path).xml(&usual).status().await,
        201
    );
}
