//! Time zones by reference (RFC 7809): with or without their definitions, as the client asks.

use cal_dav::name::caldav;

use crate::world::{World, event, prop};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";
const DEFINED: &str = "/dav/calendars/ada/calendar/defined.ics";
const NAMED: &str = "/dav/calendars/ada/calendar/named.ics";
const OURS: &str = "/dav/calendars/ada/calendar/ours.ics";

fn with_zone(uid: &str, tzid: &str) -> String {
    let zone = format!(
        "BEGIN:VTIMEZONE\r\nTZID:{tzid}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
         TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
    );
    let start = format!("DTSTART;TZID={tzid}:20260302T090000");
    event(uid, &[&start]).replace("BEGIN:VEVENT", &zone)
}

async fn world() -> World {
    let world = World::new();
    world
        .put(DEFINED, &with_zone("defined", "Europe/Berlin"))
        .await;
    let named = ["DTSTART;TZID=Europe/Paris:20260302T090000"];
    world.put(NAMED, &event("named", &named)).await;
    world.put(OURS, &with_zone("ours", "Our Office")).await;
    world
}

fn zones(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.trim_end().strip_prefix("TZID:"))
        .collect()
}

#[tokio::test]
async fn an_object_comes_with_the_definitions_that_the_client_wants() {
    let world = world().await;
    for (path, flag, expected) in [
        (DEFINED, None, vec!["Europe/Berlin"]),
        (DEFINED, Some("T"), vec!["Europe/Berlin"]),
        (DEFINED, Some("F"), vec![]),
        (NAMED, None, vec![]),
        (NAMED, Some("T"), vec!["Europe/Paris"]),
        (NAMED, Some("F"), vec![]),
        // What the client cannot have from elsewhere is never left out.
        (OURS, None, vec!["Our Office"]),
        (OURS, Some("T"), vec!["Our Office"]),
        (OURS, Some("F"), vec!["Our Office"]),
    ] {
        let mut get = world.request("GET", path);
        let multiget = format!(
            "<C:calendar-multiget xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
             <D:prop><C:calendar-data/></D:prop><D:href>{path}</D:href></C:calendar-multiget>"
        );
        let mut report = world.request("REPORT", CALENDAR).xml(&multiget);
        if let Some(flag) = flag {
            get = get.header("caldav-timezones", flag);
            report = report.header("caldav-timezones", flag);
        }
        let got = get.send().await;
        assert_eq!(zones(&got.text()), expected, "GET {path} {flag:?}");
        assert_eq!(got.header("vary"), Some("CalDAV-Timezones"));
        let data = report
            .send()
            .await
            .property(&caldav::CALENDAR_DATA)
            .unwrap();
        assert_eq!(zones(&data), expected, "multiget {path} {flag:?}");
    }
}

#[tokio::test]
async fn what_is_made_of_an_object_follows_the_header_too() {
    let world = world().await;
    let query = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <D:prop><C:calendar-data><C:limit-recurrence-set start='20260101T000000Z' end='20270101T000000Z'/>\
         </C:calendar-data></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>";
    for (flag, expected) in [
        ("T", "Europe/Berlin Europe/Paris Our Office"),
        ("F", "Our Office"),
    ] {
        let report = world.request("REPORT", CALENDAR).depth("1").xml(query);
        let text = report.header("caldav-timezones", flag).send().await.text();
        let text = text.replace("&#13;", "").replace("&#xD;", "");
        let mut found = zones(&text);
        found.sort_unstable();
        assert_eq!(found.join(" "), expected, "query {flag}");
        let whole = world.request("GET", CALENDAR);
        let text = whole.header("caldav-timezones", flag).send().await.text();
        let mut found = zones(&text);
        found.sort_unstable();
        assert_eq!(found.join(" "), expected, "export {flag}");
    }
}

#[tokio::test]
async fn the_flag_is_t_or_f() {
    let world = world().await;
    let get = world.request("GET", DEFINED);
    assert_eq!(get.header("caldav-timezones", "maybe").status().await, 400);
}

#[tokio::test]
async fn the_server_says_that_it_knows_zones_by_name() {
    let world = world().await;
    let options = world.request("OPTIONS", CALENDAR).send().await;
    let classes = options.header("dav").unwrap();
    assert!(classes.contains("calendar-no-timezone"), "{classes}");
    for path in ["/dav/calendars/ada/", CALENDAR] {
        let answer = world
            .request("PROPFIND", path)
            .depth("0")
            .xml(&prop(&["C:timezone-service-set"]))
            .send()
            .await;
        let services = answer.property(&caldav::TIMEZONE_SERVICE_SET);
        assert_eq!(services.as_deref(), Some(""), "{path}");
    }
}
