//! `free-busy-query`: when, never what.

use cal_caldav_server::Limits;
use cal_store::{Cause, Location, ObjectName, PrincipalName, Put, Timestamp, Via};

use crate::world::{World, component, event};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

fn query(start: &str, end: &str) -> String {
    format!(
        "<C:free-busy-query xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <C:time-range start='{start}' end='{end}'/></C:free-busy-query>"
    )
}

#[tokio::test]
async fn busy_times_are_merged_clipped_and_typed() {
    let world = World::new();
    let objects = [
        (
            "a",
            vec![
                "DTSTART:20260302T090000Z",
                "DTEND:20260302T100000Z",
                "SUMMARY:secret plans",
            ],
        ),
        (
            "b",
            vec!["DTSTART:20260302T100000Z", "DTEND:20260302T110000Z"],
        ),
        (
            "c",
            vec![
                "DTSTART:20260302T140000Z",
                "DTEND:20260302T150000Z",
                "STATUS:TENTATIVE",
            ],
        ),
        (
            "d",
            vec![
                "DTSTART:20260302T160000Z",
                "DTEND:20260302T170000Z",
                "TRANSP:TRANSPARENT",
            ],
        ),
        (
            "e",
            vec![
                "DTSTART:20260302T160000Z",
                "DTEND:20260302T170000Z",
                "STATUS:CANCELLED",
            ],
        ),
        (
            "f",
            vec!["DTSTART:20260302T230000Z", "DTEND:20260303T010000Z"],
        ),
        (
            "g",
            vec![
                "DTSTART;TZID=Europe/Berlin:20260223T190000",
                "DURATION:PT30M",
                "RRULE:FREQ=WEEKLY",
            ],
        ),
        (
            "h",
            vec![
                "DTSTART:20260302T200000Z",
                "DURATION:PT30M",
                "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com",
            ],
        ),
    ];
    for (uid, lines) in objects {
        world
            .put(&format!("{CALENDAR}{uid}.ics"), &event(uid, &lines))
            .await;
    }
    let answer = world
        .request("REPORT", CALENDAR)
        .xml(&query("20260302T000000Z", "20260303T000000Z"))
        .send()
        .await;
    assert!(!answer.text().contains("secret"));
    insta::assert_snapshot!(answer.transcript());
}

#[tokio::test]
async fn a_transparent_calendar_takes_no_time_and_a_home_is_asked_whole() {
    let world = World::new();
    world
        .put(
            &format!("{CALENDAR}a.ics"),
            &event("a", &["DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"]),
        )
        .await;
    let ask = |path: &str, depth: &str| {
        world
            .request("REPORT", path)
            .depth(depth)
            .xml(&query("20260302T000000Z", "20260303T000000Z"))
    };
    assert!(
        ask("/dav/calendars/ada/", "infinity")
            .send()
            .await
            .text()
            .contains("FREEBUSY:")
    );
    let set = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><C:schedule-calendar-transp xmlns:C='urn:ietf:params:xml:ns:caldav'><C:transparent/></C:schedule-calendar-transp></D:prop></D:set></D:propertyupdate>";
    assert_eq!(
        world.request("PROPPATCH", CALENDAR).xml(set).status().await,
        207
    );
    assert!(!ask(CALENDAR, "1").send().await.text().contains("FREEBUSY:"));
}

/// The FREEBUSY lines of an answer.
fn busy(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.starts_with("FREEBUSY"));
    lines.map(str::to_owned).collect()
}

/// Stores objects without asking what a client may store, and asks for May 2026.
async fn may(world: &World, objects: &[(&str, String)]) -> Vec<String> {
    assert!(world.request("GET", CALENDAR).status().await < 300);
    let owner = PrincipalName::new("ada").unwrap();
    let names = [ObjectName::new("calendar").unwrap()];
    let Location::Collection(calendar) = world.store.locate(&owner, &names).await.unwrap() else {
        panic!("no calendar");
    };
    for (name, body) in objects {
        let name = ObjectName::new(name).unwrap();
        let put = Put::new(calendar.id, name, bytes::Bytes::from(body.clone()));
        let cause = Cause::new(Via::Import, Timestamp::from_millis(0));
        world.store.put(put, &cause).await.unwrap();
    }
    let query = query("20260501T000000Z", "20260601T000000Z");
    let answer = world.request("REPORT", CALENDAR).xml(&query).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    busy(&answer.text())
}

#[tokio::test]
async fn an_event_that_cannot_be_worked_out_is_busy_for_as_long_as_it_may_be_on() {
    const START: &str = "DTSTART:20260511T090000Z";
    let from_start = ["FREEBUSY:20260511T090000Z/20260601T000000Z"];
    let rules = vec!["RRULE:FREQ=DAILY;COUNT=2"; 20].join("\r\n");
    let seconds = "RRULE:FREQ=SECONDLY;UNTIL=20260521T090000Z";
    let cases: [(&str, &[&str], &[&str]); 8] = [
        (
            "more rules than are worked out",
            &[START, "DURATION:PT1H", &rules],
            &from_start,
        ),
        (
            "more occurrences than a request may have",
            &[START, "DURATION:PT1S", seconds],
            &["FREEBUSY:20260511T090000Z/20260521T090001Z"],
        ),
        ("an end that is none", &[START, "DTEND:later"], &from_start),
        (
            "a duration that is none",
            &[START, "DURATION:1 hour"],
            &from_start,
        ),
        (
            "dates that are none",
            &[START, "DURATION:PT1H", "RDATE:garbage"],
            &from_start,
        ),
        (
            "one that is only tentative",
            &[START, "DTEND:later", "STATUS:TENTATIVE"],
            &["FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260511T090000Z/20260601T000000Z"],
        ),
        (
            "one that takes no time",
            &[START, "DTEND:later", "TRANSP:TRANSPARENT"],
            &[],
        ),
        (
            "one that its owner declined",
            &[
                START,
                &rules,
                "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com",
            ],
            &[],
        ),
    ];
    for (what, lines, expected) in cases {
        let world = World::new();
        let odd = [("odd.ics", event("odd", lines))];
        assert_eq!(may(&world, &odd).await, expected, "{what}");
    }
}

