//! Nearly a thousand real and broken calendars, in and out again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cal_core::Calendar;

use crate::running::{Home, shared_data};

/// All calendars of a folder, by name.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ics"))
        .collect();
    files.sort();
    files
}

/// What the lenient reader finds in a file: UID and line of each component.
fn components(path: &Path) -> Vec<(Option<String>, u32)> {
    let reading = Calendar::read(std::fs::read(path).unwrap());
    let objects = reading
        .calendar
        .components()
        .filter(|component| component.kind() != cal_core::ComponentKind::TimeZone);
    objects
        .map(|component| {
            (
                component.uid().map(std::borrow::Cow::into_owned),
                component.line(),
            )
        })
        .collect()
}

#[test]
fn nothing_of_the_corpus_is_lost_silently() {
    let Some(folder) = shared_data("ics") else {
        return;
    };
    let home = Home::new();
    home.add_user("ada", "engine");
    let files = files(&folder);
    assert!(files.len() > 900, "{} files", files.len());
    let mut arguments: Vec<String> = ["import", "--user", "ada", "--calendar", "all", "--json"]
        .map(str::to_owned)
        .to_vec();
    arguments.extend(files.iter().map(|path| path.to_str().unwrap().to_owned()));
    let run = home.run(&arguments);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let report = &run.json_lines()[0];

    // What was skipped, by place; each has a reason.
    let mut skipped: BTreeSet<(String, u64)> = BTreeSet::new();
    for row in report["skipped"].as_array().unwrap() {
        assert!(!row["reason"].as_str().unwrap().is_empty(), "{row}");
        assert!(row["line"].as_u64().unwrap() > 0, "{row}");
        skipped.insert((
            row["file"].as_str().unwrap().to_owned(),
            row["line"].as_u64().unwrap(),
        ));
    }

    // What came out, by UID and content.
    let exported = home
        .run(&["export", "--user", "ada", "--calendar", "all"])
        .expect_done();
    let exported = Calendar::read(exported);
    let out: BTreeMap<String, usize> = exported
        .calendar
        .objects()
        .iter()
        .map(|object| (object.uid().to_owned(), object.components().len()))
        .collect();
    let stored = report["created"].as_u64().unwrap();
    assert_eq!(out.len() as u64, stored, "objects created and exported");

    let mut lost = Vec::new();
    for path in &files {
        let file = path.to_str().unwrap().to_owned();
        for (uid, line) in components(path) {
            let found = uid.as_ref().is_none_or(|uid| out.contains_key(uid));
            if !found && !skipped.contains(&(file.clone(), u64::from(line))) {
                lost.push(format!("{file}:{line}: {uid:?}"));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost: {lost:#?}", lost.len());

    // Importing it all again changes nothing but what versions fight over.
    let again = home.run(&arguments);
    assert_eq!(again.json_lines()[0]["created"], 0);
}
