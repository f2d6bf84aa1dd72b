//! Which plans someone must look at before they are applied.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Action, Step};
use crate::endpoint::Completeness;
use crate::snapshot::Snapshot;
use crate::{DeletionGuard, Pair, Side, State};

/// Why a plan is held until someone approves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// It deletes more than the guard lets pass.
    ManyDeletions {
        /// Where.
        side: Side,
        /// How many objects.
        deletions: usize,
        /// Of how many that were in sync.
        of: usize,
    },
    /// A side that had objects has none at all any more, and the plan would
    /// empty the other.
    Emptied {
        /// Which side.
        side: Side,
        /// How many objects were in sync.
        had: usize,
    },
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ManyDeletions {
                side,
                deletions,
                of,
            } => write!(f, "{deletions} of {of} objects would be deleted on {side}"),
            Self::Emptied { side, had } => {
                write!(f, "{side} is empty, but had {had} objects when last synced")
            }
        }
    }
}

pub(super) fn holds(
    steps: &[Step],
    snapshots: &Pair<Snapshot>,
    state: &State,
    guard: &DeletionGuard,
) -> Vec<Hold> {
    let linked = state.links.len();
    let mut holds = Vec::new();
    for side in Side::BOTH {
        let deletions = steps
            .iter()
            .flat_map(|step| &step.writes)
            .filter(|write| write.side == side && matches!(write.action, Action::Delete { .. }))
            .count();
        if deletions > guard.allowance(linked) {
            holds.push(Hold::ManyDeletions {
                side,
                deletions,
                of: linked,
            });
        }
        // Deleting the last object there was is an everyday thing.
        if deletions > 1 && is_empty(snapshots.of(side.other())) {
            holds.push(Hold::Emptied {
                side: side.other(),
                had: linked,
            });
        }
    }
    holds
}

fn is_empty(snapshot: &Snapshot) -> bool {
    snapshot.items.is_empty() && snapshot.completeness == Completeness::Complete
}
