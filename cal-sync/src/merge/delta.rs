//! What changed from one canonical form to another.

use std::collections::{BTreeMap, BTreeSet};

use crate::canonical::{Canonical, Line, Part, PartKey, Piece};

/// The changes of an object, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) parts: BTreeMap<PartKey, Change>,
}

/// The change of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The part is there, and like this.
    Put(Part),
    /// The part is gone.
    Remove,
    /// These pieces of it are like this now; without lines if they are gone.
    Edit(BTreeMap<Piece, Vec<Line>>),
}

impl Delta {
    pub(super) fn between(from: &Canonical, to: &Canonical) -> Self {
        let mut parts = BTreeMap::new();
        let keys: BTreeSet<_> = from.parts.keys().chain(to.parts.keys()).collect();
        for key in keys {
            let change = match (from.parts.get(key), to.parts.get(key)) {
                (Some(from), Some(to)) if from == to => continue,
                (Some(from), Some(to)) => Change::Edit(edits(from, to)),
                (None, Some(to)) => Change::Put(to.clone()),
                (_, None) => Change::Remove,
            };
            parts.insert(key.clone(), change);
        }
        Self { parts }
    }

    /// `canonical` with the changes made. Editing a part that is not there
    /// changes nothing.
    pub(super) fn applied_to(&self, canonical: &Canonical) -> Canonical {
        let mut result = canonical.clone();
        for (key, change) in &self.parts {
            match change {
                Change::Put(part) => {
                    result.parts.insert(key.clone(), part.clone());
                }
                Change::Remove => {
                    result.parts.remove(key);
                }
                Change::Edit(edits) => {
                    if let Some(part) = result.parts.get_mut(key) {
                        edit(part, edits);
                    }
                }
            }
        }
        result
    }
}

fn edits(from: &Part, to: &Part) -> BTreeMap<Piece, Vec<Line>> {
    let pieces: BTreeSet<_> = from.pieces.keys().chain(to.pieces.keys()).collect();
    pieces
        .into_iter()
        .filter(|piece| from.pieces.get(*piece) != to.pieces.get(*piece))
        .map(|piece| {
            let lines = to.pieces.get(piece).cloned().unwrap_or_default();
            (piece.clone(), lines)
        })
        .collect()
}

fn edit(part: &mut Part, edits: &BTreeMap<Piece, Vec<Line>>) {
    for (piece, lines) in edits {
        if lines.is_empty() {
            part.pieces.remove(piece);
        } else {
            part.pieces.insert(piece.clone(), lines.clone());
        }
    }
}
