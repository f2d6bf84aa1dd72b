//! What a calendar does not take, and how it says so: 403 with the one element that names it.

use cal_caldav_server::Limits;

use crate::world::{World, component, event};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

fn valid() -> String {
    event("a", &["DTSTART:20260302T090000Z"])
}

#[tokio::test]
async fn each_broken_body_meets_the_element_that_names_its_fault() {
    let world = World::with_limits(Limits {
        resource_size: 20_000,
        attendees: 3,
        ..Limits::default()
    });
    let two_uids = valid().replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:b\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260302T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR",
    );
    let mixed = valid().replace(
        "END:VCALENDAR",
        "BEGIN:VTODO\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nEND:VTODO\r\nEND:VCALENDAR",
    );
    let crowd: Vec<String> = (0..4)
        .map(|n| format!("ATTENDEE:mailto:p{n}@example.com"))
        .collect();
    let crowd: Vec<&str> = std::iter::once("DTSTART:20260302T090000Z")
        .chain(crowd.iter().map(String::as_str))
        .collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", Vec::new(), "valid-calendar-data"),
        ("text", b"hello".to_vec(), "valid-calendar-data"),
        ("html", b"<html></html>".to_vec(), "valid-calendar-data"),
        (
            "cut off",
            valid().replace("END:VCALENDAR\r\n", "").into_bytes(),
            "valid-calendar-data",
        ),
        (
            "a line without a colon",
            valid()
                .replace("DTSTART", "GARBAGE LINE\r\nDTSTART")
                .into_bytes(),
            "valid-calendar-data",
        ),
        (
            "not UTF-8",
            valid()
                .replace("DTSTART", "SUMMARY:\u{1}\r\nDTSTART")
                .into_bytes()
                .iter()
                .map(|b| if *b == 1 { 0xff } else { *b })
                .collect(),
            "valid-calendar-data",
        ),
        (
            "a control character",
            valid()
                .replace("DTSTART", "SUMMARY:\u{1}\r\nDTSTART")
                .into_bytes(),
            "valid-calendar-data",
        ),
        (
            "a NUL",
            valid()
                .replace("DTSTART", "SUMMARY:\0\r\nDTSTART")
                .into_bytes(),
            "valid-calendar-data",
        ),
        (
            "a rule that is none",
            event("a", &["DTSTART:20260302T090000Z", "RRULE:FREQ=SOMETIMES"]).into_bytes(),
            "valid-calendar-data",
        ),
        (
            "a start that is none",
            event("a", &["DTSTART:tomorrow"]).into_bytes(),
            "valid-calendar-data",
        ),
        (
            "an end that is none",
            event("a", &["DTSTART:20260302T090000Z", "DTEND:later"]).into_bytes(),
            "valid-calendar-data",
        ),
        (
            "a duration that is none",
            event("a", &["DTSTART:20260302T090000Z", "DURATION:1 hour"]).into_bytes(),
            "valid-calendar-data",
        ),
        (
            "an added date that is none",
            event("a", &["DTSTART:20260302T090000Z", "RDATE:garbage"]).into_bytes(),
            "valid-calendar-data",
        ),
        (
            "one of several added dates that is none",
            event(
                "a",
                &["DTSTART:20260302T090000Z", "RDATE:20260303T090000Z,x"],
            )
            .into_bytes(),
            "valid-calendar-data",
        ),
        (
            "an added period that is none",
            event(
                "a",
                &[
                    "DTSTART:20260302T090000Z",
                    "RDATE;VALUE=PERIOD:20260303T090000Z/foo",
                ],
            )
            .into_bytes(),
            "valid-calendar-data",
        ),
        (
            "two starts",
            event(
                "a",
                &["DTSTART:20260302T090000Z", "DTSTART:20260303T090000Z"],
            )
            .into_bytes(),
            "valid-calendar-data",
        ),
        (
            "an added date after the last",
            event(
                "a",
                &[
                    "DTSTART:20260302T090000Z",
                    "RDATE;TZID=America/New_York:99991231T230000",
                ],
            )
            .into_bytes(),
            "max-date-time",
        ),
        (
            "a time before the first",
            event("a", &["DTSTART:00000101T000000Z"]).into_bytes(),
            "min-date-time",
        ),
        (
            "a time in a zone whose year has not begun in UTC",
            event("a", &["DTSTART;TZID=Asia/Tokyo:00010101T000000"]).into_bytes(),
            "min-date-time",
        ),
        (
            "a time in a zone whose year has ended in UTC",
            event("a", &["DTSTART;TZID=America/New_York:99991231T230000"]).into_bytes(),
            "max-date-time",
        ),
        (
            "METHOD",
            valid()
                .replace("BEGIN:VEVENT", "METHOD:REQUEST\r\nBEGIN:VEVENT")
                .into_bytes(),
            "valid-calendar-object-resource",
        ),
        (
            "two UIDs",
            two_uids.into_bytes(),
            "valid-calendar-object-resource",
        ),
        (
            "two kinds",
            mixed.into_bytes(),
            "valid-calendar-object-resource",
        ),
        (
            "no UID",
            valid().replace("UID:a\r\n", "").into_bytes(),
            "valid-calendar-object-resource",
        ),
        (
            "nothing in it",
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n".to_vec(),
            "valid-calendar-object-resource",
        ),
        (
            "a to-do",
            component("VTODO", "a", &[]).into_bytes(),
            "supported-calendar-component",
        ),
        (
            "too large",
            event(
                "a",
                &[
                    "DTSTART:20260302T090000Z",
                    &format!("DESCRIPTION:{}", "x".repeat(20_000)),
                ],
            )
            .into_bytes(),
            "max-resource-size",
        ),
        (
            "too many attendees",
            event("a", &crowd).into_bytes(),
            "max-attendees-per-instance",
        ),
    ];
    for (what, body, element) in cases {
        let put = world
            .request("PUT", &format!("{CALENDAR}x.ics"))
            .header("content-type", "text/calendar")
            .body(body);
        let answer = put.send().await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec![element.to_owned()]),
            "{what}: {}",
            answer.text()
        );
        assert_eq!(
            world
                .request("GET", &format!("{CALENDAR}x.ics"))
                .status()
                .await,
            404,
            "{what}"
        );
    }
    let typed = world
        .request("PUT", &format!("{CALENDAR}x.ics"))
        .header("content-type", "text/plain")
        .body(valid());
    assert_eq!(typed.send().await.conditions(), ["supported-calendar-data"]);
}

