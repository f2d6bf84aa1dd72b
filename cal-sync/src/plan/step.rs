//! The steps of a plan.

use serde::{Deserialize, Serialize};

use crate::endpoint::Place;
use crate::state::{Half, Link};
use crate::{Body, ItemId, Pair, Side, Uid};

/// What is done with one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which object.
    pub uid: Uid,
    /// What people call it.
    pub title: Option<String>,
    /// Why.
    pub reason: Reason,
    /// What an earlier run got done without noting it: noted first.
    pub recovered: Option<Box<Link>>,
    /// What is written, in order. May be nothing: then only the state changes.
    pub writes: Vec<Write>,
    /// What holds once all is written.
    pub outcome: Outcome,
    /// What gives way: which side's version, and over what.
    pub lost: Option<Lost>,
}

impl Step {
    /// Whether anything is deleted.
    #[must_use]
    pub fn deletes(&self) -> bool {
        self.writes
            .iter()
            .any(|write| matches!(write.action, Action::Delete { .. }))
    }
}

/// A write to one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// Which side.
    pub side: Side,
    /// What is done there.
    pub action: Action,
    /// What holds once it is done, where a write to the other side follows.
    pub halfway: Option<Box<Link>>,
}

/// What a write does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Adds the object.
    Create {
        /// Its bytes.
        body: Body,
    },
    /// Replaces the object, if it is still in this version.
    Update {
        /// The version that is replaced.
        place: Place,
        /// Its new bytes.
        body: Body,
    },
    /// Deletes the object, if it is still in this version.
    Delete {
        /// The version that is deleted.
        place: Place,
    },
}

/// What holds once the writes of a step are done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Both sides have the object; a side that is not written has this.
    Linked(Pair<Option<Half>>),
    /// Neither side has it.
    Unlinked,
}

/// What gives way in a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Which side's version.
    pub side: Side,
    /// That version.
    pub body: Body,
    /// What collided, in words.
    pub over: Vec<String>,
}

/// Why a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It is new on this side.
    New(Side),
    /// It was changed on this side.
    Changed(Side),
    /// It was changed on both sides, in different things.
    ChangedOnBoth,
    /// Both sides changed the same thing; this side wins.
    Collision(Side),
    /// It was deleted on this side.
    Deleted(Side),
    /// It was deleted on the other side, but changed on this one.
    ChangeBeatsDeletion(Side),
    /// It was deleted on this side, which wins over the change on the other.
    DeletionBeatsChange(Side),
    /// It is gone from this side, which only follows.
    MissingFollower(Side),
    /// It was changed on this side, which only follows.
    ChangedFollower(Side),
    /// Both sides have it already.
    Adopted,
    /// Both sides have what they had, in other versions or places.
    Noted,
    /// It is gone from both sides.
    Gone,
}

/// Something that is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// Which object, if its UID is known.
    pub uid: Option<Uid>,
    /// What people call it.
    pub title: Option<String>,
    /// Where it is, as far as that matters.
    pub at: Vec<(Side, ItemId)>,
    /// Why.
    pub why: SkipReason,
}

impl Skip {
    pub(super) fn of_uid(uid: &Uid, title: Option<&str>, why: SkipReason) -> Self {
        Self {
            uid: Some(uid.clone()),
            title: title.map(str::to_owned),
            at: Vec::new(),
            why,
        }
    }
}

/// Why something is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// Several objects of this side have its UID and differ.
    Duplicates(Side),
    /// Copies that are the same as the one that is synced.
    Copies(Side),
    /// It is not in the listing of this side, which may not be whole for this
    /// reason.
    Uncertain(Side, String),
    /// This side cannot be written to.
    ReadOnly(Side),
    /// This side does not take objects of this kind.
    Unsupported(Side, String),
    /// It is larger than this side takes.
    TooLarge(Side),
}
