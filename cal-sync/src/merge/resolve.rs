//! Deciding where the changes of both sides collide.

use std::collections::{BTreeMap, BTreeSet};

use super::delta::{Change, Delta};
use crate::canonical::{Canonical, PartKey, Piece};
use crate::{Pair, Side};

/// Lets the winner have its way wherever the changes of both sides collide:
/// the loser's change is dropped, and the winner's brought to the loser.
/// Returns in words what collided.
pub(super) fn resolve(deltas: &mut Pair<Delta>, winner: Side, winning: &Canonical) -> Vec<String> {
    forget_common(deltas);
    let mut collisions = Collisions::default();
    series(deltas, &mut collisions);
    let keys: BTreeSet<_> = deltas.a.parts.keys().cloned().collect();
    for key in keys {
        if let (Some(a), Some(b)) = (deltas.a.parts.get(&key), deltas.b.parts.get(&key)) {
            collide(&key, a, b, &mut collisions);
        }
    }
    for lost in &collisions.lost {
        let loser = deltas.of_mut(winner.other());
        lost.drop_from(loser);
        lost.set_in(deltas.of_mut(winner), winning);
    }
    collisions.words.into_iter().collect()
}

/// Takes out what both sides changed in the same way: nobody needs to be told.
fn forget_common(deltas: &mut Pair<Delta>) {
    let Pair { a, b } = deltas;
    a.parts
        .retain(|key, ours| match (ours, b.parts.get_mut(key)) {
            (Change::Edit(ours), Some(Change::Edit(theirs))) => {
                ours.retain(|piece, lines| {
                    let same = theirs.get(piece) == Some(lines);
                    if same {
                        theirs.remove(piece);
                    }
                    !same
                });
                true
            }
            (ours, Some(theirs)) if ours == theirs => {
                b.parts.remove(key);
                false
            }
            _ => true,
        });
}

#[derive(Default)]
struct Collisions {
    words: BTreeSet<String>,
    lost: BTreeSet<Lost>,
}

/// Something that is decided by who wins.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Lost {
    part: PartKey,
    /// One piece of it, or all.
    piece: Option<Piece>,
}

impl Lost {
    fn drop_from(&self, delta: &mut Delta) {
        match (&self.piece, delta.parts.get_mut(&self.part)) {
            (Some(piece), Some(Change::Edit(edits))) => {
                edits.remove(piece);
            }
            _ => {
                delta.parts.remove(&self.part);
            }
        }
    }

    /// Makes the winner's version of it part of the winner's changes, so that
    /// the loser is set to it.
    fn set_in(&self, delta: &mut Delta, winning: &Canonical) {
        let part = winning.parts.get(&self.part);
        let change = match (&self.piece, part) {
            (_, None) => Change::Remove,
            (None, Some(part)) => Change::Put(part.clone()),
            (Some(piece), Some(part)) => {
                let lines = part.pieces.get(piece).cloned().unwrap_or_default();
                let change = delta.parts.entry(self.part.clone());
                if let Change::Edit(edits) = change.or_insert_with(|| Change::Edit(BTreeMap::new()))
                {
                    edits.insert(piece.clone(), lines);
                }
                return;
            }
        };
        delta.parts.insert(self.part.clone(), change);
    }
}

/// The changes of one part that both sides made.
fn collide(key: &PartKey, a: &Change, b: &Change, collisions: &mut Collisions) {
    match (a, b) {
        (Change::Edit(a), Change::Edit(b)) => {
            for piece in a.keys() {
                if b.contains_key(piece) {
                    collisions.add(key, Some(piece));
                }
            }
        }
        _ => collisions.add(key, None),
    }
}

/// The exceptions of a series only make sense with the times they are
/// exceptions of: if one side changed the times and the other an exception,
/// that is a collision of all of these.
fn series(deltas: &Pair<Delta>, collisions: &mut Collisions) {
    let changed = deltas.as_ref();
    let changed = Pair::new(changes(changed.a), changes(changed.b));
    for side in Side::BOTH {
        let (own, other) = (changed.of(side), changed.of(side.other()));
        if own.times.is_empty() || other.exceptions.is_empty() {
            continue;
        }
        for lost in [own, other]
            .into_iter()
            .flat_map(|all| all.times.iter().chain(&all.exceptions))
        {
            collisions.add(&lost.0, lost.1.as_ref());
        }
    }
}

type Found = (PartKey, Option<Piece>);

#[derive(Default)]
struct SeriesChanges {
    /// Start, end or rule of the master.
    times: Vec<Found>,
    /// Instances taken out, added or overridden.
    exceptions: Vec<Found>,
}

fn changes(delta: &Delta) -> SeriesChanges {
    let mut found = SeriesChanges::default();
    for (key, change) in &delta.parts {
        match change {
            _ if key.component == "VTIMEZONE" => {}
            Change::Edit(edits) if key.is_master() => {
                for piece in edits.keys() {
                    let entry = (key.clone(), Some(piece.clone()));
                    if piece.is_times() {
                        found.times.push(entry);
                    } else if piece.is_instance() {
                        found.exceptions.push(entry);
                    }
                }
            }
            _ if key.is_master() => {}
            _ => found.exceptions.push((key.clone(), None)),
        }
    }
    found
}

impl Collisions {
    fn add(&mut self, part: &PartKey, piece: Option<&Piece>) {
        let what = match piece {
            Some(piece) => piece.name().to_owned(),
            None if part.is_master() => part.component.clone(),
            None => "instance".to_owned(),
        };
        self.words.insert(what);
        self.lost.insert(Lost {
            part: part.clone(),
            piece: piece.cloned(),
        });
    }
}
