//! `PROPFIND`: what is asked for, what there is, and how the two meet.

use crate::world::{World, event, prop};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

async fn world() -> World {
    let world = World::new();
    world
        .put(
            &format!("{CALENDAR}a.ics"),
            &event("a", &["DTSTART:20260302T090000Z"]),
        )
        .await;
    let set = "<D:propertyupdate xmlns:D='DAV:' xmlns:A='http://apple.com/ns/ical/' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set><D:prop>\
         <A:calendar-color>#112233</A:calendar-color><A:calendar-order>3</A:calendar-order>\
         <C:calendar-description xml:lang='en'>Mine</C:calendar-description><note xmlns='urn:x'>dead</note>\
         </D:prop></D:set></D:propertyupdate>";
    assert_eq!(
        world.request("PROPPATCH", CALENDAR).xml(set).status().await,
        207
    );
    world
}

#[tokio::test]
async fn all_properties_of_every_kind_of_resource() {
    let world = world().await;
    for path in [
        "/dav/",
        "/dav/principals/ada/",
        "/dav/calendars/ada/",
        CALENDAR,
        &format!("{CALENDAR}a.ics"),
    ] {
        let names = world
            .request("PROPFIND", path)
            .depth("0")
            .xml("<propfind xmlns='DAV:'><propname/></propfind>")
            .send()
            .await;
        let multistatus = names.multistatus();
        let asked: String = multistatus.responses[0].propstats()[0]
            .properties
            .iter()
            .map(|property| {
                format!(
                    "<{} xmlns='{}'/>",
                    property.name().local(),
                    property.name().namespace().as_str()
                )
            })
            .collect();
        let body = format!("<propfind xmlns='DAV:'><prop>{asked}</prop></propfind>");
        let values = world
            .request("PROPFIND", path)
            .depth("0")
            .xml(&body)
            .send()
            .await;
        assert_eq!(
            values.multistatus().responses[0].propstats().len(),
            1,
            "what is named is there: {path}"
        );
        insta::assert_snapshot!(values.transcript());
    }
}

#[tokio::test]
async fn allprop_an_empty_body_and_include() {
    let world = world().await;
    let empty = world.request("PROPFIND", CALENDAR).depth("0").send().await;
    let allprop = world
        .request("PROPFIND", CALENDAR)
        .depth("0")
        .xml("<propfind xmlns='DAV:'><allprop/></propfind>")
        .send()
        .await;
    assert_eq!(empty.text(), allprop.text());
    let include =
        "<propfind xmlns='DAV:'><allprop/><include><owner/><sync-token/></include></propfind>";
    insta::assert_snapshot!(
        world
            .request("PROPFIND", CALENDAR)
            .depth("0")
            .xml(include)
            .send()
            .await
            .transcript()
    );
}

#[tokio::test]
async fn sixty_unknown_properties_are_one_404_and_no_fault() {
    let world = world().await;
    let unknown: String = (0..60).map(|n| format!("<CS:unknown-{n}/>")).collect();
    let body =
        prop(&["D:displayname"]).replace("<D:displayname/>", &format!("<D:displayname/>{unknown}"));
    let answer = world
        .request("PROPFIND", CALENDAR)
        .depth("0")
        .xml(&body)
        .send()
        .await;
    let multistatus = answer.multistatus();
    let counts: Vec<_> = multistatus.responses[0]
        .propstats()
        .iter()
        .map(|found| (found.status.as_u16(), found.properties.len()))
        .collect();
    assert_eq!(counts, [(200, 1), (404, 60)]);
    for preference in [("prefer", "return=minimal"), ("brief", "t")] {
        let minimal = world
            .request("PROPFIND", CALENDAR)
            .depth("0")
            .header(preference.0, preference.1)
            .xml(&body)
            .send()
            .await;
        assert_eq!(
            minimal.multistatus().responses[0].propstats().len(),
            1,
            "{preference:?}"
        );
    }
}

#[tokio::test]
async fn depth_reaches_as_far_as_it_says() {
    let world = world().await;
    let ask = |path: &str| {
        world
            .request("PROPFIND", path)
            .xml(&prop(&["D:resourcetype"]))
    };
    let hrefs = ask(CALENDAR).depth("0").send().await.hrefs();
    assert_eq!(hrefs, [CALENDAR]);
    let hrefs = ask(CALENDAR).depth("1").send().await.hrefs();
    assert_eq!(hrefs, [CALENDAR.to_owned(), format!("{CALENDAR}a.ics")]);
    for noroot in [("prefer", "depth-noroot"), ("depth", "1,noroot")] {
        let hrefs = ask(CALENDAR)
            .depth("1")
            .header(noroot.0, noroot.1)
            .send()
            .await
            .hrefs();
        assert_eq!(
            hrefs.len(),
            if noroot.0 == "prefer" { 1 } else { 2 },
            "{noroot:?}"
        );
    }
    let infinite = ask(CALENDAR).depth("infinity").send().await;
    assert_eq!(
        (infinite.status.as_u16(), infinite.conditions()),
        (403, vec!["propfind-finite-depth".to_owned()])
    );
    assert_eq!(ask(CALENDAR).depth("2").status().await, 400);
    assert_eq!(
        ask("/dav/calendars/ada/none/").depth("0").status().await,
        404
    );
    assert_eq!(
        ask("/dav/").depth("1").send().await.hrefs(),
        ["/dav/", "/dav/calendars/", "/dav/principals/"]
    );
    assert_eq!(
        ask("/dav/principals/").depth("1").send().await.hrefs(),
        ["/dav/principals/", "/dav/principals/ada/"]
    );
    assert_eq!(
        ask("/dav/calendars/").depth("1").send().await.hrefs(),
        ["/dav/calendars/", "/dav/calendars/ada/"]
    );
}

