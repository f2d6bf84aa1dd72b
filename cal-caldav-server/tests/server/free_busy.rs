//! `free-busy-query`: when, never what.

use cal_caldav_server::Limits;

use crate::world::{World, event};

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
    world
        .put(
            &format!("{CALENDAR}tick.ics"),
            &event(
                "tick",
                &[
                    "DTSTART:20260101T000000Z",
                    "DURATION:PT1S",
                    "RRULE:FREQ=SECONDLY;INTERVAL=2",
                ],
            ),
        )
        .await;
    let year = query("20260101T000000Z", "20270101T000000Z");
    let answer = world.request("REPORT", CALENDAR).xml(&year).send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.conditions()),
        (507, vec!["number-of-matches-within-limits".to_owned()])
    );
}
