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
fn summer_time_of_a_zone_with_winter_time_is_daylight() {
    let text = definition(chrono_tz::Europe::Dublin, 2026).replace("\r\n", "\n");
    assert_eq!(
        text,
        "BEGIN:VTIMEZONE\nTZID:Europe/Dublin\n\
         BEGIN:DAYLIGHT\nDTSTART:20250330T010000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n\
         TZNAME:IST\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\n\
         BEGIN:STANDARD\nDTSTART:20251026T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0000\n\
         TZNAME:GMT\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n\
         END:VTIMEZONE\n"
    );
}

#[test]
fn half_an_hour_of_summer_time_is_written_as_such() {
    let text = definition(chrono_tz::Australia::Lord_Howe, 2026);
    assert!(
        text.contains(
            "BEGIN:DAYLIGHT\r\nDTSTART:20251005T020000\r\nTZOFFSETFROM:+1030\r\nTZOFFSETTO:+1100\r\n"
        ),
        "{text}"
    );
}

#[test]
fn a_change_on_a_weekday_of_two_months_is_one_rule() {
    // The Friday after the last Thursday of October.
    let text = definition(chrono_tz::Africa::Cairo, 2026).replace("\r\n ", "");
    assert_eq!(text.matches("TZOFFSETTO").count(), 2, "{text}");
    assert!(
        text.contains("RRULE:FREQ=YEARLY;BYDAY=FR;BYYEARDAY=-67,-66,-65,-64,-63,-62,-61\r\n"),
        "{text}"
    );
}

#[test]
fn onsets_by_the_moon_are_one_list_for_each_kind() {
    let text = definition(chrono_tz::Africa::Casablanca, 2026).replace("\r\n ", "");
    let lists: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("RDATE:"))
        .collect();
    assert_eq!(lists.len(), 2, "{text}");
    assert!(lists[0].contains("20260215T030000,"), "{text}");
    assert!(lists[1].contains("20260322T020000,"), "{text}");
    assert!(!text.contains("RRULE"), "{text}");
}

#[test]
fn eras_that_the_window_needs_have_their_own_rules() {
    let text = definition(chrono_tz::America::New_York, 2000);
    for rule in [
        "BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z\r\n",
        "BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z\r\n",
        "BYMONTH=3;BYDAY=2SU\r\n",
        "BYMONTH=11;BYDAY=1SU\r\n",
    ] {
        assert!(text.contains(rule), "{rule}\n{text}");
    }
    assert_eq!(text.matches("TZOFFSETTO").count(), 4, "{text}");
}

#[test]
fn zones_of_today_are_one_pair_of_rules_at_most_but_for_those_by_the_moon() {
    for zone in TZ_VARIANTS {
        let text = definition(zone, 2026);
        let observances = text.matches("TZOFFSETTO").count();
        assert!(
            observances <= 2 || ["Asia/Gaza", "Asia/Hebron"].contains(&zone.name()),
            "{text}"
        );
    }
}

#[test]
fn a_definition_changes_with_its_zone_and_not_otherwise_in_any_window() {
    let windows = [(1970, 1981), (1994, 1999), (2005, 2012), (2024, 2041)];
    for (zone, (from, to)) in TZ_VARIANTS
        .into_iter()
        .flat_map(|zone| windows.map(|window| (zone, window)))
    {
        let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
        let window = Window::new(year(from), year(to));
        let text = ZoneDefinition::new(zone.name(), zone)
            .covering(&window)
            .to_string();
        let compiled = compiled(&text);
        let (mut at, end) = (year(from).naive_utc(), year(to).naive_utc());
        while at < end {
            let span = compiled.span_at(at);
            let first = span.start.max(year(from).naive_utc());
            let last = span.end.min(end) - TimeDelta::seconds(1);
            let mut asked = first;
            while asked < last {
                assert_eq!(zone.offset_at(asked), span.offset, "{zone} {asked}\n{text}");
                asked += TimeDelta::hours(331);
            }
            assert_eq!(zone.offset_at(last), span.offset, "{zone} {last}\n{text}");
            at = span.end;
        }
    }
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

/// A calendar that defines one zone of the IANA database and one of its own, and names
/// another without defining it.
fn of_three_zones() -> Calendar {
    let zone = |tzid: &str| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
             TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
    };
    let event = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
         DTSTART;TZID=Europe/Berlin:20260701T090000\nDTEND;TZID=Our Office:20260701T100000\n\
         RDATE;TZID=Europe/Paris:20260702T090000\nEND:VEVENT";
    let text = zone("Europe/Berlin") + &zone("Our Office") + event;
    Calendar::read(crate::calendar_of(&text)).calendar
}

fn defined(calendar: &Calendar) -> Vec<String> {
    let zones = calendar.time_zones();
    let names = zones.filter_map(|zone| zone.tzid().map(std::borrow::Cow::into_owned));
    names.collect()
}

#[test]
fn definitions_of_iana_zones_are_taken_out_and_no_others() {
    let mut calendar = of_three_zones();
    assert_eq!(calendar.remove_iana_definitions(), 1);
    assert_eq!(defined(&calendar), ["Our Office"]);
    assert_eq!(calendar.events().count(), 1);
    assert_eq!(calendar.remove_iana_definitions(), 0);
}

#[test]
fn what_is_named_without_a_definition_gets_one() {
    let mut calendar = of_three_zones();
    assert_eq!(calendar.add_missing_definitions(&Window::ALL), 1);
    assert_eq!(
        defined(&calendar),
        ["Europe/Berlin", "Our Office", "Europe/Paris"]
    );
    assert_eq!(calendar.add_missing_definitions(&Window::ALL), 0);
}

#[test]
fn an_export_for_who_knows_iana_zones_defines_the_others_only() {
    let mut export = cal_core::Export::new().without_iana_definitions();
    let mut text = export.begin("-//x//y", &[]).to_vec();
    text.extend_from_slice(&export.add(&of_three_zones()));
    text.extend_from_slice(&export.end());
    let calendar = Calendar::parse(&text).unwrap();
    assert_eq!(defined(&calendar), ["Our Office"]);
}
