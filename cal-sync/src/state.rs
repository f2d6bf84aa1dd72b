//! What a mapping remembers between runs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::endpoint::Place;
use crate::{Body, Identity, Pair, Side, Uid};

/// What both sides had when they were last the same, and what was under way.
///
/// A state only changes by [`Record`]s; the state that [`StateStore`] loads is
/// the one that all records made, in order.
///
/// [`StateStore`]: crate::StateStore
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Which collections the state is about; `None` before the first run.
    pub identities: Option<Pair<Identity>>,
    /// The objects that are in sync.
    pub links: BTreeMap<Uid, Link>,
    /// The writes that were begun and not seen to end.
    pub intents: BTreeMap<Uid, Intent>,
    /// What lost, oldest first.
    pub losses: Vec<Loss>,
}

impl State {
    /// The state of a mapping that never ran.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a change.
    pub fn apply(&mut self, record: Record) {
        match record {
            Record::Bind(identities) => self.identities = Some(identities),
            Record::Intend(uid, intent) => {
                self.intents.insert(uid, intent);
            }
            Record::Link(uid, link) => {
                self.intents.remove(&uid);
                self.links.insert(uid, *link);
            }
            Record::Unlink(uid) => {
                self.intents.remove(&uid);
                self.links.remove(&uid);
            }
            Record::Abandon(uid) => {
                self.intents.remove(&uid);
            }
            Record::Lose(loss) => {
                // A run that was cut short decides the same again.
                if !self.losses.iter().any(|known| known.is_same(&loss)) {
                    self.losses.push(loss);
                }
            }
        }
    }
}

/// One change of a [`State`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// The state is about these collections.
    Bind(Pair<Identity>),
    /// A write is about to begin.
    Intend(Uid, Intent),
    /// Both sides have the object; no write of it is under way.
    Link(Uid, Box<Link>),
    /// Neither side has it any more; no write of it is under way.
    Unlink(Uid),
    /// The write that was under way is known not to have ended well.
    Abandon(Uid),
    /// Something lost.
    Lose(Loss),
}

/// An object that is in sync: what each side had then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredLink", into = "StoredLink")]
pub struct Link {
    halves: Pair<Half>,
}

impl Link {
    /// Both sides are in sync like this.
    #[must_use]
    pub fn new(halves: Pair<Half>) -> Self {
        Self { halves }
    }

    /// What `side` had.
    #[must_use]
    pub fn half(&self, side: Side) -> &Half {
        self.halves.of(side)
    }
}

/// One side of a [`Link`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Half {
    /// Where the object was, in which version.
    pub place: Place,
    /// Its bytes: the base that later changes of this side are told by. It may
    /// differ from the other side's where an endpoint rewrites what it is given.
    pub base: Body,
}

/// The bytes of both sides are almost always the same and then stored once.
#[derive(Clone, Serialize, Deserialize)]
struct StoredLink {
    places: Pair<Place>,
    base: Body,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base_b: Option<Body>,
}

impl From<StoredLink> for Link {
    fn from(stored: StoredLink) -> Self {
        let base_b = stored.base_b.unwrap_or_else(|| stored.base.clone());
        Self::new(Pair::new(
            Half {
                place: stored.places.a,
                base: stored.base,
            },
            Half {
                place: stored.places.b,
                base: base_b,
            },
        ))
    }
}

impl From<Link> for StoredLink {
    fn from(link: Link) -> Self {
        let Pair { a, b } = link.halves;
        Self {
            base_b: (a.base != b.base).then_some(b.base),
            places: Pair::new(a.place, b.place),
            base: a.base,
        }
    }
}

/// A write that is about to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Where to.
    pub side: Side,
    /// What is written; `None` to delete.
    pub body: Option<Body>,
    /// What holds once it is written.
    pub then: Then,
    /// When the run began.
    pub at: DateTime<Utc>,
}

/// What holds once a write is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// Both sides have the object: the one that is written what is written, the
    /// other this.
    Linked(Half),
    /// Changes have gone one way and not yet the other: this.
    Halfway(Box<Link>),
    /// The side that is written does not have the object.
    Unlinked,
}

/// A version of an object that had to give way. Nothing that anyone wrote is
/// dropped without one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Which object.
    pub uid: Uid,
    /// Which side's version lost.
    pub side: Side,
    /// That version, whole.
    pub body: Body,
    /// What collided: names of properties, or words for more than one.
    pub over: Vec<String>,
    /// When the run began that decided it.
    pub at: DateTime<Utc>,
}

impl Loss {
    fn is_same(&self, other: &Self) -> bool {
        self.uid == other.uid && self.side == other.side && self.body == other.body
    }
}
