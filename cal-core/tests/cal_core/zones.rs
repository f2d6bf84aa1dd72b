//! Which rules a TZID stands for.

use cal_core::{Calendar, Moment, TimeZones, Window, ZoneRules, ZoneSource};
use cal_rrule::Zone;
use chrono::NaiveDateTime;

use crate::calendar_of;

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

fn utc(at: NaiveDateTime) -> String {
    Moment::Utc(at).to_value()
}

/// A VTIMEZONE by its TZID and its observances, each from, to, start, rule.
fn definition(tzid: &str, observances: &[(&str, &str, &str, &str)]) -> String {
    let mut text = format!("BEGIN:VTIMEZONE\nTZID:{tzid}\n");
    for (from, to, start, rule) in observances {
        let rule = if rule.is_empty() {
            String::new()
        } else {
            format!("{rule}\n")
        };
        text += &format!(
            "BEGIN:STANDARD\nDTSTART:{start}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\n{rule}END:STANDARD\n"
        );
    }
    text + "END:VTIMEZONE\n"
}

const NEW_YORK: &[(&str, &str, &str, &str)] = &[
    (
        "-0500",
        "-0400",
        "20070311T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
    ),
    (
        "-0400",
        "-0500",
        "20071104T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
    ),
];

/// The zones of a calendar with these definitions.
fn zones(definitions: &str) -> TimeZones {
    let event =
        "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\nEND:VEVENT";
    TimeZones::of(&Calendar::read(calendar_of(&format!("{definitions}{event}"))).calendar)
}

/// What a name stands for in a calendar that does not define it.
fn named(name: &str) -> Option<(String, ZoneSource)> {
    let zone = TimeZones::default().resolve(name)?;
    let rules = match &zone.rules {
        ZoneRules::Iana(zone) => zone.name().to_owned(),
        ZoneRules::Fixed(offset) => offset.to_string(),
        other => format!("{other:?}"),
    };
    Some((rules, zone.source))
}

#[test]
fn iana_ids_are_themselves_and_windows_names_follow_cldr() {
    for (name, zone, source) in [
        ("Europe/Berlin", "Europe/Berlin", ZoneSource::Iana),
        (
            "America/Argentina/Buenos_Aires",
            "America/Argentina/Buenos_Aires",
            ZoneSource::Iana,
        ),
        ("US/Eastern", "US/Eastern", ZoneSource::Iana),
        ("Etc/GMT+5", "Etc/GMT+5", ZoneSource::Iana),
        ("UTC", "+00:00", ZoneSource::Iana),
        (
            "W. Europe Standard Time",
            "Europe/Berlin",
            ZoneSource::Windows,
        ),
        ("Romance Standard Time", "Europe/Paris", ZoneSource::Windows),
        (
            "Eastern Standard Time",
            "America/New_York",
            ZoneSource::Windows,
        ),
        (
            "AUS Eastern Standard Time",
            "Australia/Sydney",
            ZoneSource::Windows,
        ),
        (
            "Eastern Standard Time (Mexico)",
            "America/Cancun",
            ZoneSource::Windows,
        ),
        ("UTC-02", "Etc/GMT+2", ZoneSource::Windows),
    ] {
        assert_eq!(named(name), Some((zone.to_owned(), source)), "{name}");
    }
}

