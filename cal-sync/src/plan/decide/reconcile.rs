//! Both sides may change an object that was in sync.

use super::{Action, Case, Decision, Now, Past, Reason, half, only};
use crate::merge::{caught_up, merge};
use crate::state::{Half, Link};
use crate::{Collisions, Object, Pair, Side};

impl Case<'_> {
    pub(super) fn reconcile(&self, past: &Past, now: &Pair<Now<'_>>) -> Decision {
        let title = past.bases.a.title();
        match (&now.a, &now.b) {
            (Now::Absent, Now::Absent) => self.step(title, Reason::Gone).decided(),
            (Now::Same(a), Now::Same(b)) => {
                let halves = Pair::new(Some(a.clone()), Some(b.clone()));
                if past.is(&halves) {
                    return Decision::Nothing;
                }
                self.step(title, Reason::Noted).linking(halves).decided()
            }
            (Now::Absent, there) => self.deleted(Side::A, title, there),
            (there, Now::Absent) => self.deleted(Side::B, title, there),
            _ => self.merged(past, now),
        }
    }

    /// It was deleted on one side and is still on the other.
    fn deleted(&self, side: Side, title: Option<&str>, there: &Now<'_>) -> Decision {
        let other = side.other();
        match there {
            Now::Absent => Decision::Nothing,
            Now::Same(half) => self
                .step(title, Reason::Deleted(side))
                .writing(other, delete(half))
                .decided(),
            Now::Changed(place, object) if self.policy.collisions == Collisions::Prefer(side) => {
                self.step(title, Reason::DeletionBeatsChange(side))
                    .writing(other, delete(&half(place, object)))
                    .losing(other, object.body(), vec!["deletion".to_owned()])
                    .decided()
            }
            Now::Changed(place, object) => {
                let body = object.body().clone();
                self.step(object.title(), Reason::ChangeBeatsDeletion(other))
                    .writing(side, Action::Create { body })
                    .linking(only(other, half(place, object)))
                    .decided()
            }
        }
    }

    /// Both sides have it, and at least one changed it.
    fn merged(&self, past: &Past, now: &Pair<Now<'_>>) -> Decision {
        let (Some((a, half_a)), Some((b, half_b))) = (there(&now.a), there(&now.b)) else {
            return Decision::Nothing;
        };
        let (objects, halves) = (Pair::new(&a, &b), Pair::new(half_a, half_b));
        let changed = Pair::new(is_changed(&now.a), is_changed(&now.b));
        let winner = match (changed.a, changed.b) {
            (true, false) => Side::A,
            (false, true) => Side::B,
            _ => self.winner(&a, &b),
        };
        let (bodies, collisions) = match merge(&past.bases, &objects, winner) {
            Some(merged) => (merged.bodies, merged.collisions),
            None => {
                let whole = objects.of(winner).body().clone();
                let mut bodies = Pair::new(None, None);
                *bodies.of_mut(winner.other()) = Some(whole);
                let over = if changed.a && changed.b {
                    vec!["text".to_owned()]
                } else {
                    Vec::new()
                };
                (bodies, over)
            }
        };
        let reason = match (changed.a, changed.b) {
            _ if !collisions.is_empty() => Reason::Collision(winner),
            (true, true) if bodies.a.is_none() && bodies.b.is_none() => Reason::Noted,
            (true, true) => Reason::ChangedOnBoth,
            _ => Reason::Changed(winner),
        };
        let mut step = self.step(objects.of(winner).title(), reason);
        let mut kept = Pair::new(None, None);
        for side in Side::BOTH {
            let half = halves.of(side).clone();
            match bodies.of(side) {
                Some(body) => {
                    let (place, body) = (half.place, body.clone());
                    step = step.writing(side, Action::Update { place, body });
                }
                None => *kept.of_mut(side) = Some(half),
            }
        }
        if let [first, _] = step.writes.as_mut_slice() {
            // Then the changes of the other side have come over, and those of
            // this side have not.
            let mut then = Pair::from_fn(|side| past.link.half(side).clone());
            if let Some(base) = caught_up(&past.bases, &objects, first.side) {
                then.of_mut(first.side).base = base;
            }
            let other = first.side.other();
            *then.of_mut(other) = halves.of(other).clone();
            first.halfway = Some(Box::new(Link::new(then)));
        }
        if !collisions.is_empty() {
            let loser = winner.other();
            step = step.losing(loser, objects.of(loser).body(), collisions);
        }
        step.linking(kept).decided()
    }
}

pub(super) fn delete(half: &Half) -> Action {
    Action::Delete {
        place: half.place.clone(),
    }
}

/// What a side has, read.
pub(super) fn there(now: &Now<'_>) -> Option<(Object, Half)> {
    match now {
        Now::Absent => None,
        Now::Same(half) => Some((Object::read(half.base.clone()).ok()?, half.clone())),
        Now::Changed(place, object) => Some(((*object).clone(), half(place, object))),
    }
}

fn is_changed(now: &Now<'_>) -> bool {
    matches!(now, Now::Changed(..))
}
