//! Time ranges: the tables of RFC 4791 section 9.9.

use super::{comp, found, range, world};
use crate::world::{component, event};

#[tokio::test]
async fn events_are_found_by_the_rows_of_their_table() {
    let world = world(&[
        (
            "ended",
            event(
                "ended",
                &["DTSTART:20260302T100000Z", "DTEND:20260302T110000Z"],
            ),
        ),
        (
            "long",
            event("long", &["DTSTART:20260302T100000Z", "DURATION:PT1H"]),
        ),
        ("instant", event("instant", &["DTSTART:20260302T100000Z"])),
        (
            "zero",
            event("zero", &["DTSTART:20260302T100000Z", "DURATION:PT0S"]),
        ),
        ("day", event("day", &["DTSTART;VALUE=DATE:20260302"])),
        (
            "days",
            event(
                "days",
                &["DTSTART;VALUE=DATE:20260301", "DTEND;VALUE=DATE:20260303"],
            ),
        ),
    ])
    .await;
    let cases = [
        (
            "20260302T100000Z",
            "20260302T100001Z",
            "day days ended instant long zero",
        ),
        ("20260302T095900Z", "20260302T100000Z", "day days"),
        (
            "20260302T105959Z",
            "20260302T120000Z",
            "day days ended long",
        ),
        ("20260302T110000Z", "20260302T120000Z", "day days"),
        ("20260301T235959Z", "20260302T000000Z", "days"),
        ("20260303T000000Z", "20260304T000000Z", ""),
        ("20260228T000000Z", "20260301T000000Z", ""),
    ];
    for (start, end, expected) in cases {
        assert_eq!(
            found(&world, &comp("VEVENT", &range(start, end))).await,
            expected,
            "{start}/{end}"
        );
    }
    let open = [
        ("<C:time-range start='20260302T110000Z'/>", "day days"),
        ("<C:time-range end='20260302T000000Z'/>", "days"),
    ];
    for (range, expected) in open {
        assert_eq!(
            found(&world, &comp("VEVENT", range)).await,
            expected,
            "{range}"
        );
    }
}

#[tokio::test]
async fn to_dos_are_found_by_the_rows_of_their_table() {
    let todo = |lines: &[&str]| component("VTODO", lines.join("-").as_str(), lines);
    let world = world(&[
        (
            "both",
            todo(&["DTSTART:20260302T100000Z", "DUE:20260302T110000Z"]),
        ),
        ("span", todo(&["DTSTART:20260302T100000Z", "DURATION:PT1H"])),
        ("start", todo(&["DTSTART:20260302T100000Z"])),
        ("due", todo(&["DUE:20260302T110000Z"])),
        (
            "done",
            todo(&["CREATED:20260302T100000Z", "COMPLETED:20260302T110000Z"]),
        ),
        ("completed", todo(&["COMPLETED:20260302T110000Z"])),
        ("created", todo(&["CREATED:20260302T100000Z"])),
        ("bare", todo(&["SUMMARY:x"])),
    ])
    .await;
    let cases = [
        (
            "20260302T100000Z",
            "20260302T103000Z",
            "bare both created done span start",
        ),
        (
            "20260302T103000Z",
            "20260302T110000Z",
            "bare both completed created done due span",
        ),
        (
            "20260302T110000Z",
            "20260302T120000Z",
            "bare completed created done span",
        ),
        ("20260303T000000Z", "20260304T000000Z", "bare created"),
        ("20260228T000000Z", "20260301T000000Z", "bare"),
    ];
    for (start, end, expected) in cases {
        assert_eq!(
            found(&world, &comp("VTODO", &range(start, end))).await,
            expected,
            "{start}/{end}"
        );
    }
}

#[tokio::test]
async fn series_are_found_where_an_instance_is_and_nowhere_else() {
    let world = world(&[
        (
            "weekly",
            event(
                "weekly",
                &[
                    "DTSTART;TZID=Europe/Berlin:20260302T090000",
                    "DURATION:PT1H",
                    "RRULE:FREQ=WEEKLY",
                    "EXDATE;TZID=Europe/Berlin:20260309T090000",
                ],
            ),
        ),
        (
            "counted",
            event(
                "counted",
                &[
                    "DTSTART:20000101T000000Z",
                    "DURATION:PT1H",
                    "RRULE:FREQ=MONTHLY;COUNT=24",
                ],
            ),
        ),
        (
            "task",
            component(
                "VTODO",
                "task",
                &[
                    "DTSTART:20260302T090000Z",
                    "DUE:20260302T100000Z",
                    "RRULE:FREQ=DAILY",
                ],
            ),
        ),
        (
            "billion",
            event(
                "billion",
                &[
                    "DTSTART:20200101T120000Z",
                    "DURATION:PT1M",
                    "RRULE:FREQ=DAILY;COUNT=1000000000",
                ],
            ),
        ),
    ])
    .await;
    let cases = [
        ("VEVENT", "20360303T080000Z", "20360303T083000Z", "weekly"),
        ("VEVENT", "20360304T080000Z", "20360304T083000Z", ""),
        ("VEVENT", "20360304T000000Z", "20360305T000000Z", "billion"),
        ("VEVENT", "20360310T070000Z", "20360310T110000Z", "weekly"),
        ("VEVENT", "20260309T000000Z", "20260309T110000Z", ""),
        ("VEVENT", "20260316T080000Z", "20260316T080100Z", "weekly"),
        ("VEVENT", "20260706T070000Z", "20260706T070100Z", "weekly"),
        ("VEVENT", "20450101T000000Z", "20450101T010000Z", ""),
        ("VTODO", "20450101T093000Z", "20450101T094500Z", "task"),
        ("VTODO", "20250101T093000Z", "20250101T094500Z", ""),
    ];
    for (kind, start, end, expected) in cases {
        assert_eq!(
            found(&world, &comp(kind, &range(start, end))).await,
            expected,
            "{kind} {start}/{end}"
        );
    }
}

#[tokio::test]
async fn alarms_are_found_when_they_go_off() {
    let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-P1D\r\nEND:VALARM";
    let world = world(&[("far", event("far", &["DTSTART:20260310T120000Z", alarm]))]).await;
    for (start, end, expected) in [
        ("20260309T120000Z", "20260309T130000Z", "far"),
        ("20260310T120000Z", "20260310T130000Z", ""),
    ] {
        let filter = comp("VEVENT", &comp("VALARM", &range(start, end)));
        assert_eq!(found(&world, &filter).await, expected, "{start}");
    }
}
