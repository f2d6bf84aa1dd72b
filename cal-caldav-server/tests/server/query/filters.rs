//! Filters on components, properties and parameters (RFC 4791 section 9.7).

use super::{CALENDAR, ask, comp, found, prop, text, world};
use crate::world::{component, event};

const ABSENT: &str = "<C:is-not-defined/>";

#[tokio::test]
async fn filters_on_components_properties_and_parameters_find_what_they_name() {
    let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM";
    let world = world(&[
        (
            "lunch",
            event(
                "lunch",
                &[
                    "DTSTART:20260302T120000Z",
                    "SUMMARY:Lunch with Zo\u{eb}",
                    "CATEGORIES:Food,Friends",
                    "LOCATION:Caf\u{e9}",
                ],
            ),
        ),
        (
            "call",
            event(
                "call",
                &[
                    "DTSTART:20260303T120000Z",
                    "SUMMARY:Call",
                    "ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:bob@example.com",
                    "ATTENDEE;PARTSTAT=DECLINED:mailto:eve@example.com",
                    alarm,
                ],
            ),
        ),
        (
            "quiet",
            event(
                "quiet",
                &[
                    "DTSTART:20260304T120000Z",
                    "CLASS:PRIVATE",
                    "SUMMARY:LUNCH break\\, long",
                ],
            ),
        ),
        (
            "task",
            component(
                "VTODO",
                "task",
                &["SUMMARY:Buy lunch", "STATUS:NEEDS-ACTION"],
            ),
        ),
        (
            "note",
            component(
                "VJOURNAL",
                "note",
                &["DTSTART;VALUE=DATE:20260305", "SUMMARY:Note"],
            ),
        ),
    ])
    .await;
    let ev = |inner: &str| comp("VEVENT", inner);
    let cases = [
        (String::new(), "call lunch note quiet task"),
        (ev(""), "call lunch quiet"),
        (comp("vevent", ""), "call lunch quiet"),
        (comp("VTODO", ""), "task"),
        (comp("VJOURNAL", ""), "note"),
        (comp("VFREEBUSY", ""), ""),
        (comp("X-UNKNOWN", ""), ""),
        (comp("VEVENT", ABSENT), "note task"),
        (ev(&comp("VALARM", "")), "call"),
        (ev(&comp("VALARM", ABSENT)), "lunch quiet"),
        (ev(&prop("LOCATION", "")), "lunch"),
        (ev(&prop("LOCATION", ABSENT)), "call quiet"),
        (ev(&prop("summary", &text("", "lunch"))), "lunch quiet"),
        (
            ev(&prop("SUMMARY", &text("collation='i;octet'", "Lunch"))),
            "lunch",
        ),
        (
            ev(&prop(
                "SUMMARY",
                &text("collation='i;ascii-casemap'", "ZO\u{cb}"),
            )),
            "",
        ),
        (
            ev(&prop(
                "SUMMARY",
                &text("collation='i;unicode-casemap'", "ZO\u{cb}"),
            )),
            "lunch",
        ),
        (
            ev(&prop("SUMMARY", &text("negate-condition='yes'", "lunch"))),
            "call",
        ),
        (ev(&prop("SUMMARY", &text("", "break, long"))), "quiet"),
        (ev(&prop("CATEGORIES", &text("", "friends"))), "lunch"),
        (
            ev(&prop("CATEGORIES", &text("match-type='equals'", "food"))),
            "lunch",
        ),
        (ev(&prop("CLASS", &text("", "private"))), "quiet"),
        (
            ev(&format!(
                "{}{}",
                prop("SUMMARY", &text("", "lunch")),
                prop("LOCATION", &text("", "caf"))
            )),
            "lunch",
        ),
        (
            ev(&format!(
                "{}{}",
                prop("SUMMARY", &text("", "lunch")),
                prop("CLASS", ABSENT)
            )),
            "lunch",
        ),
        (ev(&prop("ATTENDEE", &text("", "bob@example.com"))), "call"),
        (
            ev(&prop("ATTENDEE", "<C:param-filter name='PARTSTAT'/>")),
            "call",
        ),
        (
            ev(&prop(
                "ATTENDEE",
                &format!(
                    "{}<C:param-filter name='PARTSTAT'>{}</C:param-filter>",
                    text("", "bob"),
                    text("", "accepted")
                ),
            )),
            "call",
        ),
        (
            ev(&prop(
                "ATTENDEE",
                &format!(
                    "{}<C:param-filter name='PARTSTAT'>{}</C:param-filter>",
                    text("", "bob"),
                    text("", "declined")
                ),
            )),
            "",
        ),
        (
            ev(&prop(
                "ATTENDEE",
                "<C:param-filter name='CN'><C:is-not-defined/></C:param-filter>",
            )),
            "call",
        ),
        (ev(&prop("ATTENDEE", "<C:param-filter name='ROLE'/>")), ""),
        (
            ev(&prop(
                "DTSTART",
                "<C:time-range start='20260303T000000Z' end='20260304T000000Z'/>",
            )),
            "call",
        ),
        (prop("SUMMARY", &text("", "lunch")), "lunch quiet task"),
        (
            prop("VERSION", &text("", "2.0")),
            "call lunch note quiet task",
        ),
        (
            "<C:time-range start='20260304T000000Z' end='20260306T000000Z'/>".to_owned(),
            "note quiet task",
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&world, &filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn malformed_filters_are_refused_as_such() {
    let world = world(&[]).await;
    let ev = |inner: &str| comp("VEVENT", inner);
    let cases = [
        (ev("<C:time-range/>"), "valid-filter"),
        (ev("<C:time-range start='20260301'/>"), "valid-filter"),
        (
            ev("<C:time-range start='20260301T000000'/>"),
            "valid-filter",
        ),
        (
            ev("<C:time-range start='20260302T000000Z' end='20260301T000000Z'/>"),
            "valid-filter",
        ),
        (
            ev("<C:time-range start='20260301T000000Z' end='20260301T000000Z'/>"),
            "valid-filter",
        ),
        (
            ev("<C:is-not-defined/><C:prop-filter name='X'/>"),
            "valid-filter",
        ),
        (ev("<C:prop-filter/>"), "valid-filter"),
        ("<C:comp-filter/>".to_owned(), "valid-filter"),
        (
            ev(&prop(
                "X",
                "<C:text-match collation='i;klingon'>x</C:text-match>",
            )),
            "supported-collation",
        ),
        (
            ev(&prop(
                "X",
                "<C:text-match negate-condition='maybe'>x</C:text-match>",
            )),
            "valid-filter",
        ),
        (comp("VEVENT", "").repeat(300), "supported-filter"),
    ];
    for (filter, condition) in cases {
        let answer = ask(&world, "", &filter).await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec![condition.to_owned()]),
            "{filter}"
        );
    }
    let no_filter = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop/></C:calendar-query>";
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(no_filter)
        .send()
        .await;
    assert_eq!(answer.conditions(), ["valid-filter"]);
}
