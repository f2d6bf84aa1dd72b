//! COMPLIANCE.md, kept honest: every test that it names exists, every row says
//! how things stand, and every specification has its table.
#![allow(missing_docs, reason = "tests are named after what they hold")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The words that a status may begin with.
const STATUSES: &[&str] = &["done", "partly", "not yet", "by design not"];

/// The specifications that must have a table.
const SPECIFICATIONS: &[&str] = &[
    "3744", "4791", "4918", "5397", "5545", "5689", "5995", "6321", "6578", "6638", "6764", "6868",
    "7240", "7265", "7529", "7617", "7809", "7953", "7986", "8144", "8607", "8984", "9073", "9074",
    "9110", "9253",
];

/// The columns of every table.
const COLUMNS: &str = "| Section | What | Status | Test |";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the workspace")
}

fn page() -> String {
    std::fs::read_to_string(root().join("COMPLIANCE.md")).expect("COMPLIANCE.md can be read")
}

/// A row of a table, and where it stands.
struct Row {
    line: usize,
    specification: String,
    section: String,
    what: String,
    status: String,
    tests: Vec<TestName>,
}

/// `crate::module::name`; there may be several modules.
struct TestName {
    text: String,
    package: String,
    modules: Vec<String>,
    name: String,
}

impl TestName {
    fn parse(text: &str) -> Option<Self> {
        let mut parts: Vec<String> = text.split("::").map(str::to_owned).collect();
        let name = parts.pop()?;
        if parts.len() < 2 {
            return None;
        }
        Some(Self {
            text: text.to_owned(),
            package: parts.remove(0),
            modules: parts,
            name,
        })
    }

    /// All test names in backticks.
    fn all_in(text: &str) -> Vec<Self> {
        let quoted = text.split('`').skip(1).step_by(2);
        quoted.filter_map(Self::parse).collect()
    }

    /// Whether a file is that of its module: `a/b.rs` or `a/b/mod.rs` for `a::b`.
    fn may_be_in(&self, file: &Path) -> bool {
        let mut path = file.with_extension("");
        if path.ends_with("mod") {
            path.pop();
        }
        path.ends_with(self.modules.iter().collect::<PathBuf>())
    }

    /// Whether a source has it: a test, a case of a table of tests that a macro
    /// makes, or a promise of a conformance kit.
    fn is_in(&self, source: &str) -> bool {
        if source.contains(&format!("\n    {}: ", self.name)) {
            return true;
        }
        let Some(at) = source.find(&format!("fn {}(", self.name)) else {
            return false;
        };
        let before = source.get(..at).unwrap_or_default();
        let attributes = before
            .rsplit_once("\n\n")
            .map_or(before, |(_, nearest)| nearest);
        let is_promise = self.modules.first().is_some_and(|it| it == "conformance");
        is_promise || attributes.contains("#[test]") || attributes.contains("#[tokio::test")
    }
}

fn rows(page: &str) -> Vec<Row> {
    let mut specification = String::new();
    let mut rows = Vec::new();
    for (index, line) in page.lines().enumerate() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut specification);
        }
        let is_frame = line == COLUMNS || line.starts_with("|--");
        let Some(cells) = line.strip_prefix('|').filter(|_| !is_frame) else {
            continue;
        };
        let cells: Vec<&str> = cells.trim_end_matches('|').split('|').collect();
        let [section, what, status, tests] = cells[..] else {
            panic!("COMPLIANCE.md:{}: not four cells: {line}", index + 1);
        };
        rows.push(Row {
            line: index + 1,
            specification: specification.clone(),
            section: section.trim().to_owned(),
            what: what.trim().to_owned(),
            status: status.trim().to_owned(),
            tests: TestName::all_in(tests),
        });
    }
    rows
}

/// The Rust files of a package's `src/` and `tests/`, with their text.
fn sources(package: &str) -> Vec<(PathBuf, String)> {
    let mut open = vec![root().join(package).join("src")];
    open.push(root().join(package).join("tests"));
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("the file can be read");
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn every_test_that_is_named_exists() {
    let page = page();
    let names = TestName::all_in(&page);
    assert!(!names.is_empty(), "no test is named at all");
    let mut packages = BTreeMap::new();
    let mut missing = BTreeSet::new();
    for name in &names {
        let files = packages
            .entry(&name.package)
            .or_insert_with(|| sources(&name.package));
        let exists = files
            .iter()
            .any(|(file, source)| name.may_be_in(file) && name.is_in(source));
        // The paragraph at the top shows how names are written.
        if !exists && !name.text.starts_with("crate::") && !name.text.ends_with("...") {
            missing.insert(&name.text);
        }
    }
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
}

#[test]
fn every_row_says_how_things_stand_and_shows_it() {
    for row in rows(&page()) {
        let place = format!("COMPLIANCE.md:{}: {}", row.line, row.section);
        let (status, words) = row
            .status
            .split_once(": ")
            .unwrap_or((row.status.as_str(), ""));
        assert!(STATUSES.contains(&status), "{place}: `{status}`");
        assert!(
            !row.section.is_empty() && !row.what.is_empty(),
            "{place}: of what?"
        );
        match status {
            "done" => assert!(
                words.is_empty() && !row.tests.is_empty(),
                "{place}: what is done is shown by a test and needs no words"
            ),
            "partly" | "by design not" => {
                assert!(!words.is_empty(), "{place}: what is missing, and why?");
            }
            _ => {}
        }
    }
}

#[test]
fn no_row_is_there_twice() {
    let mut seen = BTreeSet::new();
    for row in rows(&page()) {
        let line = row.line;
        assert!(
            seen.insert((row.specification, row.section, row.what)),
            "COMPLIANCE.md:{line} says again what was said before"
        );
    }
}

#[test]
fn every_specification_has_its_table() {
    let page = page();
    let rows = rows(&page);
    for number in SPECIFICATIONS {
        let name = format!("RFC {number}");
        assert!(
            rows.iter().any(|row| row.specification.contains(&name)),
            "{name} has no table"
        );
    }
}
