//! What a new release of the zone database does to planned events.

use cal_core::{
    Calendar, Error, Expansion, MovedEvent, TimeZones, Window, ZoneDataset, ZoneUpdate,
    ZoneUpdateReport,
};
use cal_rrule::Zone;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

use crate::calendar_of;
use crate::series::{expand, instant, window};

/// A release in which Berlin gives up summer time after that of 2026.
fn without_summer_time() -> ZoneDataset {
    let text = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n\
        BEGIN:DAYLIGHT\nDTSTART:20250330T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20260329T010000Z\nEND:DAYLIGHT\n\
        BEGIN:STANDARD\nDTSTART:20251026T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20261025T010000Z\nEND:STANDARD\n\
        END:VTIMEZONE";
    ZoneDataset::of_definitions(&Calendar::read(calendar_of(text)).calendar)
}

fn now() -> DateTime<Utc> {
    instant("20260601T000000Z")
}

fn update() -> ZoneUpdate {
    ZoneUpdate::new(ZoneDataset::built_in(), without_summer_time(), now())
}

/// Two years from now.
fn ahead() -> Window {
    window("20260101T000000Z", "20280601T000000Z")
}

fn event(uid: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT\n")
}

fn calendar(events: &[String]) -> Calendar {
    Calendar::read(calendar_of(&events.concat())).calendar
}

fn report(calendar: &Calendar) -> ZoneUpdateReport {
    let report = update().report(calendar, &ahead());
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    report
}

/// Each occurrence that moves: old and new start, `-` for none.
fn rows(event: &MovedEvent) -> Vec<String> {
    let start = |at: Option<cal_core::Instants>| {
        at.map_or_else(
            || "-".to_owned(),
            |at| at.start.format("%Y%m%dT%H%MZ").to_string(),
        )
    };
    let occurrences = event.occurrences.iter();
    occurrences
        .map(|found| format!("{} {}", start(found.old), start(found.new)))
        .collect()
}

/// The starts by the rules of a release.
fn starts(calendar: &Calendar, dataset: &ZoneDataset) -> Vec<String> {
    let expansion = Expansion::of(calendar).with_dataset(dataset);
    let mut starts: Vec<String> = expansion
        .occurrences(&ahead())
        .map(|found| {
            let found = found.unwrap();
            format!("{}/{}", found.start_utc(), found.end_utc())
        })
        .collect();
    starts.sort();
    starts
}

#[test]
fn only_what_is_ahead_and_moves_is_reported_with_those_who_take_part() {
    let calendar = calendar(&[
        event("past", "DTSTART;TZID=Europe/Berlin:20260501T090000"),
        event("winter", "DTSTART;TZID=Europe/Berlin:20270115T090000"),
        event(
            "summer",
            "DTSTART;TZID=Europe/Berlin:20270701T090000\nDURATION:PT1H\nSUMMARY:Fête\n\
             ORGANIZER:mailto:ada@example.com\nATTENDEE:mailto:bo@example.com\n\
             ATTENDEE:mailto:cy@example.com",
        ),
        event("elsewhere", "DTSTART;TZID=Europe/Paris:20270701T090000"),
        event("utc", "DTSTART:20270701T090000Z"),
        event("floating", "DTSTART:20270701T090000"),
        event("date", "DTSTART;VALUE=DATE:20270701"),
    ]);
    let report = report(&calendar);
    assert_eq!(report.moved.len(), 1);
    let moved = &report.moved[0];
    assert_eq!(
        (moved.uid.as_str(), moved.summary.as_deref()),
        ("summer", Some("Fête"))
    );
    assert_eq!(moved.organizer.as_deref(), Some("mailto:ada@example.com"));
    assert_eq!(
        moved.attendees,
        ["mailto:bo@example.com", "mailto:cy@example.com"]
    );
    assert_eq!(rows(moved), ["20270701T0700Z 20270701T0800Z"]);
}

#[test]
fn other_names_of_the_zone_move_with_it_and_zones_of_the_calendars_own_do_not() {
    let own = "BEGIN:VTIMEZONE\nTZID:Own\nX-LIC-LOCATION:Europe/Berlin\nBEGIN:STANDARD\n\
        DTSTART:19700101T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n";
    let calendar = calendar(&[
        own.to_owned(),
        event(
            "windows",
            "DTSTART;TZID=W. Europe Standard Time:20270701T090000",
        ),
        event(
            "path",
            "DTSTART;TZID=/mozilla.org/1/Europe/Berlin:20270701T090000",
        ),
        event("own", "DTSTART;TZID=Own:20270701T090000"),
    ]);
    let report = report(&calendar);
    let uids: Vec<&str> = report
        .moved
        .iter()
        .map(|moved| moved.uid.as_str())
        .collect();
    assert_eq!(uids, ["windows", "path"]);
}

