//! How far below its target a query looks.

use super::{CALENDAR, comp, query, world};
use crate::world::event;

#[tokio::test]
async fn a_home_is_searched_whole_with_depth_infinity() {
    let world = world(&[("a", event("a", &["DTSTART:20260302T090000Z"]))]).await;
    world
        .put(
            "/dav/calendars/ada/calendar/b.ics",
            &event("b", &["DTSTART:20260302T090000Z"]),
        )
        .await;
    let body = query("", &comp("VEVENT", ""));
    let home = world.request("REPORT", "/dav/calendars/ada/").xml(&body);
    let all = home.clone().depth("infinity").send().await;
    assert_eq!(
        all.hrefs(),
        [
            format!("{CALENDAR}a.ics"),
            "/dav/calendars/ada/calendar/b.ics".to_owned()
        ]
    );
    assert_eq!(home.depth("1").send().await.hrefs().len(), 0);
    let object = world
        .request("REPORT", &format!("{CALENDAR}a.ics"))
        .xml(&body)
        .send()
        .await;
    assert_eq!(object.hrefs(), [format!("{CALENDAR}a.ics")]);
}
