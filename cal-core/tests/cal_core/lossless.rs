//! Reading and printing keep every byte.

use cal_core::{Calendar, ComponentKind};

const EVENT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:1\r\n\
    DTSTAMP:20260101T000000Z\r\nDTSTART:20260301T090000Z\r\nSUMMARY:One\r\nBEGIN:VALARM\r\n\
    ACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nX-LATE:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn a_component_shows_its_own_properties_and_steps_over_inner_components() {
    let calendar: Calendar = EVENT.parse().unwrap();
    let event = calendar.events().next().unwrap();
    let names: Vec<_> = event.properties().map(|property| property.name()).collect();
    assert_eq!(names, ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "X-LATE"]);
    assert_eq!(event.alarms().count(), 1);
    assert_eq!(event.parent().unwrap().kind(), ComponentKind::Calendar);
    assert_eq!(event.line(), 4);
}

#[test]
fn a_folded_name_or_parameter_is_read_as_if_it_were_on_one_line() {
    let text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
                DTST\n ART;TZID=Europe/Ber\n\tlin:2026\n 0301T090000\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar: Calendar = text.parse().unwrap();
    let event = calendar.events().next().unwrap();
    assert_eq!(
        event.start().unwrap().to_string(),
        "2026-03-01T09:00:00[Europe/Berlin]"
    );
    assert_eq!(calendar.to_string(), text);
}

#[test]
fn a_calendar_folded_after_every_character_is_read_as_if_it_were_not() {
    let text = EVENT.replace("\r\n", "\n");
    let folded: String = text
        .lines()
        .map(|line| line.chars().map(|c| format!("{c}\n ")).collect::<String>() + "\n")
        .collect();
    let calendar: Calendar = folded.parse().unwrap();
    let event = calendar.events().next().unwrap();
    assert_eq!(event.summary().unwrap(), "One");
    assert_eq!(event.alarms().next().unwrap().action(), "DISPLAY");
    assert_eq!(calendar.to_string(), folded);
}
