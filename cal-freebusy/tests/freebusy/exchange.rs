//! Availability that is given to others.

use cal_core::Calendar;
use cal_freebusy::{
    Error, Layer, Layers, Participant, Request, Schedule, SharedAvailability, SignedAvailability,
    Slot, SlotSet, WorkingHours,
};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use crate::{at, period};

/// Events of a week from 2026-03-02 as pairs of quarter hours and lengths.
fn calendar(events: &[(i64, i64)], text: &str) -> Calendar {
    let events: String = events
        .iter()
        .enumerate()
        .map(|(uid, (start, length))| {
            let start = at("2026-03-02T00:00:00Z") + TimeDelta::minutes(start * 15);
            format!(
                "BEGIN:VEVENT\nUID:{uid}{text}\nSUMMARY:{text}\nDTSTART:{}\nDURATION:PT{}M\n{}END:VEVENT\n",
                start.format("%Y%m%dT%H%M%SZ"),
                length * 15,
                if uid % 3 == 0 { "STATUS:TENTATIVE\n" } else { "" },
            )
        })
        .collect();
    Calendar::read(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n")).calendar
}

fn shared(person: &str, events: &[(i64, i64)]) -> SharedAvailability {
    let calendar = calendar(events, "");
    let hours = WorkingHours::weekdays(Berlin, "09:00-17:00".parse().unwrap());
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let layers = Layers::of(&schedule, &period("20260302T000000Z/P7D"));
    let layers = layers.with_hours(&hours).unwrap();
    SharedAvailability::new(person, &layers, at("2026-03-01T12:00:00Z")).unwrap()
}

fn events() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((-20_i64..700, 0_i64..20), 0..20)
}

/// Not a signature to be used: a sum that depends on a secret.
fn sum(secret: u8, bytes: &[u8]) -> Vec<u8> {
    let sum = bytes.iter().fold(u64::from(secret), |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
    });
    sum.to_le_bytes().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(person in "[a-zé🎉@. ]{0,60}", events in events()) {
        let ada = shared(&person, &events);
        prop_assert_eq!(SharedAvailability::from_bytes(&ada.to_bytes()).unwrap(), ada.clone());
        let signed = ada.to_signed_bytes(|bytes| sum(7, bytes)).unwrap();
        let came = SignedAvailability::from_bytes(&signed).unwrap();
        prop_assert!(came.is_signed());
        let genuine = came.clone().verified(|bytes, signature| sum(7, bytes) == signature);
        prop_assert_eq!(genuine.unwrap(), ada);
        let forged = came.verified(|bytes, signature| sum(8, bytes) == signature);
        prop_assert!(matches!(forged, Err(Error::Shared { .. })), "{:?}", forged);
    }

    #[test]
    fn what_was_tampered_with_is_refused_or_not_genuine(
        events in events(), place in any::<prop::sample::Index>(), by in 1_u8..,
    ) {
        let mut bytes = shared("ada", &events).to_signed_bytes(|bytes| sum(7, bytes)).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= by;
        let read = SignedAvailability::from_bytes(&bytes)
            .and_then(|came| came.verified(|bytes, signature| sum(7, bytes) == signature));
        prop_assert!(read.is_err());
    }

    #[test]
    fn what_is_cut_or_followed_by_more_is_refused(events in events(), cut in any::<prop::sample::Index>()) {
        let ada = shared("ada", &events);
        let mut bytes = ada.to_bytes();
        prop_assert!(SharedAvailability::from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
        bytes.push(0);
        prop_assert!(SharedAvailability::from_bytes(&bytes).is_err());
    }

    #[test]
    fn any_bytes_at_all_are_refused_or_read(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = SharedAvailability::from_bytes(&bytes);
        bytes.splice(..0, *b"CALFBZ\x01\x00");
        let _ = SharedAvailability::from_bytes(&bytes);
    }

    #[test]
    fn merging_is_the_union_in_any_order(home in events(), work in events(), club in events()) {
        let [home, work, club] = [home, work, club].map(|events| shared("ada", &events));
        let merged = home.merge(&work).unwrap();
        prop_assert_eq!(&merged, &work.merge(&home).unwrap());
        prop_assert_eq!(&merged.merge(&home).unwrap(), &merged);
        prop_assert_eq!(
            merged.merge(&club).unwrap(),
            home.merge(&work.merge(&club).unwrap()).unwrap()
        );
        let expected = home.layers().slots(Layer::Busy) | work.layers().slots(Layer::Busy);
        prop_assert_eq!(merged.layers().slots(Layer::Busy), &expected);
    }

    #[test]
    fn the_free_time_of_several_files_is_what_none_of_them_takes(
        ada in events(), bob in events(), minutes in 1_i64..200,
    ) {
        let all = [shared("ada", &ada), shared("bob", &bob)];
        let length = TimeDelta::minutes(minutes);
        let free = SharedAvailability::common_free(&all, &Layer::ALL, length);
        prop_assert!(free.iter().all(|free| free.length() >= length));
        let taken = SlotSet::union_of(&all.each_ref().map(|one| one.layers().any_of(&Layer::ALL)));
        let week = Slot::covering(&period("20260302T000000Z/P7D"));
        let slots = u32::try_from((minutes + 14) / 15).unwrap();
        let expected: Vec<_> = taken.free_runs(week, slots).collect();
        prop_assert_eq!(free.len(), expected.len());
    }

    #[test]
    fn no_text_of_any_event_is_in_it(events in events(), secret in "[a-z]{8,20}") {
        let layers = |text: &str| {
            let calendar = calendar(&events, text);
            let schedule = Schedule::new(Berlin).with_calendar(&calendar);
            let layers = Layers::of(&schedule, &period("20260302T000000Z/P7D"));
            SharedAvailability::new("ada", &layers, at("2026-03-01T12:00:00Z")).unwrap().to_bytes()
        };
        // The same times give the same bytes, whatever the events are called.
        prop_assert_eq!(layers(&secret), layers(""));
    }
}

