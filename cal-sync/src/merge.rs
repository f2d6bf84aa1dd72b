//! Three-way merging by property: each side's changes since its base, brought
//! over to the other side.

mod delta;
mod patch;
mod resolve;

use self::delta::Delta;
use crate::canonical::Canonical;
use crate::object::Object;
use crate::{Body, Pair, Side};

/// What both sides should have.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    /// What to write to each side; `None` where it says so already.
    pub(crate) bodies: Pair<Option<Body>>,
    /// What both sides changed in different ways, in words; empty if nothing
    /// had to give way.
    pub(crate) collisions: Vec<String>,
}

/// Brings the changes that each side made since its base to the other side.
/// Where they collide, `winner` has its way.
///
/// `None` if the result cannot be written, because a text is not UTF-8.
pub(crate) fn merge(bases: &Pair<Object>, now: &Pair<&Object>, winner: Side) -> Option<Merged> {
    let canonical = Pair::from_fn(|side| now.of(side).canonical());
    let mut deltas =
        Pair::from_fn(|side| Delta::between(bases.of(side).canonical(), canonical.of(side)));
    let collisions = resolve::resolve(&mut deltas, winner, canonical.of(winner));
    let wanted = Pair::from_fn(|side| deltas.of(side.other()).applied_to(canonical.of(side)));
    let written = |side| written(side, now, wanted.of(side));
    let bodies = if wanted.a == wanted.b && Side::BOTH.iter().all(|side| is_portable(now.of(*side)))
    {
        let same = written(winner)?;
        let other = same.clone().or_else(|| Some(now.of(winner).body().clone()));
        let mut bodies = Pair::new(other.clone(), other);
        *bodies.of_mut(winner) = same;
        let loser = winner.other();
        if *canonical.of(loser) == wanted.of(loser) {
            *bodies.of_mut(loser) = None;
        }
        bodies
    } else {
        Pair::new(written(Side::A)?, written(Side::B)?)
    };
    Some(Merged { bodies, collisions })
}

/// The text for one side, or that none is needed: that of the other side as it
/// is, if that says what is wanted, else the side's own with the differences
/// put in.
fn written(side: Side, now: &Pair<&Object>, wanted: &Canonical) -> Option<Option<Body>> {
    let (own, other) = (now.of(side), now.of(side.other()));
    if own.canonical() == wanted {
        return Some(None);
    }
    if other.canonical() == wanted && is_portable(other) {
        return Some(Some(other.body().clone()));
    }
    patch::patched(own, wanted, other).map(Some)
}

/// Whether a text may stand on the other side as it is: it says nothing of who
/// delivers invitations, which is for each side's server to know.
fn is_portable(object: &Object) -> bool {
    let marker = b"SCHEDULE-AGENT";
    let bytes = object.body().as_bytes();
    !bytes
        .windows(marker.len())
        .any(|part| part.eq_ignore_ascii_case(marker))
}

/// The base of `side` with the changes that the other side made since its own:
/// once these have been brought to `side`, the base by which to tell what it
/// still has to bring over. `None` if it cannot be written.
pub(crate) fn caught_up(bases: &Pair<Object>, now: &Pair<&Object>, side: Side) -> Option<Body> {
    let other = now.of(side.other());
    let changes = Delta::between(bases.of(side.other()).canonical(), other.canonical());
    let base = bases.of(side);
    let wanted = changes.applied_to(base.canonical());
    if *other.canonical() == wanted {
        return Some(other.body().clone());
    }
    patch::patched(base, &wanted, other)
}

/// What to write to the side across from `source`, so that it has what it had
/// when last in sync and the changes of `source` since; `None` if it does
/// already. Its own changes since then go.
pub(crate) fn impose(bases: &Pair<Object>, now: &Pair<&Object>, source: Side) -> Option<Body> {
    let follower = source.other();
    let leading = now.of(source);
    let changes = Delta::between(bases.of(source).canonical(), leading.canonical());
    let wanted = changes.applied_to(bases.of(follower).canonical());
    match written(follower, now, &wanted) {
        Some(body) => body,
        None => Some(leading.body().clone()),
    }
}
