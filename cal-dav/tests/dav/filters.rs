//! calendar-query filters and the calendar data they ask for.

use cal_dav::report::{
    CalendarData, CalendarQuery, Collation, ComponentFilter, ComponentTest, MatchType,
    PropertyTest, QueryZone, Recurrences, Report, TextMatch, ValueTest,
};
use cal_dav::response::Precondition;
use cal_dav::{Error, Limits, XmlElement};

fn query(filter: &str) -> Result<CalendarQuery, Error> {
    let body = format!(
        "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <D:prop><D:getetag/></D:prop>{filter}</C:calendar-query>"
    );
    CalendarQuery::parse(body.as_bytes(), &Limits::REQUEST)
}

fn in_calendar(inside: &str) -> Result<CalendarQuery, Error> {
    query(&format!(
        "<C:filter><C:comp-filter name='VCALENDAR'>{inside}</C:comp-filter></C:filter>"
    ))
}

#[test]
fn a_malformed_filter_breaks_valid_filter() {
    let event = |inside: &str| format!("<C:comp-filter name='VEVENT'>{inside}</C:comp-filter>");
    let property = |inside: &str| {
        event(&format!(
            "<C:prop-filter name='UID'>{inside}</C:prop-filter>"
        ))
    };
    let parameter = |inside: &str| {
        property(&format!(
            "<C:param-filter name='CN'>{inside}</C:param-filter>"
        ))
    };
    let absent = "<C:is-not-defined/>";
    let range = "<C:time-range start='20260101T000000Z'/>";
    let text = "<C:text-match>a</C:text-match>";
    let inside_calendar = [
        "<C:comp-filter/>".to_owned(),
        "<C:prop-filter/>".to_owned(),
        property("<C:param-filter/>"),
        event(&format!("{absent}{range}")),
        event(&format!("{absent}<C:prop-filter name='UID'/>")),
        event(&format!("{range}{range}")),
        event(text),
        event("<C:time-range/>"),
        event("<C:time-range start='20260101'/>"),
        event("<C:time-range start='20260101T000000'/>"),
        event("<C:time-range start='2026-01-01T00:00:00Z'/>"),
        event("<C:time-range start='20261301T000000Z'/>"),
        event("<C:time-range start='20260102T000000Z' end='20260101T000000Z'/>"),
        event("<C:time-range start='20260101T000000Z' end='20260101T000000Z'/>"),
        property(&format!("{range}{text}")),
        property(&format!("{absent}{text}")),
        property("<C:comp-filter name='VALARM'/>"),
        property("<C:text-match negate-condition='maybe'>a</C:text-match>"),
        property("<C:text-match match-type='sounds-like'>a</C:text-match>"),
        parameter(range),
        parameter(&format!("{absent}{text}")),
    ];
    let mut outcomes: Vec<_> = inside_calendar
        .iter()
        .map(|inside| in_calendar(inside))
        .collect();
    outcomes.push(query(""));
    outcomes.push(query("<C:filter/>"));
    outcomes.push(query("<C:filter><C:comp-filter name='VEVENT'/></C:filter>"));
    outcomes.push(query(
        "<C:filter><C:comp-filter name='VCALENDAR'/><C:comp-filter name='VCALENDAR'/></C:filter>",
    ));
    outcomes.push(query("<C:filter><C:prop-filter name='UID'/></C:filter>"));
    for (index, outcome) in outcomes.iter().enumerate() {
        let error = outcome.as_ref().unwrap_err();
        assert_eq!(
            error.precondition(),
            Some(&Precondition::ValidFilter),
            "{index}: {error}"
        );
    }
}

