//! `calendar-multiget`: one answer for each href, whatever is wrong with the others.

use cal_caldav_server::Limits;

use crate::world::{World, event};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

fn request(prop: &str, hrefs: &[&str]) -> String {
    let hrefs: String = hrefs
        .iter()
        .map(|href| format!("<D:href>{href}</D:href>"))
        .collect();
    format!(
        "<C:calendar-multiget xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <D:prop>{prop}</D:prop>{hrefs}</C:calendar-multiget>"
    )
}

#[tokio::test]
async fn hrefs_that_lead_nowhere_are_404_each_and_show_nothing_of_others() {
    let world = World::new();
    let body = event("a", &["DTSTART:20260301T000000Z", "SUMMARY:x < y & z"]);
    world.put(&format!("{CALENDAR}a.ics"), &body).await;
    world
        .put(
            &format!("{CALENDAR}gone.ics"),
            &event("g", &["DTSTART:20260301T000000Z"]),
        )
        .await;
    world
        .request("DELETE", &format!("{CALENDAR}gone.ics"))
        .send()
        .await;
    let secret = event("secret", &["DTSTART:20260301T000000Z", "SUMMARY:secret"]);
    let put = world
        .request("PUT", "/dav/calendars/bob/calendar/s.ics")
        .user("bob")
        .calendar(&secret);
    assert_eq!(put.status().await, 201);
    let hrefs = [
        "/dav/calendars/ada/calendar/a.ics",
        "/dav/calendars/ada/calendar/gone.ics",
        "/dav/calendars/bob/calendar/s.ics",
        "/dav/calendars/nobody/calendar/s.ics",
        "/dav/calendars/ada/calendar/%zz",
        "https://cal.example.com/dav/calendars/ada/calendar/a.ics",
        "/dav/calendars/ada/calendar/a.ics",
        "/dav/calendars/ada/calendar/%61.ics",
        "/dav/calendars/ada/tasks/a.ics",
        "/elsewhere/a.ics",
        "/dav/calendars/ada/calendar/",
    ];
    let report = world
        .request("REPORT", CALENDAR)
        .xml(&request("<D:getetag/><C:calendar-data/>", &hrefs));
    let answer = report.send().await;
    assert!(!answer.text().contains("secret"));
    insta::assert_snapshot!(answer.transcript());
}

#[tokio::test]
async fn the_etag_is_the_same_in_every_way_to_read_it() {
    let world = World::new();
    let path = format!("{CALENDAR}a.ics");
    let put = world
        .put(&path, &event("a", &["DTSTART:20260301T000000Z"]))
        .await;
    let etag = put.etag();
    assert_eq!(world.request("GET", &path).send().await.etag(), etag);
    let query = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><D:getetag/></D:prop>\
         <C:filter><C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>";
    let reads = [
        world.request("PROPFIND", CALENDAR).depth("1"),
        world.request("REPORT", CALENDAR).depth("1").xml(query),
        world
            .request("REPORT", CALENDAR)
            .xml(&request("<D:getetag/>", &[&path])),
    ];
    for read in reads {
        let text = read.send().await.text();
        assert!(
            text.contains(&format!(
                "<D:getetag>{}</D:getetag>",
                etag.replace('"', "&quot;")
            )) || text.contains(&etag),
            "{text}"
        );
    }
}

#[tokio::test]
async fn too_many_hrefs_and_data_of_another_kind_are_refused() {
    let world = World::with_limits(Limits {
        hrefs: 3,
        ..Limits::default()
    });
    let answer = world
        .request("REPORT", CALENDAR)
        .xml(&request("", &["/a"; 4]))
        .send()
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.conditions()),
        (507, vec!["number-of-matches-within-limits".into()])
    );
    for wanted in ["content-type='text/vcard'", "version='3.0'"] {
        let data = format!("<C:calendar-data {wanted}/>");
        let answer = world
            .request("REPORT", CALENDAR)
            .xml(&request(&data, &["/a"]))
            .send()
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["supported-calendar-data".into()])
        );
    }
}
