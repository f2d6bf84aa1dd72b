//! Objects, held against what the calendar has and stored.

use std::collections::HashMap;

use bytes::Bytes;
use cal_core::{Component, PropertyKind, Reader, validate_resource};
use cal_store::{
    Cause, Collection, CollectionKind, CollectionName, ComponentKind, Components, ETag, Effect,
    Error as StoreError, NewCollection, ObjectName, Precondition, Principal, Put, Store, Uid, Via,
};

use super::object::{ImportObject, Revision};
use super::report::Report;
use crate::command::calendars;
use crate::error::{Error, with_causes};
use crate::storage;

/// Objects that are stored in one transaction.
const BATCH: usize = 256;

/// Whether anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Write,
    /// Everything is decided and nothing done.
    Pretend,
}

/// Stores objects in a calendar, many at a time.
pub(super) struct Writer<'a> {
    store: &'a Store,
    /// `None` where the calendar is not there and nothing may be written.
    calendar: Option<Collection>,
    cause: Cause,
    mode: Mode,
    /// The name in URLs of a calendar that was made and could not have its own
    /// name there.
    other_name: Option<CollectionName>,
    /// What is to be stored, by UID: a second object of one has to see the first.
    waiting: HashMap<Uid, (ImportObject, Place)>,
}

/// Where an object goes.
#[derive(Debug)]
enum Place {
    New,
    /// In the place of this version.
    Instead(ObjectName, ETag),
}

/// What is to be done with an object.
enum Decision {
    Store(Place),
    Unchanged,
    Skip(String),
}

/// The object of a UID as the calendar has it, or would have it by now.
struct Current {
    body: Bytes,
    place: Place,
}

