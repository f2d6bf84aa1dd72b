//! Edits change the line they name and nothing else.

use cal_core::{Calendar, Duration, Moment, NewComponent, NewProperty};
use chrono::NaiveDate;

use crate::{calendar_of, event_of};

fn noon() -> chrono::NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 7, 1)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap()
}

#[test]
fn setting_a_summary_changes_that_line_only() {
    let text = event_of("SUMMARY;LANGUAGE=en;ALTREP=\"cid:x\":Old\n  folded\nx-odd;p=\"q\":v ");
    let mut calendar: Calendar = text.parse().unwrap();
    calendar.event_mut("1").unwrap().set_summary("New; better");
    let expected = text.replace(
        "SUMMARY;LANGUAGE=en;ALTREP=\"cid:x\":Old\r\n  folded",
        "SUMMARY;LANGUAGE=en:New\\; better",
    );
    assert_eq!(calendar.to_string(), expected);
}

#[test]
fn a_property_that_is_not_there_is_added_before_inner_components() {
    let text = event_of("BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT1M\nEND:VALARM");
    let mut calendar: Calendar = text.parse().unwrap();
    calendar
        .event_mut("1")
        .unwrap()
        .set_location("Here")
        .set_description("There");
    let expected = text.replace(
        "BEGIN:VALARM",
        "LOCATION:Here\r\nDESCRIPTION:There\r\nBEGIN:VALARM",
    );
    assert_eq!(calendar.to_string(), expected);
    let event = calendar.events().next().unwrap();
    assert_eq!(event.location().unwrap(), "Here");
    assert_eq!(event.alarms().next().unwrap().action(), "AUDIO");
}

#[test]
fn added_lines_take_over_the_line_breaks_of_the_text() {
    let text = event_of("X-A:1").replace("\r\n", "\n");
    let mut calendar: Calendar = text.parse().unwrap();
    calendar.event_mut("1").unwrap().set_summary("x");
    assert_eq!(
        calendar.to_string(),
        text.replace("X-A:1\n", "X-A:1\nSUMMARY:x\n")
    );
}

#[test]
fn a_start_gets_the_parameters_its_type_needs() {
    let mut calendar: Calendar = event_of("DTSTART;X-P=1;TZID=Old:20260101T000000")
        .parse()
        .unwrap();
    let cases = [
        ("20260301", None, "DTSTART;X-P=1;VALUE=DATE:20260301"),
        ("20260301T090000Z", None, "DTSTART;X-P=1:20260301T090000Z"),
        ("20260301T090000", None, "DTSTART;X-P=1:20260301T090000"),
        (
            "20260301T090000",
            Some("A:b"),
            "DTSTART;X-P=1;TZID=\"A:b\":20260301T090000",
        ),
    ];
    for (value, tzid, line) in cases {
        let moment = Moment::parse(value, tzid).unwrap();
        calendar.event_mut("1").unwrap().set_start(&moment);
        assert!(
            calendar.to_string().contains(&format!("\r\n{line}\r\n")),
            "{line}"
        );
        assert_eq!(calendar.events().next().unwrap().start().unwrap(), moment);
    }
}

#[test]
fn an_end_and_a_duration_replace_each_other() {
    let mut calendar: Calendar = event_of("DTSTART:20260101T000000Z\nDURATION:PT1H")
        .parse()
        .unwrap();
    let end = Moment::parse("20260101T030000Z", None).unwrap();
    calendar.event_mut("1").unwrap().set_end(&end);
    let event = calendar.events().next().unwrap();
    assert!(event.property("DURATION").is_none());
    assert_eq!(event.end().unwrap(), end);
    calendar
        .event_mut("1")
        .unwrap()
        .set_duration(Duration::from_seconds(7200));
    let event = calendar.events().next().unwrap();
    assert!(event.property("DTEND").is_none());
    assert_eq!(event.end().unwrap().to_string(), "2026-01-01T02:00:00Z");
}

#[test]
fn only_revise_counts_the_sequence_up() {
    let mut calendar: Calendar = event_of("SEQUENCE:4").parse().unwrap();
    calendar
        .event_mut("1")
        .unwrap()
        .set_summary("x")
        .touch(noon());
    let event = calendar.events().next().unwrap();
    assert_eq!(event.sequence(), 4);
    assert_eq!(event.stamp().unwrap(), Some(Moment::Utc(noon())));
    calendar.event_mut("1").unwrap().revise(noon());
    assert_eq!(calendar.events().next().unwrap().sequence(), 5);
}

#[test]
fn a_master_is_edited_rather_than_its_overrides() {
    let text = calendar_of(
        "BEGIN:VEVENT\nUID:a\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\nRECURRENCE-ID:20260102T000000Z\nSUMMARY:o\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:a\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\nSUMMARY:m\nEND:VEVENT",
    );
    let mut calendar: Calendar = text.parse().unwrap();
    calendar.event_mut("a").unwrap().set_summary("new");
    assert_eq!(
        calendar.to_string(),
        text.replace("SUMMARY:m", "SUMMARY:new")
    );
    assert!(calendar.event_mut("b").is_err());
}

