//! Objects: grouping by UID, resources, splitting, exporting, comparing.

use cal_core::{
    Calendar, ComponentKind, Export, NewProperty, PropertyKind, ResourceFault, validate_resource,
};

use crate::{calendar_of, event_of};

fn event(uid: &str, lines: &str) -> String {
    let start = if lines.contains("DTSTART") {
        ""
    } else {
        "DTSTART:20260101T000000Z\n"
    };
    format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{start}{lines}\nEND:VEVENT\n")
}

const ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Custom\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
    TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";

#[test]
fn components_with_one_uid_are_one_object_in_the_order_of_the_text() {
    let text = calendar_of(&format!(
        "{}{}{}{ZONE}",
        event("a", "RECURRENCE-ID:20260102T000000Z"),
        event("b", "SUMMARY:b"),
        event("a", "RRULE:FREQ=DAILY\nDTSTART:20260101T000000Z"),
    ));
    let calendar: Calendar = text.parse().unwrap();
    let objects = calendar.objects();
    assert_eq!(
        objects
            .iter()
            .map(cal_core::Object::uid)
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(objects[0].master().unwrap().line(), 16);
    assert_eq!(objects[0].overrides().count(), 1);
    assert!(objects[0].is_recurring());
    assert_eq!(objects[1].kind(), ComponentKind::Event);
}

#[test]
fn uids_that_differ_in_case_only_are_two_objects() {
    let calendar: Calendar = calendar_of(&(event("a", "X-A:1") + &event("A", "X-A:1")))
        .parse()
        .unwrap();
    assert_eq!(calendar.objects().len(), 2);
}

#[test]
fn a_missing_uid_is_made_from_the_content_and_stays_the_same() {
    let one =
        "BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260101T000000Z\nDTSTAMP:20260101T000000Z\nEND:VEVENT\n";
    let later = one.replace("DTSTAMP:20260101", "DTSTAMP:20260202");
    let other = one.replace("SUMMARY:x", "SUMMARY:y");
    let uid = |text: &str| {
        let reading = Calendar::read(calendar_of(text));
        let objects = reading.calendar.objects();
        assert!(objects[0].is_uid_synthetic());
        objects[0].uid().to_owned()
    };
    assert_eq!(uid(one), uid(&later));
    assert_ne!(uid(one), uid(&other));
}

#[test]
fn a_resource_is_one_object_and_nothing_else() {
    let good = event_of("SUMMARY:x");
    let cases: Vec<(String, &str)> = vec![
        (good.repeat(2), "not exactly one VCALENDAR"),
        (String::new(), "not exactly one VCALENDAR"),
        (
            good.replace("PRODID", "METHOD:REQUEST\r\nPRODID"),
            "it has a METHOD",
        ),
        (calendar_of(ZONE), "it holds no component"),
        (
            calendar_of(&(event("a", "X:1") + &event("b", "X:1"))),
            "it holds several UIDs: \"a\" and \"b\"",
        ),
        (
            calendar_of(&(event("a", "X:1") + &event("a", "X:1").replace("VEVENT", "VTODO"))),
            "it holds both VEVENT and VTODO",
        ),
        (good.replace("UID:1\r\n", ""), "a VEVENT has no UID"),
        (
            calendar_of(&(event("a", "X:1") + &event("a", "X:2"))),
            "two components stand for the same instance",
        ),
        (
            good.replace("END:VEVENT\r\nEND:VCALENDAR\r\n", ""),
            "the text breaks off inside a VEVENT",
        ),
    ];
    assert_eq!(
        validate_resource(&good.parse().unwrap()).unwrap().uid(),
        "1"
    );
    for (text, expected) in cases {
        let reading = Calendar::read(&text);
        let fault: ResourceFault = validate_resource(&reading.calendar).unwrap_err();
        assert_eq!(fault.to_string(), expected);
    }
}

#[test]
fn a_stream_is_split_into_one_text_for_each_object_with_the_zones_it_uses() {
    let stream = calendar_of(&format!(
        "X-WR-CALNAME:Team\nMETHOD:PUBLISH\n{ZONE}{}{}",
        event("a", "DTSTART;TZID=Custom:20260101T000000\nX-Odd ;a=b: kept"),
        event("b", "DTSTART:20260101T000000Z"),
    ));
    let calendar = Calendar::read(&stream).calendar;
    let parts: Vec<_> = calendar
        .split()
        .map(|(object, text)| (object.uid().to_owned(), text))
        .collect();
    let expected = calendar_of(&format!(
        "{ZONE}{}",
        event("a", "DTSTART;TZID=Custom:20260101T000000\nX-Odd ;a=b: kept")
    ));
    assert_eq!(parts[0], ("a".to_owned(), expected.into_bytes().into()));
    let expected = calendar_of(&event("b", "DTSTART:20260101T000000Z"));
    assert_eq!(parts[1], ("b".to_owned(), expected.into_bytes().into()));
}

#[test]
fn a_split_object_gets_the_end_and_the_uid_it_lacks() {
    let stream = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:p\nBEGIN:VEVENT\nSUMMARY:x\nBEGIN:VALARM\nACTION:AUDIO\n\
                  BEGIN:VEVENT\nUID:2\nSUMMARY:y\nEND:VEVENT\nEND:VCALENDAR";
    let calendar = Calendar::read(stream).calendar;
    let parts: Vec<_> = calendar.split().collect();
    let uid = parts[0].0.uid();
    let text = String::from_utf8(parts[0].1.to_vec()).unwrap();
    assert_eq!(
        text,
        format!(
            "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:p\nBEGIN:VEVENT\nUID:{uid}\nSUMMARY:x\n\
             BEGIN:VALARM\nACTION:AUDIO\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
        )
    );
}

#[test]
fn an_export_writes_each_zone_once_and_tells_namesakes_apart() {
    let with_zone = |uid: &str, zone: &str| {
        calendar_of(&format!(
            "{zone}{}",
            event(uid, "DTSTART;TZID=Custom:20260101T000000")
        ))
    };
    let other = ZONE.replace("+0100", "+0200");
    let mut export = Export::new();
    let mut text = export
        .begin(
            "-//x//y",
            &[NewProperty::of(PropertyKind::Name).with_text("All")],
        )
        .to_vec();
    for part in [
        with_zone("a", ZONE),
        with_zone("b", ZONE),
        with_zone("c", &other),
        with_zone("d", &other),
    ] {
        text.extend_from_slice(&export.add(&part.parse().unwrap()));
    }
    text.extend_from_slice(&export.end());
    let merged = Calendar::parse(&text).unwrap();
    let zones: Vec<_> = merged
        .time_zones()
        .map(|zone| zone.tzid().unwrap().into_owned())
        .collect();
    assert_eq!(zones, ["Custom", "Custom (2)"]);
    let used: Vec<_> = merged
        .events()
        .map(|event| event.start().unwrap().tzid().unwrap().to_string())
        .collect();
    assert_eq!(used, ["Custom", "Custom", "Custom (2)", "Custom (2)"]);
}

#[test]
fn content_is_the_same_whatever_servers_do_to_its_form() {
    let text = event_of(
        "DTSTART:20260101T000000Z\nSUMMARY:A long summary that goes on\nRRULE:FREQ=WEEKLY;COUNT=3\n\
         ATTENDEE;CN=Bo;ROLE=REQ-PARTICIPANT:mailto:b@x.y\nCATEGORIES:a,b",
    );
    let calendar: Calendar = text.parse().unwrap();
    let same = [
        text.replace(
            "20260101T000000Z\r\nDTSTART",
            "20270707T000000Z\r\nLAST-MODIFIED:20260101T000000Z\r\nDTSTART",
        ),
        text.replace("-//x//y", "-//other//z"),
        text.replace("goes", "go\r\n es"),
        text.replace("CATEGORIES:a,b\r\n", "")
            .replace("SUMMARY", "CATEGORIES:b,a\r\nSUMMARY"),
        text.replace("FREQ=WEEKLY;COUNT=3", "COUNT=3;FREQ=WEEKLY"),
        text.replace(
            "CN=Bo;ROLE=REQ-PARTICIPANT",
            "PARTSTAT=NEEDS-ACTION;CN=\"Bo\"",
        ),
        text.replace("SUMMARY:", "summary:")
            .replace("CATEGORIES", "TRANSP:OPAQUE\r\nSEQUENCE:0\r\nCATEGORIES"),
        text.replace("\r\n", "\n"),
    ];
    for other in same {
        let other = Calendar::read(&other).calendar;
        assert!(calendar.same_content(&other), "{other}");
    }
    for (from, to) in [
        ("goes", "went"),
        ("COUNT=3", "COUNT=4"),
        ("CN=Bo", "CN=Jo"),
        ("b@x.y", "c@x.y"),
    ] {
        assert!(
            !calendar.same_content(&Calendar::read(text.replace(from, to)).calendar),
            "{to}"
        );
    }
}

#[test]
fn events_without_uid_and_of_the_same_content_are_still_several() {
    let one = "BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260101T000000Z\nEND:VEVENT\n";
    let calendar = Calendar::read(calendar_of(&one.repeat(3))).calendar;
    let uids: Vec<_> = calendar
        .split()
        .map(|(object, _)| object.uid().to_owned())
        .collect();
    assert_eq!(uids.len(), 3);
    assert_eq!(uids[1], format!("2-{}", uids[0]));
}

#[test]
fn of_several_revisions_the_newest_counts() {
    let revision = |sequence: u32, stamp: u32, summary: &str| {
        event("a", &format!("SEQUENCE:{sequence}\nSUMMARY:{summary}"))
            .replace("DTSTAMP:20260101", &format!("DTSTAMP:{stamp}"))
    };
    let cases = [
        ([(1, 20_260_101, "old"), (2, 20_260_101, "new")], "new"),
        ([(2, 20_260_101, "new"), (1, 20_270_101, "old")], "new"),
        ([(1, 20_260_102, "new"), (1, 20_260_101, "old")], "new"),
        ([(1, 20_260_101, "old"), (1, 20_260_101, "new")], "new"),
    ];
    for (revisions, expected) in cases {
        let text: String = revisions
            .iter()
            .map(|(a, b, c)| revision(*a, *b, c))
            .collect();
        let calendar = Calendar::read(calendar_of(&text)).calendar;
        let (object, part) = calendar.split().next().unwrap();
        assert_eq!(object.current()[0].summary().unwrap(), expected);
        assert_eq!(object.superseded()[0].summary().unwrap(), "old");
        let part = Calendar::read(part).calendar;
        assert!(validate_resource(&part).is_ok());
    }
}

#[test]
fn quirks_of_shipping_clients_make_no_resource_invalid() {
    let bodies = [
        event_of("GEO:"),
        event_of("X-A:1").replace("PRODID:-//x//y\r\n", ""),
        event_of("X-A:1").replace("DTSTAMP:20260101T000000Z\r\n", ""),
        event_of("RRULE:FREQ=DAILY;UNTIL=20260202T000000"),
        event_of("DTSTART;TZID=Nowhere/Land:20260101T000000"),
        calendar_of(&format!(
            "{}{}",
            ZONE.replace("TZID:", "COMMENT:x\nTZID:"),
            event("1", "X-A:1")
        )),
        calendar_of("BEGIN:VTODO\nUID:1\nEND:VTODO"),
    ];
    for body in bodies {
        let reading = Calendar::read(&body);
        assert!(!reading.incomplete);
        assert_eq!(
            validate_resource(&reading.calendar).unwrap().uid(),
            "1",
            "{body}"
        );
    }
}
