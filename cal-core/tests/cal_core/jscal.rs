//! JSCalendar (RFC 8984) both ways.

use cal_core::{Calendar, Converted};
use serde_json::{Value, json};

use crate::calendar_of;

fn to_json(text: &str) -> Value {
    let converted = Calendar::read(text).calendar.to_jscal();
    serde_json::from_str(&converted.value).unwrap()
}

fn from_json(value: &Value) -> Converted<Calendar> {
    Calendar::from_jscal(&value.to_string()).unwrap()
}

/// The members that a component with these lines becomes.
fn members(kind: &str, lines: &str) -> Value {
    let mut all = to_json(&calendar_of(&format!(
        "BEGIN:{kind}\nUID:1\n{lines}\nEND:{kind}"
    )));
    for key in ["@type", "uid", "prodId"] {
        all.as_object_mut().unwrap().shift_remove(key);
    }
    all
}

/// The lines that an object with these members becomes.
fn lines(object_type: &str, members: &Value) -> String {
    let mut object = json!({"@type": object_type, "uid": "1"});
    object
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    let read = from_json(&object);
    assert_eq!(read.not_carried, []);
    let component = read
        .value
        .components()
        .find(|found| found.line() > 0 && found.property("UID").is_some())
        .unwrap();
    let text = component.to_string().replace("\r\n ", "");
    let inner = text
        .strip_prefix("BEGIN:VEVENT\r\n")
        .or(text.strip_prefix("BEGIN:VTODO\r\n"))
        .unwrap();
    let inner = inner.rsplit_once("\r\nEND:").unwrap().0;
    inner.replace("UID:1\r\n", "").replace("\r\n", "\n")
}