#[tokio::test]
async fn a_second_object_with_a_uid_is_told_who_has_it() {
    let world = World::new();
    world.put(&format!("{CALENDAR}first.ics"), &valid()).await;
    world
        .put(
            &format!("{CALENDAR}other.ics"),
            &event("b", &["DTSTART:20260302T090000Z"]),
        )
        .await;
    let second = world
        .request("PUT", &format!("{CALENDAR}second.ics"))
        .calendar(&valid())
        .send()
        .await;
    insta::assert_snapshot!(second.transcript());
    let onto = world
        .request("PUT", &format!("{CALENDAR}other.ics"))
        .calendar(&valid())
        .send()
        .await;
    assert_eq!(
        (onto.status.as_u16(), onto.conditions()),
        (403, vec!["no-uid-conflict".to_owned()])
    );
    assert_eq!(
        world
            .request("MKCALENDAR", "/dav/calendars/ada/two/")
            .status()
            .await,
        201
    );
    world
        .put("/dav/calendars/ada/two/first.ics", &valid())
        .await;
    for method in ["COPY", "MOVE"] {
        let answer = world
            .request(method, &format!("{CALENDAR}first.ics"))
            .header("destination", "/dav/calendars/ada/two/third.ics")
            .send()
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["no-uid-conflict".to_owned()]),
            "{method}"
        );
        assert!(
            answer
                .text()
                .contains("<D:href>/dav/calendars/ada/two/first.ics</D:href>"),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_file_that_enters_a_calendar_is_judged_like_one_that_is_stored_there() {
    let world = World::new();
    let files = "/dav/calendars/ada/files/";
    assert_eq!(world.request("MKCOL", files).status().await, 201);
    world
        .put(
            &format!("{CALENDAR}taken.ics"),
            &event("taken", &["DTSTART:20260302T090000Z"]),
        )
        .await;
    let message = valid().replace("BEGIN:VEVENT", "METHOD:REQUEST\r\nBEGIN:VEVENT");
    let cases = [
        ("text/plain", valid(), Err("supported-calendar-data")),
        (
            "text/calendar",
            "hello".to_owned(),
            Err("valid-calendar-data"),
        ),
        (
            "text/calendar",
            message,
            Err("valid-calendar-object-resource"),
        ),
        (
            "text/calendar",
            component("VTODO", "a", &[]),
            Err("supported-calendar-component"),
        ),
        (
            "text/calendar",
            event("taken", &["DTSTART:20260302T090000Z"]),
            Err("no-uid-conflict"),
        ),
        ("text/calendar", valid(), Ok(())),
    ];
    for (content_type, body, expected) in cases {
        for method in ["COPY", "MOVE"] {
            let (from, to) = (format!("{files}a"), format!("{CALENDAR}a.ics"));
            let put = world
                .request("PUT", &from)
                .header("content-type", content_type);
            assert!(put.body(body.clone()).send().await.status.is_success());
            let answer = world
                .request(method, &from)
                .header("destination", &to)
                .send()
                .await;
            match expected {
                Err(condition) => {
                    assert_eq!(
                        (answer.status.as_u16(), answer.conditions()),
                        (403, vec![condition.to_owned()]),
                        "{method} {body}"
                    );
                    assert_eq!(world.request("GET", &from).send().await.text(), body);
                }
                Ok(()) => {
                    assert_eq!(answer.status, 201, "{}", answer.text());
                    assert_eq!(world.request("GET", &to).send().await.text(), body);
                    assert_eq!(
                        world.request("GET", &from).status().await,
                        if method == "MOVE" { 404 } else { 200 }
                    );
                    assert_eq!(world.request("DELETE", &to).status().await, 204);
                }
            }
        }
    }
}

#[tokio::test]
async fn quirks_of_shipping_clients_are_stored_as_they_came() {
    let world = World::new();
    assert_eq!(
        world
            .request("MKCALENDAR", "/dav/calendars/ada/any/")
            .status()
            .await,
        201
    );
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nCOMMENT:odd here\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let start = "DTSTART:20260302T090000Z";
    let bodies = [
        ("no PRODID", valid().replace("PRODID:-//Example//Client//EN\r\n", "")),
        ("no DTSTAMP", valid().replace("DTSTAMP:20260101T000000Z\r\n", "")),
        ("an empty to-do", component("VTODO", "a", &[])),
        ("an empty GEO", event("a", &[start, "GEO:"])),
        ("a COMMENT in VTIMEZONE", event("a", &["DTSTART;TZID=Europe/Berlin:20260302T090000"]).replace("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"))),
        ("UNTIL without Z", event("a", &["DTSTART;TZID=Europe/Berlin:20260302T090000", "RRULE:FREQ=DAILY;UNTIL=20260310T090000"])),
        ("a TZID without VTIMEZONE", event("a", &["DTSTART;TZID=Europe/Berlin:20260302T090000"])),
        ("a Windows TZID", event("a", &["DTSTART;TZID=W. Europe Standard Time:20260302T090000"])),
        ("a space before CREATED's value", event("a", &[start, "CREATED: 20260101T000000Z"])),
        ("a newline in a parameter", event("a", &[start, "ATTENDEE;CN=\"A\\nB\":mailto:a@example.com"])),
        ("an odd REQUEST-STATUS", event("a", &[start, "REQUEST-STATUS:oops"])),
        ("DTEND and DURATION", event("a", &[start, "DTEND:20260302T100000Z", "DURATION:PT1H"])),
        ("an end before the start", event("a", &[start, "DTEND:20260302T080000Z"])),
        ("all instances excluded", event("a", &[start, "RRULE:FREQ=DAILY;COUNT=1", "EXDATE:20260302T090000Z"])),
        ("an override with a rule", valid().replace("END:VCALENDAR", "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:20260302T090000Z\r\nDTSTART:20260302T100000Z\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR")),
        ("only an override", event("a", &[start, "RECURRENCE-ID:20260302T090000Z"])),
        ("a rule that counts to none", event("a", &[start, "RRULE:FREQ=DAILY;COUNT=0"])),
        ("a rule that steps by none", event("a", &[start, "RRULE:FREQ=DAILY;INTERVAL=0"])),
        ("an exception that is no date", event("a", &[start, "RRULE:FREQ=DAILY", "EXDATE:garbage"])),
        ("an added period and no dates", event("a", &[start, "RDATE;VALUE=PERIOD:20260303T090000Z/PT1H", "RDATE:"])),
        ("a billion instances", event("a", &[start, "RRULE:FREQ=DAILY;COUNT=1000000000"])),
        ("every second", event("a", &[start, "RRULE:FREQ=SECONDLY"])),
        ("bare line feeds", valid().replace("\r\n", "\n")),
        ("a byte order mark", format!("\u{feff}{}", valid())),
        ("lower case", valid().replace("BEGIN:VEVENT", "begin:vevent").replace("DTSTART", "dtstart")),
        ("a journal", component("VJOURNAL", "a", &["SUMMARY:x"])),
        ("a long folded UID", event(&"u".repeat(60), &[start]).replace(&"u".repeat(60), &format!("{}\r\n {}", "u".repeat(30), "v".repeat(300)))),
    ];
    for (what, body) in bodies {
        let path = "/dav/calendars/ada/any/x.ics";
        let answer = world.request("PUT", path).body(body.clone()).send().await;
        assert_eq!(answer.status, 201, "{what}: {}", answer.text());
        assert!(answer.header("etag").is_some(), "{what}");
        assert_eq!(
            world.request("GET", path).send().await.text(),
            body,
            "{what}"
        );
        assert_eq!(world.request("DELETE", path).status().await, 204);
    }
}

