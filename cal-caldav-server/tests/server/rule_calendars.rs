//! Rules that count in other calendars (RFC 7529 section 8).

use cal_dav::name::caldav;

use crate::world::{World, event, prop};

#[tokio::test]
async fn rules_of_the_calendars_that_are_listed_are_taken_and_of_others_refused() {
    let world = World::new();
    for path in ["/dav/calendars/ada/", "/dav/calendars/ada/calendar/"] {
        let answer = world
            .request("PROPFIND", path)
            .depth("0")
            .xml(&prop(&["C:supported-rscale-set"]))
            .send()
            .await;
        let multistatus = answer.multistatus();
        let set = multistatus.responses[0]
            .property(&caldav::SUPPORTED_RSCALE_SET)
            .expect("a set");
        let listed: Vec<String> = set
            .children_named(&caldav::SUPPORTED_RSCALE)
            .map(cal_dav::Element::text)
            .collect();
        assert!(listed.contains(&"GREGORIAN".to_owned()), "{listed:?}");
        for (number, scale) in listed.iter().enumerate() {
            let rule = format!("RRULE:RSCALE={scale};FREQ=YEARLY;COUNT=3");
            let body = event(
                &format!("{number}{path}"),
                &["DTSTART;VALUE=DATE:20260302", &rule],
            );
            let name = format!("/dav/calendars/ada/calendar/{}-{number}.ics", path.len());
            world.put(&name, &body).await;
        }
    }
    for rule in [
        "RRULE:RSCALE=KLINGON;FREQ=YEARLY",
        "RRULE:FREQ=YEARLY;rscale=klingon;BYMONTH=3",
    ] {
        let body = event("other", &["DTSTART;VALUE=DATE:20260302", rule]);
        let put = world.request("PUT", "/dav/calendars/ada/calendar/other.ics");
        let answer = put.calendar(&body).send().await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["supported-rscale".to_owned()]),
            "{rule}"
        );
        assert!(answer.text().contains("KLINGON"), "{}", answer.text());
    }
}
