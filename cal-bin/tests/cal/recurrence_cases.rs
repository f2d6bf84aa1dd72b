//! Every undisputed recurrence case of the shared collection, as a calendar of
//! its own, expanded by the command.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};
use serde::Deserialize;

use crate::running::{Home, calendar, shared_data};

/// A case: a rule, its anchor, and what the rule generates from it.
#[derive(Deserialize)]
struct Case {
    id: String,
    dtstart: String,
    tzid: Option<String>,
    rrule: Option<String>,
    #[serde(default)]
    rrules: Vec<String>,
    rdate: Vec<String>,
    exdate: Vec<String>,
    window: Option<(Option<String>, Option<String>)>,
    limit: usize,
    expected: Vec<String>,
    #[serde(default)]
    expected_utc: Vec<String>,
    /// The rule generates nothing at all.
    #[serde(default)]
    never: bool,
    #[serde(default)]
    disputed: serde_json::Value,
}

/// The first counts INTERVAL from a window instead of from DTSTART. The second
/// wants a Chinese leap month of 2109, after the years that almanacs tell.
const CHOSEN_OTHERWISE: [&str; 2] = ["libical-0210", "libical-0205"];

impl Case {
    fn rules(&self) -> impl Iterator<Item = &str> {
        self.rrule.iter().chain(&self.rrules).map(String::as_str)
    }

    fn ics(&self) -> String {
        let mut lines = vec![
            "BEGIN:VEVENT".to_owned(),
            "UID:case".to_owned(),
            "DTSTAMP:20260101T000000Z".to_owned(),
            self.property("DTSTART", &self.dtstart),
        ];
        lines.extend(self.rules().map(|rule| format!("RRULE:{rule}")));
        lines.extend(self.rdate.iter().map(|date| self.property("RDATE", date)));
        lines.extend(self.exdate.iter().map(|date| self.property("EXDATE", date)));
        lines.push("END:VEVENT".to_owned());
        calendar(&lines.join("\n"))
    }

    fn property(&self, name: &str, value: &str) -> String {
        if value.len() == 8 {
            return format!("{name};VALUE=DATE:{value}");
        }
        match &self.tzid {
            Some(tzid) if !value.ends_with('Z') => format!("{name};TZID={tzid}:{value}"),
            _ => format!("{name}:{value}"),
        }
    }

    /// What an event's recurrence set has, where the case says what the rule
    /// generates: DTSTART always belongs to the set and counts towards COUNT
    /// (RFC 5545 3.8.5.3). `true` if there is no more than this.
    fn expected_set(&self) -> (Vec<String>, bool) {
        let utc = !self.expected_utc.is_empty();
        let generated = if utc {
            &self.expected_utc
        } else {
            &self.expected
        };
        let mut set: Vec<String> = generated
            .iter()
            .map(|time| time.trim_end_matches('Z').to_owned())
            .collect();
        let whole = generated.len() < self.limit && self.ends();
        let start = if utc {
            self.start_utc()
        } else {
            self.dtstart.trim_end_matches('Z').to_owned()
        };
        let excluded = self.exdate.contains(&self.dtstart);
        if set.contains(&start) || excluded || !self.is_in_window(&self.dtstart) {
            return (set, whole);
        }
        if self.rules().any(|rule| rule.contains("COUNT=")) && generated.len() < self.limit {
            // The last one is one too many; an excluded instance counts as well.
            set.extend(self.exdate.iter().cloned());
            set.sort();
            set.pop();
            set.retain(|time| !self.exdate.contains(time));
        }
        set.insert(0, start);
        (set, whole)
    }

    /// Whether the rule or the window ends; else the case has the beginning only.
    fn ends(&self) -> bool {
        let window_ends = self.window.as_ref().is_some_and(|(_, to)| to.is_some());
        let ends = |rule: &str| rule.contains("COUNT=") || rule.contains("UNTIL=");
        window_ends || self.never || self.rules().all(ends)
    }

    fn is_in_window(&self, time: &str) -> bool {
        let from = self.window.as_ref().and_then(|(from, _)| from.as_ref());
        from.is_none_or(|from| local(from) <= local(time))
    }

    fn start_utc(&self) -> String {
        let zone: chrono_tz::Tz = self.tzid.as_deref().unwrap_or("UTC").parse().unwrap();
        let utc = cal_rrule::Zone::to_utc(&zone, local(&self.dtstart));
        utc.format("%Y%m%dT%H%M%S").to_string()
    }

    fn arguments(&self) -> Vec<String> {
        // One more than expected would show that there are too many.
        let limit = (self.limit + 2).to_string();
        let mut arguments = vec![
            "expand".to_owned(),
            "--json".to_owned(),
            "--limit".to_owned(),
            limit,
        ];
        if let Some((from, to)) = &self.window {
            let written = |time: NaiveDateTime| time.format("%Y-%m-%dT%H:%M:%S").to_string();
            if let Some(from) = from {
                arguments.extend(["--from".to_owned(), written(local(from))]);
            }
            if let Some(to) = to {
                // The end of these windows belongs to them.
                arguments.extend([
                    "--to".to_owned(),
                    written(local(to) + TimeDelta::seconds(1)),
                ]);
            }
        }
        arguments
    }
}

fn local(time: &str) -> NaiveDateTime {
    let time = time.trim_end_matches('Z');
    if time.len() == 8 {
        let date = NaiveDate::parse_from_str(time, "%Y%m%d").unwrap();
        return date.and_hms_opt(0, 0, 0).unwrap();
    }
    NaiveDateTime::parse_from_str(time, "%Y%m%dT%H%M%S").unwrap()
}

/// A printed start in the form of the collection: an instant in UTC where the
/// case has instants, else what the wall clock shows.
fn found(start: &str, instants: bool) -> String {
    if start.len() == 10 {
        return start.replace('-', "");
    }
    let time = match DateTime::parse_from_rfc3339(start) {
        Ok(time) if instants => time.naive_utc(),
        Ok(time) => time.naive_local(),
        Err(_) => NaiveDateTime::parse_from_str(start, "%Y-%m-%dT%H:%M:%S").unwrap(),
    };
    time.format("%Y%m%dT%H%M%S").to_string()
}

fn fault(case: &Case) -> Option<String> {
    let home = Home::new();
    let run = home.run_with(&case.arguments(), case.ics());
    let instants = !case.expected_utc.is_empty();
    let starts: Vec<String> = run
        .json_lines()
        .iter()
        .map(|row| found(row["start"].as_str().unwrap(), instants))
        .collect();
    let (expected, whole) = case.expected_set();
    let right = if whole {
        starts == expected
    } else {
        starts.starts_with(&expected)
    };
    (run.code != 0 || !right).then(|| {
        let rules: Vec<&str> = case.rules().collect();
        format!(
            "{} {rules:?} from {}: {starts:?} instead of {expected:?} {}",
            case.id, case.dtstart, run.stderr
        )
    })
}

#[test]
fn every_undisputed_case_prints_the_right_occurrences() {
    let Some(path) = shared_data("rrule/rrule-cases.jsonl") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let cases: Vec<Case> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|case: &Case| {
            case.disputed.is_null() && !CHOSEN_OTHERWISE.contains(&case.id.as_str())
        })
        .collect();
    assert!(cases.len() > 800, "{} cases", cases.len());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let chunks = cases.chunks(cases.len().div_ceil(workers));
        let workers: Vec<_> = chunks
            .map(|chunk| scope.spawn(|| chunk.iter().filter_map(fault).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
