//! xCal (RFC 6321) both ways.

use cal_core::{Calendar, Converted};
use proptest::prelude::*;

use crate::content::content;
use crate::corpus::corpus;
use crate::{calendar_of, event_of};

fn xcal(text: &str) -> Converted<String> {
    Calendar::read(text).calendar.to_xcal()
}

/// The last property of an event with these lines.
fn of(lines: &str) -> String {
    let document = xcal(&event_of(lines)).value;
    let (before, _) = document
        .split_once("</properties><components></components></vevent>")
        .unwrap();
    let (_, properties) = before.split_once("<vevent><properties>").unwrap();
    let at = ["</dtstart>", "</dtstamp>"]
        .iter()
        .filter_map(|end| properties.rfind(end).map(|at| at + end.len()));
    let at = at.filter(|at| *at < properties.len()).max().unwrap();
    properties[at..].to_owned()
}

/// A document with one event of these properties.
fn document(properties: &str) -> String {
    format!(
        "<icalendar xmlns=\"urn:ietf:params:xml:ns:icalendar-2.0\"><vcalendar><components>\
         <vevent><properties>{properties}</properties></vevent></components></vcalendar></icalendar>"
    )
}

/// The property lines of the event in a document.
fn lines(document: &str) -> String {
    let calendar = Calendar::from_xcal(document).unwrap();
    let event = calendar.components().next().unwrap().to_string();
    let event = event.replace("\r\n ", "");
    let inner = event.strip_prefix("BEGIN:VEVENT\r\n").unwrap();
    inner.strip_suffix("\r\nEND:VEVENT\r\n").unwrap().to_owned()
}

/// Lines of iCalendar and the xCal that stands for them.
#[rustfmt::skip]
const PAIRS: &[(&str, &str)] = &[
    ("SUMMARY;LANGUAGE=de:a\\, b & <c>\\nd", "<summary><parameters><language><text>de</text></language></parameters><text>a, b &amp; &lt;c&gt;\nd</text></summary>"),
    ("SUMMARY:  spaced\tout", "<summary><text>  spaced\tout</text></summary>"),
    ("CATEGORIES:a\\,b,c", "<categories><text>a,b</text><text>c</text></categories>"),
    ("DTEND;TZID=Europe/Berlin:20260301T090000", "<dtend><parameters><tzid><text>Europe/Berlin</text></tzid></parameters><date-time>2026-03-01T09:00:00</date-time></dtend>"),
    ("DTEND;VALUE=DATE:20260301", "<dtend><date>2026-03-01</date></dtend>"),
    ("EXDATE:20260301T090000Z,20260302T090000Z", "<exdate><date-time>2026-03-01T09:00:00Z</date-time><date-time>2026-03-02T09:00:00Z</date-time></exdate>"),
    ("RDATE;VALUE=PERIOD:20260301T090000Z/PT1H,20260302T090000Z/20260302T100000Z", "<rdate><period><start>2026-03-01T09:00:00Z</start><duration>PT1H</duration></period><period><start>2026-03-02T09:00:00Z</start><end>2026-03-02T10:00:00Z</end></period></rdate>"),
    ("DURATION:P1DT2H", "<duration><duration>P1DT2H</duration></duration>"),
    ("RRULE:FREQ=MONTHLY;UNTIL=20261231T000000Z;INTERVAL=2;BYDAY=-1FR,MO;BYMONTHDAY=1", "<rrule><recur><freq>MONTHLY</freq><until>2026-12-31T00:00:00Z</until><interval>2</interval><byday>-1FR</byday><byday>MO</byday><bymonthday>1</bymonthday></recur></rrule>"),
    ("GEO:37.386013;-122.0829", "<geo><latitude>37.386013</latitude><longitude>-122.0829</longitude></geo>"),
    ("REQUEST-STATUS:3.1;Bad\\; value;DTSTART:x", "<request-status><code>3.1</code><description>Bad; value</description><data>DTSTART:x</data></request-status>"),
    ("SEQUENCE:5", "<sequence><integer>5</integer></sequence>"),
    ("X-NUMBER;VALUE=FLOAT:-1.5", "<x-number><float>-1.5</float></x-number>"),
    ("TZOFFSETTO:-0530", "<tzoffsetto><utc-offset>-05:30</utc-offset></tzoffsetto>"),
    ("ATTENDEE;MEMBER=\"mailto:a@b\",\"mailto:c@d\";RSVP=TRUE;CN=x;X-N=1:mailto:e@f", "<attendee><parameters><member><cal-address>mailto:a@b</cal-address><cal-address>mailto:c@d</cal-address></member><rsvp><boolean>true</boolean></rsvp><cn><text>x</text></cn><x-n><unknown>1</unknown></x-n></parameters><cal-address>mailto:e@f</cal-address></attendee>"),
    ("X-FOO:a\\,b,c", "<x-foo><unknown>a\\,b,c</unknown></x-foo>"),
    ("X-FOO;VALUE=TEXT:a\\,b", "<x-foo><text>a,b</text></x-foo>"),
    ("X-FOO;VALUE=X-BAR:a;b", "<x-foo><x-bar>a;b</x-bar></x-foo>"),
    ("X-FOO;VALUE=BOOLEAN:TRUE", "<x-foo><boolean>true</boolean></x-foo>"),
    ("ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA", "<attach><parameters><encoding><text>BASE64</text></encoding></parameters><binary>AAAA</binary></attach>"),
    ("URL:http://x/?a,b;c&d", "<url><uri>http://x/?a,b;c&amp;d</uri></url>"),
    ("CONFERENCE;VALUE=URI:tel:1", "<conference><uri>tel:1</uri></conference>"),
    ("DTEND:tomorrow", "<dtend><unknown>tomorrow</unknown></dtend>"),
    ("X-TIME;VALUE=TIME:235900Z", "<x-time><time>23:59:00Z</time></x-time>"),
    ("XML:<p xmlns=\"http://www.w3.org/1999/xhtml\">a &amp\\; b</p>", "<p xmlns=\"http://www.w3.org/1999/xhtml\">a &amp; b</p>"),
    ("XML:<p>", "<xml><unknown>&lt;p&gt;</unknown></xml>"),
];

