//! Lines, folds, escapes, parameters: RFC 5545 3.1 and 3.2, RFC 6868.

use cal_core::{Calendar, NewProperty};

use crate::event_of;

fn property_of(line: &str) -> Calendar {
    event_of(line)
        .parse()
        .unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn parameter_values_with_quotes_and_colons_leave_the_value_alone() {
    let calendar = property_of(
        "ATTENDEE;MEMBER=\"mailto:a@b.c\",\"mailto:d@e.f\",\"mailto:g@h.i\":mailto:x@y.z",
    );
    let event = calendar.events().next().unwrap();
    let attendee = event.property("attendee").unwrap();
    assert_eq!(attendee.raw_value(), "mailto:x@y.z");
    let member = attendee
        .parameters()
        .find(|parameter| parameter.is("MEMBER"))
        .unwrap();
    let members: Vec<_> = member.values().collect();
    assert_eq!(members, ["mailto:a@b.c", "mailto:d@e.f", "mailto:g@h.i"]);
}

#[test]
fn a_backslash_in_a_parameter_means_itself() {
    let calendar = property_of("ATTENDEE;CN=\"a\\;:\":mailto:x@y.z");
    let event = calendar.events().next().unwrap();
    assert_eq!(event.attendees().next().unwrap().name().unwrap(), "a\\;:");
}

#[test]
fn carets_in_parameters_are_decoded_and_encoded_again() {
    let calendar = property_of("ATTENDEE;CN=x^ny ^^ ^'z^' ^q:mailto:x@y.z");
    let event = calendar.events().next().unwrap();
    let name = event
        .attendees()
        .next()
        .unwrap()
        .name()
        .unwrap()
        .into_owned();
    assert_eq!(name, "x\ny ^ \"z\" ^q");
    let written = NewProperty::new("X").unwrap().with_parameter("CN", &name);
    assert_eq!(written.to_string(), "X;CN=x^ny ^^ ^'z^' ^^q:");
}

#[test]
fn text_is_unescaped_by_the_definition_of_its_property() {
    let cases = [
        (
            "SUMMARY:a\\, b\\; c\\\\n d\\n e\\N f",
            "a, b; c\\n d\n e\n f",
        ),
        ("X-FOO:a\\,b", "a,b"),
        ("X-FOO;VALUE=URI:a\\,b", "a\\,b"),
        ("URL:http://x/a\\,b", "http://x/a\\,b"),
        ("SUMMARY:tab\tand \\q", "tab\tand \\q"),
        ("SUMMARY:", ""),
        ("SUMMARY:ends in \\", "ends in \\"),
    ];
    for (line, expected) in cases {
        let calendar = property_of(line);
        let event = calendar.events().next().unwrap();
        let property = event.properties().last().unwrap();
        assert_eq!(property.text(), expected, "{line}");
        assert_eq!(property.raw_value(), line.split_once(':').unwrap().1);
    }
}

#[test]
fn categories_are_cut_at_commas_before_they_are_unescaped() {
    let calendar = property_of("CATEGORIES:a\\,b,c\nCATEGORIES:d");
    assert_eq!(
        calendar.events().next().unwrap().categories(),
        ["a,b", "c", "d"]
    );
}

#[test]
fn a_character_folded_in_its_middle_is_joined_before_it_is_decoded() {
    let text = event_of("SUMMARY:caf@@s").into_bytes();
    let at = text.windows(2).position(|pair| pair == b"@@").unwrap();
    let folded = [&text[..at], b"\xC3\r\n \xA9", &text[at + 2..]].concat();
    let calendar = Calendar::parse(&folded).unwrap();
    assert_eq!(
        calendar.events().next().unwrap().summary().unwrap(),
        "cafés"
    );
    assert_eq!(calendar.to_bytes(), folded);
}

#[test]
fn only_cr_and_lf_break_lines() {
    for inside in ["\u{2028}", "\u{2029}", "\u{85}"] {
        let text = event_of(&format!("SUMMARY:a{inside}b"));
        let calendar: Calendar = text.parse().unwrap();
        let summary = calendar
            .events()
            .next()
            .unwrap()
            .summary()
            .unwrap()
            .into_owned();
        assert_eq!(summary, format!("a{inside}b"));
        assert_eq!(calendar.to_string(), text);
    }
    for eol in ["\n", "\r", "\r\n"] {
        let text = event_of("SUMMARY:Hi\n there").replace("\r\n", eol);
        let calendar: Calendar = text.parse().unwrap();
        assert_eq!(
            calendar.events().next().unwrap().summary().unwrap(),
            "Hithere",
            "{eol:?}"
        );
        assert_eq!(calendar.to_string(), text);
    }
}

#[test]
fn form_feeds_and_other_control_characters_are_data_with_a_warning() {
    let text = event_of("SUMMARY:a\u{0B}b\u{0C}c\0d");
    let reading = Calendar::read(&text);
    assert_eq!(
        reading.calendar.events().next().unwrap().summary().unwrap(),
        "a\u{0B}b\u{0C}c\0d"
    );
    let places: Vec<_> = reading.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        places,
        ["8:10: a control character: \"\\u{b}b\\u{c}c\\0d\" (RFC 5545 3.1)"],
    );
    assert!(Calendar::parse(&text).is_err());
}

#[test]
fn latin_1_is_read_with_a_warning_and_kept() {
    let mut text = event_of("SUMMARY:caf@").into_bytes();
    let at = text.iter().position(|&byte| byte == b'@').unwrap();
    text[at] = 0xE9;
    let reading = Calendar::read(&text);
    assert_eq!(
        reading.calendar.events().next().unwrap().summary().unwrap(),
        "café"
    );
    assert_eq!(reading.warnings[0].rule().code(), "not-utf8");
    assert_eq!(reading.calendar.to_bytes(), text);
}

#[test]
fn utf_16_is_read_with_a_warning_and_kept() {
    let mut text = vec![0xFF, 0xFE];
    text.extend(
        event_of("SUMMARY:Größe")
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    let mut reading = Calendar::read(&text);
    assert_eq!(
        reading.calendar.events().next().unwrap().summary().unwrap(),
        "Größe"
    );
    assert_eq!(reading.warnings[0].rule().code(), "utf-16");
    assert_eq!(reading.calendar.to_bytes(), text);
    reading
        .calendar
        .event_mut("1")
        .unwrap()
        .set_summary("Länge");
    assert!(
        reading.calendar.to_string().contains("SUMMARY:Länge\r\n"),
        "edited, it is UTF-8"
    );
}

#[test]
fn written_lines_are_folded_at_75_octets_between_characters() {
    let summary = "😀é→x".repeat(30);
    let mut calendar: Calendar = event_of("SUMMARY:x").parse().unwrap();
    calendar.event_mut("1").unwrap().set_summary(&summary);
    let bytes = calendar.to_bytes();
    let text = std::str::from_utf8(&bytes).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
    let folded = text
        .split("\r\n")
        .filter(|line| line.starts_with(' '))
        .count();
    assert!(folded >= 3);
    let again: Calendar = text.parse().unwrap();
    assert_eq!(again.events().next().unwrap().summary().unwrap(), summary);
}