#[tokio::test]
async fn headers_of_a_put_that_cannot_be_honoured_are_refused() {
    let world = World::new();
    let path = format!("{CALENDAR}x.ics");
    for (name, value, status) in [
        ("content-encoding", "gzip", 415),
        ("content-encoding", "br", 415),
        ("content-range", "bytes 0-5/10", 400),
        ("content-encoding", "identity", 201),
    ] {
        let put = world
            .request("PUT", &path)
            .header(name, value)
            .calendar(&valid());
        assert_eq!(put.status().await, status, "{name}: {value}");
    }
    for path in [
        "/dav/calendars/ada/missing/x.ics",
        "/dav/calendars/ada/calendar/x.ics/below.ics",
    ] {
        assert_eq!(
            world.request("PUT", path).calendar(&valid()).status().await,
            409,
            "{path}"
        );
    }
    assert_eq!(
        world
            .request("PUT", CALENDAR)
            .calendar(&valid())
            .status()
            .await,
        405
    );
}

#[tokio::test]
async fn a_file_that_enters_a_calendar_keeps_its_dead_properties_and_its_conditions() {
    let world = World::new();
    let files = "/dav/calendars/ada/files/";
    assert_eq!(world.request("MKCOL", files).status().await, 201);
    let (from, to) = (format!("{files}a"), format!("{CALENDAR}a.ics"));
    let put = world.request("PUT", &from).calendar(&valid());
    assert_eq!(put.status().await, 201);
    let note = "<D:propertyupdate xmlns:D='DAV:' xmlns:X='urn:example'><D:set><D:prop>\
                <X:note>kept</X:note></D:prop></D:set></D:propertyupdate>";
    let noted = world.request("PROPPATCH", &from).xml(note);
    assert_eq!(noted.status().await, 207);

    let before = "Sun, 06 Nov 1994 08:49:37 GMT";
    let moved = world.request("MOVE", &from).header("destination", &to);
    let late = moved.header("if-unmodified-since", before);
    assert_eq!(late.status().await, 412);
    let moved = world.request("MOVE", &from).header("destination", &to);
    assert_eq!(moved.status().await, 201);

    let ask =
        "<D:propfind xmlns:D='DAV:' xmlns:X='urn:example'><D:prop><X:note/></D:prop></D:propfind>";
    let found = world
        .request("PROPFIND", &to)
        .depth("0")
        .xml(ask)
        .send()
        .await;
    assert!(found.text().contains("kept"), "{}", found.text());
}

