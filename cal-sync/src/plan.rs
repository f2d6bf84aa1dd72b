//! What a run is going to do, decided before anything is written.

mod capacity;
mod decide;
mod gate;
mod presence;
mod print;
mod recovery;
mod step;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::decide::{Case, Decision};
pub use self::gate::Hold;
use self::presence::Inventory;
pub use self::step::{Action, Lost, Outcome, Reason, Skip, SkipReason, Step, Write};
use crate::snapshot::Snapshot;
use crate::{Error, Identity, Pair, Policy, State, Uid};

/// What a run is going to do, in order, and why.
///
/// A plan is a value: it can be printed, stored and applied later. Every write
/// in it names the version it replaces, so that applying an old plan never
/// undoes what has happened since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The collections it is about.
    pub identities: Pair<Identity>,
    /// What people call them.
    pub names: Pair<String>,
    /// What will be done.
    pub steps: Vec<Step>,
    /// What will not be done although the sides differ.
    pub skipped: Vec<Skip>,
    /// Why someone must approve it first; empty if nobody must.
    pub holds: Vec<Hold>,
}

impl Plan {
    /// Decides what to do. Depends on nothing but its arguments.
    ///
    /// # Errors
    ///
    /// [`Error::IdentityChanged`] if the state is about other collections,
    /// [`Error::SameCollection`].
    pub fn new(snapshots: &Pair<Snapshot>, state: &State, policy: &Policy) -> Result<Self, Error> {
        let identities = checked_identities(snapshots, state)?;
        let mut skipped = Vec::new();
        let sides =
            Pair::from_fn(|side| Inventory::of(side, snapshots.of(side), state, &mut skipped));
        let uids: BTreeSet<&Uid> = state
            .links
            .keys()
            .chain(sides.a.uids())
            .chain(sides.b.uids())
            .collect();
        let mut steps = Vec::new();
        for uid in uids {
            let now = Pair::from_fn(|side| sides.of(side).presence(uid));
            match Case::new(uid, state, policy).decide(&now) {
                Decision::Nothing => {}
                Decision::Skip(skip) => skipped.push(skip),
                Decision::Step(step) => match capacity::obstacle(&step, snapshots) {
                    None => steps.push(*step),
                    Some(why) => skipped.push(Skip::of_uid(uid, step.title.as_deref(), why)),
                },
            }
        }
        // What adds comes before what takes away.
        steps.sort_by_key(Step::deletes);
        let holds = gate::holds(&steps, snapshots, state, &policy.guard);
        Ok(Self {
            identities,
            names: Pair::from_fn(|side| snapshots.of(side).description.name.clone()),
            steps,
            skipped,
            holds,
        })
    }

    /// Whether there is nothing to write on either side.
    #[must_use]
    pub fn writes_nothing(&self) -> bool {
        self.steps.iter().all(|step| step.writes.is_empty())
    }
}

fn checked_identities(snapshots: &Pair<Snapshot>, state: &State) -> Result<Pair<Identity>, Error> {
    let now = Pair::from_fn(|side| snapshots.of(side).description.identity.clone());
    check_identities(&now, state)?;
    Ok(now)
}

/// That both sides are what the state is about, and not the same thing.
pub(crate) fn check_identities(now: &Pair<Identity>, state: &State) -> Result<(), Error> {
    if now.a == now.b {
        return Err(Error::SameCollection(now.a.to_string()));
    }
    let Some(was) = &state.identities else {
        return Ok(());
    };
    for side in crate::Side::BOTH {
        if was.of(side) != now.of(side) {
            return Err(Error::IdentityChanged {
                side,
                was: was.of(side).to_string(),
                is: now.of(side).to_string(),
            });
        }
    }
    Ok(())
}