/// Lines of an event besides UID, and the members that stand for them.
#[expect(clippy::too_many_lines, reason = "a table")]
fn events() -> Vec<(&'static str, Value)> {
    let start = "DTSTART:20260302T090000Z";
    let with = |more: Value| {
        let mut all = json!({"start": "2026-03-02T09:00:00", "timeZone": "Etc/UTC"});
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    let line = |line: &str| -> &'static str { format!("{start}\n{line}").leak() };
    vec![
        (start, with(json!({}))),
        (
            "DTSTART;TZID=Europe/Berlin:20260302T090000\nDURATION:PT1H",
            json!({"start": "2026-03-02T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H"}),
        ),
        (
            "DTSTART:20260302T090000",
            json!({"start": "2026-03-02T09:00:00"}),
        ),
        (
            "DTSTART;VALUE=DATE:20260302\nDURATION:P2D",
            json!({"start": "2026-03-02T00:00:00", "showWithoutTime": true, "duration": "P2D"}),
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20260328T120000\nDTEND;TZID=Europe/Berlin:20260329T120000",
            json!({"start": "2026-03-28T12:00:00", "timeZone": "Europe/Berlin", "duration": "PT23H", "iCalendar": {
                "@type": "ICalComponent", "name": "vevent",
                "convertedProperties": {"duration": {"@type": "ICalProperty", "name": "dtend"}}}}),
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20260302T130000\nDTEND;TZID=Asia/Bangkok:20260303T050000",
            json!({"start": "2026-03-02T13:00:00", "timeZone": "Europe/Berlin", "duration": "PT10H",
                "locations": {"end": {"@type": "Location", "relativeTo": "end", "timeZone": "Asia/Bangkok"}},
                "iCalendar": {"@type": "ICalComponent", "name": "vevent",
                    "convertedProperties": {"duration": {"@type": "ICalProperty", "name": "dtend"}}}}),
        ),
        (
            line("SUMMARY;LANGUAGE=fr:F\u{ea}te\\, demain"),
            with(json!({"locale": "fr", "title": "F\u{ea}te, demain"})),
        ),
        (
            line("DESCRIPTION:a\\nb"),
            with(json!({"description": "a\nb"})),
        ),
        (
            line("STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>a</b>"),
            with(json!({"descriptionContentType": "text/html", "description": "<b>a</b>"})),
        ),
        (line("SEQUENCE:3"), with(json!({"sequence": 3}))),
        (line("PRIORITY:1"), with(json!({"priority": 1}))),
        (
            line("CLASS:CONFIDENTIAL"),
            with(json!({"privacy": "secret"})),
        ),
        (
            line("TRANSP:TRANSPARENT"),
            with(json!({"freeBusyStatus": "free"})),
        ),
        (
            line("STATUS:TENTATIVE"),
            with(json!({"status": "tentative"})),
        ),
        (line("COLOR:maroon"), with(json!({"color": "maroon"}))),
        (
            line("CREATED:20260101T000000Z"),
            with(json!({"created": "2026-01-01T00:00:00Z"})),
        ),
        (
            line("DTSTAMP:20260101T000000Z"),
            with(json!({"updated": "2026-01-01T00:00:00Z"})),
        ),
        (
            line("CATEGORIES:a,b\\,c"),
            with(json!({"keywords": {"a": true, "b,c": true}})),
        ),
        (
            line("CONCEPT:http://x/a"),
            with(json!({"categories": {"http://x/a": true}})),
        ),
        (
            line("RELATED-TO;RELTYPE=CHILD:2"),
            with(json!({"relatedTo": {"2": {"@type": "Relation", "relation": {"child": true}}}})),
        ),
        (
            line("REQUEST-STATUS:2.0;Success"),
            with(json!({"requestStatus": "2.0;Success"})),
        ),
        (
            line("LOCATION:Hall\nGEO:48.2;-16.5"),
            with(
                json!({"locations": {"main": {"@type": "Location", "name": "Hall", "coordinates": "geo:48.2,-16.5"}}}),
            ),
        ),
        (
            line("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Room:https://x/1"),
            with(
                json!({"virtualLocations": {"c1": {"@type": "VirtualLocation", "uri": "https://x/1", "name": "Room", "features": {"audio": true, "video": true}}}}),
            ),
        ),
        (
            line("ATTACH;FMTTYPE=text/plain;SIZE=5;FILENAME=a:http://x/a"),
            with(
                json!({"links": {"l1": {"@type": "Link", "href": "http://x/a", "rel": "enclosure", "contentType": "text/plain", "size": 5, "title": "a"}}}),
            ),
        ),
        (
            line("ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:AAAA"),
            with(
                json!({"links": {"l1": {"@type": "Link", "href": "data:text/plain;base64,AAAA", "rel": "enclosure", "contentType": "text/plain"}}}),
            ),
        ),
        (
            line("URL:http://x/a"),
            with(
                json!({"links": {"l1": {"@type": "Link", "href": "http://x/a", "rel": "describedby"}}}),
            ),
        ),
        (
            line("IMAGE;DISPLAY=BADGE;VALUE=URI:http://x/a"),
            with(
                json!({"links": {"l1": {"@type": "Link", "href": "http://x/a", "rel": "icon", "display": "badge"}}}),
            ),
        ),
        (
            line(
                "RRULE:RSCALE=GREGORIAN;FREQ=YEARLY;UNTIL=20301231T000000Z;INTERVAL=2;BYDAY=SU,-1FR;BYMONTHDAY=29;BYMONTH=2;BYSETPOS=1;WKST=SU;SKIP=FORWARD",
            ),
            with(
                json!({"recurrenceRules": [{"@type": "RecurrenceRule", "rscale": "gregorian", "frequency": "yearly", "until": "2030-12-31T00:00:00", "interval": 2, "byDay": [{"@type": "NDay", "day": "su"}, {"@type": "NDay", "day": "fr", "nthOfPeriod": -1}], "byMonthDay": [29], "byMonth": ["2"], "bySetPosition": [1], "firstDayOfWeek": "su", "skip": "forward"}]}),
            ),
        ),
        (
            line(
                "RRULE:FREQ=DAILY;COUNT=9\nEXRULE:FREQ=WEEKLY\nRDATE:20260501T090000Z\nEXDATE:20260303T090000Z",
            ),
            with(json!({
                "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "daily", "count": 9}],
                "excludedRecurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly"}],
                "recurrenceOverrides": {"2026-05-01T09:00:00": {}, "2026-03-03T09:00:00": {"excluded": true}}})),
        ),
        (
            line("SUMMARY;X-FOO=bar:test\nX-BAR:bam"),
            with(
                json!({"title": "test", "iCalendar": {"@type": "ICalComponent", "name": "vevent",
                "convertedProperties": {"title": {"@type": "ICalProperty", "name": "summary", "parameters": {"x-foo": "bar"}}},
                "properties": [["x-bar", {}, "unknown", "bam"]]}}),
            ),
        ),
        (
            line("JSPROP;JSPTR=example.com/x:{\"a\":[1\\,2]}")
                .replace("example.com/x", "\"example.com:x\"")
                .leak(),
            with(json!({"example.com:x": {"a": [1, 2]}})),
        ),
    ]
}

