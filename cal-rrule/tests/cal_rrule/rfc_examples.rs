//! The examples of RFC 5545 3.8.5.3.

use cal_rrule::{RecurrenceSet, Start};
use chrono::NaiveDateTime;
use chrono_tz::America::New_York;

use crate::value::{time, when};

const EXAMPLES: &str = include_str!("../../testdata/rfc5545-examples.txt");

#[test]
fn every_example_of_the_rfc_has_its_occurrences() {
    let blocks = EXAMPLES
        .split("\n\n")
        .filter(|block| block.contains("RRULE"));
    let mut seen = 0;
    for block in blocks {
        let mut series = None;
        let mut expected: Vec<NaiveDateTime> = Vec::new();
        let mut goes_on = false;
        for line in block.lines() {
            if let Some(start) = line.strip_prefix("DTSTART:") {
                series = Some(RecurrenceSet::new(Start::zoned(time(start), New_York)));
            } else if let Some(rule) = line.strip_prefix("RRULE:") {
                series = series.map(|set| set.with_rule(rule.parse().unwrap()));
            } else if let Some(date) = line.strip_prefix("EXDATE:") {
                series = series.map(|set| set.with_exdate(when(date)));
            } else if line == "..." {
                goes_on = true;
            } else {
                expected.extend(line.split_whitespace().map(time));
            }
        }
        let series = series.unwrap();
        let wanted = expected.len() + usize::from(!goes_on);
        let found: Vec<_> = series
            .local_times(..)
            .take(wanted)
            .map(Result::unwrap)
            .collect();
        assert_eq!(found, expected, "{block}");
        seen += 1;
    }
    assert_eq!(seen, 42);
}