#[tokio::test]
async fn an_object_is_not_replaced_by_one_with_another_uid() {
    let world = World::new();
    let (here, other) = (
        format!("{CALENDAR}a.ics"),
        event("b", &["DTSTART:20260302T090000Z"]),
    );
    let etag = world.put(&here, &valid()).await.etag();
    let made = world.request("MKCALENDAR", "/dav/calendars/ada/two/");
    assert_eq!(made.status().await, 201);
    world.put("/dav/calendars/ada/two/b.ics", &other).await;
    let put = world.request("PUT", &here).header("if-match", &etag);
    let relocate = |method| {
        let call = world.request(method, "/dav/calendars/ada/two/b.ics");
        call.header("destination", &here).header("overwrite", "T")
    };
    for call in [put.calendar(&other), relocate("COPY"), relocate("MOVE")] {
        let answer = call.send().await;
        let href = format!("<D:href>{here}</D:href>");
        assert!(answer.text().contains(&href), "{}", answer.text());
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["no-uid-conflict".to_owned()]),
            "{}",
            answer.text()
        );
        let kept = world.request("GET", &here).send().await;
        assert_eq!((kept.text(), kept.etag()), (valid(), etag.clone()));
    }
    // The UID that was refused is free, and so is the name once nothing has it.
    world.put(&format!("{CALENDAR}b.ics"), &other).await;
    assert_eq!(world.request("DELETE", &here).status().await, 204);
    world
        .put(&here, &event("c", &["DTSTART:20260302T090000Z"]))
        .await;
}