#[tokio::test]
async fn an_event_whose_end_is_none_is_still_busy_long_after_its_start() {
    let world = World::new();
    let lines = ["DTSTART:20200511T090000Z", "DTEND:later"];
    let busy = may(&world, &[("odd.ics", event("odd", &lines))]).await;
    assert_eq!(busy, ["FREEBUSY:20260501T000000Z/20260601T000000Z"]);
}

#[tokio::test]
async fn one_event_that_never_rests_does_not_hide_the_others() {
    let world = World::new();
    let tick = [
        "DTSTART:20260501T000000Z",
        "DURATION:PT1S",
        "STATUS:TENTATIVE",
        "RRULE:FREQ=SECONDLY",
    ];
    let once = ["DTSTART:20260512T090000Z", "DURATION:PT1H"];
    let objects = [
        ("tick.ics", event("tick", &tick)),
        ("once.ics", event("once", &once)),
    ];
    let busy = may(&world, &objects).await;
    assert_eq!(
        busy,
        [
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260501T000000Z/20260512T090000Z",
            "FREEBUSY:20260512T090000Z/20260512T100000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260512T100000Z/20260601T000000Z",
        ]
    );
}

#[tokio::test]
async fn a_query_without_an_end_or_with_too_much_to_work_out_is_refused() {
    let world = World::with_limits(Limits {
        occurrences: 1000,
        ..Limits::default()
    });
    let open = "<C:free-busy-query xmlns:C='urn:ietf:params:xml:ns:caldav'><C:time-range start='20260302T000000Z'/></C:free-busy-query>";
    assert_eq!(
        world.request("REPORT", CALENDAR).xml(open).status().await,
        400
    );
    // Each has fewer than one object may have, all together more than the request may; and it is
    // so far ahead that nothing is kept of it.
    for n in 0..12 {
        let lines = [
            "DTSTART:20360101T000000Z",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=90",
        ];
        let body = event(&format!("u{n}"), &lines);
        world.put(&format!("{CALENDAR}{n}.ics"), &body).await;
    }
    let year = query("20360101T000000Z", "20370101T000000Z");
    let answer = world.request("REPORT", CALENDAR).xml(&year).send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.conditions()),
        (507, vec!["number-of-matches-within-limits".to_owned()])
    );
}

/// Usual hours that leave some hours of each day open.
fn usual_hours(uid: &str, lines: &[&str], open: &str) -> String {
    let from = format!("DTSTART:20260101T{open}Z");
    let part = [
        "BEGIN:AVAILABLE",
        "UID:open",
        "DTSTAMP:20260101T000000Z",
        &from,
    ];
    let rest = ["DURATION:PT8H", "RRULE:FREQ=DAILY", "END:AVAILABLE"];
    component("VAVAILABILITY", uid, &[lines, &part, &rest].concat())
}

const HOURS: &str = "/dav/calendars/ada/hours/";

/// Makes a calendar for usual hours and stores these there.
async fn store_hours(world: &World, objects: &[(&str, String)]) {
    let make = "<C:mkcalendar xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set><D:prop>\
        <C:supported-calendar-component-set><C:comp name='VAVAILABILITY'/>\
        </C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>";
    let made = world.request("MKCALENDAR", HOURS).xml(make).status().await;
    assert_eq!(made, 201);
    for (name, body) in objects {
        world.put(&format!("{HOURS}{name}"), body).await;
    }
}

#[tokio::test]
async fn usual_hours_hold_by_priority_whichever_object_they_are_in() {
    let world = World::new();
    let trip = [
        "DTSTART:20260511T000000Z",
        "DURATION:P2D",
        "PRIORITY:1",
        "BUSYTYPE:BUSY",
    ];
    let always = usual_hours("always", &["DTEND:20260513T000000Z"], "090000");
    let gone = usual_hours("gone", &["DTEND:20260101T000000Z"], "000000");
    let objects = [
        ("always.ics", always),
        ("trip.ics", usual_hours("trip", &trip, "120000")),
        ("gone.ics", gone),
    ];
    store_hours(&world, &objects).await;
    let query = query("20260510T120000Z", "20260601T000000Z");
    let answer = world.request("REPORT", HOURS).xml(&query).send().await;
    assert_eq!(
        busy(&answer.text()),
        [
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260510T170000Z/20260511T000000Z",
            "FREEBUSY:20260511T000000Z/20260511T120000Z",
            "FREEBUSY:20260511T200000Z/20260512T120000Z",
            "FREEBUSY:20260512T200000Z/20260513T000000Z",
        ]
    );
}

#[tokio::test]
async fn more_usual_hours_than_one_object_may_have_octets_are_refused() {
    let [one, two] = ["one", "two"].map(|uid| usual_hours(uid, &[], "090000"));
    let world = World::with_limits(Limits {
        resource_size: one.len() as u64,
        ..Limits::default()
    });
    store_hours(&world, &[("one.ics", one), ("two.ics", two)]).await;
    let query = query("20260501T000000Z", "20260601T000000Z");
    let answer = world.request("REPORT", HOURS).xml(&query).send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.conditions()),
        (507, vec!["number-of-matches-within-limits".to_owned()])
    );
}