#[test]
fn of_a_series_the_instances_that_move_are_reported() {
    let calendar = calendar(&[event(
        "1",
        "DTSTART;TZID=Europe/Berlin:20200115T090000\nRRULE:FREQ=MONTHLY;INTERVAL=3",
    )]);
    assert_eq!(
        rows(&report(&calendar).moved[0]),
        [
            "20270415T0700Z 20270415T0800Z",
            "20270715T0700Z 20270715T0800Z",
            "20271015T0700Z 20271015T0800Z",
            "20280415T0700Z 20280415T0800Z",
        ]
    );
}

#[test]
fn an_instance_that_until_now_excludes_is_gone() {
    let calendar = calendar(&[event(
        "1",
        "DTSTART;TZID=Europe/Berlin:20260715T090000\nRRULE:FREQ=YEARLY;UNTIL=20270715T070000Z",
    )]);
    assert_eq!(rows(&report(&calendar).moved[0]), ["20270715T0700Z -"]);
}

#[test]
fn an_end_that_moves_alone_is_a_move() {
    let calendar = calendar(&[event(
        "1",
        "DTSTART:20270701T060000Z\nDTEND;TZID=Europe/Berlin:20270701T120000",
    )]);
    let report = report(&calendar);
    let found = &report.moved[0].occurrences[0];
    let (old, new) = (found.old.unwrap(), found.new.unwrap());
    assert_eq!(old.start, new.start);
    assert_eq!((new.end - old.end).num_hours(), 1);
}

#[test]
fn keeping_the_instant_changes_the_times_and_nothing_else() {
    let text = calendar_of(&event(
        "1",
        "DTSTART;X-A=b;TZID=Europe/Berlin:20270701T090000\n\
         DTEND;TZID=Europe/Berlin:20270701T103000\nSUMMARY:fo\n ld\nX-ODD;a:b",
    ));
    let mut calendar = Calendar::read(&text).calendar;
    report(&calendar).moved[0]
        .keep_instant(&mut calendar)
        .unwrap();
    let expected = text
        .replace(
            "DTSTART;X-A=b;TZID=Europe/Berlin:20270701T09",
            "DTSTART;X-A=b;TZID=Europe/Berlin:20270701T08",
        )
        .replace("20270701T103000", "20270701T093000");
    assert_eq!(calendar.to_string(), expected);
}

#[test]
fn what_is_kept_takes_place_by_the_new_rules_when_it_did_by_the_old() {
    for lines in [
        "DTSTART;TZID=Europe/Berlin:20270701T090000\nDURATION:P1DT1H",
        "DTSTART;TZID=Europe/Berlin:20270327T090000\nDURATION:P2D",
        "DTSTART;TZID=Europe/Berlin:20200106T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY",
        "DTSTART;TZID=Europe/Berlin:20200106T090000\nDTEND;TZID=Asia/Tokyo:20200106T180000\n\
         RRULE:FREQ=WEEKLY;BYDAY=MO,TH\nEXDATE;TZID=Europe/Berlin:20270607T090000",
        "DTSTART;TZID=Europe/Berlin:20260715T090000\nRRULE:FREQ=MONTHLY;UNTIL=20270715T070000Z",
        "DTSTART;TZID=Europe/Berlin:20260715T090000\n\
         RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20270701T090000/PT3H",
        // Half past two exists twice in October by the old rules only.
        "DTSTART;TZID=Europe/Berlin:20260725T023000\nRRULE:FREQ=MONTHLY",
    ] {
        let mut calendar = calendar(&[event("1", lines)]);
        let before = starts(&calendar, &ZoneDataset::built_in());
        let report = report(&calendar);
        for moved in &report.moved {
            moved.keep_instant(&mut calendar).unwrap();
        }
        let after = starts(&calendar, &without_summer_time());
        assert_eq!(before, after, "{calendar}");
        assert!(update().report(&calendar, &ahead()).errors.is_empty());
    }
}

#[test]
fn an_override_is_kept_in_its_place() {
    let mut calendar = calendar(&[
        event(
            "1",
            "DTSTART;TZID=Europe/Berlin:20270701T090000\nRRULE:FREQ=DAILY;COUNT=2",
        ),
        event(
            "1",
            "RECURRENCE-ID;TZID=Europe/Berlin:20270702T090000\nSUMMARY:Other\n\
             DTSTART;TZID=Europe/Berlin:20270702T150000",
        ),
    ]);
    let before = starts(&calendar, &ZoneDataset::built_in());
    let report = report(&calendar);
    assert_eq!(report.moved.len(), 2);
    for moved in &report.moved {
        moved.keep_instant(&mut calendar).unwrap();
    }
    assert_eq!(starts(&calendar, &without_summer_time()), before);
    assert_eq!(calendar.events().count(), 3, "{calendar}");
}

