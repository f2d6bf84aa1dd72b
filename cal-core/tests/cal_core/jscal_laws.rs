//! What holds of every calendar that goes to JSCalendar and comes back.

use std::collections::BTreeMap;

use cal_core::{Calendar, Component, ComponentKind, Converted, Window};
use chrono::{TimeZone, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::calendar_of;
use crate::corpus::corpus;

fn window() -> Window {
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
    Window::new(year(1995), year(2032))
}

/// The occurrences of a calendar, as far as a reader sees them.
fn occurrences(calendar: &Calendar) -> Vec<String> {
    let all = calendar
        .occurrences(&window(), chrono_tz::Europe::Berlin)
        .by_start();
    let mut rows: Vec<String> = all
        .take(2000)
        .filter_map(Result::ok)
        .map(|found| {
            let title = found
                .component()
                .text(cal_core::PropertyKind::Summary)
                .unwrap_or_default()
                .into_owned();
            format!(
                "{} {} {} {title}",
                found.start_utc(),
                found.end_utc(),
                found.is_all_day()
            )
        })
        .collect();
    rows.sort();
    rows
}

/// Properties that say when something is: they are compared by what occurs.
const TIMING: &[&str] = &[
    "DTSTART",
    "DTEND",
    "DURATION",
    "DUE",
    "RRULE",
    "EXRULE",
    "EXDATE",
    "RDATE",
    "RECURRENCE-ID",
];

/// What else a component says, each property as `name:value` and how often.
fn sayings(calendar: &Calendar) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for root in calendar.roots() {
        collect(root, &mut all);
    }
    all
}

fn collect(component: Component<'_>, all: &mut BTreeMap<String, usize>) {
    // Zones are compared by what occurs.
    if component.kind() == ComponentKind::TimeZone {
        return;
    }
    let within = component.name().to_ascii_uppercase();
    for property in component.properties() {
        let name = property.name().to_ascii_uppercase();
        if TIMING.contains(&name.as_str()) {
            continue;
        }
        let values = match name.as_str() {
            "CATEGORIES" => property.texts(),
            "GEO" => vec![
                property
                    .geo()
                    .map(|geo| geo.to_string())
                    .unwrap_or_default(),
            ],
            "CLASS" | "STATUS" | "TRANSP" | "ACTION" | "METHOD" => {
                vec![property.text().to_ascii_uppercase()]
            }
            "SEQUENCE" | "PRIORITY" | "PERCENT-COMPLETE" => vec![
                property
                    .integer()
                    .map_or_else(|_| property.raw_value().into_owned(), |n| n.to_string()),
            ],
            "TRIGGER" => vec![
                property
                    .duration()
                    .map_or_else(|_| property.raw_value().into_owned(), |d| d.to_string()),
            ],
            "ATTENDEE" => vec![format!(
                "{} {:?}",
                property.raw_value(),
                parameters(&property)
            )],
            _ => vec![property.text().replace(['\r', '\0'], "")],
        };
        for value in values {
            *all.entry(format!("{within} {name}:{value}")).or_default() += 1;
        }
    }
    for inner in component.components() {
        collect(inner, all);
    }
}

/// The parameters by name; one that is there twice has the values of both.
fn parameters(property: &cal_core::Property<'_>) -> Vec<String> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let found = property
        .parameters()
        .filter(|own| {
            !(own.is("VALUE")
                || own.is("ROLE") && own.value().eq_ignore_ascii_case("REQ-PARTICIPANT"))
        })
        .map(|own| {
            (
                own.name().to_ascii_uppercase(),
                own.values().collect::<Vec<_>>(),
            )
        });
    for (name, values) in found {
        let is_text = matches!(name.as_str(), "CN" | "X-NUM-GUESTS");
        let values = values.into_iter().map(|value| match is_text {
            true => value.into_owned(),
            false => value.to_ascii_uppercase(),
        });
        all.entry(name).or_default().extend(values);
    }
    let all = all.into_iter();
    all.map(|(name, values)| format!("{name}={}", values.join(",")))
        .collect()
}

/// What a calendar says that another does not, and that is not reported.
fn unreported(before: &Calendar, after: &Calendar, converted: &Converted<String>) -> Vec<String> {
    let after = sayings(after);
    let reported = |saying: &str| {
        let (within, rest) = saying.split_once(' ').unwrap();
        let name = rest.split(':').next().unwrap();
        converted.not_carried.iter().any(|lost| {
            lost.component().eq_ignore_ascii_case(within)
                && (lost.property().is_empty() || lost.property().eq_ignore_ascii_case(name))
        })
    };
    let implied = |saying: &str| {
        matches!(
            saying,
            "VCALENDAR VERSION:2.0" | "VCALENDAR CALSCALE:GREGORIAN"
        ) || saying.starts_with("VCALENDAR METHOD:")
    };
    let missing = |(saying, count): &(String, usize)| {
        let found = after.get(saying).copied().unwrap_or(0);
        let set = saying.contains(" CATEGORIES:") || saying.starts_with("VCALENDAR ");
        found < if set { 1 } else { *count }
    };
    let before = sayings(before).into_iter().filter(missing);
    before
        .map(|(saying, _)| saying)
        .filter(|saying| !implied(saying) && !reported(saying))
        .collect()
}

