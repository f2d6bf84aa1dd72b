//! What some writes of objects need to know, read in one round trip under the
//! locks of their collections.

use std::collections::{HashMap, HashSet};

use deadpool_postgres::Object as Connection;
use tokio_postgres::Row;

use super::busy::{LockedBusy, Pages, beside};
use super::locks;
use crate::postgres::pipeline::{self, Bounds, Call};
use crate::postgres::row::{
    audit_hash, collection_kind, etag, natural, optional, schedule_tag, uid_hash,
};
use crate::{
    AuditHash, CollectionId, CollectionKind, CurrentVersion, Error, Nearby, ObjectName, Uid, Write,
};

/// A name in a collection.
pub(super) type Spot = (CollectionId, ObjectName);

/// The questions that some writes have.
#[derive(Default)]
pub(in crate::postgres) struct Plan {
    workspace: i64,
    /// Sorted: rows are locked in this order by everybody.
    collections: Vec<i64>,
    spots: Vec<Spot>,
    /// Names that a collection may have: none of those in calendars.
    shared: Vec<Spot>,
    uids: Vec<(CollectionId, Uid)>,
    busy: Pages,
}

/// What is there, of all that some writes are about.
#[derive(Debug, Default)]
pub(in crate::postgres) struct Loaded {
    /// The collections that are there and not in the trash.
    pub(super) collections: HashMap<CollectionId, Locked>,
    pub(super) objects: HashMap<Spot, Stored>,
    /// Who has a UID.
    pub(super) uids: HashMap<(CollectionId, Uid), ObjectName>,
    /// The names that collections have.
    pub(super) children: HashSet<Spot>,
    /// The locks of the collections, what is in them and what they are in.
    pub(super) locks: HashMap<CollectionId, Vec<Nearby>>,
}

/// A collection whose row is locked.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) kind: CollectionKind,
    pub(super) sequence: u64,
    /// The hash of the last entry of its audit chain.
    pub(super) audited: AuditHash,
    pub(super) busy: LockedBusy,
}

/// What a put or delete needs to know of the object that is there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) current: CurrentVersion,
    pub(super) content_type: Option<String>,
    pub(super) sequence: u64,
    pub(super) created: i64,
    pub(super) uid: Option<Uid>,
}

const LOCK: &str = "SELECT collection_id, kind, components, sequence FROM collections \
     WHERE workspace_id = $1 AND collection_id = ANY($2) AND trashed_at IS NULL \
     ORDER BY collection_id FOR NO KEY UPDATE";

/// Not joined to the lock: what that waits for would have moved the chain on.
const HEADS: &str = "SELECT chain, hash FROM audit_chains \
     WHERE workspace_id = $1 AND chain = ANY($2)";

const OBJECTS: &str = "SELECT o.collection_id, o.name, o.etag, o.schedule_tag, o.content_type, \
     o.sequence, o.created, o.uid \
     FROM unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
     JOIN objects o ON o.workspace_id = $1 AND o.collection_id = k.collection_id \
     AND o.name = k.name";

const UIDS: &str = "SELECT o.collection_id, o.name, o.uid \
     FROM unnest($2::bigint[], $3::bytea[]) AS k (collection_id, hash) \
     JOIN objects o ON o.workspace_id = $1 AND o.collection_id = k.collection_id \
     AND o.uid_hash = k.hash";

const CHILDREN: &str = "SELECT c.parent_id, c.name \
     FROM unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
     JOIN collections c ON c.workspace_id = $1 AND c.parent_id = k.collection_id \
     AND c.name = k.name AND c.trashed_at IS NULL";

