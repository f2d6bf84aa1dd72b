//! What a mapping may do, and who wins.

use serde::{Deserialize, Serialize};

use crate::Side;

/// How two sides are kept the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Policy {
    /// Which way changes go.
    pub direction: Direction,
    /// Who wins where both sides changed the same thing.
    pub collisions: Collisions,
    /// How much may be deleted without asking.
    pub guard: DeletionGuard,
}

impl Policy {
    /// Changes go both ways and the newest wins.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With changes going this way.
    #[must_use]
    pub fn with_direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// With collisions decided like this.
    #[must_use]
    pub fn with_collisions(mut self, collisions: Collisions) -> Self {
        self.collisions = collisions;
        self
    }

    /// With this guard.
    #[must_use]
    pub fn with_guard(mut self, guard: DeletionGuard) -> Self {
        self.guard = guard;
        self
    }
}

/// Which way changes go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Both ways.
    #[default]
    Both,
    /// From this side to the other. What the other side alone has is left
    /// alone; what was changed there is set back and kept in the log.
    From(Side),
}

/// Who wins where both sides changed the same property and the changes differ.
/// The loser is kept in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Collisions {
    /// The side whose object was modified last (LAST-MODIFIED, else DTSTAMP);
    /// this side, if they do not say or say the same.
    Newest {
        /// The side that wins a tie.
        otherwise: Side,
    },
    /// Always this side.
    Prefer(Side),
}

impl Default for Collisions {
    fn default() -> Self {
        Self::Newest { otherwise: Side::A }
    }
}

/// How many deletions on one side a plan may hold before someone must approve
/// it: the greater of a count and a share of what was last in sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionGuard {
    /// So many are always fine.
    pub count: u32,
    /// And so many of a hundred.
    pub percent: u8,
}

impl Default for DeletionGuard {
    fn default() -> Self {
        Self {
            count: 10,
            percent: 25,
        }
    }
}

impl DeletionGuard {
    /// How many deletions are fine where `linked` objects were in sync.
    #[must_use]
    pub fn allowance(&self, linked: usize) -> usize {
        let share = linked.saturating_mul(usize::from(self.percent)) / 100;
        share.max(usize::try_from(self.count).unwrap_or(usize::MAX))
    }
}