impl<'a> Writer<'a> {
    /// Finds the calendar by name or display name, or makes it.
    pub(super) async fn open(
        store: &'a Store,
        user: &Principal,
        name: &str,
        mode: Mode,
    ) -> Result<Writer<'a>, Error> {
        let cause = storage::cause(Via::Import, Some(&user.name));
        let found = calendars::find(store, user, name).await?;
        let slug = CollectionName::new(name.replace(['/', '\0'], "-"))?;
        let other_name = (found.is_none() && slug.as_str() != name).then(|| slug.clone());
        let calendar = match (found, mode) {
            (Some(calendar), _) => Some(calendar),
            (None, Mode::Pretend) => None,
            (None, Mode::Write) => {
                let home = store.home(user.id).await?;
                let taken = format!(
                    "a calendar {name} cannot be made: another has the name {slug} in its URL"
                );
                let new = NewCollection::calendar(home.id, slug, Components::all())
                    .with_display_name(name);
                let made = store.create_collection(new, &cause).await;
                Some(made.map_err(|error| match error {
                    StoreError::Exists => Error::Input(taken),
                    other => other.into(),
                })?)
            }
        };
        if let Some(calendar) = &calendar
            && !matches!(calendar.kind, CollectionKind::Calendar(_))
        {
            return Err(Error::Input(format!("{name} is a folder, not a calendar")));
        }
        Ok(Writer {
            store,
            calendar,
            cause,
            mode,
            other_name,
            waiting: HashMap::new(),
        })
    }

    /// The name in URLs of the calendar, where it was made just now and is not
    /// called there what it was to be called.
    pub(super) fn other_name(&self) -> Option<&CollectionName> {
        self.other_name.as_ref()
    }

    /// Decides about an object and stores it, now or with others.
    pub(super) async fn add(
        &mut self,
        object: ImportObject,
        report: &mut Report,
    ) -> Result<(), Error> {
        let full = self.waiting.len() >= BATCH || self.waiting.contains_key(&object.uid);
        if full && self.mode == Mode::Write {
            self.finish(report).await?;
        }
        match self.decide(&object).await? {
            Decision::Unchanged => report.unchanged += 1,
            Decision::Skip(reason) => report.skipped.extend(object.skipped(&reason)),
            Decision::Store(place) => {
                if self.mode == Mode::Pretend {
                    match place {
                        Place::New => report.created += 1,
                        Place::Instead(..) => report.updated += 1,
                    }
                }
                self.waiting.insert(object.uid.clone(), (object, place));
            }
        }
        Ok(())
    }

    /// Stores what waits.
    pub(super) async fn finish(&mut self, report: &mut Report) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some(calendar) = self.calendar.as_ref().filter(|_| self.mode == Mode::Write) else {
            return Ok(());
        };
        let mut objects = Vec::with_capacity(waiting.len());
        let mut puts = Vec::with_capacity(waiting.len());
        for (object, place) in waiting.into_values() {
            puts.push(self.put(calendar, &object, place).await?);
            objects.push(object);
        }
        let results = self.store.put_each(puts, &self.cause).await;
        for (object, result) in objects.iter().zip(results) {
            match result.map(|stored| stored.effect) {
                Ok(Effect::Created) => report.created += 1,
                Ok(Effect::Unchanged) => report.unchanged += 1,
                Ok(_) => report.updated += 1,
                Err(
                    error @ (StoreError::Backend(_)
                    | StoreError::Unavailable
                    | StoreError::OutcomeUnknown),
                ) => return Err(error.into()),
                Err(error) => report.skipped.extend(object.skipped(&with_causes(&error))),
            }
        }
        Ok(())
    }

    /// The write of an object, on the condition that nobody was faster.
    async fn put(
        &self,
        calendar: &Collection,
        object: &ImportObject,
        place: Place,
    ) -> Result<Put, Error> {
        let (name, precondition) = match place {
            Place::Instead(name, version) => (name, Precondition::Matches(vec![version])),
            Place::New => {
                let plain = object.name()?;
                let taken = self.store.object(calendar.id, &plain).await?.is_some();
                let name = if taken { object.digest_name()? } else { plain };
                (name, Precondition::Absent)
            }
        };
        let put = Put::new(calendar.id, name, object.body.clone());
        Ok(put.with_precondition(precondition))
    }

    async fn decide(&self, object: &ImportObject) -> Result<Decision, Error> {
        if let Some(current) = self.current(&object.uid).await? {
            return Ok(match standing(object, &current.body) {
                Standing::Same => Decision::Unchanged,
                Standing::Keep(reason) => Decision::Skip(reason.to_owned()),
                Standing::Replace => Decision::Store(current.place),
            });
        }
        Ok(match self.objection(object) {
            Some(reason) => Decision::Skip(reason),
            None => Decision::Store(Place::New),
        })
    }

    /// What the calendar has under a UID; where we pretend, with what we
    /// pretended to store.
    async fn current(&self, uid: &Uid) -> Result<Option<Current>, Error> {
        let pretended = self.waiting.get(uid);
        let stored = match &self.calendar {
            Some(calendar) => self.store.object_by_uid(calendar.id, uid).await?,
            None => None,
        };
        let place = |stored: &Option<cal_store::Object>| match stored {
            Some(object) => Place::Instead(object.entry.name.clone(), object.entry.etag),
            None => Place::Instead(ObjectName::from_stored("pretended"), ETag::of(b"")),
        };
        Ok(match (pretended, stored) {
            (Some((object, _)), stored) => Some(Current {
                body: object.body.clone(),
                place: place(&stored),
            }),
            (None, Some(stored)) => Some(Current {
                body: stored.body.clone(),
                place: place(&Some(stored)),
            }),
            (None, None) => None,
        })
    }

    /// What the store would say, where it is not asked.
    fn objection(&self, object: &ImportObject) -> Option<String> {
        if self.mode == Mode::Write {
            return None;
        }
        let reading = Reader::new().read(object.body.clone());
        if let Err(fault) = validate_resource(&reading.calendar) {
            return Some(format!("not a valid calendar object: {fault}"));
        }
        let CollectionKind::Calendar(taken) = self.calendar.as_ref()?.kind else {
            return None;
        };
        let kind: ComponentKind = object.component.parse().ok()?;
        let refused = !taken.contains(kind);
        refused.then(|| format!("the calendar takes {taken} only"))
    }
}

/// How an object stands against the one that the calendar has.
enum Standing {
    Same,
    Replace,
    Keep(&'static str),
}

fn standing(object: &ImportObject, current: &Bytes) -> Standing {
    if object.body == current {
        return Standing::Same;
    }
    let reading = Reader::new().read(current.clone());
    let of_uid: Vec<Component<'_>> = reading
        .calendar
        .components()
        .filter(|component| component.uid().as_deref() == Some(object.uid.as_str()))
        .collect();
    let has_master = of_uid
        .iter()
        .any(|component| component.first(PropertyKind::RecurrenceId).is_none());
    let revision = of_uid
        .iter()
        .map(|component| Revision::of(*component))
        .max();
    if has_master && !object.has_master {
        Standing::Keep("the calendar has the whole series, this is only a part of it")
    } else if revision.is_some_and(|current| current.sequence > object.revision.sequence) {
        Standing::Keep("the calendar has a later version, by SEQUENCE")
    } else if revision.is_some_and(|current| current > object.revision) {
        Standing::Keep("the calendar has a later version, by DTSTAMP")
    } else {
        Standing::Replace
    }
}