impl Plan {
    pub(in crate::postgres) fn of<'w>(
        workspace: i64,
        writes: impl IntoIterator<Item = &'w Write>,
    ) -> Self {
        let mut plan = Self {
            workspace,
            ..Self::default()
        };
        for write in writes {
            plan.add(write);
        }
        plan.collections.sort_unstable();
        plan.collections.dedup();
        plan
    }

    fn add(&mut self, write: &Write) {
        let (collection, name) = match write {
            Write::PutObject(put) => {
                match &put.index {
                    Some(index) => self.uids.push((put.collection, index.uid.clone())),
                    None => self.shared.push((put.collection, put.name.clone())),
                }
                self.busy.add(put);
                self.collections
                    .extend(beside(put).map(CollectionId::into_raw));
                (put.collection, &put.name)
            }
            Write::DeleteObject(delete) => (delete.collection, &delete.name),
            Write::UpdateObject(collection, name, _) => (*collection, name),
            _ => return,
        };
        self.collections.push(collection.into_raw());
        self.spots.push((collection, name.clone()));
    }

    /// Asks within a transaction.
    pub(in crate::postgres) async fn load(&self, connection: &Connection) -> Result<Loaded, Error> {
        let rows = pipeline::run(connection, Bounds::Within, &self.calls()).await?;
        Loaded::read(&rows)
    }

    /// Begins a transaction and asks.
    pub(in crate::postgres) async fn begin(
        &self,
        connection: &Connection,
    ) -> Result<Loaded, Error> {
        let rows = pipeline::run(connection, Bounds::Begin, &self.calls()).await?;
        Loaded::read(&rows)
    }

    /// The lock comes first: what is asked after it sees what its last holder has done.
    fn calls(&self) -> Vec<Call<'_>> {
        let uid_places = self.uids.iter().map(|(id, _)| id.into_raw());
        let hashes = self.uids.iter().map(|(_, uid)| uid_hash(uid));
        let (objects, children) = (columns(&self.spots), columns(&self.shared));
        let mut calls = vec![
            Call::new(
                LOCK,
                vec![Box::new(self.workspace), Box::new(self.collections.clone())],
            ),
            Call::new(
                HEADS,
                vec![Box::new(self.workspace), Box::new(self.collections.clone())],
            ),
            Call::new(
                OBJECTS,
                vec![
                    Box::new(self.workspace),
                    Box::new(objects.0),
                    Box::new(objects.1),
                ],
            ),
            Call::new(
                UIDS,
                vec![
                    Box::new(self.workspace),
                    Box::new(uid_places.collect::<Vec<_>>()),
                    Box::new(hashes.collect::<Vec<_>>()),
                ],
            ),
            Call::new(
                CHILDREN,
                vec![
                    Box::new(self.workspace),
                    Box::new(children.0),
                    Box::new(children.1),
                ],
            ),
            Call::new(
                locks::ABOVE,
                vec![Box::new(self.workspace), Box::new(self.collections.clone())],
            ),
        ];
        calls.extend(self.busy.calls(self.workspace, &self.collections));
        calls
    }
}

impl Loaded {
    fn read(answers: &[Vec<Row>]) -> Result<Self, Error> {
        let [
            collections,
            heads,
            objects,
            uids,
            children,
            locks,
            busy @ ..,
        ] = answers
        else {
            return Err(Error::backend("an answer is missing"));
        };
        let mut loaded = Self::default();
        for row in collections {
            let locked = Locked {
                kind: collection_kind(row, 1)?,
                sequence: natural(row, 3)?,
                audited: AuditHash::START,
                busy: LockedBusy::default(),
            };
            loaded.collections.insert(id(row)?, locked);
        }
        for row in heads {
            if let Some(locked) = loaded.collections.get_mut(&id(row)?) {
                locked.audited = audit_hash(row, 1)?;
            }
        }
        for row in objects {
            loaded.objects.insert(spot(row)?, Stored::read(row)?);
        }
        for row in uids {
            let (collection, name) = spot(row)?;
            if let Some(uid) = optional(row, 2, Uid::from_stored)? {
                loaded.uids.insert((collection, uid), name);
            }
        }
        for row in children {
            loaded.children.insert(spot(row)?);
        }
        for row in locks {
            let (collection, near) = locks::nearby(row)?;
            loaded.locks.entry(collection).or_default().push(near);
        }
        loaded.read_busy(busy)?;
        Ok(loaded)
    }

    /// What is known of the time of a collection; nothing if it is not locked,
    /// as those in the trash are not.
    fn busy_of(&mut self, row: &Row) -> Result<Option<&mut LockedBusy>, Error> {
        let locked = self.collections.get_mut(&id(row)?);
        Ok(locked.map(|locked| &mut locked.busy))
    }

    fn read_busy(&mut self, answers: &[Vec<Row>]) -> Result<(), Error> {
        let [standings, times, holds] = answers else {
            return Err(Error::backend("an answer is missing"));
        };
        for row in standings {
            if let Some(busy) = self.busy_of(row)? {
                busy.read_standing(row)?;
            }
        }
        for row in times {
            if let Some(busy) = self.busy_of(row)? {
                busy.read_times(row)?;
            }
        }
        for row in holds {
            if let Some(busy) = self.busy_of(row)? {
                busy.read_hold(row)?;
            }
        }
        Ok(())
    }
}

impl Stored {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            current: CurrentVersion {
                etag: etag(row, 2)?,
                schedule_tag: schedule_tag(row, 3)?,
            },
            content_type: row.try_get(4)?,
            sequence: natural(row, 5)?,
            created: row.try_get(6)?,
            uid: optional(row, 7, Uid::from_stored)?,
        })
    }
}

/// Collections and names, in columns.
fn columns(spots: &[Spot]) -> (Vec<i64>, Vec<&str>) {
    let spots = spots.iter();
    spots
        .map(|(id, name)| (id.into_raw(), name.as_str()))
        .unzip()
}

fn id(row: &Row) -> Result<CollectionId, Error> {
    Ok(CollectionId::from_raw(row.try_get(0)?))
}

fn spot(row: &Row) -> Result<Spot, Error> {
    Ok((id(row)?, ObjectName::from_stored(row.try_get(1)?)))
}
