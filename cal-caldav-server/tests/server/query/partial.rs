//! Partial retrieval: what is returned of each object (RFC 4791 section 7.6).

use super::{CALENDAR, ask, comp, world};
use crate::world::{World, component, event};

#[tokio::test]
async fn only_the_components_and_properties_asked_for_are_returned() {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM";
    let body = event(
        "a",
        &[
            "DTSTART;TZID=Europe/Berlin:20260302T090000",
            "SUMMARY:Shown",
            "DESCRIPTION:Hidden",
            "LOCATION:Emptied",
            alarm,
        ],
    )
    .replace("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"));
    let world = world(&[("a", body)]).await;
    let data = "<C:calendar-data><C:comp name='VCALENDAR'><C:prop name='VERSION'/>\
         <C:comp name='VEVENT'><C:prop name='SUMMARY'/><C:prop name='UID'/><C:prop name='LOCATION' novalue='yes'/></C:comp>\
         <C:comp name='VTIMEZONE'/></C:comp></C:calendar-data>";
    insta::assert_snapshot!(ask(&world, data, &comp("VEVENT", "")).await.transcript());
}

#[tokio::test]
async fn busy_times_outside_of_a_range_are_left_out_on_request() {
    let world = World::new();
    let set = "<C:mkcalendar xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set><D:prop>\
         <C:supported-calendar-component-set><C:comp name='VFREEBUSY'/></C:supported-calendar-component-set>\
         </D:prop></D:set></C:mkcalendar>";
    let made = world.request("MKCALENDAR", CALENDAR).xml(set).status();
    assert_eq!(made.await, 201);
    let lines = [
        "DTSTART:20260302T000000Z",
        "DTEND:20260304T000000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260302T090000Z/PT1H,20260303T090000Z/PT1H",
        "FREEBUSY:20260303T110000Z/20260303T120000Z",
        "FREEBUSY:20260302T230000Z/20260303T000000Z",
    ];
    let body = component("VFREEBUSY", "busy", &lines);
    world.put(&format!("{CALENDAR}busy.ics"), &body).await;
    let data = "<C:calendar-data><C:limit-freebusy-set start='20260303T000000Z' end='20260303T110000Z'/></C:calendar-data>";
    let text = ask(&world, data, &comp("VFREEBUSY", "")).await.text();
    let left: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("FREEBUSY"))
        .map(|line| line.trim_end_matches("&#13;").trim_end())
        .collect();
    assert_eq!(
        left,
        ["FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260303T090000Z/PT1H"],
        "{text}"
    );
}