#[test]
fn components_come_and_go_without_a_trace_elsewhere() {
    let text = event_of("BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT1M\nEND:VALARM\nX-AFTER:1");
    let mut calendar: Calendar = text.parse().unwrap();
    let alarm = NewComponent::display_alarm("Now", Duration::from_seconds(-60));
    let todo = NewComponent::todo("t", noon())
        .with_summary("Buy milk")
        .with_component(alarm.clone());
    calendar.event_mut("1").unwrap().add_component(&alarm);
    let id = calendar.add(&todo).unwrap();
    assert_eq!(calendar.todos().next().unwrap().alarms().count(), 1);
    assert_eq!(calendar.events().next().unwrap().alarms().count(), 2);
    assert_eq!(
        calendar
            .events()
            .next()
            .unwrap()
            .property("X-AFTER")
            .unwrap()
            .text(),
        "1"
    );
    let printed = calendar.to_string();
    assert_eq!(printed.parse::<Calendar>().unwrap().to_string(), printed);
    assert!(printed.contains("TRIGGER:-PT1M\r\nEND:VALARM\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"));

    assert!(calendar.remove(id));
    let mut event = calendar.event_mut("1").unwrap();
    assert_eq!(
        event.remove_components_where(|inner| inner.text_is("ACTION", "DISPLAY")),
        1
    );
    assert_eq!(calendar.to_string(), text);
    assert!(calendar.todos().next().is_none());
}

#[test]
fn properties_are_added_beside_and_removed_by_name() {
    let text = event_of("ATTENDEE:mailto:a@b.c");
    let mut calendar: Calendar = text.parse().unwrap();
    let second = NewProperty::new("ATTENDEE")
        .unwrap()
        .with_raw_value("mailto:d@e.f\r\nX-INJECTED:1");
    calendar.event_mut("1").unwrap().add(&second);
    assert_eq!(calendar.events().next().unwrap().attendees().count(), 2);
    assert!(
        calendar
            .events()
            .next()
            .unwrap()
            .property("X-INJECTED")
            .is_none()
    );
    assert_eq!(calendar.event_mut("1").unwrap().remove("attendee"), 2);
    assert_eq!(
        calendar.to_string(),
        text.replace("ATTENDEE:mailto:a@b.c\r\n", "")
    );
    assert!(NewProperty::new("A:B").is_err());
}

#[test]
fn the_last_line_without_a_break_gets_one_when_another_follows() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:x";
    let mut calendar = Calendar::read(text).calendar;
    let component = calendar.components().next().unwrap();
    let id = component.id();
    calendar
        .component_mut(id)
        .unwrap()
        .add(&NewProperty::new("X-A").unwrap());
    assert_eq!(calendar.to_string(), format!("{text}\nX-A:\n"));
}

#[test]
fn a_new_event_stands_in_a_whole_calendar() {
    let event = NewComponent::event("e@x", noon())
        .with_start(&Moment::parse("20260301T090000", Some("Europe/Berlin")).unwrap())
        .with_duration(Duration::from_seconds(1800))
        .with_summary(&"long, ".repeat(20));
    let calendar = event.into_calendar("-//Example//EN");
    let strict: Calendar = calendar.to_string().parse().unwrap();
    assert_eq!(
        strict.events().next().unwrap().end().unwrap().to_string(),
        "2026-03-01T09:30:00[Europe/Berlin]"
    );
    assert!(
        calendar
            .to_string()
            .split("\r\n")
            .all(|line| line.len() <= 75)
    );
}

#[test]
fn a_component_needs_a_calendar_to_be_added_to() {
    let mut nowhere = Calendar::read("").calendar;
    let todo = NewComponent::todo("t", noon());
    assert_eq!(
        nowhere.add(&todo).unwrap_err().to_string(),
        "there is no VCALENDAR"
    );
    let mut calendar: Calendar = event_of("X-A:1").parse().unwrap();
    let error = calendar.add_text("SUMMARY:x\r\n").unwrap_err();
    assert_eq!(error.to_string(), "the text holds no component");
}

#[test]
fn a_component_is_added_as_the_text_it_is_given() {
    let mut calendar: Calendar = event_of("X-A:1").parse().unwrap();
    let text = "BEGIN:VTODO\r\nUID:t\r\nbad line\r\nBEGIN:VALARM\r\nX-B;P=\"a:b\":1\r\nEND:VALARM\r\nEND:VTODO\r\n";
    calendar.add_text(text).unwrap();
    let expected = event_of("X-A:1").replace("END:VCALENDAR", &format!("{text}END:VCALENDAR"));
    assert_eq!(calendar.to_string(), expected);
    assert_eq!(
        Calendar::read(&expected)
            .calendar
            .todos()
            .next()
            .unwrap()
            .alarms()
            .count(),
        1
    );
    assert_eq!(calendar.todos().next().unwrap().alarms().count(), 1);
}
