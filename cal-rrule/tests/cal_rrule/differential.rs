//! The same random rules by other programs, where they and RFC 5545 are meant
//! to agree. Every run draws other rules; `RRULE_TEST_SEED` repeats one.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cal_rrule::{Frequency, RRule};
use chrono::{Days, NaiveDateTime, TimeDelta};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::strategy::{horizon, rules, starts};

const CASES: usize = 1_500;

/// Occurrences of one rule that are compared.
const OCCURRENCES: usize = 200;

struct Case {
    rule: RRule,
    start: NaiveDateTime,
    /// Our occurrences: the first few, at least one.
    ours: Vec<NaiveDateTime>,
}

impl Case {
    fn new(rule: RRule, start: NaiveDateTime) -> Option<Self> {
        let horizon = start + Days::new(horizon(&rule));
        let ours: Vec<_> = rule
            .expand(start)
            .unwrap()
            .map_while(Result::ok)
            .take_while(|time| *time < horizon)
            .take(OCCURRENCES)
            .collect();
        // A program that tries one hour, minute or second after the other
        // looks long for what is rare.
        let rare = rule.frequency() < Frequency::Daily && ours.len() < OCCURRENCES / 10;
        (!ours.is_empty() && !rare).then_some(Case { rule, start, ours })
    }

    /// How many occurrences another program is asked for: some more, since it
    /// may have some before the first that is compared.
    fn asked(&self) -> usize {
        self.ours.len() + 20
    }

    /// What is compared: all, but for positions in an interval that the start
    /// cuts. Other programs cut first and count positions then.
    fn compared(&self, times: &[NaiveDateTime]) -> Vec<NaiveDateTime> {
        let from = if self.rule.by_set_pos().is_empty() {
            self.start
        } else {
            self.start + TimeDelta::days(7)
        };
        let end = self.ours.last().unwrap();
        let within = times.iter().filter(|time| from <= **time && *time <= end);
        within.copied().collect()
    }
}

/// The seed of this run: another one each time, or the one that is asked for.
fn seed() -> u64 {
    match std::env::var("RRULE_TEST_SEED") {
        Ok(seed) => seed.parse().expect("RRULE_TEST_SEED is a number"),
        Err(_) => std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs(),
    }
}

/// Random rules that a program is meant to read as we do.
fn cases(seed: u64, agrees: impl Fn(&RRule) -> bool) -> Vec<Case> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = (rules(), starts());
    std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap().current())
        .filter(|(rule, _)| agrees(rule))
        .filter_map(|(rule, start)| Case::new(rule, start))
        .take(CASES)
        .collect()
}

/// Whether `python-dateutil` and what was built after its example read a rule
/// as RFC 5545 has it.
fn agrees(rule: &RRule) -> bool {
    let yearly = rule.frequency() == Frequency::Yearly;
    // They know no leap second.
    let leap_second = rule.by_second().contains(&60);
    // Days of the month in a year without a month: all twelve, they say.
    let any_month = yearly && !rule.by_month_day().is_empty() && rule.by_month().is_empty();
    // They count years, not week-based years, take every day of a week, and
    // find a week 53 where a year has none.
    let odd_weeks = !rule.by_week_no().is_empty()
        && (rule.interval() > 1
            || !rule.by_set_pos().is_empty()
            || rule.by_day().is_empty()
            || rule.by_week_no().iter().any(|week| week.abs() == 53));
    // Weekdays with and without a number beside each other are both
    // conditions, they say, not alternatives.
    let plain = rule.by_day().iter().filter(|day| day.ordinal().is_none());
    let plain = plain.count();
    let mixed_days = plain > 0 && plain < rule.by_day().len();
    !(leap_second || any_month || odd_weeks || mixed_days)
}