/// What differs after a round trip without being reported.
fn faults(before: &Calendar) -> Vec<String> {
    let converted = before.to_jscal();
    let after = match Calendar::from_jscal(&converted.value) {
        Ok(after) => after,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults: Vec<String> = after.not_carried.iter().map(ToString::to_string).collect();
    let (one, two) = (occurrences(before), occurrences(&after.value));
    if one != two {
        let at = one.iter().zip(&two).position(|(one, two)| one != two);
        let at = at.unwrap_or(one.len().min(two.len()));
        let row = |rows: &[String]| rows.get(at).cloned().unwrap_or_default();
        faults.push(format!(
            "{} occurrences became {}: {} / {}",
            one.len(),
            two.len(),
            row(&one),
            row(&two)
        ));
    }
    let lost = unreported(before, &after.value, &converted);
    faults.extend(lost.into_iter().map(|saying| format!("lost {saying}")));
    faults
}

#[test]
fn the_corpus_goes_to_jscalendar_and_back_with_its_occurrences_and_texts() {
    let mut all = Vec::new();
    let mut seen = 0;
    for entry in corpus() {
        if let Ok(before) = Calendar::parse(&entry.bytes) {
            let faults = faults(&before);
            all.extend(
                faults
                    .into_iter()
                    .map(|fault| format!("{}: {fault}", entry.file)),
            );
            seen += 1;
        }
    }
    eprintln!("{seen} calendars went to JSCalendar and back");
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

#[test]
fn any_file_at_all_has_a_jscalendar_form() {
    for entry in corpus() {
        let converted = Calendar::read(&entry.bytes).calendar.to_jscal();
        let json: Value = serde_json::from_str(&converted.value)
            .unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        assert!(json.get("@type").is_some(), "{}", entry.file);
    }
}

/// What stands in a content line of an event, now and then nonsense.
fn line() -> impl Strategy<Value = String> {
    let stamp = "202603[0-2][1-9]T(0[0-9]|1[0-9])0000";
    let text = "[a-zé ,;:\\\\\"]{0,12}";
    prop_oneof![
        text.prop_map(|text| format!("SUMMARY:{}", text.replace([',', ';', '\\'], "\\,"))),
        "[a-z ]{0,8}".prop_map(|text| format!("LOCATION;LANGUAGE=de:{text}")),
        "[a-z]{1,3}(,[a-z]{1,3}){0,2}".prop_map(|text| format!("CATEGORIES:{text}")),
        "(PUBLIC|private|CONFIDENTIAL|X-OTHER)".prop_map(|text| format!("CLASS:{text}")),
        "(CONFIRMED|TENTATIVE|CANCELLED|ODD)".prop_map(|text| format!("STATUS:{text}")),
        "(OPAQUE|TRANSPARENT)".prop_map(|text| format!("TRANSP:{text}")),
        "-?[0-9]{1,2}".prop_map(|number| format!("PRIORITY:{number}")),
        "[a-c]".prop_map(|name| format!("ATTENDEE;CN={name};PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:{name}@x")),
        "[a-c]".prop_map(|name| format!("ATTENDEE;ROLE=CHAIR;CUTYPE=ROOM;X-A=1;DELEGATED-TO=\"mailto:b@x\":mailto:{name}@x")),
        "[a-c]".prop_map(|name| format!("ORGANIZER;CN={name};SENT-BY=\"mailto:z@x\":mailto:{name}@x")),
        "[1-9][0-9]?\\.[0-9]{1,6}".prop_map(|number| format!("GEO:{number};-{number}")),
        "[a-z]{1,5}".prop_map(|name| format!("ATTACH;FMTTYPE=text/plain;FILENAME={name}:http://x/{name}")),
        "[a-z]{1,5}".prop_map(|name| format!("URL:http://x/{name}")),
        "[a-z]{1,5}".prop_map(|name| format!("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL={name}:tel:{name}")),
        "[a-z]{1,5}".prop_map(|name| format!("RELATED-TO;RELTYPE=CHILD:{name}")),
        "[a-z]{1,5}".prop_map(|name| format!("X-THING;X-A=\"b,c\":{name}")),
        stamp.prop_map(|stamp| format!("EXDATE;TZID=Europe/Berlin:{stamp}")),
        stamp.prop_map(|stamp| format!("RDATE:{stamp}Z")),
        stamp.prop_map(|stamp| format!("RDATE;VALUE=PERIOD:{stamp}Z/PT90M")),
        Just("EXDATE;VALUE=DATE:20260305".to_owned()),
        "(DAILY|WEEKLY;BYDAY=MO,-1FR|MONTHLY;BYMONTHDAY=-1|DAILY;BYHOUR=3,15)(;COUNT=[3-9]|;UNTIL=20260320T100000Z|)"
            .prop_map(|rule| format!("RRULE:FREQ={rule}")),
        "-?PT[1-9]0M".prop_map(|offset| format!("BEGIN:VALARM\nACTION:AUDIO\nTRIGGER;RELATED=END:{offset}\nREPEAT:2\nDURATION:PT5M\nEND:VALARM")),
    ]
}

fn times() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("DTSTART:20260302T100000Z\nDURATION:PT1H"),
        Just(
            "DTSTART;TZID=Europe/Berlin:20260328T100000\nDTEND;TZID=Europe/Berlin:20260329T100000"
        ),
        Just("DTSTART;TZID=Europe/Berlin:20260302T100000\nDTEND;TZID=Asia/Tokyo:20260302T200000"),
        Just("DTSTART;TZID=W. Europe Standard Time:20260302T100000\nDURATION:P1D"),
        Just("DTSTART;TZID=Nowhere:20260302T100000"),
        Just("DTSTART:20260302T100000\nDTEND:20260302T113000"),
        Just("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260304"),
        Just("DTSTART;VALUE=DATE:20260302"),
    ]
    .prop_map(str::to_owned)
}

