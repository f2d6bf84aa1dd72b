//! All that a store in memory keeps, as records, and back.

use std::ops::Bound;
use std::sync::Arc;

use super::audit::Chain;
use super::folder::{Folder, Kept, Member, Past, PastState, Tombstone};
use super::jobs::Task;
use super::state::{Account, State};
use crate::record::{
    ChainRecord, CollectionRecord, HoldRecord, ObjectRecord, PastRecord, PrincipalRecord,
    StateRecord, TombstoneRecord, VersionRecord,
};
use crate::{
    AuditHead, AuditRecord, Collection, CollectionId, ETag, Entry, Error, Object, ObjectName,
    PastCollection, Principal, Record, RecordKey, SyncToken,
};

impl State {
    /// At most `limit` records after one of them; none after the last.
    pub(super) fn records(&self, after: Option<&RecordKey>, limit: usize) -> Vec<Record> {
        let first = after.map_or(0, RecordKey::stage);
        let mut records = Vec::new();
        for kind in first..=RecordKey::LAST_STAGE {
            // What comes before the key in its own kind is passed over.
            let passed = after.filter(|_| kind == first);
            let later = |record: &Record| passed.is_none_or(|after| record.key() > *after);
            let room = limit.saturating_sub(records.len());
            records.extend(self.of_stage(kind, passed).filter(later).take(room));
            if records.len() >= limit {
                break;
            }
        }
        records
    }

    pub(super) fn record_count(&self) -> u64 {
        let kinds = 0..=RecordKey::LAST_STAGE;
        let counts = kinds.map(|kind| self.of_stage(kind, None).count());
        counts.map(|count| u64::try_from(count).unwrap_or(0)).sum()
    }