#[test]
fn each_type_has_its_xcal_form_and_comes_back() {
    for (line, expected) in PAIRS {
        assert_eq!(of(line), *expected, "{line}");
        assert_eq!(lines(&document(expected)), *line);
    }
}

#[test]
fn white_space_comments_and_prefixes_change_nothing() {
    let text = "<?xml version='1.0'?>\n<!-- a -->\n\
        <ic:icalendar xmlns:ic=\"urn:ietf:params:xml:ns:icalendar-2.0\">\n <ic:vcalendar>\n\
          <ic:components><ic:vevent>\n <ic:properties>\n\
           <ic:summary a=\"b\"><ic:text>a<!-- b -->&#99;<![CDATA[<d>]]></ic:text></ic:summary>\n\
           <ic:rrule><ic:recur><ic:freq>\n DAILY\n </ic:freq></ic:recur></ic:rrule>\n\
          </ic:properties></ic:vevent></ic:components>\n</ic:vcalendar></ic:icalendar>\n";
    assert_eq!(lines(text), "SUMMARY:ac<d>\r\nRRULE:FREQ=DAILY");
}

#[test]
fn what_is_not_xcal_is_an_error_with_its_place() {
    let cases = [
        ("".to_owned(), "at 1:1: there is no element"),
        (
            "<icalendar/>".to_owned(),
            "at 1:1: not the icalendar element of xCal",
        ),
        (
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>".to_owned(),
            "at 1:1: a document type is not accepted",
        ),
        ("<a>\n<b></a>".to_owned(), "at 2:4: "),
        ("<a/><b/>".to_owned(), "at 1:5: more than one root element"),
        (
            "<x:a/>".to_owned(),
            "at 1:1: a prefix is bound to no namespace",
        ),
        (
            document("\n <summary>a</summary>"),
            "at 2:2: text where xCal has elements",
        ),
        (
            document("\n<summary><text>&b;</text></summary>"),
            "at 2:16: unknown entity",
        ),
        (
            document("\n<summary><text>\u{b}</text></summary>"),
            "at 2:16: a character that XML does not have",
        ),
        (
            document("<x><date>20260101</date><text>a</text></x>"),
            ": values of different types",
        ),
        (
            document("<x><text><b/></text></x>"),
            ": elements where xCal has text",
        ),
        (
            document("<p xmlns='x'><q:r/></p>"),
            ": a prefix is bound to no namespace",
        ),
        (
            document("")
                .replace("<properties>", "<property>")
                .replace("</properties>", "</property>"),
            ": neither properties nor components",
        ),
    ];
    for (xml, message) in cases {
        let error = Calendar::from_xcal(&xml).unwrap_err().to_string();
        assert!(error.contains(message), "{error} for {xml}");
    }
}

