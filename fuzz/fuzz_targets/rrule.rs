//! A rule that is read prints as a rule that reads the same, and expands in
//! strictly increasing order, within bounded work.
#![no_main]

use cal_rrule::RRule;
use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = RRule::parse_lenient(text);
    let Ok(rule) = text.parse::<RRule>() else {
        return;
    };
    let again: RRule = rule.to_string().parse().expect("what was printed is read");
    assert_eq!(again, rule);

    let start = NaiveDate::from_ymd_opt(2024, 2, 29)
        .and_then(|date| date.and_hms_opt(23, 59, 59))
        .expect("a leap day");
    let mut before = None;
    for occurrence in rule.clone().starting(start).iter().take(64) {
        let Ok(occurrence) = occurrence else { break };
        assert!(before < Some(occurrence.local()), "{rule} goes back");
        before = Some(occurrence.local());
    }
});
