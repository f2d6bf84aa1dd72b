//! VTIMEZONEs written for zones of the IANA database.

use cal_core::{Calendar, CompiledZone, Window, ZoneDefinition};
use cal_rrule::Zone;
use chrono::{NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

fn definition(zone: Tz, from: i32) -> String {
    let start = Utc.with_ymd_and_hms(from, 1, 1, 0, 0, 0).unwrap();
    let definition = ZoneDefinition::new(zone.name(), zone).covering(&Window::starting(start));
    definition.to_string()
}

fn compiled(text: &str) -> CompiledZone {
    let calendar: Calendar =
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n{text}END:VCALENDAR\r\n")
            .parse()
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let block = calendar.time_zones().next().unwrap();
    CompiledZone::of(&block).unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn a_zone_with_a_rule_is_two_blocks_with_a_rule() {
    assert_eq!(
        definition(chrono_tz::Europe::Berlin, 2026).replace("\r\n", "\n"),
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n\
         BEGIN:DAYLIGHT\nDTSTART:20250330T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
         TZNAME:CEST\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\n\
         BEGIN:STANDARD\nDTSTART:20251026T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
         TZNAME:CET\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n\
         END:VTIMEZONE\n"
    );
}

#[test]
fn a_zone_without_changes_is_one_block() {
    assert_eq!(
        definition(chrono_tz::Asia::Tokyo, 2026).replace("\r\n", "\n"),
        "BEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
         TZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nTZNAME:JST\nEND:STANDARD\nEND:VTIMEZONE\n"
    );
    let utc = ZoneDefinition::new("UTC", Utc).to_string();
    assert!(utc.contains("TZOFFSETTO:+0000\r\nTZNAME:UTC\r\n"), "{utc}");
}

#[test]
fn a_window_that_ends_leaves_out_what_begins_later() {
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
    let window = Window::new(year(2024), year(2025));
    let zone = chrono_tz::Africa::Casablanca;
    let text = ZoneDefinition::new("Africa/Casablanca", zone)
        .covering(&window)
        .to_string();
    assert!(text.contains("DTSTART:20240310T030000"), "{text}");
    assert!(!text.contains("DTSTART:2025"), "{text}");
}

#[test]
fn no_line_is_longer_than_75_octets() {
    for zone in [
        chrono_tz::Asia::Jerusalem,
        chrono_tz::America::Nuuk,
        chrono_tz::Asia::Gaza,
    ] {
        let text = definition(zone, 1970);
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    }
}

#[test]
fn every_definition_has_the_offsets_of_its_zone() {
    let noon = |year| {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .unwrap()
            .and_hms_opt(12, 0, 0)
            .unwrap()
    };
    for zone in TZ_VARIANTS {
        let text = definition(zone, 1975);
        let compiled = compiled(&text);
        let mut at = noon(1975);
        while at < noon(2050) {
            assert_eq!(
                compiled.offset_at(at),
                zone.offset_at(at),
                "{zone} {at}\n{text}"
            );
            at += TimeDelta::hours(211);
        }
    }
}

#[test]
fn a_definition_changes_at_the_second_its_zone_does() {
    for zone in [
        chrono_tz::Europe::London,
        chrono_tz::America::New_York,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::America::Sao_Paulo,
        chrono_tz::Asia::Tehran,
        chrono_tz::Pacific::Apia,
        chrono_tz::Europe::Dublin,
    ] {
        let compiled = compiled(&definition(zone, 2000));
        let mut at = noon_of(2000);
        while at < noon_of(2040) {
            let span = compiled.span_at(at);
            assert_eq!(
                zone.offset_at(span.end - TimeDelta::seconds(1)),
                span.offset,
                "{zone} {span:?}"
            );
            if span.end > noon_of(2040) {
                break;
            }
            assert_ne!(zone.offset_at(span.end), span.offset, "{zone} {span:?}");
            at = span.end;
        }
    }
}

fn noon_of(year: i32) -> chrono::NaiveDateTime {
    NaiveDate::from_ymd_opt(year, 1, 1)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap()
}

#[test]
fn a_calendar_names_the_definitions_it_lacks() {
    let text = "BEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Asia/Tokyo:20260101T090000\n\
        DTEND;TZID=\"Kuala Lumpur, Singapore\":20260101T090000\n\
        EXDATE;TZID=Nowhere:20260101T090000\nX-A;TZID=Europe/Berlin:20260101T090000\nEND:VEVENT";
    let calendar = Calendar::read(crate::calendar_of(text)).calendar;
    let missing = calendar.missing_definitions(&Window::ALL);
    let names: Vec<_> = missing.iter().map(ZoneDefinition::tzid).collect();
    assert_eq!(names, ["Kuala Lumpur, Singapore", "Europe/Berlin"]);
    // The name with its comma comes back as it was.
    let defined = Calendar::read(missing[0].to_string()).calendar;
    assert_eq!(
        defined.time_zones().next().unwrap().tzid().unwrap(),
        "Kuala Lumpur, Singapore"
    );
}

#[test]
fn an_export_defines_every_zone_it_uses_once() {
    let event = |uid: u32| {
        let text = format!(
            "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n\
             DTSTART;TZID=Europe/Berlin:20260701T090000\nEND:VEVENT"
        );
        Calendar::read(crate::calendar_of(&text)).calendar
    };
    let mut export = cal_core::Export::new();
    let mut text = export.begin("-//x//y", &[]).to_vec();
    for uid in 1..3 {
        text.extend_from_slice(&export.add(&event(uid)));
    }
    text.extend_from_slice(&export.end());
    let calendar = Calendar::parse(&text).unwrap();
    assert_eq!(calendar.time_zones().count(), 1);
    let zone = CompiledZone::of(&calendar.time_zones().next().unwrap()).unwrap();
    assert_eq!(zone.offset_at(noon_of(2026)), 3600);
}
