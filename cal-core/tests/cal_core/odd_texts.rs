//! Texts as no generator thinks of them, each through everything that can be
//! done with a calendar: read, print, edit, convert, check, fix.

use cal_core::{Calendar, ComponentKind, apply_fixes, check};

use crate::content::content;

const SUMMARY: &str = "SUMMARY:odd";

/// An event with these lines, SUMMARY before them, and CRLF.
fn event(lines: &str) -> String {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
         DTSTART:20260301T090000Z\n{SUMMARY}\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    text.replace('\n', "\r\n")
}

/// Texts in UTF-8, or nearly, in which SUMMARY stands once and not folded.
fn texts() -> Vec<Vec<u8>> {
    let plain = event("X-A:1");
    let lf = plain.replace("\r\n", "\n");
    let mut texts: Vec<Vec<u8>> = [
        plain.clone(),
        lf.clone(),
        plain.replace("\r\n", "\r"),
        plain.replace("DTSTAMP", "\r\nDTSTAMP"),
        plain.replacen("\r\n", "\n", 3),
        plain.replacen("\r\n", "\r", 5),
        plain.trim_end().to_owned(),
        lf.trim_end().to_owned(),
        format!("\u{feff}{plain}"),
        format!("\r\n\r\n{plain}\r\n\r\n"),
        format!("junk before\r\n{plain}junk behind"),
        plain.repeat(2).replacen(SUMMARY, "SUMMARY:other", 1),
        plain.replace("END:VCALENDAR\r\n", ""),
        plain.replace("END:VEVENT\r\n", ""),
        plain.replace("END:VEVENT", "END:VTODO"),
        plain.replace("X-A:1", "X-A:"),
        plain.replace("X-A:1", "X-A"),
        plain.replace("X-A:1", ":"),
        plain.replace("X-A:1", ";;;:::\"\","),
        plain.replace("X-A:1", "\r\n \r\n\t\r\nX-A:1"),
        plain.replace("VEVENT", "vevent").replace("UID:1", "uid:1"),
        plain.replace("DTSTART:", "DtStart;value=date-time:"),
        event("ATTENDEE;CN=\"a^nb^'c^^d^e\";ROLE=CHAIR:mailto:a@x"),
        event("ATTENDEE;CN=a;CN=b;cn=\"c\":mailto:a@x"),
        event("ATTENDEE;CN=\"open:mailto:a@x"),
        event("ATTENDEE;=a;;CN:mailto:a@x"),
        event("ITEM1.X-ABLABEL;TYPE=a,\"b,;:\",c:d\r\nitem1.X-B:2"),
        event("DESCRIPTION:a\\nb\\\\n\\;\\,\\x\\\r\n \\,\r\n \r\n  c"),
        event(&format!("DESCRIPTION:{}", "long \u{e9}".repeat(60))),
        event("X-\u{e9}:a\r\nX-C\u{1}D:b\r\nX-D:a\u{0}b\u{7f}c"),
        event("BEGIN:X-OUTER\r\nBEGIN:X-INNER\r\nBEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\nEND:X-INNER\r\nX-LATE:1\r\nEND:X-OUTER\r\nX-LATER:2"),
        event(
            "BEGIN:VALARM\r\nUID:a\r\nACTION:AUDIO\r\nTRIGGER:-PT5M\r\nACKNOWLEDGED:20260301T085500Z\r\nEND:VALARM\r\n\
             BEGIN:VALARM\r\nUID:b\r\nRELATED-TO;RELTYPE=SNOOZE:a\r\nACTION:AUDIO\r\nTRIGGER;VALUE=DATE-TIME:20260301T090000Z\r\nPROXIMITY:ARRIVE\r\n\
             BEGIN:VLOCATION\r\nUID:c\r\nURL:geo:1,2\r\nEND:VLOCATION\r\nEND:VALARM",
        ),
        event("X-A:1").replace(
            "BEGIN:VEVENT",
            "BEGIN:VAVAILABILITY\r\nUID:v\r\nDTSTAMP:20260101T000000Z\r\nBUSYTYPE:BUSY-UNAVAILABLE\r\nBEGIN:AVAILABLE\r\nUID:w\r\n\
             DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260302T090000\r\nDURATION:PT8H\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\n\
             END:AVAILABLE\r\nEND:VAVAILABILITY\r\nBEGIN:VEVENT",
        ),
        event("RRULE:FREQ=DAILY;UNTIL=20260305\r\nEXDATE;VALUE=DATE:20260303\r\nRDATE;VALUE=PERIOD:20260309T090000Z/PT1H"),
        event("RRULE:FREQ=DAILY;FREQ=WEEKLY;;=;UNTIL=never"),
        event("GEO:91;181\r\nGEO:0.0000001;1e5\r\nSEQUENCE:+07\r\nPRIORITY:-1\r\nDURATION:P1Y"),
        event("REQUEST-STATUS;VALUE=TIME:3.1;a\\;b\r\nREQUEST-STATUS:2.0;ok;a;b;c\r\nCATEGORIES:,a,,b\\,\r\nRESOURCES:"),
        event("ATTACH;ENCODING=BASE64;VALUE=BINARY:!!!\r\nURL: http://x \r\nX-V;VALUE=:1\r\nX-W;VALUE=UNKNOWN:2"),
        event("DTSTART:20260301T250000Z\r\nDTEND;TZID=\"Nowhere; or so\":20260301T100000\r\nDUE:20260101"),
        event("X-A:a\u{2028}b\u{85}c\u{feff}\u{202e}\u{1f468}\u{200d}\u{1f469}"),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect();
    // Folded in the middle of a character, and bytes that are no UTF-8 at all.
    let mut folded = event("").into_bytes();
    let at = folded.len() - b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".len();
    folded.splice(at..at, b"X-F:caf\xC3\r\n \xA9".iter().copied());
    texts.push(folded);
    let mut latin = event("").into_bytes();
    latin.splice(at..at, b"X-L;X-P=\xFCber:caf\xE9 \x80".iter().copied());
    texts.push(latin);
    texts
}

/// The same calendar in UTF-16, of both byte orders.
fn utf_16() -> [Vec<u8>; 2] {
    let text = format!("\u{feff}{}", event("X-A:\u{1f600}"));
    [u16::to_le_bytes, u16::to_be_bytes].map(|bytes| text.encode_utf16().flat_map(bytes).collect())
}

fn all() -> Vec<Vec<u8>> {
    let mut all = texts();
    all.extend(utf_16());
    all
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[test]
fn any_odd_text_is_printed_as_it_came() {
    for text in all() {
        assert_eq!(
            Calendar::read(&text).calendar.to_bytes(),
            text,
            "{}",
            shown(&text)
        );
        if let Ok(strict) = Calendar::parse(&text) {
            assert_eq!(strict.to_bytes(), text, "{}", shown(&text));
        }
    }
}

#[test]
fn an_edit_of_an_odd_text_changes_its_line_alone() {
    for text in texts() {
        let mut calendar = Calendar::read(&text).calendar;
        let with_summary = calendar
            .components()
            .filter(|found| found.kind() == ComponentKind::Event)
            .find(|found| {
                found
                    .property("SUMMARY")
                    .is_some_and(|own| own.raw_value() == "odd")
            });
        let id = with_summary
            .unwrap_or_else(|| panic!("{}", shown(&text)))
            .id();
        calendar.component_mut(id).unwrap().set_summary("new");
        let at = text
            .windows(SUMMARY.len())
            .position(|part| part == SUMMARY.as_bytes())
            .unwrap();
        let expected = [&text[..at], b"SUMMARY:new", &text[at + SUMMARY.len()..]].concat();
        assert_eq!(shown(&calendar.to_bytes()), shown(&expected));
        assert_eq!(calendar.to_bytes(), expected);
    }
}

#[test]
fn an_odd_text_says_the_same_after_any_format() {
    for text in all() {
        let calendar = Calendar::read(&text).calendar;
        let said = content(&calendar);
        let jcal = Calendar::from_jcal(&calendar.to_jcal()).unwrap();
        assert_eq!(content(&jcal), said, "{}", shown(&text));
        let xcal = calendar.to_xcal();
        let back = Calendar::from_xcal(&xcal.value).unwrap();
        if xcal.not_carried.is_empty() {
            assert_eq!(content(&back), said, "{}", shown(&text));
        }
        let once = Calendar::from_jscal(&calendar.to_jscal().value)
            .unwrap()
            .value;
        let twice = Calendar::from_jscal(&once.to_jscal().value).unwrap().value;
        assert_eq!(once.to_string(), twice.to_string(), "{}", shown(&text));
    }
}

#[test]
fn fixes_of_an_odd_text_come_to_an_end_and_keep_what_it_says() {
    for text in all() {
        let calendar = Calendar::read(&text).calendar;
        let mut fixed = text.clone();
        for _ in 0..4 {
            let findings = check(&Calendar::read(&fixed).calendar);
            fixed = apply_fixes(&fixed, &findings).to_vec();
        }
        let mended = Calendar::read(&fixed).calendar;
        let left = check(&mended);
        assert!(
            left.iter().all(|finding| finding.fix().is_none()),
            "{left:?}"
        );
        let said = |calendar: &Calendar| {
            let lines = content(calendar).into_iter();
            lines
                .filter(|line| !line.starts_with("RRULE ") && !line.starts_with("VERSION "))
                .collect::<Vec<_>>()
        };
        assert_eq!(said(&mended), said(&calendar), "{}", shown(&text));
    }
}
