//! An endpoint in memory that behaves as badly as servers do.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use cal_core::{Calendar, Moment, PropertyKind};
use chrono::DateTime;

use crate::endpoint::{
    Capabilities, Completeness, Description, Endpoint, Entry, Fetched, Listing, Place, Run, Written,
};
use crate::{Body, Error, Identity, ItemId, Uid, Version};

/// A collection of objects in memory: any bytes under any id, several with one
/// UID if someone puts them there. Clones share it.
#[derive(Clone, Debug)]
pub struct Collection {
    name: String,
    habit: Habit,
    shelf: Arc<Mutex<Shelf>>,
    capabilities: Capabilities,
}

/// What a server does with what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// It keeps the bytes and says their version.
    Faithful,
    /// It sets DTSTAMP, LAST-MODIFIED and SEQUENCE as it likes, and does not
    /// say the version of what it was given.
    Rewriting,
    /// It drops LOCATION, and does not say the version of what it was given.
    Forgetful,
}

#[derive(Debug, Default)]
struct Shelf {
    objects: BTreeMap<ItemId, (u64, Body)>,
    versions: u64,
    partial: bool,
}

impl Collection {
    /// An empty collection.
    #[must_use]
    pub fn new(name: &str, habit: Habit) -> Self {
        Self {
            name: name.to_owned(),
            habit,
            shelf: Arc::default(),
            capabilities: Capabilities::all(),
        }
    }

    /// With these capabilities.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// The same objects under another name, as if the collection had been
    /// replaced by another.
    #[must_use]
    pub fn renamed(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self.clone()
        }
    }

    /// Puts an object there, as its user does.
    pub fn put(&self, id: &str, body: impl Into<Body>) {
        self.shelf().put(ItemId::new(id), body.into());
    }

    /// Takes an object away, as its user does; says whether it was there.
    #[must_use]
    pub fn take(&self, id: &str) -> bool {
        self.shelf().objects.remove(id).is_some()
    }

    /// Takes all objects away.
    pub fn clear(&self) {
        self.shelf().objects.clear();
    }

    /// The objects by id.
    #[must_use]
    pub fn bodies(&self) -> BTreeMap<String, Body> {
        let shelf = self.shelf();
        let bodies = shelf.objects.iter();
        bodies
            .map(|(id, (_, body))| (id.to_string(), body.clone()))
            .collect()
    }

    /// Whether its next listings lack what they lack: while it is set, every
    /// other object is missing, and the listing says so.
    pub fn set_partial(&self, partial: bool) {
        self.shelf().partial = partial;
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, id: ItemId, body: &Body) -> Written {
        let mut shelf = self.shelf();
        match self.habit {
            Habit::Faithful => {
                let version = shelf.put(id.clone(), body.clone());
                Written {
                    id,
                    version: Some(version),
                }
            }
            habit => {
                let rewritten = rewritten(body, habit, shelf.versions);
                shelf.put(id.clone(), rewritten);
                Written { id, version: None }
            }
        }
    }
}

impl Shelf {
    fn put(&mut self, id: ItemId, body: Body) -> Version {
        self.versions += 1;
        self.objects.insert(id, (self.versions, body));
        Version::new(self.versions.to_string())
    }

    fn check(&self, place: &Place) -> Result<(), Error> {
        match self.objects.get(&place.id) {
            None => Err(Error::Gone),
            Some((version, _)) if version.to_string() == place.version.as_str() => Ok(()),
            Some(_) => Err(Error::Raced),
        }
    }
}

/// What a server with this habit makes of an object.
fn rewritten(body: &Body, habit: Habit, clock: u64) -> Body {
    let mut calendar = Calendar::read(body.as_bytes()).calendar;
    let ids: Vec<_> = calendar
        .events()
        .map(|event| event.component().id())
        .collect();
    let clock = i64::try_from(clock).unwrap_or(0);
    let stamp = DateTime::from_timestamp(1_900_000_000 + clock, 0).unwrap_or_default();
    for id in ids {
        let Some(mut component) = calendar.component_mut(id) else {
            continue;
        };
        match habit {
            Habit::Faithful => {}
            Habit::Rewriting => {
                component.set_moment(PropertyKind::DtStamp, &Moment::Utc(stamp.naive_utc()));
            }
            Habit::Forgetful => {
                component.remove("LOCATION");
            }
        }
    }
    Body::from(calendar.to_bytes().to_vec())
}

#[async_trait]
impl Endpoint for Collection {
    async fn describe(&self) -> Result<Description, Error> {
        Ok(Description {
            identity: Identity::new(format!("memory:{}", self.name)),
            name: self.name.clone(),
            capabilities: self.capabilities.clone(),
        })
    }

    async fn list(&self) -> Result<Listing, Error> {
        let shelf = self.shelf();
        let step = if shelf.partial { 2 } else { 1 };
        let entries = shelf.objects.iter().step_by(step);
        let entries = entries.map(|(id, (version, _))| Entry {
            place: Place {
                id: id.clone(),
                version: Version::new(version.to_string()),
            },
            uid: None,
        });
        Ok(Listing {
            entries: entries.collect(),
            completeness: if shelf.partial {
                Completeness::Partial("cut short".to_owned())
            } else {
                Completeness::Complete
            },
        })
    }

    async fn fetch(&self, ids: &[ItemId]) -> Result<Vec<Fetched>, Error> {
        let shelf = self.shelf();
        let fetched = ids.iter().filter_map(|id| {
            let (version, body) = shelf.objects.get(id)?;
            Some(Fetched {
                place: Place {
                    id: id.clone(),
                    version: Version::new(version.to_string()),
                },
                body: body.clone(),
            })
        });
        Ok(fetched.collect())
    }

    async fn create(&self, uid: &Uid, body: &Body, _run: &Run) -> Result<Written, Error> {
        let id = ItemId::new(uid.as_str());
        if self.shelf().objects.contains_key(&id) {
            return Err(Error::Occupied { holder: Some(id) });
        }
        Ok(self.write(id, body))
    }

    async fn update(&self, place: &Place, body: &Body, _run: &Run) -> Result<Written, Error> {
        self.shelf().check(place)?;
        Ok(self.write(place.id.clone(), body))
    }

    async fn delete(&self, place: &Place, _run: &Run) -> Result<(), Error> {
        let mut shelf = self.shelf();
        shelf.check(place)?;
        shelf.objects.remove(&place.id);
        Ok(())
    }
}
