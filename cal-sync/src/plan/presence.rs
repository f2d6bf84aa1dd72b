//! Which objects a side has, UID by UID.

use std::collections::{BTreeMap, HashMap};

use super::{Skip, SkipReason};
use crate::endpoint::{Completeness, Place};
use crate::snapshot::{Item, Seen, Snapshot};
use crate::{Half, ItemId, Object, Side, State, Uid};

/// What one side has of one object.
#[derive(Clone, Debug)]
pub(super) enum Presence<'a> {
    /// Nothing.
    Absent,
    /// Nothing can be said, and the plan already tells why.
    Blocked,
    /// It may have it or not, for this reason.
    Uncertain(&'a str),
    /// The version that was last in sync.
    Unchanged(&'a Place),
    /// This.
    Read(&'a Place, &'a Object),
}

/// Everything that one side has.
pub(super) struct Inventory<'a> {
    objects: BTreeMap<Uid, Presence<'a>>,
    completeness: &'a Completeness,
}

impl<'a> Inventory<'a> {
    pub(super) fn of(
        side: Side,
        snapshot: &'a Snapshot,
        state: &State,
        skipped: &mut Vec<Skip>,
    ) -> Self {
        let mut groups: BTreeMap<&Uid, Vec<&Item>> = BTreeMap::new();
        let mut objects = BTreeMap::new();
        let links = Links::of(side, snapshot, state);
        for item in &snapshot.items {
            match &item.seen {
                Seen::Unchanged(uid) => groups.entry(uid).or_default().push(item),
                Seen::Read(object) => groups.entry(object.uid()).or_default().push(item),
                Seen::Unreadable(reason) => {
                    let uid = links.at(&item.place.id);
                    if let Some(uid) = &uid {
                        objects.insert(uid.clone(), Presence::Blocked);
                    }
                    skipped.push(Skip {
                        uid,
                        title: None,
                        at: vec![(side, item.place.id.clone())],
                        why: SkipReason::Unreadable(reason.clone()),
                    });
                }
            }
        }
        for (uid, items) in groups {
            let link = state.links.get(uid).map(|link| link.half(side));
            let presence = Copies::of(items, link).chosen(side, uid, skipped);
            // What was under this UID and cannot be read blocks it.
            objects.entry(uid.clone()).or_insert(presence);
        }
        Self {
            objects,
            completeness: &snapshot.completeness,
        }
    }

    pub(super) fn uids(&self) -> impl Iterator<Item = &Uid> {
        self.objects.keys()
    }

    pub(super) fn presence(&self, uid: &Uid) -> Presence<'a> {
        match (self.objects.get(uid), self.completeness) {
            (Some(presence), _) => presence.clone(),
            (None, Completeness::Complete) => Presence::Absent,
            (None, Completeness::Partial(reason)) => Presence::Uncertain(reason),
        }
    }
}

/// The objects that the state links to the items of one side, by item.
struct Links<'s> {
    by_item: HashMap<&'s ItemId, &'s Uid>,
}

impl<'s> Links<'s> {
    /// Only what cannot be read has to be looked up: without any, nothing is
    /// gathered.
    fn of(side: Side, snapshot: &Snapshot, state: &'s State) -> Self {
        let unreadable = |item: &Item| matches!(item.seen, Seen::Unreadable(_));
        let mut by_item = HashMap::new();
        if snapshot.items.iter().any(unreadable) {
            for (uid, link) in &state.links {
                by_item.entry(&link.half(side).place.id).or_insert(uid);
            }
        }
        Self { by_item }
    }

    fn at(&self, item: &ItemId) -> Option<Uid> {
        self.by_item.get(item).map(|uid| Uid::clone(uid))
    }
}

/// The items of one side that have one UID; usually one.
struct Copies<'a> {
    /// The one that was in sync comes first.
    items: Vec<&'a Item>,
    base: Option<Object>,
}

impl<'a> Copies<'a> {
    fn of(mut items: Vec<&'a Item>, link: Option<&Half>) -> Self {
        items.sort_by_key(|item| {
            let linked = link.is_some_and(|half| half.place.id == item.place.id);
            (!linked, &item.place.id)
        });
        // Only needed to compare.
        let base = link.filter(|_| items.len() > 1);
        Self {
            base: base.and_then(|half| Object::read(half.base.clone()).ok()),
            items,
        }
    }

    /// The one that is synced. If they do not all say the same, none is.
    fn chosen(&self, side: Side, uid: &Uid, skipped: &mut Vec<Skip>) -> Presence<'a> {
        let Some((first, copies)) = self.items.split_first() else {
            return Presence::Absent;
        };
        if !copies.is_empty() {
            let same = copies.iter().all(|item| self.say_the_same(first, item));
            let (reported, why) = if same {
                (copies, SkipReason::Copies(side))
            } else {
                (self.items.as_slice(), SkipReason::Duplicates(side))
            };
            let ids = reported.iter().map(|item| (side, item.place.id.clone()));
            let title = self.object(first).and_then(Object::title);
            skipped.push(Skip {
                at: ids.collect(),
                ..Skip::of_uid(uid, title, why)
            });
            if !same {
                return Presence::Blocked;
            }
        }
        match &first.seen {
            Seen::Read(object) => Presence::Read(&first.place, object),
            Seen::Unchanged(_) | Seen::Unreadable(_) => Presence::Unchanged(&first.place),
        }
    }

    fn say_the_same(&self, one: &Item, other: &Item) -> bool {
        match (self.object(one), self.object(other)) {
            (Some(one), Some(other)) => one.says_the_same(other),
            _ => false,
        }
    }

    fn object<'b>(&'b self, item: &'b Item) -> Option<&'b Object> {
        match &item.seen {
            Seen::Read(object) => Some(object),
            Seen::Unchanged(_) => self.base.as_ref(),
            Seen::Unreadable(_) => None,
        }
    }
}