#[test]
fn names_from_the_field_are_understood_as_guesses() {
    for (name, zone) in [
        ("W. Europe Standard Time 1", "Europe/Berlin"),
        ("Eastern Standard Time 1", "America/New_York"),
        (
            "/freeassociation.sourceforge.net/Tzfile/Europe/Brussels",
            "Europe/Brussels",
        ),
        (
            "/freeassociation.sourceforge.net/Europe/Berlin",
            "Europe/Berlin",
        ),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        (
            "/softwarestudio.org/Olson_20011030_5/America/New_York",
            "America/New_York",
        ),
        ("/citadel.org/20260414_1/Europe/Helsinki", "Europe/Helsinki"),
        ("/Europe/Stockholm", "Europe/Stockholm"),
        ("custom_America/New_York", "America/New_York"),
        ("Europe_Berlin", "Europe/Berlin"),
        ("America-Chicago", "America/Chicago"),
        ("America/Los Angeles", "America/Los_Angeles"),
        ("europe/berlin", "Europe/Berlin"),
        ("\"Europe/Berlin\"", "Europe/Berlin"),
        ("Pacific Time", "America/Los_Angeles"),
        ("Pacific Time (US & Canada), Tijuana", "America/Los_Angeles"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        (
            "(UTC-05:00) Eastern Time (US and Canada)",
            "America/New_York",
        ),
        (
            "(GMT+10:00) Canberra, Melbourne, Sydney",
            "Australia/Canberra",
        ),
        (
            "(GMT+01.00) Amsterdam / Berlin / Bern / Rome",
            "Europe/Amsterdam",
        ),
        ("(UTC-03:00) Brasília", "America/Sao_Paulo"),
        (
            "Amsterdam, Belgrade, Berlin, Brussels, Budapest, Madrid",
            "Europe/Amsterdam",
        ),
        (
            "\"Amsterdam, Belgrade, Berlin, Brussels\"",
            "Europe/Amsterdam",
        ),
        ("Kuala Lumpur, Singapore", "Asia/Kuala_Lumpur"),
        (
            "Greenwich Mean Time:Dublin; Edinburgh; Lisbon; London",
            "Europe/Dublin",
        ),
        ("Mitteleuropäische Zeit ", "Europe/Berlin"),
        ("US-Eastern", "America/New_York"),
        ("Eastern", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("CEST", "Europe/Berlin"),
        ("tzone://Microsoft/Utc", "+00:00"),
    ] {
        assert_eq!(
            named(name),
            Some((zone.to_owned(), ZoneSource::Alias)),
            "{name}"
        );
    }
}

#[test]
fn names_that_spell_an_offset_are_that_offset() {
    for (name, offset) in [
        ("(GMT +01:00)", "+01:00"),
        ("(GMT-03:00)", "-03:00"),
        ("UTC+11", "+11:00"),
        ("GMT+0530", "+05:30"),
        ("+0100", "+01:00"),
        ("(UTC+13:45) Nowhere in particular", "+13:45"),
    ] {
        // CLDR knows `UTC-11` and its like as Windows names; these are not among them.
        assert_eq!(
            named(name),
            Some((offset.to_owned(), ZoneSource::Offset)),
            "{name}"
        );
    }
}

#[test]
fn an_unknown_name_is_nobodys_zone_and_never_utc() {
    for name in [
        "",
        "0",
        "foo",
        "MyTimezone",
        "Customized Time Zone",
        "Customized Time Zone 1",
        "tzone://Microsoft/Custom",
        "Nowhere/Middle",
        "America/Example",
        "/Europe/CUSTOM",
        "GMT -0500 (Standard) / GMT -0400 (Daylight)",
        "GMT-05.00/-04.00",
        "America-SanJose",
    ] {
        assert_eq!(named(name), None, "{name}");
    }
    assert_eq!(named(&"Europe/Berlin, ".repeat(1000)), None);
    let default = ZoneRules::from(chrono_tz::Europe::Madrid);
    let rules = TimeZones::default().rules_or("foo", &default);
    assert_eq!(rules.iana(), Some(chrono_tz::Europe::Madrid));
}

#[test]
fn an_iana_id_keeps_its_rules_whatever_the_calendar_defines() {
    let zones = zones(&definition(
        "Europe/Berlin",
        &[("+0500", "+0500", "19700101T000000", "")],
    ));
    let zone = zones.resolve("Europe/Berlin").unwrap();
    assert_eq!(zone.source, ZoneSource::Iana);
    assert_eq!(
        utc(zone.rules.to_utc(at("20240701T120000"))),
        "20240701T100000Z"
    );
}

#[test]
fn a_definition_goes_before_windows_names_and_guesses() {
    for name in [
        "W. Europe Standard Time",
        "Customized Time Zone",
        "Pacific Time",
        "(GMT +01:00)",
    ] {
        let zones = zones(&definition(name, NEW_YORK));
        let zone = zones.resolve(name).unwrap();
        assert_eq!(zone.source, ZoneSource::Definition, "{name}");
        let nine = at("20260308T090000");
        // Summer time began that day.
        assert_eq!(utc(zone.rules.to_utc(nine)), "20260308T130000Z", "{name}");
    }
}

#[test]
fn a_customized_time_zone_follows_its_definition() {
    let definition = definition(
        "Customized Time Zone",
        &[
            (
                "+0200",
                "+0100",
                "16010101T030000",
                "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
            ),
            (
                "+0100",
                "+0200",
                "16010101T020000",
                "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
            ),
        ],
    );
    let zone = zones(&definition).resolve("Customized Time Zone").unwrap();
    assert_eq!(
        utc(zone.rules.to_utc(at("20260308T090000"))),
        "20260308T080000Z"
    );
    assert_eq!(
        utc(zone.rules.to_utc(at("20260608T090000"))),
        "20260608T070000Z"
    );
}

#[test]
fn a_definition_without_a_usable_observance_gives_way_to_the_name() {
    let broken = "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nEND:VTIMEZONE\n";
    let zone = zones(broken).resolve("W. Europe Standard Time").unwrap();
    assert_eq!(zone.source, ZoneSource::Windows);
    let hint = "BEGIN:VTIMEZONE\nTZID:My zone\nX-LIC-LOCATION:Asia/Tokyo\nEND:VTIMEZONE\n";
    let zone = zones(hint).resolve("My zone").unwrap();
    assert_eq!(zone.rules.iana(), Some(chrono_tz::Asia::Tokyo));
    let hourly = definition(
        "My zone",
        &[("+0100", "+0200", "20200101T000000", "RRULE:FREQ=HOURLY")],
    );
    assert!(zones(&hourly).resolve("My zone").is_none());
}

#[test]
fn a_definition_with_rdates_and_bounded_rules_holds_each_change() {
    let text = definition(
        "Somewhere",
        &[
            (
                "+0000",
                "+0100",
                "20200301T020000",
                "RRULE:FREQ=YEARLY;UNTIL=20220301T020000Z",
            ),
            (
                "+0100",
                "+0000",
                "20201001T020000",
                "RDATE:20211001T020000,20221001T020000",
            ),
        ],
    );
    let zone = zones(&text).resolve("Somewhere").unwrap().rules;
    for (local, offset) in [
        ("20190601T120000", 0),
        ("20200601T120000", 3600),
        ("20201201T120000", 0),
        ("20210601T120000", 3600),
        ("20220601T120000", 3600),
        ("20221201T120000", 0),
        ("20230601T120000", 0),
    ] {
        assert_eq!(
            (at(local) - zone.to_utc(at(local))).num_seconds(),
            offset,
            "{local}"
        );
    }
}

#[test]
fn a_definition_follows_rfc_5545_in_gaps_and_overlaps() {
    let zone = zones(&definition("NY", NEW_YORK))
        .resolve("NY")
        .unwrap()
        .rules;
    for (local, instant) in [
        // In the gap: the offset before it.
        ("20240310T023000", "20240310T073000Z"),
        // Twice: the first.
        ("20241103T013000", "20241103T053000Z"),
        ("20241103T020000", "20241103T070000Z"),
        ("21500701T120000", "21500701T160000Z"),
        ("29990101T120000", "29990101T170000Z"),
    ] {
        assert_eq!(utc(zone.to_utc(at(local))), instant, "{local}");
    }
}

#[test]
fn compiled_rules_agree_with_the_iana_database_hour_by_hour() {
    let zone = zones(&definition("NY", NEW_YORK))
        .resolve("NY")
        .unwrap()
        .rules;
    let iana = chrono_tz::America::New_York;
    let mut hour = at("20240101T003000");
    while hour < at("20270101T000000") {
        assert_eq!(zone.offset_at(hour), iana.offset_at(hour), "{hour}");
        assert_eq!(zone.to_utc(hour), iana.to_utc(hour), "{hour}");
        let span = zone.span_at(hour);
        assert!(span.start <= hour && hour < span.end, "{hour}");
        hour += chrono::TimeDelta::hours(1);
    }
}

#[test]
fn floating_times_of_a_feed_are_in_its_zone_where_the_caller_says_so() {
    let feed = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nX-WR-TIMEZONE:Europe/Madrid\r\n\
        BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260820T160000\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260820T160000Z\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:3\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Asia/Tokyo:20260820T160000\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";
    let calendar: Calendar = feed.parse().unwrap();
    let starts = |expansion: cal_core::Expansion<'_>| -> Vec<String> {
        let occurrences = expansion.occurrences(&Window::ALL);
        occurrences
            .map(|found| utc(found.unwrap().start_utc().naive_utc()))
            .collect()
    };
    let expansion = cal_core::Expansion::of(&calendar);
    let honoured = starts(expansion.clone().in_feed_zone_or(chrono_tz::UTC));
    assert_eq!(
        honoured,
        ["20260820T140000Z", "20260820T160000Z", "20260820T070000Z"]
    );
    let ignored = starts(expansion.in_zone(chrono_tz::UTC));
    assert_eq!(
        ignored,
        ["20260820T160000Z", "20260820T160000Z", "20260820T070000Z"]
    );
}
