//! Each property of RFC 8984 sections 4 and 5: it comes back from iCalendar as
//! it went, or is reported; none is lost in silence. What only repeats a default
//! (`descriptionContentType` of `text/plain`) may be left out.

use cal_core::Calendar;
use serde_json::{Value, json};

/// The members of one object each, the part of the RFC that defines them first.
#[expect(clippy::too_many_lines, reason = "a table")]
fn events() -> Vec<(&'static str, Value)> {
    let link = || json!({"l": {"@type": "Link", "href": "http://x/a", "cid": "c@x", "contentType": "text/plain", "size": 5, "rel": "icon", "display": "badge", "title": "t"}});
    let person = |more: Value| {
        let mut own = json!({"@type": "Participant", "name": "A", "sendTo": {"imip": "mailto:a@x"}, "roles": {"attendee": true}});
        own.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"replyTo": {"imip": "mailto:o@x"}, "participants": {"p": own}})
    };
    let place = |more: Value| {
        let mut own = json!({"@type": "Location", "name": "Hall"});
        own.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"locations": {"h": own}})
    };
    let rule = |more: Value| {
        let mut own = json!({"@type": "RecurrenceRule", "frequency": "yearly"});
        own.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"recurrenceRules": [own]})
    };
    let zone = |more: Value| {
        let mut own = json!({"@type": "TimeZone", "tzId": "own", "standard": [{"@type": "TimeZoneRule", "start": "1970-01-01T00:00:00", "offsetFrom": "+0100", "offsetTo": "+0100"}]});
        own.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"timeZone": "/own", "timeZones": {"/own": own}})
    };
    let alert = |more: Value| {
        let mut own = json!({"@type": "Alert", "trigger": {"@type": "OffsetTrigger", "offset": "-PT5M"}, "action": "display"});
        own.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"alerts": {"k": own}})
    };
    vec![
        (
            "4.1.3",
            json!({"relatedTo": {"2": {"@type": "Relation", "relation": {"child": true}}}}),
        ),
        ("4.1.4", json!({"prodId": "-//x//y"})),
        ("4.1.5", json!({"created": "2026-01-01T00:00:00Z"})),
        ("4.1.6", json!({"updated": "2026-01-01T00:00:00Z"})),
        ("4.1.7", json!({"sequence": 3})),
        ("4.1.8", json!({"method": "request"})),
        ("4.2.1", json!({"title": "t"})),
        ("4.2.2", json!({"description": "d"})),
        (
            "4.2.3",
            json!({"description": "<b>d</b>", "descriptionContentType": "text/html"}),
        ),
        (
            "4.2.3 alone",
            json!({"descriptionContentType": "text/html"}),
        ),
        ("4.2.4", json!({"showWithoutTime": true})),
        ("4.2.5 name", place(json!({}))),
        ("4.2.5 description", place(json!({"description": "d"}))),
        (
            "4.2.5 locationTypes",
            place(json!({"locationTypes": {"hotel": true}})),
        ),
        ("4.2.5 relativeTo", place(json!({"relativeTo": "start"}))),
        ("4.2.5 timeZone", place(json!({"timeZone": "Asia/Tokyo"}))),
        (
            "4.2.5 coordinates",
            place(json!({"coordinates": "geo:48.2,16.5"})),
        ),
        ("4.2.5 links", place(json!({"links": link()}))),
        (
            "4.2.6",
            json!({"virtualLocations": {"v": {"@type": "VirtualLocation", "name": "n", "description": "d", "uri": "https://x/1", "features": {"audio": true}}}}),
        ),
        ("4.2.7", json!({"links": link()})),
        ("4.2.8", json!({"title": "t", "locale": "de"})),
        ("4.2.8 alone", json!({"locale": "de"})),
        ("4.2.9", json!({"keywords": {"a": true}})),
        ("4.2.10", json!({"categories": {"http://x/a": true}})),
        ("4.2.11", json!({"color": "maroon"})),
        ("4.3.1", json!({"recurrenceId": "2026-03-02T09:00:00"})),
        (
            "4.3.2",
            json!({"recurrenceId": "2026-03-02T09:00:00", "recurrenceIdTimeZone": "Asia/Tokyo"}),
        ),
        (
            "4.3.3 interval, rscale, skip",
            rule(json!({"interval": 2, "rscale": "gregorian", "skip": "forward"})),
        ),
        (
            "4.3.3 days",
            rule(
                json!({"firstDayOfWeek": "su", "byDay": [{"@type": "NDay", "day": "fr", "nthOfPeriod": -1}], "byMonthDay": [-1], "byMonth": ["2"]}),
            ),
        ),
        (
            "4.3.3 weeks",
            rule(json!({"byYearDay": [1], "byWeekNo": [53]})),
        ),
        (
            "4.3.3 leap month",
            rule(json!({"rscale": "hebrew", "byMonth": ["5L"]})),
        ),
        (
            "4.3.3 times",
            rule(json!({"byHour": [1], "byMinute": [2], "bySecond": [3], "bySetPosition": [-1]})),
        ),
        ("4.3.3 count", rule(json!({"count": 3}))),
        ("4.3.3 until", rule(json!({"until": "2030-01-01T00:00:00"}))),
        (
            "4.3.4",
            json!({"excludedRecurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly"}]}),
        ),
        (
            "4.3.5, 4.3.6",
            json!({"recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "daily"}], "recurrenceOverrides": {
            "2026-03-03T09:00:00": {"excluded": true}, "2026-03-04T09:00:00": {"title": "u"}, "2026-03-05T10:00:00": {}}}),
        ),
        ("4.4.1", json!({"priority": 1})),
        ("4.4.2", json!({"freeBusyStatus": "free"})),
        ("4.4.3", json!({"privacy": "secret"})),
        ("4.4.4", json!({"replyTo": {"imip": "mailto:o@x"}})),
        (
            "4.4.4 web",
            json!({"replyTo": {"imip": "mailto:o@x", "web": "https://x/r"}}),
        ),
        ("4.4.5", json!({"sentBy": "s@x"})),
        ("4.4.6 name, sendTo, roles", person(json!({}))),
        ("4.4.6 email", person(json!({"email": "b@x"}))),
        ("4.4.6 description", person(json!({"description": "d"}))),
        ("4.4.6 kind", person(json!({"kind": "resource"}))),
        ("4.4.6 locationId", person(json!({"locationId": "h"}))),
        ("4.4.6 language", person(json!({"language": "de"}))),
        (
            "4.4.6 participationStatus",
            person(json!({"participationStatus": "declined"})),
        ),
        (
            "4.4.6 participationComment",
            person(json!({"participationComment": "c"})),
        ),
        ("4.4.6 expectReply", person(json!({"expectReply": true}))),
        (
            "4.4.6 scheduleAgent",
            person(json!({"scheduleAgent": "client"})),
        ),
        (
            "4.4.6 scheduleForceSend",
            person(json!({"scheduleForceSend": true})),
        ),
        (
            "4.4.6 scheduleSequence",
            person(json!({"scheduleSequence": 2})),
        ),
        (
            "4.4.6 scheduleStatus",
            person(json!({"scheduleStatus": ["1.2"]})),
        ),
        (
            "4.4.6 scheduleUpdated",
            person(json!({"scheduleUpdated": "2026-01-01T00:00:00Z"})),
        ),
        ("4.4.6 sentBy", person(json!({"sentBy": "s@x"}))),
        ("4.4.6 invitedBy", person(json!({"invitedBy": "p"}))),
        (
            "4.4.6 delegatedTo",
            person(json!({"delegatedTo": {"p": true}})),
        ),
        (
            "4.4.6 delegatedFrom",
            person(json!({"delegatedFrom": {"p": true}})),
        ),
        ("4.4.6 memberOf", person(json!({"memberOf": {"p": true}}))),
        ("4.4.6 links", person(json!({"links": link()}))),
        (
            "4.4.6 progress",
            person(
                json!({"progress": "completed", "progressUpdated": "2026-01-01T00:00:00Z", "percentComplete": 5}),
            ),
        ),
        ("4.4.7", json!({"requestStatus": "2.0;Success"})),
        ("4.5.1", json!({"useDefaultAlerts": true})),
        ("4.5.2 offset", alert(json!({}))),
        (
            "4.5.2 end",
            alert(
                json!({"trigger": {"@type": "OffsetTrigger", "offset": "PT5M", "relativeTo": "end"}}),
            ),
        ),
        (
            "4.5.2 absolute",
            alert(json!({"trigger": {"@type": "AbsoluteTrigger", "when": "2026-03-02T08:00:00Z"}})),
        ),
        (
            "4.5.2 unknown trigger",
            alert(json!({"trigger": {"@type": "x.com:Trigger", "a": 1}})),
        ),
        (
            "4.5.2 acknowledged",
            alert(json!({"acknowledged": "2026-03-02T08:00:00Z"})),
        ),
        (
            "4.5.2 relatedTo",
            alert(json!({"relatedTo": {"z": {"@type": "Relation", "relation": {"parent": true}}}})),
        ),
        ("4.5.2 action", alert(json!({"action": "email"}))),
        (
            "4.6.1",
            json!({"title": "t", "localizations": {"de": {"title": "u", "locations/h/name": "w"}, "fr": {"title": "v"}}}),
        ),
        ("4.7.1", json!({"timeZone": "Asia/Tokyo"})),
        ("4.7.2", zone(json!({}))),
        (
            "4.7.2 updated, url",
            zone(json!({"updated": "2026-01-01T00:00:00Z", "url": "http://x/z"})),
        ),
        (
            "4.7.2 validUntil",
            zone(json!({"validUntil": "2036-01-01T00:00:00Z"})),
        ),
        ("4.7.2 aliases", zone(json!({"aliases": {"other": true}}))),
        (
            "4.7.2 rules",
            zone(
                json!({"daylight": [{"@type": "TimeZoneRule", "start": "1971-03-01T02:00:00", "offsetFrom": "+0100", "offsetTo": "+0200",
            "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "yearly"}], "names": {"A": true}, "comments": ["c"]}]}),
            ),
        ),
        (
            "4.7.2 overrides",
            zone(
                json!({"daylight": [{"@type": "TimeZoneRule", "start": "1971-03-01T02:00:00", "offsetFrom": "+0100", "offsetTo": "+0200",
            "recurrenceOverrides": {"1973-03-01T02:00:00": {}}}]}),
            ),
        ),
        ("5.1.2", json!({"duration": "PT1H"})),
        ("5.1.3", json!({"status": "tentative"})),
    ]
}

fn tasks() -> Vec<(&'static str, Value)> {
    vec![
        ("5.2.1", json!({"due": "2026-03-02T09:00:00"})),
        ("5.2.2", json!({"start": "2026-03-02T09:00:00"})),
        ("5.2.3", json!({"estimatedDuration": "PT2H"})),
        ("5.2.4", json!({"percentComplete": 40})),
        ("5.2.5", json!({"progress": "in-process"})),
        ("5.2.5 failed", json!({"progress": "failed"})),
        (
            "5.2.6",
            json!({"progress": "completed", "progressUpdated": "2026-01-01T00:00:00Z"}),
        ),
        (
            "5.2.6 alone",
            json!({"progressUpdated": "2026-01-01T00:00:00Z"}),
        ),
    ]
}

/// Whether a value says all that another does; it may say more, such as the
/// organizer as one of the participants.
fn has(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|found| has(found, value))),
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found
                    .iter()
                    .zip(wanted)
                    .all(|(found, wanted)| has(found, wanted))
        }
        _ => found == wanted,
    }
}

