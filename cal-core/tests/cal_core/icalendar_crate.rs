//! The `icalendar` crate and back.

use cal_core::Calendar;
use icalendar::{Component as _, EventLike as _};

use crate::event_of;

#[test]
fn an_event_of_the_icalendar_crate_becomes_ours() {
    let mut theirs = icalendar::Calendar::new();
    theirs.push(
        icalendar::Event::new()
            .uid("1")
            .summary("Über, uns")
            .location("Here")
            .done(),
    );
    let ours = Calendar::from(&theirs);
    let event = ours.events().next().unwrap();
    assert_eq!(event.uid().unwrap(), "1");
    assert_eq!(event.summary().unwrap(), "Über, uns");
}

#[test]
fn our_event_becomes_one_of_the_icalendar_crate() {
    let ours: Calendar = event_of("SUMMARY:Folded su\n mmary").parse().unwrap();
    let theirs = icalendar::Calendar::try_from(&ours).unwrap();
    let icalendar::CalendarComponent::Event(event) = &theirs.components[0] else {
        panic!("not an event: {theirs}");
    };
    assert_eq!(event.get_summary(), Some("Folded summary"));
    assert_eq!(event.get_uid(), Some("1"));
}
