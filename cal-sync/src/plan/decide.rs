//! What is to be done with one object.

mod adopt;
mod follow;
mod reconcile;

use super::presence::Presence;
use super::recovery;
use super::{Action, Lost, Outcome, Reason, Skip, SkipReason, Step, Write};
use crate::endpoint::Place;
use crate::state::{Half, Link};
use crate::{Body, Collisions, Direction, Object, Pair, Policy, Side, State, Uid};

/// What is to be done.
pub(super) enum Decision {
    /// Nothing: both sides have what they had.
    Nothing,
    /// Nothing, although the sides may differ.
    Skip(Skip),
    /// This.
    Step(Box<Step>),
}

/// One object, what is remembered of it, and what may be done.
pub(super) struct Case<'a> {
    uid: &'a Uid,
    state: &'a State,
    policy: &'a Policy,
}

/// What a side has, held against what was last in sync.
enum Now<'a> {
    Absent,
    /// What it had, perhaps in another version or place.
    Same(Half),
    /// Something else, or something new.
    Changed(&'a Place, &'a Object),
}

impl<'a> Case<'a> {
    pub(super) fn new(uid: &'a Uid, state: &'a State, policy: &'a Policy) -> Self {
        Self { uid, state, policy }
    }

    pub(super) fn decide(&self, now: &Pair<Presence<'a>>) -> Decision {
        for side in Side::BOTH {
            match now.of(side) {
                Presence::Blocked => return Decision::Nothing,
                Presence::Uncertain(reason) => {
                    let title = match now.of(side.other()) {
                        Presence::Read(_, object) => object.title(),
                        _ => None,
                    };
                    let why = SkipReason::Uncertain(side, (*reason).to_owned());
                    return Decision::Skip(Skip::of_uid(self.uid, title, why));
                }
                Presence::Absent | Presence::Unchanged(_) | Presence::Read(..) => {}
            }
        }
        match self.past(now) {
            Some(past) => {
                let now = Pair::from_fn(|side| past.against(side, now.of(side)));
                let decision = match self.policy.direction {
                    Direction::Both => self.reconcile(&past, &now),
                    Direction::From(source) => self.follow(&past, &now, source),
                };
                match decision {
                    Decision::Step(mut step) if !past.is_noted => {
                        step.recovered = Some(Box::new(past.link));
                        Decision::Step(step)
                    }
                    decision => decision,
                }
            }
            None => self.adopt(now),
        }
    }

    /// What is known of the object from earlier runs, if anything is.
    fn past(&self, now: &Pair<Presence<'_>>) -> Option<Past> {
        let intent = self.state.intents.get(self.uid);
        let finished = intent.and_then(|intent| recovery::finished(intent, now));
        let is_noted = finished.is_none();
        let link = finished.or_else(|| self.state.links.get(self.uid).cloned())?;
        let base = |side| Object::read(link.half(side).base.clone()).ok();
        Some(Past {
            bases: Pair::new(base(Side::A)?, base(Side::B)?),
            link,
            is_noted,
        })
    }

    /// The side that has its way where both have a version of their own.
    fn winner(&self, a: &Object, b: &Object) -> Side {
        match self.policy.collisions {
            Collisions::Prefer(side) => side,
            Collisions::Newest { otherwise } => match a.modified().cmp(&b.modified()) {
                std::cmp::Ordering::Greater => Side::A,
                std::cmp::Ordering::Less => Side::B,
                std::cmp::Ordering::Equal => otherwise,
            },
        }
    }

    fn step(&self, title: Option<&str>, reason: Reason) -> Step {
        Step {
            uid: self.uid.clone(),
            title: title.map(str::to_owned),
            reason,
            recovered: None,
            writes: Vec::new(),
            outcome: Outcome::Unlinked,
            lost: None,
        }
    }
}

/// An object as it was when it was last in sync.
struct Past {
    link: Link,
    bases: Pair<Object>,
    /// Whether the state says so already, or it only follows from what is there.
    is_noted: bool,
}

impl Past {
    /// What a side has, held against what it had.
    fn against<'a>(&self, side: Side, presence: &Presence<'a>) -> Now<'a> {
        match presence {
            Presence::Unchanged(place) => Now::Same(Half {
                place: (*place).clone(),
                base: self.link.half(side).base.clone(),
            }),
            Presence::Read(place, object) if object.says_the_same(self.bases.of(side)) => {
                Now::Same(half(place, object))
            }
            Presence::Read(place, object) => Now::Changed(place, object),
            Presence::Absent | Presence::Blocked | Presence::Uncertain(_) => Now::Absent,
        }
    }

    /// Whether the state says just this.
    fn is(&self, now: &Pair<Option<Half>>) -> bool {
        let is = |side| now.of(side).as_ref() == Some(self.link.half(side));
        self.is_noted && is(Side::A) && is(Side::B)
    }
}

impl Now<'_> {
    /// Where it is and its bytes, if it is there.
    fn half(&self) -> Option<Half> {
        match self {
            Self::Absent => None,
            Self::Same(half) => Some(half.clone()),
            Self::Changed(place, object) => Some(half(place, object)),
        }
    }
}

fn half(place: &Place, object: &Object) -> Half {
    Half {
        place: place.clone(),
        base: object.body().clone(),
    }
}

/// Building a step.
impl Step {
    fn writing(mut self, side: Side, action: Action) -> Self {
        let halfway = None;
        self.writes.push(Write {
            side,
            action,
            halfway,
        });
        self
    }

    fn losing(mut self, side: Side, body: &Body, over: Vec<String>) -> Self {
        self.lost = Some(Lost {
            side,
            body: body.clone(),
            over,
        });
        self
    }

    /// Afterwards both sides have it; a side without a half is written.
    fn linking(mut self, halves: Pair<Option<Half>>) -> Self {
        self.outcome = Outcome::Linked(halves);
        self
    }

    fn decided(self) -> Decision {
        Decision::Step(Box::new(self))
    }
}

/// A half for one side only.
fn only(side: Side, half: Half) -> Pair<Option<Half>> {
    let mut halves = Pair::new(None, None);
    *halves.of_mut(side) = Some(half);
    halves
}
