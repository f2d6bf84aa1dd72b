//! What a run has done.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Action, Pair, Side, Skip, Uid};

/// What was done, what was not, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was written to each side.
    pub written: Pair<Counts>,
    /// Objects that had to give way in part; they are in the log of the state.
    pub losses: usize,
    /// What was left as it is although the sides differ.
    pub skipped: Vec<Skip>,
    /// What was tried and did not work.
    pub failed: Vec<Failure>,
    /// Why the run ended before it was done, if it did.
    pub stopped: Option<String>,
}

/// Numbers of objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Added.
    pub created: usize,
    /// Replaced.
    pub updated: usize,
    /// Deleted.
    pub deleted: usize,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.created + self.updated + self.deleted
    }

    pub(crate) fn count(&mut self, action: &Action) {
        match action {
            Action::Create { .. } => self.created += 1,
            Action::Update { .. } => self.updated += 1,
            Action::Delete { .. } => self.deleted += 1,
        }
    }
}

/// An object with which something did not work. It is tried again in the next
/// run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Which object.
    pub uid: Uid,
    /// What people call it.
    pub title: Option<String>,
    /// On which side.
    pub side: Side,
    /// What happened, with all its causes.
    pub error: String,
    /// Whether someone else changed the object at the same time.
    pub raced: bool,
}

/// How a run went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Both sides are the same now, as far as they can be.
    Success,
    /// All but some objects are.
    PartialFailure,
    /// The run ended before it was done.
    Failure,
}

impl Report {
    /// How it went.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.stopped.is_some() {
            Status::Failure
        } else if self.failed.is_empty() && self.skipped.is_empty() {
            Status::Success
        } else {
            Status::PartialFailure
        }
    }

    /// How many writes there were, on both sides.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.written.a.total() + self.written.b.total()
    }

    /// Takes in what a pass after this one did, which looked at everything
    /// again.
    pub(crate) fn continued_by(&mut self, later: Self) {
        for side in Side::BOTH {
            let (counts, more) = (self.written.of_mut(side), later.written.of(side));
            counts.created += more.created;
            counts.updated += more.updated;
            counts.deleted += more.deleted;
        }
        self.losses += later.losses;
        self.skipped = later.skipped;
        self.failed = later.failed;
        self.stopped = later.stopped;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for side in Side::BOTH {
            let counts = self.written.of(side);
            writeln!(
                f,
                "{side}: {} created, {} updated, {} deleted",
                counts.created, counts.updated, counts.deleted
            )?;
        }
        for failure in &self.failed {
            let uid = failure.uid.as_str().escape_debug();
            writeln!(f, "failed on {}: {uid}: {}", failure.side, failure.error)?;
        }
        for skip in &self.skipped {
            writeln!(f, "skipped: {skip}")?;
        }
        if let Some(reason) = &self.stopped {
            writeln!(f, "stopped: {reason}")?;
        }
        write!(
            f,
            "{} conflicts, {} skipped, {} failed",
            self.losses,
            self.skipped.len(),
            self.failed.len()
        )
    }
}
