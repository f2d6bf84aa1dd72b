//! The reports about principals and properties, and how reports are refused.

use crate::world::{World, event};

fn search(match_: &str, property: &str) -> String {
    format!(
        "<D:principal-property-search xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <D:property-search><D:prop><{property}/></D:prop><D:match>{match_}</D:match></D:property-search>\
         <D:prop><D:displayname/><D:unheard-of/></D:prop></D:principal-property-search>"
    )
}

#[tokio::test]
async fn a_principal_is_found_by_name_and_address() {
    let world = World::new();
    for path in ["/dav/principals/", "/dav/", "/dav/principals/ada/"] {
        for (text, property, count) in [
            ("ada", "D:displayname", 1),
            ("AD", "D:displayname", 1),
            ("nobody", "D:displayname", 0),
            ("ada@example.com", "C:calendar-user-address-set", 1),
            ("ada", "D:unheard-of", 0),
        ] {
            let answer = world
                .request("REPORT", path)
                .xml(&search(text, property))
                .send()
                .await;
            assert_eq!(answer.hrefs().len(), count, "{path} {text} {property}");
        }
    }
    // As python-caldav writes it: what is asked for stands beside an empty prop.
    let astray = search("ada", "D:displayname").replace(
        "<D:prop><D:displayname/><D:unheard-of/></D:prop>",
        "<D:prop/><D:displayname/>",
    );
    let answer = world.request("REPORT", "/dav/").xml(&astray).send().await;
    assert_eq!(
        answer.property(&cal_dav::name::dav::DISPLAYNAME).as_deref(),
        Some("ada")
    );
    let everyone = "<D:principal-property-search xmlns:D='DAV:'><D:prop><D:displayname/></D:prop></D:principal-property-search>";
    let answer = world
        .request("REPORT", "/")
        .xml(everyone)
        .send_to(world.dav.discovery())
        .await;
    assert_eq!(answer.hrefs(), ["/dav/principals/ada/"]);
    insta::assert_snapshot!(
        world
            .request("REPORT", "/dav/principals/")
            .xml(&search("ada", "D:displayname"))
            .send()
            .await
            .transcript()
    );
}

#[tokio::test]
async fn what_can_be_searched_and_who_one_is() {
    let world = World::new();
    let set = world
        .request("REPORT", "/dav/principals/")
        .xml("<D:principal-search-property-set xmlns:D='DAV:'/>")
        .send()
        .await;
    insta::assert_snapshot!("search_properties", set.transcript());
    let own = "<D:principal-match xmlns:D='DAV:'><D:self/><D:prop><D:displayname/></D:prop></D:principal-match>";
    let found = world
        .request("REPORT", "/dav/principals/")
        .xml(own)
        .send()
        .await;
    assert_eq!(found.hrefs(), ["/dav/principals/ada/"]);
}

#[tokio::test]
async fn properties_are_expanded_as_deep_as_asked() {
    let world = World::new();
    let body = "<D:expand-property xmlns:D='DAV:'>\
         <D:property name='displayname'/><D:property name='unheard-of'/>\
         <D:property name='owner'><D:property name='displayname'/>\
         <D:property name='calendar-home-set' namespace='urn:ietf:params:xml:ns:caldav'><D:property name='resourcetype'/></D:property>\
         </D:property></D:expand-property>";
    insta::assert_snapshot!(
        world
            .request("REPORT", "/dav/calendars/ada/calendar/")
            .xml(body)
            .send()
            .await
            .transcript()
    );
    let broken = "<D:expand-property xmlns:D='DAV:'><D:property/></D:expand-property>";
    assert_eq!(
        world
            .request("REPORT", "/dav/calendars/ada/calendar/")
            .xml(broken)
            .status()
            .await,
        400
    );
}

#[tokio::test]
async fn reports_that_a_resource_does_not_have_are_refused_by_name() {
    let world = World::new();
    let sync = "<D:sync-collection xmlns:D='DAV:'><D:sync-token/><D:sync-level>1</D:sync-level><D:prop/></D:sync-collection>";
    let query = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop/><C:filter><C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>";
    let unknown = "<x:unknown xmlns:x='urn:x'/>";
    for (path, body) in [
        ("/dav/principals/ada/", sync),
        ("/dav/", query),
        ("/dav/calendars/ada/calendar/", unknown),
        (
            "/dav/calendars/ada/calendar/",
            &search("ada", "D:displayname"),
        ),
    ] {
        let answer = world
            .request("REPORT", path)
            .depth("1")
            .xml(body)
            .send()
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["supported-report".to_owned()]),
            "{path}"
        );
    }
}

/// RFC 3744 section 9.3: members at any depth of which a property names who asks.
#[tokio::test]
async fn what_is_ones_own_is_found_below_any_collection() {
    let world = World::new();
    let body = event("a", &["DTSTART:20260302T090000Z"]);
    world.put("/dav/calendars/ada/calendar/a.ics", &body).await;
    for path in ["/dav/calendars/ada/files/", "/dav/calendars/ada/files/in/"] {
        assert_eq!(world.request("MKCOL", path).status().await, 201);
    }
    let put = world.request("PUT", "/dav/calendars/ada/files/in/b.txt");
    assert_eq!(put.body("b").status().await, 201);
    let by = |what: &str| {
        format!(
            "<D:principal-match xmlns:D='DAV:'>{what}<D:prop><D:resourcetype/></D:prop></D:principal-match>"
        )
    };
    let owned = by("<D:principal-property><D:owner/></D:principal-property>");
    for (path, expected) in [
        (
            "/dav/calendars/ada/",
            vec![
                "/dav/calendars/ada/calendar/",
                "/dav/calendars/ada/calendar/a.ics",
                "/dav/calendars/ada/files/",
                "/dav/calendars/ada/files/in/",
                "/dav/calendars/ada/files/in/b.txt",
                "/dav/calendars/ada/tasks/",
            ],
        ),
        (
            "/dav/calendars/ada/calendar/",
            vec!["/dav/calendars/ada/calendar/a.ics"],
        ),
        (
            "/dav/calendars/ada/files/",
            vec![
                "/dav/calendars/ada/files/in/",
                "/dav/calendars/ada/files/in/b.txt",
            ],
        ),
        (
            "/dav/calendars/ada/files/in/",
            vec!["/dav/calendars/ada/files/in/b.txt"],
        ),
    ] {
        let answer = world.request("REPORT", path).xml(&owned).send().await;
        let mut found = answer.hrefs();
        found.sort();
        assert_eq!(found, expected, "{path}");
        for nothing in [
            by("<D:self/>"),
            by("<D:principal-property><D:displayname/></D:principal-property>"),
            by("<D:principal-property><D:unheard-of/></D:principal-property>"),
        ] {
            let answer = world.request("REPORT", path).xml(&nothing).send().await;
            assert!(answer.hrefs().is_empty(), "{path} {nothing}");
        }
        let deep = world.request("REPORT", path).depth("1").xml(&owned);
        assert_eq!(deep.status().await, 400, "{path}");
    }
}