/// Whether the `rrule` crate reads a rule as RFC 5545 has it. It leaves the
/// raster of minutes and seconds when a filter lets it skip.
fn rrule_crate_agrees(rule: &RRule) -> bool {
    let filtered = !rule.by_hour().is_empty()
        || !rule.by_minute().is_empty()
        || !rule.by_second().is_empty()
        || !rule.by_month().is_empty()
        || !rule.by_day().is_empty()
        || !rule.by_month_day().is_empty()
        || !rule.by_year_day().is_empty();
    agrees(rule) && (rule.frequency() >= Frequency::Hourly || !filtered)
}

fn python() -> Option<PathBuf> {
    let given = std::env::var_os("CAL_TEST_PYTHON").map(PathBuf::from);
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/python");
    let found = given.unwrap_or(made);
    let python = if found.is_dir() {
        found.join("bin/python")
    } else {
        found
    };
    if python.exists() {
        return Some(python);
    }
    let required = std::env::var_os("CAL_REQUIRE_PEERS").is_some_and(|value| value == "1");
    assert!(!required, "{} is not there", python.display());
    eprintln!("skipped: {} is not there", python.display());
    None
}

/// What `python-dateutil` finds for each case; `None` where it gives up.
fn dateutil(python: &Path, cases: &[Case]) -> Vec<Option<Vec<NaiveDateTime>>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/interop")
        .join("dateutil_occurrences.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let questions: String = cases
        .iter()
        .map(|case| {
            let question = serde_json::json!({
                "rule": case.rule.to_string(),
                "start": case.start.format("%FT%T").to_string(),
                "count": case.asked(),
            });
            format!("{question}\n")
        })
        .collect();
    let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let found: Option<Vec<String>> = serde_json::from_str(line).unwrap();
            let times = found?.into_iter().map(|time| time.parse().unwrap());
            Some(times.collect())
        })
        .collect()
}

/// All cases in which two programs differ, in words.
fn differences(cases: &[Case], theirs: &[Option<Vec<NaiveDateTime>>]) -> Vec<String> {
    assert_eq!(cases.len(), theirs.len());
    let mut differences = Vec::new();
    for (case, theirs) in cases.iter().zip(theirs) {
        let Some(theirs) = theirs else { continue };
        let (ours, theirs) = (case.compared(&case.ours), case.compared(theirs));
        if ours != theirs {
            let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
            differences.push(format!(
                "{} from {}: at {at} ours {:?}, theirs {:?}",
                case.rule,
                case.start,
                ours.get(at),
                theirs.get(at)
            ));
        }
    }
    differences
}

fn judge(peer: &str, seed: u64, cases: &[Case], theirs: &[Option<Vec<NaiveDateTime>>]) {
    let differences = differences(cases, theirs);
    let given_up = theirs.iter().filter(|found| found.is_none()).count();
    eprintln!("{peer}, seed {seed}: {given_up} of {CASES} given up");
    assert!(given_up < CASES / 4, "{peer} gave up {given_up} of {CASES}");
    assert!(
        differences.is_empty(),
        "{peer}, RRULE_TEST_SEED={seed}: {} differ\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn random_rules_give_what_python_dateutil_gives() {
    let Some(python) = python() else { return };
    let seed = seed();
    let cases = cases(seed, agrees);
    let theirs = dateutil(&python, &cases);
    judge("python-dateutil", seed, &cases, &theirs);
}

/// What the `rrule` crate finds; `None` where it refuses the rule or stops at
/// its own limit.
fn rrule_crate(case: &Case) -> Option<Vec<NaiveDateTime>> {
    let text = format!(
        "DTSTART:{}Z\nRRULE:{}",
        case.start.format("%Y%m%dT%H%M%S"),
        case.rule
    );
    let set: rrule::RRuleSet = text.parse().ok()?;
    let times = set.limit().into_iter().take(case.asked());
    let found: Vec<_> = times.map(|time| time.naive_utc()).collect();
    (found.len() == case.asked()).then_some(found)
}

#[test]
fn random_rules_give_what_the_rrule_crate_gives() {
    let seed = seed();
    let cases = cases(seed, rrule_crate_agrees);
    let theirs: Vec<_> = cases.iter().map(rrule_crate).collect();
    judge("rrule", seed, &cases, &theirs);
}
