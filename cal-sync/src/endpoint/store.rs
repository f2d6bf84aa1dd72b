//! A calendar of our own store.

use async_trait::async_trait;
use cal_store::{
    Cause, CollectionId, CollectionKind, Delete, MemberState, ObjectName, Precondition, Put, Store,
    Via,
};

use super::naming::object_names;
use super::{
    Access, Capabilities, Description, Endpoint, Entry, Fetched, Listing, Place, Run, Written,
};
use crate::{Body, Error, Identity, ItemId, Object, Uid, Version};

/// A calendar of a [`Store`]: ids are object names, versions are ETags, and
/// every write goes through the store's one write path with the cause
/// [`Via::Sync`].
///
/// Its identity includes the epoch of the store: after a restore from a backup
/// a mapping is not continued as if nothing had happened.
#[derive(Clone, Debug)]
pub struct StoreCalendar {
    store: Store,
    calendar: CollectionId,
    access: Access,
}

/// How many objects are asked for at a time.
const PAGE: usize = 1000;

impl StoreCalendar {
    /// The calendar with this id.
    #[must_use]
    pub fn new(store: Store, calendar: CollectionId) -> Self {
        Self {
            store,
            calendar,
            access: Access::ReadWrite,
        }
    }

    /// With this access.
    #[must_use]
    pub fn with_access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    async fn put(&self, put: Put, run: &Run) -> Result<Written, Error> {
        let id = ItemId::new(put.name.as_str());
        let stored = self.store.put(put, &cause(run)).await.map_err(refused)?;
        Ok(Written {
            id,
            version: Some(Version::new(stored.etag.to_string())),
        })
    }
}

#[async_trait]
impl Endpoint for StoreCalendar {
    async fn describe(&self) -> Result<Description, Error> {
        let found = self.store.collection(self.calendar).await;
        let collection = found
            .map_err(refused)?
            .ok_or_else(|| Error::Unreachable("there is no such calendar".into()))?;
        let CollectionKind::Calendar(components) = collection.kind else {
            return Err(Error::Failed("the collection is not a calendar".into()));
        };
        Ok(Description {
            identity: Identity::new(format!(
                "store:{:x}:{}",
                self.store.epoch().into_raw(),
                self.calendar
            )),
            name: collection
                .details
                .display_name
                .unwrap_or_else(|| collection.name.to_string()),
            capabilities: Capabilities::all()
                .with_access(self.access)
                .with_components(components.iter().map(cal_store::ComponentKind::as_str))
                .with_max_size(self.store.limits().object_bytes),
        })
    }

    /// Reads the log from its start, which has each object once in its latest
    /// state, whatever is written while it is paged through.
    async fn list(&self) -> Result<Listing, Error> {
        let mut entries = std::collections::BTreeMap::new();
        let mut since = None;
        loop {
            let page = self.store.changes(self.calendar, since.as_ref(), PAGE);
            let page = page.await.map_err(refused)?;
            for change in page.changes {
                match change.state {
                    MemberState::Object(entry) => {
                        let version = Version::new(entry.etag.to_string());
                        entries.insert(ItemId::new(change.name.as_str()), version);
                    }
                    MemberState::Collection(_) => {}
                    MemberState::Gone => {
                        entries.remove(change.name.as_str());
                    }
                }
            }
            since = Some(page.token);
            if !page.more {
                break;
            }
        }
        let entry = |(id, version)| Entry {
            place: Place { id, version },
            uid: None,
        };
        Ok(Listing::complete(entries.into_iter().map(entry).collect()))
    }

    async fn fetch(&self, ids: &[ItemId]) -> Result<Vec<Fetched>, Error> {
        let mut fetched = Vec::with_capacity(ids.len());
        for ids in ids.chunks(PAGE.min(self.store.limits().page_items.max(1))) {
            let names: Vec<_> = ids
                .iter()
                .map(|id| ObjectName::from_stored(id.as_str()))
                .collect();
            let objects = self.store.objects(self.calendar, &names).await;
            for object in objects.map_err(refused)?.into_iter().flatten() {
                fetched.push(Fetched {
                    place: Place {
                        id: ItemId::new(object.entry.name.as_str()),
                        version: Version::new(object.entry.etag.to_string()),
                    },
                    body: Body::from(object.body.as_ref()),
                });
            }
        }
        Ok(fetched)
    }

    async fn create(&self, uid: &Uid, body: &Body, run: &Run) -> Result<Written, Error> {
        let mut occupied = Error::Occupied { holder: None };
        for name in object_names(uid) {
            let name = ObjectName::new(name).map_err(refused)?;
            let holder = self.store.object(self.calendar, &name).await;
            if let Some(holder) = holder.map_err(refused)? {
                // Something else may have the name by chance.
                occupied = Error::Occupied {
                    holder: Some(ItemId::new(name.as_str())),
                };
                let other = Object::read(Body::from(holder.body.as_ref()));
                if other.is_ok_and(|other| other.uid() == uid) {
                    break;
                }
                continue;
            }
            let put = Put::new(self.calendar, name, body.as_bytes().to_vec())
                .with_precondition(Precondition::Absent);
            return match self.put(put, run).await {
                Err(Error::Raced) => Err(Error::Occupied { holder: None }),
                done => done,
            };
        }
        Err(occupied)
    }

    async fn update(&self, place: &Place, body: &Body, run: &Run) -> Result<Written, Error> {
        let name = ObjectName::from_stored(place.id.as_str());
        let put = Put::new(self.calendar, name, body.as_bytes().to_vec())
            .with_precondition(unchanged(place)?);
        self.put(put, run).await
    }

    async fn delete(&self, place: &Place, run: &Run) -> Result<(), Error> {
        let name = ObjectName::from_stored(place.id.as_str());
        let delete = Delete::new(self.calendar, name).with_precondition(unchanged(place)?);
        self.store
            .delete(delete, &cause(run))
            .await
            .map(drop)
            .map_err(refused)
    }
}

fn cause(run: &Run) -> Cause {
    Cause::new(Via::Sync, run.at.into()).with_note(run.id.clone())
}

fn unchanged(place: &Place) -> Result<Precondition, Error> {
    let etag = place.version.as_str().parse().map_err(refused)?;
    Ok(Precondition::Matches(vec![etag]))
}

fn refused(error: cal_store::Error) -> Error {
    use cal_store::Error as Store;
    match error {
        Store::PreconditionFailed { current: Some(_) } | Store::Exists => Error::Raced,
        Store::PreconditionFailed { current: None } | Store::NotFound => Error::Gone,
        Store::UidConflict { holder } => Error::Occupied {
            holder: Some(ItemId::new(holder.as_str())),
        },
        Store::InvalidObject(_)
        | Store::OtherUid { .. }
        | Store::UnsupportedComponent { .. }
        | Store::TooLarge { .. }
        | Store::InvalidName { .. }
        | Store::Limit { .. } => Error::Refused {
            reason: crate::error::chain(&error),
        },
        Store::ParentMissing => Error::Unreachable(error.into()),
        _ => Error::Failed(error.into()),
    }
}