    /// The records of one kind; those of members from the collection of a key on.
    fn of_stage<'s>(
        &'s self,
        kind: u8,
        after: Option<&RecordKey>,
    ) -> Box<dyn Iterator<Item = Record> + 's> {
        let first = match after {
            Some(
                RecordKey::Object(id, _)
                | RecordKey::Version(id, ..)
                | RecordKey::Tombstone(id, _)
                | RecordKey::Hold(id, _),
            ) => Bound::Included(*id),
            _ => Bound::Unbounded,
        };
        let folders = self.folders.range((first, Bound::Unbounded));
        let folders = folders.map(|(id, folder)| (*id, folder));
        match kind {
            0 => {
                let mut ids: Vec<_> = self.names.iter().collect();
                ids.sort_unstable();
                let accounts = ids
                    .into_iter()
                    .filter_map(|(_, name)| self.principals.get(name));
                Box::new(accounts.map(|account| Record::Principal(account.record())))
            }
            1 => Box::new(self.folders.values().map(|it| self.collection_record(it))),
            2 => Box::new(folders.flat_map(|(id, folder)| folder.object_records(id))),
            3 => Box::new(folders.flat_map(|(id, folder)| folder.past_versions(id))),
            4 => Box::new(folders.flat_map(|(id, folder)| folder.buried(id))),
            5 => Box::new(self.audit.values().map(Chain::record)),
            6 => Box::new(self.audit.values().flat_map(Chain::entries)),
            7 => Box::new(
                (1..)
                    .zip(&self.prunings)
                    .map(|(number, pruning)| Record::Pruning(number, Box::new(pruning.clone()))),
            ),
            8 => Box::new(self.kept_secrets().map(Record::Secret)),
            9 => Box::new(self.jobs.values().map(Task::record)),
            _ => Box::new(folders.flat_map(|(id, folder)| folder.held(id))),
        }
    }

    fn collection_record(&self, folder: &Folder) -> Record {
        let collection = &folder.collection;
        let (id, parent) = (collection.id, collection.parent);
        let is_root = folder.trashed.is_some_and(|(_, root)| root == id);
        let place = parent.filter(|_| !is_root).and_then(|parent| {
            let holder = self.folders.get(&parent)?;
            match holder.members.get(collection.name.as_str())? {
                Member::Child(child, sequence) if *child == id => Some(*sequence),
                Member::Child(..) | Member::Object(_) => None,
            }
        });
        // What held a collection in the trash may be gone: then it hangs below
        // the home of its owner.
        let is_gone = |parent| is_root && !self.folders.contains_key(&parent);
        let parent = parent.map(|parent| match is_gone(parent) {
            true => self.homes.get(&collection.owner).copied(),
            false => Some(parent),
        });
        let mut record = CollectionRecord::of(collection.clone(), folder.since);
        record.parent = parent.flatten().or(collection.parent);
        record.floor = folder.floor;
        record.place = place.or(folder.place);
        record.trashed = folder.trashed;
        record.states = folder.states.iter().map(PastState::record).collect();
        Record::Collection(Box::new(record))
    }

    /// Takes a record in.
    pub(super) fn load(&mut self, record: &Record) -> Result<(), Error> {
        match record {
            Record::Principal(record) => self.load_principal(record),
            Record::Collection(record) => self.load_collection(record),
            Record::Object(record) => self.loaded_folder(record.collection)?.load_object(record),
            Record::Version(record) => self.loaded_folder(record.collection)?.load_version(record),
            Record::Tombstone(record) => {
                let folder = self.loaded_folder(record.collection)?;
                let mark = Tombstone {
                    sequence: record.sequence,
                    at: record.at,
                };
                folder.log.insert(record.sequence, record.name.clone());
                free(folder.tombstones.insert(record.name.clone(), mark))
            }
            Record::Chain(record) => free(self.audit.insert(record.chain, Chain::of(record))),
            Record::Entry(record) => {
                let chain = self.audit.get_mut(&record.entry.chain);
                chain.ok_or(Error::NotFound)?.load(record)
            }
            Record::Pruning(number, pruning) => {
                let next = u64::try_from(self.prunings.len()).unwrap_or(u64::MAX) + 1;
                if *number != next {
                    return Err(Error::Exists);
                }
                self.prunings.push(pruning.as_ref().clone());
                Ok(())
            }
            Record::Secret(record) => {
                let value = (record.envelope.clone(), record.modified);
                free(self.secrets.insert(record.source.clone(), value))
            }
            Record::Job(record) => free(self.jobs.insert(record.id, Task::of(record))),
            Record::Hold(record) => self.loaded_folder(record.collection)?.load_hold(record),
        }
    }

    fn loaded_folder(&mut self, id: CollectionId) -> Result<&mut Folder, Error> {
        self.folders.get_mut(&id).ok_or(Error::NotFound)
    }

    fn load_principal(&mut self, record: &PrincipalRecord) -> Result<(), Error> {
        for email in &record.emails {
            self.emails.insert(email.folded(), record.id);
        }
        free(self.names.insert(record.id, record.name.clone()))?;
        let account = Account {
            principal: Principal {
                id: record.id,
                name: record.name.clone(),
                kind: record.kind,
                role: record.role,
                display_name: record.display_name.clone(),
                emails: record.emails.clone(),
                created: record.created,
                credential_generation: record.credential_generation,
            },
            password: record.password.clone(),
            tokens: record.tokens.clone(),
        };
        free(self.principals.insert(record.name.clone(), account))
    }

    fn load_collection(&mut self, record: &CollectionRecord) -> Result<(), Error> {
        if self.folders.contains_key(&record.id) {
            return Err(Error::Exists);
        }
        let mut folder = Folder::new(Collection {
            id: record.id,
            parent: record.parent,
            owner: record.owner,
            name: record.name.clone(),
            kind: record.kind,
            details: record.details.clone(),
            properties: record.properties.clone(),
            created: record.created,
            modified: record.modified,
            token: SyncToken::new(self.epoch, record.id, record.sequence),
        });
        folder.floor = record.floor;
        folder.trashed = record.trashed;
        folder.since = record.since;
        let states = record.states.iter();
        folder.states = states.map(|state| PastState::of(record, state)).collect();
        folder.place = record.place;
        if record.parent.is_none() {
            self.homes.insert(record.owner, record.id);
        }
        self.folders.insert(record.id, folder);
        self.link(record.id);
        Ok(())
    }

    /// Makes a collection a member of its parent, and those that wait for it
    /// its members: records come in the order of ids, not of the tree.
    fn link(&mut self, id: CollectionId) {
        let around = self
            .folders
            .values()
            .filter(|folder| folder.collection.id == id || folder.collection.parent == Some(id));
        let links = around.filter_map(|folder| {
            let name = ObjectName::from(&folder.collection.name);
            Some((
                folder.collection.parent?,
                folder.place?,
                name,
                folder.collection.id,
            ))
        });
        let links: Vec<_> = links.collect();
        for (parent, place, name, id) in links {
            if let Some(parent) = self.folders.get_mut(&parent) {
                parent.log.insert(place, name.clone());
                parent.members.insert(name, Member::Child(id, place));
                if let Some(child) = self.folders.get_mut(&id) {
                    child.place = None;
                }
            }
        }
    }
}

/// Refuses to take in what was there already.
fn free<T>(before: Option<T>) -> Result<(), Error> {
    before.map_or(Ok(()), |_| Err(Error::Exists))
}

impl Account {
    fn record(&self) -> PrincipalRecord {
        let mut tokens = self.tokens.clone();
        tokens.sort_by_key(|token| (token.created, token.id));
        PrincipalRecord::of(self.principal.clone(), self.password.clone(), tokens)
    }
}

impl PastState {
    fn record(&self) -> StateRecord {
        StateRecord {
            since: self.since,
            ended: self.ended,
            was: self.state.as_ref().map(|state| PastRecord {
                parent: state.parent,
                name: state.name.clone(),
                details: state.details.clone(),
                properties: state.properties.clone(),
            }),
        }
    }

    fn of(collection: &CollectionRecord, record: &StateRecord) -> Self {
        Self {
            since: record.since,
            ended: record.ended,
            state: record.was.as_ref().map(|was| PastCollection {
                id: collection.id,
                parent: was.parent,
                name: was.name.clone(),
                kind: collection.kind,
                details: was.details.clone(),
                properties: was.properties.clone(),
                since: record.since,
            }),
        }
    }
}