#[test]
fn documents_too_deep_or_wide_are_refused() {
    let deep = document(&"<a>".repeat(100_000));
    let error = Calendar::from_xcal(&deep).unwrap_err().to_string();
    assert!(error.contains("deeper than 600 levels"), "{error}");
    let wide: String = (0..100).map(|n| format!(" a{n}=''")).collect();
    let error = Calendar::from_xcal(&document(&format!("<a{wide}/>"))).unwrap_err();
    assert!(
        error.to_string().contains("more than 64 attributes"),
        "{error}"
    );
}

#[test]
fn a_calendar_as_deep_as_the_reader_takes_comes_back() {
    let nested = "BEGIN:X-A\r\n".repeat(255) + &"END:X-A\r\n".repeat(255);
    let text = format!("BEGIN:VCALENDAR\r\n{nested}END:VCALENDAR\r\n");
    let back = Calendar::from_xcal(&xcal(&text).value).unwrap();
    assert_eq!(back.to_string(), text);
}

#[test]
fn what_xml_has_no_place_for_is_left_out_and_named() {
    let text = calendar_of(
        "BEGIN:VEVENT\nSUMMARY:a\u{1}b\n1X:c\nX-P;2Y=d:e\nX-T;VALUE=3Z:f\nEND:VEVENT\nBEGIN:4W\nEND:4W",
    );
    let converted = xcal(&text);
    let named: Vec<String> = converted
        .not_carried
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        named,
        [
            "line 5: SUMMARY of VEVENT: characters that XML does not have are left out",
            "line 6: 1X of VEVENT: XML has no such name",
            "line 7: X-P of VEVENT: XML has no such name as a parameter has",
            "line 8: X-T of VEVENT: XML has no such name for its type, which becomes unknown",
            "line 10: 4W: XML has no such name",
        ]
    );
    assert_eq!(lines(&converted.value), "SUMMARY:ab\r\nX-P:e\r\nX-T:f");
}

#[test]
fn a_value_that_only_xml_would_take_for_one_of_its_type_is_named() {
    for (line, back) in [
        ("X-A;VALUE=FLOAT:0.", "X-A;VALUE=FLOAT:0"),
        ("X-A;VALUE=FLOAT:1e3", "X-A;VALUE=FLOAT:1000"),
        ("X-A;VALUE=BOOLEAN:1", "X-A;VALUE=BOOLEAN:TRUE"),
        ("X-A;VALUE=DATE:2026-03-02", "X-A;VALUE=DATE:20260302"),
        ("X-A;VALUE=TIME:10:00:00", "X-A;VALUE=TIME:100000"),
    ] {
        let converted = xcal(&calendar_of(&format!("BEGIN:VEVENT\n{line}\nEND:VEVENT")));
        let named: Vec<String> = converted
            .not_carried
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            named,
            ["line 5: X-A of VEVENT: no value of its type as it stands, but one as XML spells it"],
            "{line}"
        );
        assert_eq!(lines(&converted.value), back);
    }
}

#[test]
fn line_breaks_in_xcal_values_cannot_add_lines() {
    let text = document(
        "<url><parameters><x><text>&#13;\nB:1</text></x></parameters><uri>a\nSUMMARY:b</uri></url>",
    );
    let calendar = Calendar::from_xcal(&text).unwrap();
    assert_eq!(calendar.events().next().unwrap().properties().count(), 1);
}

#[test]
fn a_line_break_within_a_value_that_is_no_text_is_layout() {
    for spelled in ["2026-03-01\nT09:00:00", "2026-03-01T09\r:00:00\n"] {
        let xml = document(&format!(
            "<dtstart><date-time>{spelled}</date-time></dtstart>"
        ));
        let once = Calendar::from_xcal(&xml).unwrap();
        assert!(
            once.to_string().contains("DTSTART:20260301T090000\r\n"),
            "{once}"
        );
    }
}

#[test]
fn a_number_has_no_exponent_and_may_have_come_with_one() {
    let line = "X-A;VALUE=FLOAT:0.0000001";
    assert_eq!(of(line), "<x-a><float>0.0000001</float></x-a>");
    for (xml, line) in [
        ("<x-a><float>1e-7</float></x-a>", line),
        ("<x-a><float>-2.5E3</float></x-a>", "X-A;VALUE=FLOAT:-2500"),
        ("<x-a><float>INF</float></x-a>", "X-A;VALUE=FLOAT:INF"),
        (
            "<geo><latitude>1e-7</latitude><longitude>-122.5</longitude></geo>",
            "GEO:0.0000001;-122.5",
        ),
    ] {
        assert_eq!(lines(&document(xml)), line);
    }
}

