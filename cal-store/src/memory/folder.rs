//! One collection in memory: its members and their log.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::busy::KeptBusy;
use crate::{
    Cause, Collection, CollectionId, Ending, IndexRow, Object, ObjectName, PastCollection,
    Properties, SyncToken, Timestamp, Uid,
};

#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) collection: Collection,
    /// When and with which collection it was put into the trash.
    pub(super) trashed: Option<(Timestamp, CollectionId)>,
    pub(super) members: BTreeMap<ObjectName, Member>,
    pub(super) uids: HashMap<Uid, ObjectName>,
    /// The name changed by each sequence that is still the last of its name.
    pub(super) log: BTreeMap<u64, ObjectName>,
    pub(super) tombstones: HashMap<ObjectName, Tombstone>,
    pub(super) floor: u64,
    /// The place in the log of a parent that is still to be loaded.
    pub(super) place: Option<u64>,
    pub(super) past: BTreeMap<ObjectName, BTreeMap<u64, Past>>,
    /// When the collection came to be what it is.
    pub(super) since: Timestamp,
    /// What it was before, oldest first.
    pub(super) states: Vec<PastState>,
    pub(super) busy: KeptBusy,
}

/// What a collection was, until an instant.
#[derive(Debug, Clone)]
pub(super) struct PastState {
    pub(super) since: Timestamp,
    pub(super) ended: Timestamp,
    /// `None` while it was in the trash.
    pub(super) state: Option<PastCollection>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Tombstone {
    pub(super) sequence: u64,
    pub(super) at: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) enum Member {
    Object(Arc<Kept>),
    Child(CollectionId, u64),
}

/// An object with all that a listing does not show.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) object: Object,
    pub(super) index: Option<IndexRow>,
    pub(super) properties: Properties,
    /// The sequence of the change that made these bytes.
    pub(super) version: u64,
    pub(super) made: Arc<Cause>,
}

#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) kept: Arc<Kept>,
    pub(super) ended: Ending,
}

impl Member {
    pub(super) fn sequence(&self) -> u64 {
        match self {
            Self::Object(kept) => kept.object.entry.sequence,
            Self::Child(_, sequence) => *sequence,
        }
    }
}

impl Folder {
    pub(super) fn new(collection: Collection) -> Self {
        Self {
            since: collection.created,
            states: Vec::new(),
            collection,
            trashed: None,
            members: BTreeMap::new(),
            uids: HashMap::new(),
            log: BTreeMap::new(),
            tombstones: HashMap::new(),
            floor: 0,
            place: None,
            past: BTreeMap::new(),
            busy: KeptBusy::default(),
        }
    }

    pub(super) fn sequence(&self) -> u64 {
        self.collection.token.sequence()
    }

    pub(super) fn kept(&self, name: &ObjectName) -> Option<&Arc<Kept>> {
        match self.members.get(name) {
            Some(Member::Object(kept)) => Some(kept),
            Some(Member::Child(..)) | None => None,
        }
    }

    /// Gives a name the next sequence, in place of the one it had.
    pub(super) fn log_change(&mut self, name: &ObjectName, at: Timestamp) -> u64 {
        let before = match self.members.get(name) {
            Some(member) => Some(member.sequence()),
            None => self.tombstones.remove(name).map(|mark| mark.sequence),
        };
        if let Some(sequence) = before {
            self.log.remove(&sequence);
        }
        let sequence = self.sequence().saturating_add(1);
        let token = self.collection.token;
        self.collection.token = SyncToken::new(token.epoch(), token.collection(), sequence);
        self.collection.modified = at;
        self.log.insert(sequence, name.clone());
        sequence
    }

    pub(super) fn put_child(&mut self, name: &ObjectName, id: CollectionId, at: Timestamp) -> u64 {
        let sequence = self.log_change(name, at);
        self.members
            .insert(name.clone(), Member::Child(id, sequence));
        sequence
    }

    pub(super) fn remove_member(&mut self, name: &ObjectName, at: Timestamp) -> u64 {
        let sequence = self.log_change(name, at);
        self.members.remove(name);
        self.tombstones
            .insert(name.clone(), Tombstone { sequence, at });
        sequence
    }

    /// Keeps what the collection is as a state that has ended.
    pub(super) fn end_state(&mut self, at: Timestamp) {
        let state = self.state();
        let since = std::mem::replace(&mut self.since, at);
        self.states.push(PastState {
            since,
            ended: at,
            state,
        });
    }

    /// What the collection is, unless it is in the trash.
    fn state(&self) -> Option<PastCollection> {
        match self.trashed {
            Some(_) => None,
            None => Some(PastCollection::of(&self.collection, self.since)),
        }
    }

    /// What the collection was, unless it was not there or in the trash.
    pub(super) fn state_at(&self, at: Timestamp) -> Option<PastCollection> {
        if self.since <= at {
            return self.state();
        }
        let begun = self.states.iter().rfind(|past| past.since <= at);
        begun.and_then(|past| past.state.clone())
    }

    /// Keeps an object's bytes as a version that has ended.
    pub(super) fn remember(&mut self, kept: Arc<Kept>, ended: Ending) {
        let name = kept.object.entry.name.clone();
        let versions = self.past.entry(name).or_default();
        versions.insert(kept.version, Past { kept, ended });
    }
}
