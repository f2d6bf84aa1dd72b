//! Laws that hold for any input.

use cal_core::{Calendar, NewProperty};
use proptest::prelude::*;

use crate::event_of;

/// Pieces of calendars, good and bad, that random texts are made of.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("BEGIN:VCALENDAR".to_owned()),
        Just("END:VCALENDAR".to_owned()),
        Just("BEGIN:VEVENT".to_owned()),
        Just("END:VEVENT".to_owned()),
        Just("BEGIN:X-A".to_owned()),
        Just("END:X-A".to_owned()),
        Just("BEGIN:VALARM".to_owned()),
        Just("UID:1".to_owned()),
        Just("DTSTART;TZID=\"Europe/Berlin\":20260101T000000".to_owned()),
        Just(" folded".to_owned()),
        Just("\t".to_owned()),
        Just("<html>".to_owned()),
        Just(";=:\"".to_owned()),
        "[A-Za-z;:=\",^\\\\ é😀\u{2028}-]{0,90}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    let eol = prop_oneof![Just("\r\n"), Just("\n"), Just("\r"), Just("\n\n")];
    prop::collection::vec((piece(), eol), 0..30)
        .prop_map(|lines| lines.into_iter().map(|(line, eol)| line + eol).collect())
}

proptest! {
    #[test]
    fn reading_and_printing_any_bytes_gives_them_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(&Calendar::read(&bytes).calendar.to_bytes()[..], &bytes[..]);
    }

    #[test]
    fn reading_and_printing_any_text_gives_it_back(text in text()) {
        let reading = Calendar::read(&text);
        prop_assert_eq!(reading.calendar.to_string(), text.as_str());
        for component in reading.calendar.components() {
            for property in component.properties() {
                let _ = (property.text(), property.date_times(), property.duration(), property.value_position());
                let _ = property.parameters().map(|p| p.values().count()).sum::<usize>();
            }
        }
    }

    #[test]
    fn what_is_added_can_be_removed_again(text in text(), name in "X-[A-Z]{1,8}", value in ".{0,200}") {
        let mut calendar = Calendar::read(&text).calendar;
        let ids: Vec<_> = calendar.components().map(|component| component.id()).collect();
        for id in ids {
            let before = calendar.to_bytes();
            let count = calendar.component_mut(id).unwrap().component().properties().count();
            let property = NewProperty::new(&name).unwrap().with_text(&value);
            let mut component = calendar.component_mut(id).unwrap();
            component.add(&property);
            prop_assert_eq!(component.component().properties().count(), count + 1);
            component.remove_where(|property| property.line() == 0);
            let after = calendar.to_bytes();
            prop_assert_eq!(&after, &before);
        }
    }

    #[test]
    fn an_edited_text_reads_back_as_it_was_meant(value in "\\PC{0,300}") {
        let original = event_of("SUMMARY:x\nDESCRIPTION:kept as\n  it is");
        let mut calendar: Calendar = original.parse().unwrap();
        calendar.event_mut("1").unwrap().set_summary(&value);
        let printed = calendar.to_string();
        prop_assert!(printed.split("\r\n").all(|line| line.len() <= 75));
        let again: Calendar = printed.parse().unwrap();
        let summary = again.events().next().unwrap().summary().unwrap().into_owned();
        prop_assert_eq!(summary, value);
        let rest: Vec<_> = original.split("\r\n").filter(|line| !line.starts_with("SUMMARY")).collect();
        let end = printed.find("DESCRIPTION").unwrap();
        prop_assert!(rest.join("\r\n").ends_with(&printed[end..]));
    }

    #[test]
    fn parameters_read_back_as_they_were_written(values in prop::collection::vec("\\PC{1,20}", 1..4)) {
        let property = NewProperty::new("X-A").unwrap().with_parameter_values("P", &values).with_raw_value("v");
        let text = event_of(&property.to_string());
        let calendar: Calendar = text.parse().unwrap();
        let event = calendar.events().next().unwrap();
        let found = event.property("X-A").unwrap();
        prop_assert_eq!(found.raw_value(), "v");
        let read: Vec<_> = found.parameters().next().unwrap().values().map(std::borrow::Cow::into_owned).collect();
        prop_assert_eq!(read, values);
    }
}
