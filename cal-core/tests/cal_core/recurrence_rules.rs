//! Every undisputed rule of the shared case collection as an event of a
//! calendar: the set level, to which DTSTART always belongs.

use std::fmt::Write as _;

use cal_core::{Calendar, Expansion, Moment, Window};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;

use crate::shared;

#[derive(Deserialize)]
struct Case {
    id: String,
    dtstart: String,
    tzid: Option<String>,
    rrule: Option<String>,
    rrules: Option<Vec<String>>,
    rdate: Vec<String>,
    exdate: Vec<String>,
    window: Option<(Option<String>, Option<String>)>,
    limit: usize,
    expected: Vec<String>,
    expected_utc: Option<Vec<String>>,
    #[serde(default)]
    dtstart_unsynced: bool,
    disputed: Option<String>,
}

/// BYWEEKNO with INTERVAL counts week-based years from that of DTSTART; the
/// first two expectations count calendar years. The third counts INTERVAL from
/// a window instead of from DTSTART. The last wants a Chinese leap month of
/// 2109, after the years that almanacs tell.
const CHOSEN_OTHERWISE: [&str; 4] = [
    "libical-0173",
    "libical-0174",
    "libical-0210",
    "libical-0205",
];

impl Case {
    fn rules(&self) -> Vec<&String> {
        self.rrule
            .iter()
            .chain(self.rrules.iter().flatten())
            .collect()
    }

    /// Other calendars are computed with a feature.
    fn is_computed(&self) -> bool {
        let other = |rule: &&String| rule.contains("RSCALE") && !rule.contains("RSCALE=GREG");
        cfg!(feature = "rscale") || !self.rules().iter().any(other)
    }

    fn is_bounded(&self) -> bool {
        self.rules()
            .iter()
            .all(|rule| rule.contains("COUNT=") || rule.contains("UNTIL="))
    }

    fn calendar(&self) -> String {
        let mut lines = String::new();
        let mut date = |name: &str, value: &str| {
            let parameter = match (&self.tzid, value) {
                (_, value) if value.ends_with('Z') => String::new(),
                (_, value) if value.len() == 8 => ";VALUE=DATE".to_owned(),
                (Some(tzid), _) => format!(";TZID={tzid}"),
                (None, _) => String::new(),
            };
            writeln!(lines, "{name}{parameter}:{value}").unwrap();
        };
        date("DTSTART", &self.dtstart);
        self.rdate.iter().for_each(|value| date("RDATE", value));
        self.exdate.iter().for_each(|value| date("EXDATE", value));
        for rule in self.rules() {
            writeln!(lines, "RRULE:{rule}").unwrap();
        }
        crate::event_of(&lines)
    }

    /// What the set has: the rule's times with DTSTART, which counts.
    fn expected(&self) -> Vec<String> {
        let mut expected: Vec<_> = self.expected.iter().map(|time| wall_clock(time)).collect();
        let start = wall_clock(&self.dtstart);
        let (from, _) = self.window.clone().unwrap_or_default();
        let outside = from.is_some_and(|from| from > self.dtstart);
        let excluded = self.exdate.contains(&self.dtstart);
        if !outside && !excluded && !expected.contains(&start) {
            let count = self.rules().iter().find_map(|rule| {
                let (_, rest) = rule.split_once("COUNT=")?;
                rest.split(';').next()?.parse::<usize>().ok()
            });
            if count.is_some_and(|count| count == expected.len() + self.exdate.len()) {
                expected.pop();
            }
            expected.insert(0, start);
            expected.truncate(self.limit);
        }
        expected
    }

    /// The wall-clock times and the instants that the calendar gives.
    fn found(&self, wanted: usize) -> (Vec<String>, Vec<String>) {
        let text = self.calendar();
        let calendar: Calendar = text
            .parse()
            .unwrap_or_else(|error| panic!("{error}: {text}"));
        let (from, to) = self.window.clone().unwrap_or_default();
        let window = Window::between(
            from.as_deref().map(instant),
            // The suites that these windows come from include their end.
            to.as_deref()
                .map(|to| instant(to) + chrono::TimeDelta::seconds(1)),
        );
        // For a rule without end the collection lists some of its times.
        let limit = if self.is_bounded() {
            self.limit
        } else {
            wanted.min(self.limit)
        };
        let occurrences = Expansion::of(&calendar).occurrences(&window);
        let found: Vec<_> = occurrences.take(limit).map(Result::unwrap).collect();
        let instants = found.iter().map(|found| utc(found.start_utc())).collect();
        let local = found
            .iter()
            .map(|found| wall_clock(&found.start().to_value()));
        (local.collect(), instants)
    }
}

fn wall_clock(text: &str) -> String {
    text.trim_end_matches('Z').to_owned()
}

fn instant(text: &str) -> DateTime<Utc> {
    let full = if text.len() == 8 {
        format!("{text}T000000")
    } else {
        text.trim_end_matches('Z').to_owned()
    };
    NaiveDateTime::parse_from_str(&full, "%Y%m%dT%H%M%S")
        .unwrap()
        .and_utc()
}

fn utc(at: DateTime<Utc>) -> String {
    Moment::Utc(at.naive_utc()).to_value()
}

#[test]
fn every_undisputed_rule_as_an_event_expands_to_its_recurrence_set() {
    let Some(text) = shared::read("rrule/rrule-cases.jsonl") else {
        return;
    };
    let (mut wrong, mut right) = (Vec::new(), 0);
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        if case.disputed.is_some()
            || !case.is_computed()
            || CHOSEN_OTHERWISE.contains(&case.id.as_str())
        {
            continue;
        }
        // Instants say more where the collection has them: a time in a gap of
        // the clock and the one it falls together with are one occurrence.
        let instants = case.expected_utc.clone().filter(|_| !case.dtstart_unsynced);
        let expected = instants.clone().unwrap_or_else(|| case.expected());
        let (local, utc) = case.found(expected.len());
        let found = if instants.is_some() { utc } else { local };
        if found != expected {
            wrong.push(format!(
                "{} {:?}\n  found {found:?}\n  not   {expected:?}",
                case.id,
                case.rules()
            ));
        } else {
            right += 1;
        }
    }
    assert!(
        wrong.is_empty(),
        "{right} right, {} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(right > 800, "only {right} cases");
}