fn event() -> impl Strategy<Value = String> {
    let lines = || prop::collection::vec(line(), 0..8);
    let id = prop_oneof![
        Just("RECURRENCE-ID;TZID=Europe/Berlin:20260303T100000"),
        Just("RECURRENCE-ID:20260304T100000Z"),
        Just("RECURRENCE-ID;VALUE=DATE:20260305"),
        Just("RECURRENCE-ID;RANGE=THISANDFUTURE:20260306T100000Z"),
    ];
    let single = |line: &String| {
        ["RRULE", "RDATE", "EXDATE"]
            .iter()
            .all(|name| !line.starts_with(name))
    };
    let other = (id, times(), lines()).prop_map(move |(id, times, lines)| {
        let lines: Vec<String> = lines.into_iter().filter(single).collect();
        format!(
            "BEGIN:VEVENT\nUID:1\n{id}\n{times}\n{}\nEND:VEVENT\n",
            lines.join("\n")
        )
    });
    (times(), lines(), prop::collection::vec(other, 0..3)).prop_map(|(times, lines, others)| {
        let master = format!(
            "BEGIN:VEVENT\nUID:1\n{times}\n{}\nEND:VEVENT\n",
            lines.join("\n")
        );
        calendar_of(&(master + &others.concat()).replace("\n\n", "\n"))
    })
}

fn json_value() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("@type"),
        Just("uid"),
        Just("start"),
        Just("timeZone"),
        Just("duration"),
        Just("participants"),
        Just("alerts"),
        Just("trigger"),
        Just("locations"),
        Just("links"),
        Just("href"),
        Just("recurrenceRules"),
        Just("recurrenceOverrides"),
        Just("iCalendar"),
        Just("convertedProperties"),
        Just("properties"),
        Just("components"),
        Just("timeZones"),
        Just("standard"),
        Just("entries"),
        Just("roles"),
        Just("sendTo"),
        Just("until"),
        Just("byDay"),
        Just("due"),
        Just("relatedTo"),
        Just("title"),
        Just("a/b~c"),
        Just("2026-03-01T00:00:00"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from), ".{0,8}".prop_map(Value::from),
        "(Event|Task|Group|PT1H|P1D|-PT5M|daily|2026-03-01T00:00:00Z?|Etc/UTC|/x|mailto:a@b|9999-12-31T23:59:59)".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|all| Value::Object(
                all.into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn events_keep_their_occurrences_people_and_texts(text in event()) {
        let faults = faults(&Calendar::read(&text).calendar);
        prop_assert!(faults.is_empty(), "{faults:#?}\n{text}\n{}", Calendar::read(&text).calendar.to_jscal().value);
    }

    #[test]
    fn a_second_round_changes_nothing(text in event()) {
        let once = Calendar::from_jscal(&Calendar::read(&text).calendar.to_jscal().value).unwrap().value;
        let twice = Calendar::from_jscal(&once.to_jscal().value).unwrap().value;
        prop_assert_eq!(once.to_string(), twice.to_string(), "{}", text);
    }

    #[test]
    fn no_json_makes_the_reader_panic(value in json_value()) {
        let _ = Calendar::from_jscal(&value.to_string());
        let event = json!({"@type": "Event", "uid": "1", "start": "2026-03-01T00:00:00", "recurrenceOverrides": {"2026-03-01T00:00:00": value.clone()}, "alerts": {"1": value.clone()}, "locations": {"1": value.clone()}, "participants": {"1": value.clone()}, "timeZones": {"/x": value.clone()}, "links": value.clone(), "iCalendar": value});
        if let Ok(read) = Calendar::from_jscal(&event.to_string()) {
            let again = read.value.to_jscal();
            let _ = Calendar::from_jscal(&again.value);
        }
    }

    #[test]
    fn no_change_to_a_good_text_makes_the_reader_panic(text in event(), at in 0..4000usize, junk in "[{}\\[\\]\":,a0T-]{0,6}") {
        let mut json = Calendar::read(&text).calendar.to_jscal().value;
        let at = (0..=at.min(json.len())).rev().find(|at| json.is_char_boundary(*at)).unwrap();
        json.insert_str(at, &junk);
        let _ = Calendar::from_jscal(&json);
    }
}
