//! `calendar-query` (RFC 4791 section 7.8): what it finds, and what it returns of that.

mod expansion;
mod filters;
mod partial;
mod reach;
mod time_ranges;
mod zones;

use crate::world::{Answer, World};

const CALENDAR: &str = "/dav/calendars/ada/all/";

fn query(prop: &str, filter: &str) -> String {
    format!(
        "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <D:prop><D:getetag/>{prop}</D:prop><C:filter><C:comp-filter name='VCALENDAR'>{filter}\
         </C:comp-filter></C:filter></C:calendar-query>"
    )
}

async fn ask(world: &World, prop: &str, filter: &str) -> Answer {
    world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&query(prop, filter))
        .send()
        .await
}

/// The names found, without their path and suffix.
async fn found(world: &World, filter: &str) -> String {
    let answer = ask(world, "", filter).await;
    let mut names: Vec<_> = answer
        .hrefs()
        .iter()
        .map(|href| {
            href.trim_start_matches(CALENDAR)
                .trim_end_matches(".ics")
                .to_owned()
        })
        .collect();
    names.sort();
    names.join(" ")
}

async fn world(objects: &[(&str, String)]) -> World {
    let world = World::new();
    assert_eq!(world.request("MKCALENDAR", CALENDAR).status().await, 201);
    for (name, body) in objects {
        world.put(&format!("{CALENDAR}{name}.ics"), body).await;
    }
    world
}

fn comp(name: &str, inner: &str) -> String {
    format!("<C:comp-filter name='{name}'>{inner}</C:comp-filter>")
}

fn prop(name: &str, inner: &str) -> String {
    format!("<C:prop-filter name='{name}'>{inner}</C:prop-filter>")
}

fn text(attributes: &str, text: &str) -> String {
    format!("<C:text-match {attributes}>{text}</C:text-match>")
}

fn range(start: &str, end: &str) -> String {
    format!("<C:time-range start='{start}' end='{end}'/>")
}