/// What of the members did not come back from iCalendar and was not reported.
fn lost(mut object: Value, members: &Value) -> Vec<String> {
    let own = object.as_object_mut().unwrap();
    own.extend(members.as_object().unwrap().clone());
    let read = Calendar::from_jscal(&object.to_string()).unwrap();
    let written = read.value.to_jscal();
    let mut back: Value = serde_json::from_str(&written.value).unwrap();
    if back["@type"] == "Group" && object["@type"] != "Group" {
        back = back["entries"][0].take();
    }
    let reported = read
        .not_carried
        .iter()
        .chain(&written.not_carried)
        .next()
        .is_some();
    let members = members.as_object().unwrap().iter();
    members
        .filter(|(name, value)| {
            !reported && !back.get(*name).is_some_and(|found| has(found, value))
        })
        .map(|(name, value)| format!("{name}: {value} became {:?}", back.get(name)))
        .collect()
}

#[test]
fn each_member_of_an_event_comes_back_or_is_reported() {
    let mut all = Vec::new();
    for (section, members) in events() {
        let event = json!({"@type": "Event", "uid": "1", "start": "2026-03-02T00:00:00"});
        all.extend(
            lost(event, &members)
                .iter()
                .map(|lost| format!("{section}: {lost}")),
        );
    }
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn each_member_of_a_task_comes_back_or_is_reported() {
    for (section, members) in tasks() {
        let task = json!({"@type": "Task", "uid": "1"});
        assert_eq!(lost(task, &members), [""; 0], "RFC 8984 {section}");
    }
}

#[test]
fn each_member_of_a_group_comes_back_or_is_reported() {
    let event = json!({"@type": "Event", "uid": "1", "start": "2026-03-02T00:00:00"});
    for (section, members) in [
        ("4.2.1", json!({"title": "t"})),
        ("4.2.8", json!({"locale": "de"})),
        ("4.6.1", json!({"localizations": {"de": {"title": "u"}}})),
        ("5.3.1", json!({"entries": [event]})),
        ("5.3.2", json!({"source": "http://x/feed"})),
    ] {
        let group = json!({"@type": "Group", "uid": "g", "entries": [event]});
        assert_eq!(lost(group, &members), [""; 0], "RFC 8984 {section}");
    }
}

#[test]
fn localizations_stand_in_a_jsprop_and_are_not_applied() {
    let json = json!({"@type": "Event", "uid": "1", "start": "2026-03-02T00:00:00", "title": "t",
        "localizations": {"de": {"title": "u"}}});
    let read = Calendar::from_jscal(&json.to_string()).unwrap();
    assert_eq!(read.not_carried, []);
    let event = read.value.events().next().unwrap();
    assert_eq!(event.summary().as_deref(), Some("t"));
    let kept = event.property("JSPROP").unwrap();
    assert_eq!(kept.parameter("JSPTR").as_deref(), Some("localizations"));
    assert_eq!(kept.text(), r#"{"de":{"title":"u"}}"#);
}

#[test]
fn an_override_for_all_later_instances_is_reported_and_comes_back() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260303T090000Z\nDTSTART:20260303T100000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    let converted = Calendar::read(text).calendar.to_jscal();
    let named: Vec<String> = converted
        .not_carried
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        named,
        [
            "line 7: VEVENT: JSCalendar changes one instance; that later ones change too is carried as iCalendar only"
        ]
    );
    let back = Calendar::from_jscal(&converted.value).unwrap().value;
    assert!(
        back.to_string()
            .contains("\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260303T090000Z\r\n")
    );
}