#[test]
fn a_condition_in_an_impossible_place_breaks_valid_filter() {
    let range = "<C:time-range start='20260101T000000Z' end='20260102T000000Z'/>";
    let within = |path: &[&str], innermost: &str| {
        path.iter()
            .rev()
            .fold(innermost.to_owned(), |inside, name| {
                format!("<C:comp-filter name='{name}'>{inside}</C:comp-filter>")
            })
    };
    let property = |name: &str| format!("<C:prop-filter name='{name}'>{range}</C:prop-filter>");
    for (inside, valid) in [
        (within(&["VALARM"], ""), false),
        (within(&["VCALENDAR"], ""), false),
        (within(&["VEVENT", "VEVENT"], ""), false),
        (within(&["VEVENT", "VALARM", "VEVENT"], ""), false),
        (within(&["VJOURNAL", "VALARM"], ""), false),
        (within(&["VTIMEZONE"], range), false),
        (within(&["VTIMEZONE", "STANDARD"], range), false),
        (within(&["VEVENT", "VALARM", "X-COMP"], range), false),
        (within(&["VEVENT"], &property("SUMMARY")), false),
        (within(&["VTIMEZONE", "STANDARD"], ""), true),
        (within(&["VEVENT", "VALARM"], range), true),
        (within(&["vevent", "valarm"], range), true),
        (within(&["VTODO"], &property("DUE")), true),
        (within(&["VEVENT"], &property("X-SEEN")), true),
        (within(&["VEVENT", "X-COMP"], ""), true),
        (within(&["VAVAILABILITY", "AVAILABLE"], range), true),
        (range.to_owned(), true),
    ] {
        match in_calendar(&inside) {
            Ok(_) => assert!(valid, "{inside}"),
            Err(error) => {
                assert!(!valid, "{inside}: {error}");
                assert_eq!(error.precondition(), Some(&Precondition::ValidFilter));
            }
        }
    }
}

#[test]
fn an_unknown_collation_breaks_supported_collation() {
    let outcome = in_calendar(
        "<C:prop-filter name='UID'><C:text-match collation='i;klingon'>a</C:text-match></C:prop-filter>",
    );
    assert_eq!(
        outcome.unwrap_err().precondition(),
        Some(&Precondition::SupportedCollation)
    );
}

#[test]
fn conditions_may_stand_without_a_component_type() {
    let query = in_calendar(
        "<C:time-range end='20260101T000000Z'/>\
         <C:prop-filter name='SUMMARY'><C:text-match collation='i;unicode-casemap' \
         match-type='starts-with' negate-condition='yes'> A\n</C:text-match></C:prop-filter>",
    );
    let ComponentTest::Defined {
        time_range,
        properties,
        ..
    } = query.unwrap().filter.test
    else {
        panic!("no conditions");
    };
    let range = time_range.unwrap();
    assert_eq!(range.start(), None);
    assert_eq!(range.end().unwrap().to_string(), "2026-01-01 00:00:00");
    let expected = TextMatch {
        text: " A\n".to_owned(),
        collation: Collation::UnicodeCasemap,
        match_type: MatchType::StartsWith,
        negated: true,
    };
    let [property] = &properties[..] else {
        panic!("{properties:?}")
    };
    let PropertyTest::Defined { value, .. } = &property.test else {
        panic!("{property:?}")
    };
    assert_eq!(*value, Some(ValueTest::Text(expected)));
}

#[test]
fn elements_of_other_namespaces_do_not_change_a_filter() {
    let query = in_calendar("<X:odd xmlns:X='urn:x'/>").unwrap();
    assert_eq!(query.filter, ComponentFilter::exists("VCALENDAR"));
}

#[test]
fn a_query_may_name_its_zone_by_data_or_id() {
    let filter = "<C:filter><C:comp-filter name='VCALENDAR'/></C:filter>";
    let data = query(&format!(
        "{filter}<C:timezone><![CDATA[BEGIN:VCALENDAR\n]]></C:timezone>"
    ));
    let id = query(&format!(
        "{filter}<C:timezone-id> Europe/Berlin </C:timezone-id>"
    ));
    assert_eq!(
        data.unwrap().zone,
        Some(QueryZone::Data("BEGIN:VCALENDAR\n".to_owned()))
    );
    assert_eq!(
        id.unwrap().zone,
        Some(QueryZone::Id("Europe/Berlin".to_owned()))
    );
}

