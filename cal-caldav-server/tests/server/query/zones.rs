//! Floating times and dates: the zone that a query is held in (RFC 4791 section 7.3).

use super::{CALENDAR, comp, found, query, range, world};
use crate::world::event;

#[tokio::test]
async fn floating_times_are_in_the_zone_of_the_calendar_or_of_the_query() {
    let world = world(&[
        (
            "floating",
            event("floating", &["DTSTART:20260702T090000", "DURATION:PT1H"]),
        ),
        ("day", event("day", &["DTSTART;VALUE=DATE:20260702"])),
    ])
    .await;
    let at_nine_utc = comp("VEVENT", &range("20260702T090000Z", "20260702T093000Z"));
    let at_nine_berlin = comp("VEVENT", &range("20260702T070000Z", "20260702T073000Z"));
    let late = comp("VEVENT", &range("20260702T220000Z", "20260702T230000Z"));
    assert_eq!(found(&world, &at_nine_utc).await, "day floating");
    assert_eq!(found(&world, &late).await, "day");
    let set = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><calendar-timezone-id xmlns='urn:ietf:params:xml:ns:caldav'>Europe/Berlin</calendar-timezone-id></D:prop></D:set></D:propertyupdate>";
    assert_eq!(
        world.request("PROPPATCH", CALENDAR).xml(set).status().await,
        207
    );
    assert_eq!(found(&world, &at_nine_utc).await, "day");
    assert_eq!(found(&world, &at_nine_berlin).await, "day floating");
    assert_eq!(found(&world, &late).await, "");
    let named = |id: &str| {
        query("", &at_nine_utc).replace(
            "</C:calendar-query>",
            &format!("<C:timezone-id>{id}</C:timezone-id></C:calendar-query>"),
        )
    };
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&named("Etc/UTC"))
        .send()
        .await;
    assert_eq!(answer.hrefs().len(), 2);
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&named("Nowhere/None"))
        .send()
        .await;
    assert_eq!(answer.conditions(), ["valid-timezone"]);
    let garbage = query("", &late).replace(
        "</C:calendar-query>",
        "<C:timezone>garbage</C:timezone></C:calendar-query>",
    );
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&garbage)
        .send()
        .await;
    assert_eq!(answer.conditions(), ["valid-calendar-data"]);
}
