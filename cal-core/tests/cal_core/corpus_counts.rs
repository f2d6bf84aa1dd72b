//! What is read of each calendar of the corpus, and how often it occurs: any
//! change of behaviour shows here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cal_core::{Calendar, Component, Expansion, Window};
use chrono::{TimeZone, Utc};

use crate::corpus::corpus;

/// Written anew by a run with `CAL_UPDATE_CORPUS_COUNTS=1`.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/corpus_counts.txt");
const COUNTS: &str = include_str!("../data/corpus_counts.txt");

/// Occurrences of one UID that are counted.
const MOST_OF_ONE: usize = 2_000;
/// Occurrences of one file that are counted.
const MOST: usize = 50_000;

fn count_kinds(component: Component<'_>, kinds: &mut BTreeMap<String, usize>) {
    *kinds.entry(format!("{:?}", component.kind())).or_default() += 1;
    for inner in component.components() {
        count_kinds(inner, kinds);
    }
}

/// One line of the snapshot: file, components by kind, objects, occurrences,
/// and how many of the counted items are errors.
fn line(file: &str, bytes: &[u8]) -> String {
    let calendar = Calendar::read(bytes).calendar;
    let mut kinds = BTreeMap::new();
    for root in calendar.roots() {
        count_kinds(root, &mut kinds);
    }
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
    let expansion = Expansion::of(&calendar)
        .in_zone(chrono_tz::Europe::Berlin)
        .with_limit(MOST_OF_ONE);
    let (mut occurrences, mut errors) = (0, 0);
    let window = Window::new(year(2015), year(2030));
    for item in expansion.occurrences(&window).take(MOST) {
        match item {
            Ok(_) => occurrences += 1,
            Err(_) => errors += 1,
        }
    }
    let mut line = file.to_owned();
    for (kind, count) in kinds {
        write!(line, " {kind}={count}").unwrap();
    }
    let objects = calendar.objects().len();
    line + &format!(" objects={objects} occurrences={occurrences} errors={errors}\n")
}

#[test]
fn every_calendar_has_the_components_and_occurrences_it_had() {
    // What other calendars give is known only where they are built in.
    let corpus = corpus();
    let (counted, left_out): (Vec<_>, Vec<_>) = corpus
        .iter()
        .partition(|entry| cfg!(feature = "rscale") || !uses_rscale(&entry.bytes));
    let found: String = counted
        .iter()
        .map(|entry| line(&entry.file, &entry.bytes))
        .collect();
    if found.is_empty() {
        return;
    }
    if std::env::var_os("CAL_UPDATE_CORPUS_COUNTS").is_some() && left_out.is_empty() {
        std::fs::write(FILE, &found).unwrap();
        return;
    }
    let changed: Vec<String> = found
        .lines()
        .filter(|line| !COUNTS.lines().any(|known| known == *line))
        .map(ToOwned::to_owned)
        .collect();
    assert!(changed.is_empty(), "now:\n{}", changed.join("\n"));
    let all = found.lines().count() + left_out.len();
    assert_eq!(all, COUNTS.lines().count());
}

fn uses_rscale(text: &[u8]) -> bool {
    text.windows(7).any(|part| part == b"RSCALE=")
}