#[test]
fn an_override_of_all_later_instances_is_not_kept_and_nothing_changes() {
    let mut calendar = calendar(&[
        event(
            "1",
            "DTSTART;TZID=Europe/Berlin:20270701T090000\nRRULE:FREQ=DAILY;COUNT=5",
        ),
        event(
            "1",
            "RECURRENCE-ID;TZID=Europe/Berlin;RANGE=THISANDFUTURE:20270702T090000\n\
             DTSTART;TZID=Europe/Berlin:20270702T150000",
        ),
    ]);
    let text = calendar.to_string();
    let report = report(&calendar);
    let error = report.moved[1].keep_instant(&mut calendar).unwrap_err();
    assert!(matches!(error, Error::RangedOverride { .. }), "{error}");
    assert_eq!(calendar.to_string(), text);
}

#[test]
fn an_event_that_is_gone_is_an_error() {
    let mut calendar = calendar(&[event("1", "DTSTART;TZID=Europe/Berlin:20270701T090000")]);
    let report = report(&calendar);
    let id = calendar.components().next().unwrap().id();
    calendar.remove(id);
    let error = report.moved[0].keep_instant(&mut calendar).unwrap_err();
    assert!(matches!(error, Error::UnknownUid { .. }), "{error}");
}

#[test]
fn keeping_the_local_time_leaves_the_event_and_renews_an_outdated_definition() {
    let summer = event("1", "DTSTART;TZID=Europe/Berlin:20270701T090000");
    let mut plain = calendar(std::slice::from_ref(&summer));
    let text = plain.to_string();
    let moved = report(&plain).moved;
    let renewed = update()
        .keep_local(&mut plain, &moved[0], &ahead())
        .unwrap();
    assert_eq!((renewed, plain.to_string()), (0, text));

    let old = cal_core::ZoneDefinition::new("Europe/Berlin", chrono_tz::Europe::Berlin);
    let old = old.covering(&ahead()).to_string().replace(
        "TZID:Europe/Berlin\r\n",
        "TZID:Europe/Berlin\r\nX-LIC-LOCATION:Europe/Berlin\r\n",
    );
    let mut defined = Calendar::read(calendar_of(&format!(
        "{}{summer}",
        old.replace("\r\n", "\n")
    )))
    .calendar;
    let events = |calendar: &Calendar| calendar.events().next().unwrap().component().to_bytes();
    let before = events(&defined);
    let renewed = update()
        .keep_local(&mut defined, &moved[0], &ahead())
        .unwrap();
    assert_eq!(renewed, 1);
    assert_eq!(events(&defined), before);
    assert!(defined.to_string().contains("X-LIC-LOCATION"), "{defined}");
    let rules = ZoneDataset::of_definitions(&defined)
        .rules("Europe/Berlin")
        .unwrap();
    let july = |year| {
        NaiveDate::from_ymd_opt(year, 7, 1)
            .unwrap()
            .and_hms_opt(9, 0, 0)
            .unwrap()
    };
    assert_eq!(rules.offset_at(july(2026)), 7200, "{defined}");
    assert_eq!(rules.offset_at(july(2027)), 3600, "{defined}");
    // Once it is renewed there is nothing to do any more.
    let again = update()
        .keep_local(&mut defined, &moved[0], &ahead())
        .unwrap();
    assert_eq!(again, 0);
}

#[test]
fn a_dataset_stands_in_for_the_rules_that_are_built_in() {
    let calendar = calendar(&[event("1", "DTSTART;TZID=Europe/Berlin:20270701T090000")]);
    let fixed = FixedOffset::east_opt(0).unwrap();
    let dataset = ZoneDataset::built_in().with_zone("Europe/Berlin", fixed);
    let zones = TimeZones::of(&calendar).with_dataset(&dataset);
    let noon = NaiveDate::from_ymd_opt(2027, 7, 1)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap();
    assert_eq!(
        zones.resolve("Europe/Berlin").unwrap().rules.to_utc(noon),
        noon
    );
    assert!(dataset.rules("Nowhere").is_none());
    let plain = expand(&calendar, &Window::ALL, chrono_tz::UTC);
    assert_eq!(plain, ["20270701T070000Z/20270701T070000Z"]);
}

#[test]
fn a_series_without_measure_is_an_error_and_the_rest_is_reported() {
    let calendar = calendar(&[
        event(
            "tick",
            "DTSTART;TZID=Europe/Berlin:20260701T090000\nRRULE:FREQ=MINUTELY",
        ),
        event("1", "DTSTART;TZID=Europe/Berlin:20270701T090000"),
    ]);
    let report = update().with_limit(50).report(&calendar, &ahead());
    assert!(
        matches!(report.errors[..], [Error::OccurrenceLimit { .. }]),
        "{:?}",
        report.errors
    );
    assert_eq!(report.moved.last().unwrap().uid, "1");
}