impl Folder {
    fn object_records(&self, collection: CollectionId) -> impl Iterator<Item = Record> {
        self.objects().map(move |kept| {
            let entry = &kept.object.entry;
            Record::Object(Box::new(ObjectRecord {
                collection,
                name: entry.name.clone(),
                schedule_tag: entry.schedule_tag,
                content_type: entry.content_type.clone(),
                created: entry.created,
                sequence: entry.sequence,
                component: entry.component,
                version: kept.version,
                made: (*kept.made).clone(),
                properties: kept.properties.clone(),
                body: kept.object.body.clone(),
                index: None,
            }))
        })
    }

    fn past_versions(&self, collection: CollectionId) -> impl Iterator<Item = Record> {
        let past = self.past.iter();
        let past = past.flat_map(|(name, versions)| versions.values().map(move |it| (name, it)));
        past.map(move |(name, past)| {
            let kept = &past.kept;
            Record::Version(Box::new(VersionRecord {
                collection,
                name: name.clone(),
                version: kept.version,
                content_type: kept.object.entry.content_type.clone(),
                made: (*kept.made).clone(),
                ended: past.ended.clone(),
                body: kept.object.body.clone(),
            }))
        })
    }

    fn buried(&self, collection: CollectionId) -> impl Iterator<Item = Record> {
        let mut marks: Vec<_> = self.tombstones.iter().collect();
        marks.sort_unstable_by_key(|(name, _)| *name);
        marks.into_iter().map(move |(name, mark)| {
            Record::Tombstone(TombstoneRecord {
                collection,
                name: name.clone(),
                sequence: mark.sequence,
                at: mark.at,
            })
        })
    }

    fn held(&self, collection: CollectionId) -> impl Iterator<Item = Record> {
        let mut holds: Vec<_> = self.busy.holds.iter().collect();
        holds.sort_unstable_by_key(|hold| hold.token);
        let holds = holds.into_iter();
        holds.map(move |hold| Record::Hold(HoldRecord::of(collection, hold)))
    }

    fn load_hold(&mut self, record: &HoldRecord) -> Result<(), Error> {
        let mut there = self.busy.holds.iter();
        if there.any(|hold| hold.token == record.token) {
            return Err(Error::Exists);
        }
        self.busy.holds.push(record.hold());
        Ok(())
    }

    fn load_object(&mut self, record: &ObjectRecord) -> Result<(), Error> {
        let mut entry = Entry::new(record.name.clone(), ETag::of(&record.body));
        entry.schedule_tag = record.schedule_tag;
        entry.content_type = record.content_type.clone();
        entry.size = u64::try_from(record.body.len()).unwrap_or(u64::MAX);
        entry.created = record.created;
        entry.modified = record.made.at;
        entry.sequence = record.sequence;
        entry.component = record.component;
        let kept = Kept {
            object: Object {
                entry,
                body: record.body.clone(),
            },
            index: record.index.clone(),
            properties: record.properties.clone(),
            version: record.version,
            made: Arc::new(record.made.clone()),
        };
        if let Some(index) = &record.index {
            self.uids.insert(index.uid.clone(), record.name.clone());
        }
        self.log.insert(record.sequence, record.name.clone());
        let member = Member::Object(Arc::new(kept));
        free(self.members.insert(record.name.clone(), member))
    }

    fn load_version(&mut self, record: &VersionRecord) -> Result<(), Error> {
        let mut entry = Entry::new(record.name.clone(), ETag::of(&record.body));
        entry.content_type = record.content_type.clone();
        entry.size = u64::try_from(record.body.len()).unwrap_or(u64::MAX);
        entry.modified = record.made.at;
        entry.sequence = record.version;
        let kept = Kept {
            object: Object {
                entry,
                body: record.body.clone(),
            },
            index: None,
            properties: Default::default(),
            version: record.version,
            made: Arc::new(record.made.clone()),
        };
        let past = Past {
            kept: Arc::new(kept),
            ended: record.ended.clone(),
        };
        let versions = self.past.entry(record.name.clone()).or_default();
        free(versions.insert(record.version, past))
    }
}

impl Chain {
    fn record(&self) -> Record {
        Record::Chain(ChainRecord {
            chain: self.head.chain,
            number: self.head.number,
            hash: self.head.hash,
            pruned: self.head.pruned,
            anchor: self.head.anchor,
        })
    }

    fn entries(&self) -> impl Iterator<Item = Record> {
        let records = self.records.values();
        records.map(|record| Record::Entry(Box::new((**record).clone())))
    }

    fn of(record: &ChainRecord) -> Self {
        let head = AuditHead {
            number: record.number,
            hash: record.hash,
            pruned: record.pruned,
            anchor: record.anchor,
            ..AuditHead::start(record.chain)
        };
        Self {
            head,
            records: Default::default(),
        }
    }

    fn load(&mut self, record: &AuditRecord) -> Result<(), Error> {
        let number = record.entry.number;
        free(self.records.insert(number, Arc::new(record.clone())))
    }
}