/// These lines become these members, and the members the lines in some order.
fn comes_back(kind: &str, object_type: &str, text: &str, expected: &Value) {
    assert_eq!(members(kind, text), *expected, "{text}");
    let back = lines(object_type, expected);
    let mut found: Vec<&str> = back.split('\n').collect();
    let mut written: Vec<&str> = text.split('\n').collect();
    found.sort_unstable();
    written.sort_unstable();
    assert_eq!(found, written);
}

#[test]
fn each_property_of_an_event_has_its_member_and_comes_back() {
    for (line, expected) in events() {
        comes_back("VEVENT", "Event", line, &expected);
    }
}

#[test]
fn each_property_of_a_task_has_its_member_and_comes_back() {
    let cases = [
        (
            "DUE:20260302T090000Z",
            json!({"due": "2026-03-02T09:00:00", "timeZone": "Etc/UTC"}),
        ),
        (
            "DTSTART;VALUE=DATE:20260302\nDUE;VALUE=DATE:20260304",
            json!({"start": "2026-03-02T00:00:00", "showWithoutTime": true, "due": "2026-03-04T00:00:00"}),
        ),
        (
            "STATUS:COMPLETED\nPERCENT-COMPLETE:100\nCOMPLETED:20260301T000000Z",
            json!({"percentComplete": 100, "progress": "completed", "progressUpdated": "2026-03-01T00:00:00Z"}),
        ),
        (
            "ESTIMATED-DURATION;VALUE=DURATION:PT2H",
            json!({"estimatedDuration": "PT2H"}),
        ),
        (
            "DTSTART:20260302T090000\nDURATION:P1D",
            json!({"start": "2026-03-02T09:00:00", "estimatedDuration": "P1D", "due": "2026-03-03T09:00:00",
                "iCalendar": {"@type": "ICalComponent", "name": "vtodo",
                    "convertedProperties": {"due": {"@type": "ICalProperty", "name": "duration"}}}}),
        ),
    ];
    for (line, expected) in cases {
        comes_back("VTODO", "Task", line, &expected);
    }
}

#[test]
fn the_organizer_is_a_participant_with_the_role_owner() {
    let all = members(
        "VEVENT",
        "DTSTART:20260302T090000Z\nORGANIZER;CN=Ada:mailto:ada@x\nATTENDEE;CN=Ada;PARTSTAT=ACCEPTED:mailto:ada@x\n\
         ATTENDEE;CN=Bob;ROLE=OPT-PARTICIPANT;CUTYPE=GROUP;RSVP=TRUE;DELEGATED-FROM=\"mailto:ada@x\";SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS=\"1.2,2.0\";SENT-BY=\"mailto:c@x\":mailto:bob@x",
    );
    assert_eq!(all["replyTo"], json!({"imip": "mailto:ada@x"}));
    let people = all["participants"].as_object().unwrap();
    let of = |name: &str| people.iter().find(|(_, own)| own["name"] == name).unwrap();
    let (ada, own) = of("Ada");
    assert_eq!(own["roles"], json!({"attendee": true, "owner": true}));
    assert_eq!(own["participationStatus"], "accepted");
    let (_, own) = of("Bob");
    let expected = json!({
        "@type": "Participant", "name": "Bob", "sendTo": {"imip": "mailto:bob@x"}, "kind": "group",
        "roles": {"attendee": true, "optional": true}, "expectReply": true, "scheduleAgent": "client",
        "scheduleStatus": ["1.2", "2.0"], "sentBy": "c@x", "delegatedFrom": {ada: true},
    });
    assert_eq!(*own, expected);
    assert_eq!(all.get("iCalendar"), None);
    let back = lines("Event", &all);
    for line in [
        "ORGANIZER;CN=Ada:mailto:ada@x",
        "ATTENDEE;CN=Ada;PARTSTAT=ACCEPTED:mailto:ada@x",
    ] {
        assert!(back.lines().any(|own| own == line), "{line} in {back}");
    }
    assert!(
        back.contains("DELEGATED-FROM=\"mailto:ada@x\":mailto:bob@x"),
        "{back}"
    );
}

