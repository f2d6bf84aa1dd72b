//! How far a copy has come: a bar on a terminal, a line now and then elsewhere.

use std::time::{Duration, Instant};

use cal_store::CopyReport;
use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressStyle};

use crate::console::Console;

/// How often a line is written where there is no bar.
const PAUSE: Duration = Duration::from_secs(10);

/// A bar of records with their rate and the time that is left.
const BAR: &str = "{msg:9} {wide_bar} {human_pos} of {human_len}, {per_sec}, {eta} left";

/// The same where nobody knows how many there are.
const SPINNER: &str = "{spinner} {msg} {human_pos}, {per_sec}, {elapsed}";

/// Shows the reports of one copy.
pub(super) struct Progress<'c> {
    console: &'c mut Console,
    /// None where nobody looks at a terminal.
    bar: Option<ProgressBar>,
    step: Option<Step>,
    /// When the step began, and when something was said of it last.
    begun: Instant,
    told: Instant,
}

/// What a copy is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Copying,
    Comparing,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Copying => "copying",
            Self::Comparing => "comparing",
        }
    }
}

impl<'c> Progress<'c> {
    pub(super) fn new(console: &'c mut Console) -> Self {
        let bar = console.shows_progress().then(|| {
            let bar = ProgressBar::no_length();
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self {
            console,
            bar,
            step: None,
            begun: Instant::now(),
            told: Instant::now(),
        }
    }

    pub(super) fn show(&mut self, report: &CopyReport) {
        // Both stores are read again to compare them.
        let (step, done, all) = match report.compared {
            0 => (Step::Copying, report.records(), report.total),
            compared => (Step::Comparing, compared, Some(report.records() * 2)),
        };
        if self.step != Some(step) {
            self.begin(step, all);
        }
        match &self.bar {
            Some(bar) => bar.set_position(done),
            None if self.told.elapsed() >= PAUSE => {
                self.told = Instant::now();
                let line = line(step, (done, all), self.begun.elapsed());
                let bytes = HumanBytes(report.bytes);
                self.console.note(format_args!("{line}, {bytes}"));
            }
            None => {}
        }
    }

    fn begin(&mut self, step: Step, all: Option<u64>) {
        self.step = Some(step);
        (self.begun, self.told) = (Instant::now(), Instant::now());
        let Some(bar) = &self.bar else {
            let records = all.map_or_else(String::new, |all| format!(" {}", HumanCount(all)));
            let word = step.word();
            return self.console.note(format_args!("{word}{records} records"));
        };
        bar.reset();
        match all {
            Some(all) => bar.set_length(all),
            None => bar.unset_length(),
        }
        let template = if all.is_some() { BAR } else { SPINNER };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(step.word());
    }

    /// Takes the bar away.
    pub(super) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How far a step has come in some time.
fn line(step: Step, (done, all): (u64, Option<u64>), elapsed: Duration) -> String {
    let seconds = elapsed.as_secs().max(1);
    let rate = done / seconds;
    let (word, done_text) = (step.word(), HumanCount(done));
    let mut line = match all {
        Some(all) => {
            let percent = done.saturating_mul(100).checked_div(all).unwrap_or(100);
            format!(
                "{word} {done_text} of {} records, {percent} %",
                HumanCount(all)
            )
        }
        None => format!("{word} {done_text} records"),
    };
    line += &format!(", {}/s", HumanCount(rate));
    let left = all.and_then(|all| all.saturating_sub(done).checked_div(rate));
    if let Some(left) = left {
        line += &format!(", {} left", HumanDuration(Duration::from_secs(left)));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_is_done_how_fast_and_how_long_it_takes_yet() {
        let elapsed = Duration::from_secs(10);
        let told = line(Step::Copying, (20_000, Some(80_000)), elapsed);
        let expected = "copying 20,000 of 80,000 records, 25 %, 2,000/s, 30 seconds left";
        assert_eq!(told, expected);
    }

    #[test]
    fn a_line_without_a_total_tells_no_time_that_is_left() {
        let told = line(Step::Copying, (50, None), Duration::ZERO);
        assert_eq!(told, "copying 50 records, 50/s");
        let stalled = line(Step::Comparing, (0, Some(9)), Duration::from_secs(10));
        assert_eq!(stalled, "comparing 0 of 9 records, 0 %, 0/s");
    }
}
