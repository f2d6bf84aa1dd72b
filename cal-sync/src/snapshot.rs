//! What a side has at the start of a run.

use std::collections::{BTreeMap, BTreeSet};

use crate::endpoint::{Completeness, Description, Endpoint, Place};
use crate::{Error, ItemId, Object, Side, State, Uid, Version};

/// Everything a side has: what has changed since the last run as it is now,
/// and that the rest has not.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What the endpoint says of itself.
    pub description: Description,
    /// Whether the items are known to be all.
    pub completeness: Completeness,
    /// One for each object.
    pub items: Vec<Item>,
}

/// One object of a side.
#[derive(Clone, Debug)]
pub struct Item {
    /// Where it is, in which version.
    pub place: Place,
    /// What it is.
    pub seen: Seen,
}

/// What is known of an object.
#[derive(Clone, Debug)]
pub enum Seen {
    /// It is in the version that was last in sync, under this UID.
    Unchanged(Uid),
    /// It is new or changed, and this.
    Read(Box<Object>),
    /// It could not be read, for this reason.
    Unreadable(String),
}

impl Snapshot {
    /// Lists a side and fetches what has changed since `state`.
    ///
    /// # Errors
    ///
    /// What the endpoint answers.
    pub async fn take(endpoint: &dyn Endpoint, side: Side, state: &State) -> Result<Self, Error> {
        let description = endpoint.describe().await?;
        let listing = endpoint.list().await?;
        let known: BTreeMap<&ItemId, (&Uid, &Version)> = state
            .links
            .iter()
            .map(|(uid, link)| {
                let place = &link.half(side).place;
                (&place.id, (uid, &place.version))
            })
            .collect();
        let mut items = Vec::with_capacity(listing.entries.len());
        let mut changed: BTreeMap<ItemId, Version> = BTreeMap::new();
        let mut listed = BTreeSet::new();
        for entry in listing.entries {
            if !listed.insert(entry.place.id.clone()) {
                continue;
            }
            match known.get(&entry.place.id) {
                Some((uid, version)) if **version == entry.place.version => items.push(Item {
                    seen: Seen::Unchanged((*uid).clone()),
                    place: entry.place,
                }),
                _ => {
                    changed.insert(entry.place.id, entry.place.version);
                }
            }
        }
        let ids: Vec<ItemId> = changed.keys().cloned().collect();
        if !ids.is_empty() {
            for fetched in endpoint.fetch(&ids).await? {
                changed.remove(&fetched.place.id);
                items.push(Item {
                    seen: match Object::read(fetched.body) {
                        Ok(object) => Seen::Read(Box::new(object)),
                        Err(reason) => Seen::Unreadable(reason.to_string()),
                    },
                    place: fetched.place,
                });
            }
        }
        items.extend(changed.into_iter().map(|(id, version)| Item {
            place: Place { id, version },
            seen: Seen::Unreadable("it went away while it was read".to_owned()),
        }));
        Ok(Self {
            description,
            completeness: listing.completeness,
            items,
        })
    }
}
