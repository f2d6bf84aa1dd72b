//! What a run that was cut short got done.

use super::presence::Presence;
use crate::state::{Half, Intent, Link, Then};
use crate::{Object, Pair};

/// The link that a write which was begun would have made, if what is there now
/// shows that the write was done.
///
/// Without it, a change of the other side that was made after the write would
/// look like a collision with the write itself.
pub(super) fn finished(intent: &Intent, now: &Pair<Presence<'_>>) -> Option<Link> {
    let body = intent.body.as_ref()?;
    let Presence::Read(place, object) = now.of(intent.side) else {
        return None;
    };
    let written = Object::read(body.clone()).ok()?;
    if !object.says_the_same(&written) {
        return None;
    }
    let other = match &intent.then {
        Then::Linked(other) => other,
        Then::Halfway(link) => return Some((**link).clone()),
        Then::Unlinked => return None,
    };
    let half = Half {
        place: (*place).clone(),
        base: object.body().clone(),
    };
    Some(Link::new(Pair::from_fn(|side| {
        if side == intent.side {
            half.clone()
        } else {
            other.clone()
        }
    })))
}
