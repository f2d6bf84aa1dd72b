//! The reading of 955 calendars from the field.

use std::time::{Duration, Instant};

use cal_core::Calendar;

use crate::shared;

/// One file of the corpus as its index describes it.
pub(crate) struct Entry {
    pub(crate) file: String,
    pub(crate) valid: bool,
    pub(crate) reason: String,
    pub(crate) bytes: Vec<u8>,
}

/// The whole corpus; empty, with a word on stderr, where it is not at hand.
pub(crate) fn corpus() -> Vec<Entry> {
    let Some(index) = shared::read("ics/INDEX.tsv") else {
        return Vec::new();
    };
    let folder = shared::folder().join("ics");
    let rows = index.lines().skip(1).filter(|row| !row.is_empty());
    rows.map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        let file = columns[0].to_owned();
        let bytes = std::fs::read(folder.join(&file)).unwrap();
        Entry {
            file,
            valid: columns[7] == "valid",
            reason: columns[8].to_owned(),
            bytes,
        }
    })
    .collect()
}

#[test]
fn every_file_is_read_within_a_second_and_printed_back_byte_for_byte() {
    for entry in corpus() {
        let begun = Instant::now();
        let reading = Calendar::read(&entry.bytes);
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{} is slow",
            entry.file
        );
        assert_eq!(reading.calendar.to_bytes(), entry.bytes, "{}", entry.file);
    }
}

/// Files that the index calls valid and a strict reading refuses, each with
/// the code of the rule it breaks.
const REFUSED: &str = include_str!("../data/refused.txt");

/// Files that the index calls invalid for reasons that RFC 5545 does not know.
const ACCEPTED: &str = include_str!("../data/accepted.txt");

#[test]
fn every_file_marked_valid_parses_strictly_or_is_named_with_the_rule_it_breaks() {
    let mut refused = String::new();
    let corpus = corpus();
    for entry in corpus.iter().filter(|entry| entry.valid) {
        match Calendar::parse(&entry.bytes) {
            Ok(calendar) => assert_eq!(calendar.to_bytes(), entry.bytes, "{}", entry.file),
            Err(error) => {
                let code = error.fault().unwrap().rule().code();
                refused.push_str(&format!("{} {code}\n", entry.file));
            }
        }
    }
    assert!(corpus.is_empty() || refused == REFUSED, "{refused}");
}

#[test]
fn every_file_marked_invalid_is_refused_strictly_or_is_named() {
    let corpus = corpus();
    let mut accepted = String::new();
    for entry in corpus.iter().filter(|entry| !entry.valid) {
        if Calendar::parse(&entry.bytes).is_ok() {
            accepted.push_str(&format!("{} {}\n", entry.file, entry.reason));
        }
    }
    assert!(corpus.is_empty() || accepted == ACCEPTED, "{accepted}");
}

#[test]
fn whatever_a_strict_reading_refuses_has_a_located_warning_in_a_lenient_one() {
    for entry in corpus() {
        let Err(error) = Calendar::parse(&entry.bytes) else {
            continue;
        };
        let reading = Calendar::read(&entry.bytes);
        let fault = error.fault().unwrap();
        assert!(reading.warnings.contains(fault), "{}: {fault}", entry.file);
        let lines = entry
            .bytes
            .iter()
            .filter(|&&byte| byte == b'\n' || byte == b'\r')
            .count();
        let within = |line: u32| line >= 1 && line as usize <= lines + 1;
        assert!(
            reading
                .warnings
                .iter()
                .all(|warning| within(warning.line())),
            "{}",
            entry.file
        );
    }
}
