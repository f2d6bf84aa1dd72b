//! The reading of 955 calendars from the field.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use cal_core::Calendar;

/// One file of the corpus as its index describes it.
pub(crate) struct Entry {
    pub(crate) file: String,
    pub(crate) bytes: Vec<u8>,
}

/// The whole corpus; empty, with a word on stderr, where it is not at hand.
pub(crate) fn corpus() -> Vec<Entry> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/ics"
    ));
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        eprintln!("skipped: no corpus at {}", folder.display());
        return Vec::new();
    };
    let rows = index.lines().skip(1).filter(|row| !row.is_empty());
    rows.map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        let file = columns[0].to_owned();
        let bytes = std::fs::read(folder.join(&file)).unwrap();
        Entry { file, bytes }
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
