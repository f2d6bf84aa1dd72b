//! Series that are expanded or limited (RFC 4791 sections 9.6.5 and 9.6.6).

use cal_caldav_server::Limits;

use super::{CALENDAR, ask, comp, range, world};
use crate::world::{World, event};

fn expand(start: &str, end: &str) -> String {
    format!("<C:calendar-data><C:expand start='{start}' end='{end}'/></C:calendar-data>")
}

#[tokio::test]
async fn an_expanded_series_has_one_component_an_instance() {
    let moved = "BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20260316T090000\r\nDTSTART;TZID=Europe/Berlin:20260317T150000\r\nDURATION:PT1H\r\nSUMMARY:Moved\r\nEND:VEVENT\r\n";
    let weekly = event(
        "weekly",
        &[
            "DTSTART;TZID=Europe/Berlin:20260302T090000",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY",
            "EXDATE;TZID=Europe/Berlin:20260309T090000",
            "SUMMARY:Weekly",
        ],
    )
    .replace("END:VCALENDAR", &format!("{moved}END:VCALENDAR"));
    let world = world(&[
        ("weekly", weekly),
        (
            "birthday",
            event(
                "birthday",
                &[
                    "DTSTART;VALUE=DATE:20200320",
                    "RRULE:FREQ=YEARLY",
                    "SUMMARY:Birthday",
                ],
            ),
        ),
    ])
    .await;
    let month = ("20260301T000000Z", "20260401T000000Z");
    let filter = comp("VEVENT", &range(month.0, month.1));
    let answer = ask(&world, &expand(month.0, month.1), &filter).await;
    insta::assert_snapshot!("expanded", answer.transcript());
    // One second at the start of an instance is that instance; the place a moved one left is empty.
    for (start, end, instances) in [
        ("20260302T080000Z", "20260302T080001Z", 1),
        ("20260316T080000Z", "20260316T083000Z", 0),
        ("20260317T140000Z", "20260317T143000Z", 1),
    ] {
        let answer = ask(
            &world,
            &expand(start, end),
            &comp("VEVENT", &range(start, end)),
        )
        .await;
        assert_eq!(
            answer.text().matches("BEGIN:VEVENT").count(),
            instances,
            "{start}: {}",
            answer.text()
        );
    }
    let limited = format!(
        "<C:calendar-data><C:limit-recurrence-set start='{}' end='{}'/></C:calendar-data>",
        "20260401T000000Z", "20260501T000000Z"
    );
    let answer = ask(&world, &limited, &filter).await;
    assert!(answer.text().contains("RRULE:FREQ=WEEKLY") && !answer.text().contains("Moved"));
}

#[tokio::test]
async fn an_expansion_beyond_the_limit_is_said_for_the_object_and_spares_the_others() {
    let world = World::with_limits(Limits {
        occurrences: 1000,
        ..Limits::default()
    });
    assert_eq!(world.request("MKCALENDAR", CALENDAR).status().await, 201);
    world
        .put(
            &format!("{CALENDAR}tick.ics"),
            &event("tick", &["DTSTART:20260101T000000Z", "RRULE:FREQ=SECONDLY"]),
        )
        .await;
    world
        .put(
            &format!("{CALENDAR}once.ics"),
            &event("once", &["DTSTART:20260601T000000Z", "SUMMARY:Once"]),
        )
        .await;
    let year = ("20260101T000000Z", "20270101T000000Z");
    let answer = ask(
        &world,
        &expand(year.0, year.1),
        &comp("VEVENT", &range(year.0, year.1)),
    )
    .await;
    insta::assert_snapshot!(answer.transcript());
}