#[test]
fn someone_takes_part_by_their_file_alone() {
    let ada = shared("ada", &[(36, 4)]);
    let window = period("20260302T080000Z/PT3H");
    let answer = Request::new(window, TimeDelta::hours(1), Berlin)
        .with(Participant::new(
            ada.person(),
            Berlin,
            ada.layers().busy_times(),
        ))
        .with_granularity(TimeDelta::hours(1))
        .suggest()
        .unwrap();
    let mut found: Vec<_> = answer.suggestions.iter().map(|s| s.interval).collect();
    found.sort();
    assert_eq!(
        found,
        [
            period("20260302T080000Z/PT1H"),
            period("20260302T100000Z/PT1H")
        ]
    );
}

#[test]
fn a_quarter_hour_that_is_known_in_part_is_not_told_to_be_free() {
    let calendar = calendar(&[], "");
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let shared = |window: &str| {
        let layers = Layers::of(&schedule, &period(window));
        SharedAvailability::new("ada", &layers, at("2026-03-01T12:00:00Z")).unwrap()
    };
    let ada = shared("20260302T090500Z/20260302T110500Z");
    assert_eq!(
        *ada.layers().window(),
        period("20260302T091500Z/20260302T110000Z")
    );
    assert_eq!(
        SharedAvailability::from_bytes(&ada.to_bytes()).unwrap(),
        ada
    );
    let nothing = shared("20260302T090500Z/PT5M");
    assert!(nothing.layers().window().is_empty());
}

#[test]
fn files_of_different_people_do_not_merge() {
    let merged = shared("ada", &[]).merge(&shared("bob", &[]));
    assert!(matches!(merged, Err(Error::Shared { .. })));
}

#[test]
fn another_version_is_refused_by_name() {
    let mut bytes = shared("ada", &[]).to_bytes();
    bytes[6] = 2;
    let refused = SharedAvailability::from_bytes(&bytes).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "shared availability: it is of a version that is not known"
    );
}

#[test]
fn what_is_not_signed_is_not_verified() {
    let came = SignedAvailability::from_bytes(&shared("ada", &[]).to_bytes()).unwrap();
    assert!(!came.is_signed());
    assert!(came.verified(|_, _| true).is_err());
}

#[test]
fn names_windows_and_signatures_are_bounded() {
    let made = at("2026-03-01T12:00:00Z");
    let layers = Layers::new(period("20260302T000000Z/P7D"));
    assert!(SharedAvailability::new("x".repeat(256), &layers, made).is_err());
    let century = Layers::new(period("20260302T000000Z/P36500D"));
    assert!(SharedAvailability::new("ada", &century, made).is_err());
    let ada = SharedAvailability::new("ada", &layers, made).unwrap();
    assert!(ada.to_signed_bytes(|_| Vec::new()).is_err());
    assert!(ada.to_signed_bytes(|_| vec![0; 256]).is_err());
}

#[test]
fn a_year_of_meetings_is_shared_in_three_kilobytes() {
    let mut slots = SlotSet::new();
    let first = Slot::containing(at("2026-01-01T00:00:00Z"));
    for meeting in 0..613 {
        let start = first.plus((meeting * 7919 * 4) % (365 * 96));
        slots.insert_range(start..start.plus(4));
    }
    // The stored form of the set is what the format adds a frame to.
    assert!(slots.to_bytes().len() < 2_900, "{}", slots.to_bytes().len());
    let calendar = {
        let events: String = slots
            .runs()
            .enumerate()
            .map(|(uid, run)| {
                let [start, end] = [run.start, run.end].map(|s| s.start().format("%Y%m%dT%H%M%SZ"));
                format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:{start}\nDTEND:{end}\nEND:VEVENT\n")
            })
            .collect();
        Calendar::read(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n")).calendar
    };
    let schedule = Schedule::new(Berlin).with_calendar(&calendar);
    let layers = Layers::of(&schedule, &period("20260101T000000Z/P365D"));
    assert_eq!(layers.slots(Layer::Busy), &slots);
    let ada = SharedAvailability::new("ada", &layers, at("2026-01-01T00:00:00Z")).unwrap();
    assert!(ada.to_bytes().len() < 3_000, "{}", ada.to_bytes().len());
}
