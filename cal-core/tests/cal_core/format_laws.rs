//! Laws of the formats: what a calendar says is the same after the way through
//! another format and back, whatever the calendar.

use cal_core::{Calendar, PropertyKind};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::content::content;

/// The name of a property: any known one, an unknown one, an odd one.
fn name() -> impl Strategy<Value = String> {
    let known: Vec<&'static str> = [
        "SUMMARY",
        "CATEGORIES",
        "DTSTART",
        "DUE",
        "EXDATE",
        "RDATE",
        "DURATION",
        "TRIGGER",
        "FREEBUSY",
        "GEO",
        "REQUEST-STATUS",
        "RRULE",
        "EXRULE",
        "ATTACH",
        "ATTENDEE",
        "URL",
        "SEQUENCE",
        "TZOFFSETTO",
        "LOCATION-TYPE",
        "RELATED-TO",
        "UID",
        "XML",
        "IMAGE",
        "CONCEPT",
    ]
    .into();
    assert!(
        known
            .iter()
            .filter(|name| PropertyKind::of(name) == PropertyKind::Other)
            .eq([&"XML"])
    );
    prop_oneof![
        8 => prop::sample::select(known).prop_map(str::to_owned),
        2 => "(X-[A-Z]{1,3}|[a-z]{1,3}|Summary|GROUP1\\.X|X_Y)",
    ]
}

fn parameter() -> impl Strategy<Value = String> {
    prop_oneof![
        "VALUE=(TEXT|DATE|DATE-TIME|TIME|PERIOD|RECUR|BOOLEAN|INTEGER|FLOAT|UTC-OFFSET|URI|CAL-ADDRESS|BINARY|DURATION|X-Y|text)",
        "(CN|cn|X-A|TZID|MEMBER|RSVP|LANGUAGE)=[ -!#-+.-9<-~é]{0,6}",
        "(CN|X-B)=\"[ -!#-~é]{0,6}\"(,\"[:;,]\"|,b)?",
        "X-C=\\^[n'^a]",
    ]
}

/// A value: one that some type reads, or nearly, or anything at all.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\té]{0,24}",
        "[a;,:\\\\nN\"&<>é \u{2028}]{0,9}",
        "2026(02|13)(0[1-9]|31)(T(09|25)0060?0?Z?)?(,20260302T100000)?(/PT1H|/20260303T000000Z)?",
        "[0-9]{0,2}\\.?[0-9]{0,2}(e[0-9])?",
        "-?\\+?[0-9]{1,3}(\\.[0-9]{0,9})?([;,]-?[0-9.]{1,4}){0,2}",
        "0\\.0{6,12}[1-9]",
        "(FREQ|freq)=(DAILY|weekly)(;COUNT=[+-]?0?3)?(;BYDAY=MO,-1FR,)?(;UNTIL=20260303(T000000Z)?)?(;X=)?;?",
        "[1-3]\\.[0-9];a\\\\[;,n];?(b;c)?",
        "[+-][0-9]{4}([0-9]{2})?",
        "-?P(1W|2DT3H|T)",
        "(TRUE|false|True)",
        "[0-9]{6}Z?",
    ]
}

fn line() -> impl Strategy<Value = String> {
    let parameters = prop::collection::vec(parameter(), 0..3);
    prop_oneof![
        20 => (name(), parameters, value()).prop_map(|(name, parameters, value)| {
            let parameters: String = parameters.iter().map(|own| format!(";{own}")).collect();
            format!("{name}{parameters}:{value}")
        }),
        1 => "[ -~é]{0,12}",
        1 => Just(" folded".to_owned()),
        1 => Just(String::new()),
    ]
}

/// Components with lines of all kinds, some not closed or closed twice.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => line(),
        1 => "BEGIN:(VEVENT|VALARM|VTIMEZONE|X-A|vtodo)",
        1 => "END:(VEVENT|VALARM|VTIMEZONE|X-A|vtodo)",
    ];
    let eol = prop::sample::select(vec!["\r\n", "\n"]);
    (prop::collection::vec(part, 0..12), eol).prop_map(|(parts, eol)| {
        let lines = parts.join(eol);
        format!("BEGIN:VCALENDAR{eol}{lines}{eol}END:VCALENDAR{eol}")
    })
}

/// More cases than the usual 256: there are many types.
fn config() -> Config {
    Config {
        cases: 2_000,
        failure_persistence: None,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_calendar_says_the_same_after_jcal(text in text()) {
        let calendar = Calendar::read(&text).calendar;
        // A text that has no component is an empty list, which is not jCal.
        prop_assume!(calendar.roots().next().is_some());
        let jcal = calendar.to_jcal();
        let back = Calendar::from_jcal(&jcal).unwrap();
        prop_assert_eq!(content(&back), content(&calendar), "{}", jcal);
        prop_assert_eq!(back.to_jcal(), jcal);
    }

    #[test]
    fn a_calendar_says_the_same_after_xcal_unless_that_is_told(text in text()) {
        let calendar = Calendar::read(&text).calendar;
        let xcal = calendar.to_xcal();
        let back = Calendar::from_xcal(&xcal.value).unwrap();
        if xcal.not_carried.is_empty() {
            prop_assert_eq!(content(&back), content(&calendar), "{}", xcal.value);
            prop_assert_eq!(back.to_xcal().value, xcal.value);
        }
    }
}