#[tokio::test]
async fn the_ctag_moves_with_members_and_only_with_them() {
    let world = world().await;
    let ctag = async || {
        let answer = world
            .request("PROPFIND", CALENDAR)
            .depth("0")
            .xml(&prop(&["CS:getctag", "D:sync-token"]))
            .send()
            .await;
        let token = answer.property(&cal_dav::name::dav::SYNC_TOKEN).unwrap();
        assert_eq!(
            answer
                .property(&cal_dav::name::calendarserver::GETCTAG)
                .as_ref(),
            Some(&token)
        );
        token
    };
    let first = ctag().await;
    world
        .request("GET", &format!("{CALENDAR}a.ics"))
        .send()
        .await;
    assert_eq!(ctag().await, first, "reads change nothing");
    let mut last = first;
    for (method, path, destination) in [
        ("COPY", "a.ics", "/dav/calendars/ada/two/x.ics"),
        ("MOVE", "a.ics", "b.ics"),
        ("DELETE", "b.ics", ""),
    ] {
        world
            .request("MKCALENDAR", "/dav/calendars/ada/two/")
            .send()
            .await;
        let destination = if destination.starts_with('/') {
            destination.to_owned()
        } else {
            format!("{CALENDAR}{destination}")
        };
        let done = world
            .request(method, &format!("{CALENDAR}{path}"))
            .header("destination", &destination)
            .send()
            .await;
        assert!(done.status.is_success(), "{method}: {}", done.text());
        let now = ctag().await;
        assert_eq!(now == last, method == "COPY", "{method}");
        last = now;
    }
}

#[tokio::test]
async fn a_text_keeps_its_language_until_it_is_set_again() {
    let world = world().await;
    let names = [
        cal_dav::name::dav::DISPLAYNAME.clone(),
        cal_dav::name::caldav::CALENDAR_DESCRIPTION.clone(),
    ];
    let set = |lang: &str, text: &str| {
        format!(
            "<D:propertyupdate xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set>\
             <D:prop{lang}><D:displayname>{text}</D:displayname>\
             <C:calendar-description>{text}</C:calendar-description></D:prop></D:set>\
             </D:propertyupdate>"
        )
    };
    for (lang, text, expected) in [
        (" xml:lang='de'", "Arbeit", Some("de")),
        (" xml:lang='fr'", "Travail", Some("fr")),
        ("", "Work", None),
    ] {
        let patch = world.request("PROPPATCH", CALENDAR).xml(&set(lang, text));
        assert_eq!(patch.status().await, 207);
        let ask = prop(&["D:displayname", "C:calendar-description"]);
        let found = world.request("PROPFIND", CALENDAR).depth("0").xml(&ask);
        let found = found.send().await.multistatus();
        for name in &names {
            let value = found.responses[0].property(name).unwrap();
            assert_eq!((value.text().as_str(), value.language()), (text, expected));
        }
    }
    let details = "<D:propfind xmlns:D='DAV:'><D:propname/></D:propfind>";
    let listed = world.request("PROPFIND", CALENDAR).depth("0").xml(details);
    let listed = listed.send().await.text();
    assert_eq!(listed.matches("displayname").count(), 1, "{listed}");
}

#[tokio::test]
async fn a_preference_that_was_heeded_is_said_to_be() {
    let world = world().await;
    let both = "return=minimal, depth-noroot";
    let ask = prop(&["D:getetag", "D:unheard-of"]);
    let set = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><D:displayname>x</D:displayname>\
               </D:prop></D:set></D:propertyupdate>";
    for (method, depth, body, applied) in [
        ("PROPFIND", "1", ask.as_str(), Some(both)),
        ("PROPFIND", "0", ask.as_str(), Some("return=minimal")),
        ("PROPPATCH", "0", set, Some("return=minimal")),
    ] {
        let call = world.request(method, CALENDAR).depth(depth).xml(body);
        let answer = call.clone().header("prefer", both).send().await;
        assert_eq!(answer.header("preference-applied"), applied, "{method}");
        assert_eq!(answer.header("vary"), Some("Brief, Prefer"), "{method}");
        let plain = call.send().await;
        assert_eq!(plain.header("preference-applied"), None, "{method}");
        assert_eq!(plain.header("vary"), Some("Brief, Prefer"), "{method}");
    }
    // What is made has no answer to shorten; what is not made is told in full.
    for (method, body, status, applied) in [
        ("MKCALENDAR", "", 201, Some("return=minimal")),
        ("MKCOL", "", 201, Some("return=minimal")),
        (
            "MKCALENDAR",
            "<C:mkcalendar xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set><D:prop>\
             <D:getetag>x</D:getetag></D:prop></D:set></C:mkcalendar>",
            207,
            None,
        ),
    ] {
        let path = format!("/dav/calendars/ada/{method}-{status}/");
        let call = world.request(method, &path).xml(body);
        let answer = call.header("prefer", "return=minimal").send().await;
        assert_eq!(answer.status, status, "{method}");
        assert_eq!(answer.header("preference-applied"), applied, "{method}");
        assert_eq!(answer.header("vary"), Some("Prefer"), "{method}");
    }
}

#[tokio::test]
async fn limits_are_the_servers_own() {
    let world = world().await;
    for name in [
        "max-instances",
        "max-attachment-size",
        "max-attendees-per-instance",
        "min-date-time",
    ] {
        let set = format!(
            "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop>\
             <{name} xmlns='urn:ietf:params:xml:ns:caldav'>1</{name}></D:prop></D:set>\
             </D:propertyupdate>"
        );
        let answer = world.request("PROPPATCH", CALENDAR).xml(&set).send().await;
        let text = answer.text();
        assert!(text.contains("cannot-modify-protected-property"), "{text}");
    }
}