#[test]
fn an_override_is_a_patch_with_only_what_differs() {
    let text = calendar_of(
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20260302T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY\nSUMMARY:a\nLOCATION:x\nATTENDEE:mailto:a@x\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260303T080000Z\nDTSTART;TZID=Europe/Berlin:20260303T100000\nDURATION:PT1H\nSUMMARY:b\nATTENDEE;PARTSTAT=DECLINED:mailto:a@x\nEND:VEVENT",
    );
    let json = to_json(&text);
    let id = json["participants"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap();
    let expected = json!({"2026-03-03T09:00:00": {
        "start": "2026-03-03T10:00:00", "title": "b", "locations": null,
        (format!("participants/{id}/participationStatus")): "declined",
    }});
    assert_eq!(json["recurrenceOverrides"], expected);
    let back = from_json(&json).value;
    let changed = back.events().nth(1).unwrap();
    assert_eq!(
        changed.recurrence_id().unwrap().unwrap().to_string(),
        "2026-03-03T09:00:00[Europe/Berlin]"
    );
    assert_eq!(
        changed.start().unwrap().to_string(),
        "2026-03-03T10:00:00[Europe/Berlin]"
    );
    assert_eq!(changed.summary().as_deref(), Some("b"));
    assert_eq!(changed.location(), None);
    assert_eq!(
        changed.attendees().next().unwrap().participation(),
        "DECLINED"
    );
}

#[test]
fn a_date_that_is_added_and_excluded_comes_back_where_exclusions_are() {
    let text = calendar_of(
        "BEGIN:VEVENT\nUID:1@x\nDTSTAMP:20260101T000000Z\nDTSTART;VALUE=DATE:20260302\n\
        RDATE;VALUE=DATE:20260316,20260301\nEXDATE;VALUE=DATE:20260316\nEND:VEVENT\n",
    );
    let once = from_json(&to_json(&text)).value.to_string();
    let twice = from_json(&to_json(&once)).value.to_string();
    assert_eq!(once, twice);
    assert!(once.contains("RDATE;VALUE=DATE:20260301\r\n"), "{once}");
    assert!(once.contains("EXDATE;VALUE=DATE:20260316\r\n"), "{once}");
}

#[test]
fn whole_days_last_as_many_as_they_are_read_to() {
    for (duration, days) in [
        ("PT36H", "P2D"),
        ("P1DT1S", "P2D"),
        ("PT24H", "P1D"),
        ("-P1D", "P1D"),
        ("soon", "P1D"),
    ] {
        let text = calendar_of(&format!(
            "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260302\nDURATION:{duration}\nEND:VEVENT"
        ));
        let converted = Calendar::read(text).calendar.to_jscal();
        let lost: Vec<String> = converted
            .not_carried
            .iter()
            .map(ToString::to_string)
            .collect();
        let reason = "line 7: DURATION of VEVENT: an event of whole days lasts whole days";
        assert_eq!(lost, [reason], "{duration}");
        let back = Calendar::from_jscal(&converted.value)
            .unwrap()
            .value
            .to_string();
        let lines: Vec<&str> = back
            .lines()
            .filter(|line| line.starts_with("DURATION"))
            .collect();
        assert_eq!(lines, [format!("DURATION:{days}")], "{duration}");
    }
}

#[test]
fn what_a_patch_may_not_change_is_reported() {
    let text = calendar_of(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\nCLASS:PRIVATE\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260303T090000Z\nDTSTART:20260303T090000Z\nEND:VEVENT",
    );
    let lost = Calendar::read(text).calendar.to_jscal().not_carried;
    assert_eq!(
        lost[0].to_string(),
        "line 10: VEVENT: an override has what its series has, of CLASS, ORGANIZER and RELATED-TO"
    );
    let json = json!({"@type": "Event", "uid": "1", "start": "2026-03-02T09:00:00",
        "recurrenceOverrides": {"2026-03-03T09:00:00": {"privacy": "secret", "title": "a", "x/y": 1}}});
    let lost: Vec<String> = from_json(&json)
        .not_carried
        .iter()
        .map(ToString::to_string)
        .collect();
    let place = "$.recurrenceOverrides.2026-03-03T09:00:00: ";
    assert_eq!(
        lost,
        [
            format!("{place}privacy of PatchObject: no patch may change this"),
            format!("{place}x/y of PatchObject: points to nothing")
        ]
    );
}

#[test]
fn alerts_go_off_by_offset_or_at_a_time() {
    let alarm = |lines: &str| {
        let text = format!("DTSTART:20260302T090000Z\nBEGIN:VALARM\n{lines}\nEND:VALARM");
        members("VEVENT", &text)["alerts"]["a1"].clone()
    };
    assert_eq!(
        alarm("ACTION:DISPLAY\nTRIGGER;RELATED=END:-PT5M\nACKNOWLEDGED:20260301T000000Z"),
        json!({"@type": "Alert", "trigger": {"@type": "OffsetTrigger", "offset": "-PT5M", "relativeTo": "end"}, "action": "display", "acknowledged": "2026-03-01T00:00:00Z"})
    );
    assert_eq!(
        alarm(
            "ACTION:EMAIL\nTRIGGER;VALUE=DATE-TIME:20260302T080000Z\nRELATED-TO;RELTYPE=SNOOZE:a2"
        ),
        json!({"@type": "Alert", "trigger": {"@type": "AbsoluteTrigger", "when": "2026-03-02T08:00:00Z"}, "action": "email", "relatedTo": {"a2": {"@type": "Relation", "relation": {"snooze": true}}}})
    );
    assert_eq!(
        alarm("ACTION:AUDIO\nTRIGGER:PT0S\nREPEAT:2\nDURATION:PT1M")["iCalendar"]["properties"],
        json!([
            ["action", {}, "text", "AUDIO"],
            ["repeat", {}, "integer", 2],
            ["duration", {}, "duration", "PT1M"]
        ])
    );
    let back = lines(
        "Event",
        &json!({"start": "2026-03-02T09:00:00", "title": "a", "alerts": {"x": {"@type": "Alert", "trigger": {"@type": "OffsetTrigger", "offset": "-PT5M"}}}}),
    );
    assert!(
        back.contains(
            "BEGIN:VALARM\nJSID:x\nTRIGGER:-PT5M\nACTION:DISPLAY\nDESCRIPTION:a\nEND:VALARM"
        ),
        "{back}"
    );
}

#[test]
fn a_zone_of_the_calendars_own_goes_along_and_one_of_iana_does_not() {
    let zone = "BEGIN:VTIMEZONE\nTZID:My Zone\nX-A:b\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nTZNAME:MZ\nEND:STANDARD\nEND:VTIMEZONE";
    let text = calendar_of(&format!(
        "{zone}\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=My Zone:20260302T090000\nEND:VEVENT"
    ));
    let json = to_json(&text);
    assert_eq!(json["timeZone"], "/My Zone");
    let expected = json!({"/My Zone": {"@type": "TimeZone", "tzId": "My Zone", "standard": [
        {"@type": "TimeZoneRule", "start": "1970-01-01T00:00:00", "offsetFrom": "+0100", "offsetTo": "+0100", "names": {"MZ": true}}],
        "iCalendar": {"@type": "ICalComponent", "name": "vtimezone", "properties": [["x-a", {}, "unknown", "b"]]}}});
    assert_eq!(json["timeZones"], expected);
    let back = from_json(&json).value;
    assert_eq!(
        back.time_zones().next().unwrap().tzid().as_deref(),
        Some("My Zone")
    );
    assert_eq!(
        back.events().next().unwrap().start().unwrap().to_string(),
        "2026-03-02T09:00:00[My Zone]"
    );

    let iana = text.replace("My Zone", "Europe/Berlin");
    let json = to_json(&iana);
    assert_eq!(
        (json["timeZone"].as_str(), json.get("timeZones")),
        (Some("Europe/Berlin"), None)
    );
    // Other programs need a definition all the same.
    let back = from_json(&json).value.to_string();
    assert!(
        back.contains("TZID:Europe/Berlin") && back.contains("TZNAME:CEST"),
        "{back}"
    );
}

#[test]
fn several_objects_and_what_a_calendar_says_of_itself_are_a_group() {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Team\r\nCOLOR:red\r\n\
        BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260302T090000Z\r\nEND:VEVENT\r\nBEGIN:VTODO\r\nUID:2\r\nEND:VTODO\r\n\
        BEGIN:VJOURNAL\r\nUID:3\r\nEND:VJOURNAL\r\nEND:VCALENDAR\r\n";
    let converted = Calendar::read(text).calendar.to_jscal();
    let json: Value = serde_json::from_str(&converted.value).unwrap();
    assert_eq!(
        (&json["@type"], &json["title"], &json["color"]),
        (&json!("Group"), &json!("Team"), &json!("red"))
    );
    assert_eq!(
        (&json["entries"][0]["@type"], &json["entries"][1]["@type"]),
        (&json!("Event"), &json!("Task"))
    );
    assert_eq!(json["entries"][0]["method"], "publish");
    assert_eq!(
        converted.not_carried[0].to_string(),
        "line 14: VJOURNAL: JSCalendar has no such object; it is carried as iCalendar only"
    );
    let back = from_json(&json).value;
    assert_eq!(back.journals().count(), 1);
    assert_eq!(
        (back.method().as_deref(), back.name().as_deref()),
        (Some("PUBLISH"), Some("Team"))
    );
}

#[test]
fn names_of_the_coming_revision_are_understood() {
    let object = json!({"start": "2026-03-02T13:00:00", "timeZone": "Europe/Berlin", "duration": "PT10H", "endTimeZone": "Asia/Bangkok",
        "recurrenceRule": {"frequency": "daily"}, "organizerCalendarAddress": "mailto:a@x",
        "participants": {"1": {"calendarAddress": "mailto:b@x"}}});
    let found = lines("Event", &object);
    for line in [
        "DTEND;TZID=Asia/Bangkok:20260303T050000",
        "RRULE:FREQ=DAILY",
        "ORGANIZER:mailto:a@x",
        "ATTENDEE;JSID=1:mailto:b@x",
    ] {
        assert!(found.lines().any(|own| own == line), "{line} in {found}");
    }
}

#[test]
fn what_icalendar_has_no_word_for_comes_back_from_it() {
    let object = json!({"@type": "Event", "uid": "1", "start": "2026-03-02T09:00:00", "useDefaultAlerts": true,
        "localizations": {"de": {"title": "x"}}, "title": 5,
        "links": {"own": {"@type": "Link", "href": "http://x", "rel": "enclosure", "cid": "c"}},
        "participants": {"1": {"@type": "Participant", "name": "a", "sendTo": {"imip": "mailto:a@x"}, "invitedBy": "2"}, "3": {"@type": "Participant", "name": "no address"}}});
    let mut again = to_json(&from_json(&object).value.to_string());
    again.as_object_mut().unwrap().shift_remove("prodId");
    again["participants"]["1"]
        .as_object_mut()
        .unwrap()
        .shift_remove("roles");
    assert_eq!(again, object);
}

#[test]
fn what_is_not_jscalendar_is_an_error_with_its_place() {
    let cases = [
        ("{", "at 1:1: not JSON"),
        ("[]", "at $: not an object"),
        ("{}", "at $: neither Event nor Task"),
        (r#"{"@type":"Group"}"#, "at $: a group without entries"),
        (
            r#"{"@type":"Group","entries":[5]}"#,
            "at $.entries[0]: not an object",
        ),
        (
            r#"{"@type":"Event","start":"2026-03-02T09:00:00"}"#,
            "at $: no uid",
        ),
        (
            r#"{"@type":"Event","uid":"1"}"#,
            "at $: an event without start",
        ),
        (
            r#"{"@type":"Event","uid":"1","start":"soon"}"#,
            "at $.start: not a local date-time",
        ),
    ];
    for (json, message) in cases {
        assert_eq!(
            Calendar::from_jscal(json).unwrap_err().to_string(),
            message,
            "{json}"
        );
    }
    assert!(Calendar::from_jscal(&"[".repeat(100_000)).is_err());
}

#[test]
fn overrides_of_a_large_event_stop_at_the_limit() {
    let keys = (0..20_000).map(|number| {
        let (day, hour, minute) = (number / 1440 % 28 + 1, number / 60 % 24, number % 60);
        (
            format!("2026-03-{day:02}T{hour:02}:{minute:02}:00"),
            json!({"title": "b"}),
        )
    });
    let overrides: Value = Value::Object(keys.collect());
    let object = json!({"@type": "Event", "uid": "1", "start": "2026-03-02T09:00:00",
        "description": "x".repeat(100_000), "recurrenceOverrides": overrides});
    let error = Calendar::from_jscal(&object.to_string())
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("more than 256 MiB of iCalendar"), "{error}");
}

#[test]
fn a_patch_is_not_much_longer_than_what_it_makes() {
    let people: String = (0..3000)
        .map(|n| format!("ATTENDEE:mailto:a{n}@x\n"))
        .collect();
    let other = |n: u32| {
        let at = format!("202603{:02}T{:02}0000Z", n / 24 + 1, n % 24);
        format!(
            "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:{at}\nDTSTART:{at}\nATTENDEE:mailto:a1@x\nEND:VEVENT\n"
        )
    };
    let others: String = (0..200).map(other).collect();
    let text = calendar_of(&format!(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260301T000000Z\nRRULE:FREQ=HOURLY\n{people}END:VEVENT\n{others}"
    ));
    let json = Calendar::read(&text).calendar.to_jscal().value;
    assert!(json.len() < 1_000_000, "{} bytes", json.len());
    let back = Calendar::from_jscal(&json).unwrap().value;
    assert_eq!(back.events().nth(1).unwrap().attendees().count(), 1);
}

#[test]
fn tens_of_thousands_of_links_and_locations_come_back() {
    let links: Value = Value::Object(
        (0..50_000)
            .map(|n| (format!("x{n}"), json!({"href": "http://x"})))
            .collect(),
    );
    let places: Value = Value::Object(
        (0..20_000)
            .map(|n| (format!("x{n}"), json!({"name": "a"})))
            .collect(),
    );
    let object = json!({"@type": "Event", "uid": "1", "start": "2026-03-02T09:00:00", "links": links, "locations": places});
    let back = from_json(&object).value;
    let again = to_json(&back.to_string());
    assert_eq!(again["links"].as_object().unwrap().len(), 50_000);
    assert_eq!(again["locations"].as_object().unwrap().len(), 20_000);
}

#[test]
fn what_stands_outside_of_a_calendar_and_has_no_object_is_lost_and_named() {
    let text = "BEGIN:VJOURNAL\r\nUID:1\r\nEND:VJOURNAL\r\n";
    let converted = Calendar::read(text).calendar.to_jscal();
    assert_eq!(converted.value, r#"{"@type":"Group","entries":[]}"#);
    assert_eq!(
        converted.not_carried[0].to_string(),
        "line 1: VJOURNAL: without a VCALENDAR it is not carried"
    );
}