#[test]
fn any_file_comes_back_from_xcal_as_it_went_unless_that_is_told() {
    let (mut whole, mut partly) = (0, 0);
    for entry in corpus() {
        let calendar = Calendar::read(&entry.bytes).calendar;
        let converted = calendar.to_xcal();
        let back = Calendar::from_xcal(&converted.value)
            .unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        if converted.not_carried.is_empty() {
            assert_eq!(back.to_xcal().value, converted.value, "{}", entry.file);
            assert_eq!(content(&back), content(&calendar), "{}", entry.file);
            whole += 1;
        } else {
            partly += 1;
        }
    }
    eprintln!("{whole} files came back whole from xCal, {partly} with losses that were named");
}

#[test]
fn xcal_and_jcal_agree_over_the_corpus() {
    let mut seen = 0;
    for entry in corpus() {
        let calendar = Calendar::read(&entry.bytes).calendar;
        let Ok(by_jcal) = Calendar::from_jcal(&calendar.to_jcal()) else {
            continue;
        };
        let converted = calendar.to_xcal();
        let by_xcal = Calendar::from_xcal(&converted.value);
        let by_xcal = by_xcal.unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        if converted.not_carried.is_empty() {
            assert_eq!(by_xcal.to_string(), by_jcal.to_string(), "{}", entry.file);
            seen += 1;
        }
    }
    eprintln!("{seen} calendars are the same by xCal and jCal");
}

/// A content line of something like iCalendar.
fn line() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("SUMMARY"),
        Just("CATEGORIES"),
        Just("DTSTART"),
        Just("RDATE"),
        Just("GEO"),
        Just("RRULE"),
        Just("ATTACH"),
        Just("X-A"),
        Just("REQUEST-STATUS"),
        Just("XML"),
        Just("TRIGGER"),
        Just("SEQUENCE"),
    ];
    let parameter = prop_oneof![
        4 => Just(String::new()),
        1 => "(VALUE=(TEXT|DATE|PERIOD|BOOLEAN|X-Y|TIME|FLOAT|UTC-OFFSET)|RSVP=(TRUE|no)|CN=[a-z^'&<]{0,5}|MEMBER=\"a:b\",c)"
            .prop_map(|parameter| format!(";{parameter}")),
    ];
    let value = prop_oneof![
        "[ -~\t]{0,20}",
        "[é&<>\\\\n,;a ]{0,9}",
        "2026030[1-9](T090000Z?)?(,20260302)?(/PT1H)?",
        "-?[0-9]{1,3}(;[0-9.]{1,4})?",
        "FREQ=(DAILY|weekly)(;COUNT=0?3)?(;BYDAY=MO,-1FR)?(;UNTIL=20260303)?",
        "3\\.1;a\\\\;b(;c)?",
        "<a>(c|<d/>)</a>",
    ];
    // What is no rule at all, or has parts of a foreign type, may be respelled.
    let sensible = |(name, parameter, value): &(&str, String, String)| match *name {
        "GEO" | "REQUEST-STATUS" => !parameter.starts_with(";VALUE"),
        "RRULE" => value.starts_with("FREQ"),
        _ => true,
    };
    (name, parameter, value)
        .prop_filter("sensible", sensible)
        .prop_map(|(name, parameter, value)| format!("{name}{parameter}:{value}"))
}

proptest! {
    #[test]
    fn xcal_and_jcal_agree(lines in prop::collection::vec(line(), 0..6)) {
        let text = calendar_of(&format!("BEGIN:VEVENT\n{}\nEND:VEVENT", lines.join("\n")));
        let calendar = Calendar::read(&text).calendar;
        let converted = calendar.to_xcal();
        prop_assert_eq!(&converted.not_carried, &[]);
        let by_jcal = Calendar::from_jcal(&calendar.to_jcal()).unwrap();
        let by_xcal = Calendar::from_xcal(&converted.value).unwrap();
        prop_assert_eq!(by_xcal.to_string(), by_jcal.to_string(), "{}", converted.value);
    }

    #[test]
    fn no_document_makes_the_reader_panic(
        cut in 0..1000usize,
        junk in "[<>/a-z&;:=\"'! \\[\\]-]{0,12}",
        lines in prop::collection::vec(line(), 0..4),
    ) {
        let mut text = xcal(&event_of(&lines.join("\n"))).value;
        let at = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &junk);
        let _ = Calendar::from_xcal(&text);
    }
}