#[tokio::test]
async fn a_refusal_tells_people_what_is_wrong_and_where() {
    let world = World::with_limits(Limits {
        attendees: 1,
        ..Limits::default()
    });
    world.put(&format!("{CALENDAR}a.ics"), &valid()).await;
    let start = "DTSTART:20260302T090000Z";
    let crowd = [
        start,
        "ATTENDEE:mailto:a@example.com",
        "ATTENDEE:mailto:b@example.com",
    ];
    let broken = valid().replace("DTSTART", "GARBAGE LINE\r\nDTSTART");
    for (body, told) in [
        (broken, &["line 7", "RFC 5545"][..]),
        (
            event("b", &["DTSTART:tomorrow"]),
            &["line 7: ", "\"tomorrow\"", "(RFC 5545 3.3.5)"],
        ),
        (
            event("b", &[start, "DURATION:1 hour"]),
            &["line 8: ", "1 hour"],
        ),
        (event("b", &[start, start]), &["line 8: ", "one DTSTART"]),
        (event("b", &[start, "RRULE:COUNT=3"]), &["line 8", "FREQ"]),
        (event("b", &crowd), &["2 attendees are more than 1"]),
        (event("b", &["DTSTART:00000101T000000Z"]), &["line 7"]),
        (event("a", &[start, "SUMMARY:x"]), &["a.ics"]),
        (component("VTODO", "b", &[]), &["VEVENT"]),
    ] {
        let put = world.request("PUT", &format!("{CALENDAR}b.ics"));
        let answer = put.calendar(&body).send().await;
        assert_eq!(answer.status, 403);
        let error: cal_dav::response::ErrorBody =
            cal_dav::XmlElement::parse(&answer.body, &cal_dav::Limits::RESPONSE).unwrap();
        let reason = error.reason.unwrap_or_default();
        for word in told {
            let found = reason.to_lowercase().contains(&word.to_lowercase());
            assert!(found, "{word} in {reason:?}");
        }
        assert!(!reason.contains("the store"), "{reason}");
        assert!(!reason.contains("()"), "{reason}");
        let told = reason.split_once(": ").map_or("", |(_, told)| told);
        let twice = told
            .split(' ')
            .next()
            .is_some_and(|word| word.ends_with(':'));
        assert!(!twice, "the place is told once: {reason}");
    }
}

#[tokio::test]
async fn a_refusal_without_a_place_says_why_too() {
    let world = World::with_limits(Limits {
        resource_size: 20_000,
        ..Limits::default()
    });
    let made = world.request("MKCALENDAR", CALENDAR).send().await;
    assert_eq!(made.conditions(), ["resource-must-be-null"]);
    assert!(
        made.text().contains("of this name already"),
        "{}",
        made.text()
    );
    let large = event(
        "a",
        &[
            "DTSTART:20260302T090000Z",
            &format!("X-A:{}", "x".repeat(20_000)),
        ],
    );
    let put = world.request("PUT", &format!("{CALENDAR}a.ics"));
    let refused = put.calendar(&large).send().await;
    assert_eq!(refused.conditions(), ["max-resource-size"]);
    for figure in [large.len().to_string(), "20000".to_owned()] {
        assert!(refused.text().contains(&figure), "{}", refused.text());
    }
}

#[tokio::test]
async fn nothing_is_stored_under_the_path_of_a_collection() {
    let world = World::new();
    for path in [
        format!("{CALENDAR}dir/"),
        "/dav/calendars/ada/dir/".to_owned(),
    ] {
        let put = world.request("PUT", &path).calendar(&valid()).send().await;
        assert_eq!(put.status, 403, "{path}");
        assert!(put.text().contains("slash"), "{}", put.text());
        let without = path.trim_end_matches('/');
        assert_eq!(world.request("GET", without).status().await, 404, "{path}");
    }
}