#[test]
fn text_matches_follow_collation_place_and_negation() {
    let table = [
        (
            "stand",
            Collation::AsciiCasemap,
            MatchType::Contains,
            "Daily STANDUP",
            true,
        ),
        (
            "stand",
            Collation::Octet,
            MatchType::Contains,
            "Daily STANDUP",
            false,
        ),
        (
            "caf\u{e9}",
            Collation::AsciiCasemap,
            MatchType::Equals,
            "CAF\u{c9}",
            false,
        ),
        (
            "caf\u{e9}",
            Collation::UnicodeCasemap,
            MatchType::Equals,
            "CAF\u{c9}",
            true,
        ),
        (
            "stra\u{df}e",
            Collation::UnicodeCasemap,
            MatchType::Equals,
            "STRASSE",
            true,
        ),
        (
            "daily",
            Collation::AsciiCasemap,
            MatchType::StartsWith,
            "Daily",
            true,
        ),
        (
            "daily",
            Collation::AsciiCasemap,
            MatchType::EndsWith,
            "Daily standup",
            false,
        ),
        (
            "UP",
            Collation::AsciiCasemap,
            MatchType::EndsWith,
            "Standup",
            true,
        ),
        ("", Collation::AsciiCasemap, MatchType::Contains, "", true),
    ];
    for (text, collation, match_type, value, expected) in table {
        let mut condition = TextMatch {
            text: text.to_owned(),
            collation,
            match_type,
            negated: false,
        };
        assert_eq!(condition.matches(value), expected, "{condition:?} {value}");
        condition.negated = true;
        assert_eq!(condition.matches(value), !expected, "{condition:?} {value}");
    }
}

fn calendar_data(document: &str) -> Result<CalendarData, Error> {
    let body = document.replace(
        "<C:calendar-data",
        "<C:calendar-data xmlns:C='urn:ietf:params:xml:ns:caldav'",
    );
    CalendarData::parse(body.as_bytes(), &Limits::REQUEST)
}

#[test]
fn expand_needs_both_ends_and_no_limit_beside_it() {
    let span = "start='20260101T000000Z' end='20260201T000000Z'";
    let expand = calendar_data(&format!(
        "<C:calendar-data><C:expand {span}/></C:calendar-data>"
    ));
    assert!(matches!(
        expand.unwrap().recurrences,
        Recurrences::Expand(_)
    ));
    for broken in [
        "<C:expand/>".to_owned(),
        "<C:expand start='20260101T000000Z'/>".to_owned(),
        "<C:expand end='20260101T000000Z'/>".to_owned(),
        format!("<C:expand {span}/><C:limit-recurrence-set {span}/>"),
    ] {
        let document = format!("<C:calendar-data>{broken}</C:calendar-data>");
        assert!(calendar_data(&document).is_err(), "{broken}");
    }
}

#[test]
fn other_media_types_than_icalendar_are_recognised() {
    for (attributes, expected) in [
        ("", true),
        ("content-type='text/calendar' version='2.0'", true),
        ("content-type='Text/Calendar; charset=utf-8'", true),
        ("content-type='text/calendar' version='3.0'", false),
        ("content-type='application/calendar+json'", false),
    ] {
        let data = calendar_data(&format!("<C:calendar-data {attributes}/>")).unwrap();
        assert_eq!(data.is_icalendar(), expected, "{attributes}");
        assert!(data.is_whole());
    }
}

#[test]
fn an_unknown_report_breaks_supported_report() {
    let outcome = Report::parse(b"<version-tree xmlns='DAV:'/>", &Limits::REQUEST);
    assert_eq!(
        outcome.unwrap_err().precondition(),
        Some(&Precondition::SupportedReport)
    );
}
