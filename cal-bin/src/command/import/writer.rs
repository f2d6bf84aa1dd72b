//! Objects, held against what the calendar has and stored.

use std::collections::HashSet;

use cal_core::{Calendar, Component, PropertyKind};
use cal_store::{
    Cause, Collection, CollectionKind, CollectionName, Components, Effect, Error as StoreError,
    NewCollection, Object, Precondition, Principal, Put, Store, Uid, Via,
};

use super::object::{ImportObject, Revision};
use super::report::Report;
use crate::command::calendars;
use crate::error::Error;
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
    waiting: Vec<(ImportObject, Put)>,
    /// The UIDs that wait: a second object of one has to see the first.
    waiting_uids: HashSet<Uid>,
}

/// What is to be done with an object.
enum Decision {
    Store(Put),
    Unchanged,
    Skip(String),
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
        let calendar = match (found, mode) {
            (Some(calendar), _) => Some(calendar),
            (None, Mode::Pretend) => None,
            (None, Mode::Write) => {
                let home = store.home(user.id).await?;
                let slug = CollectionName::new(name.replace(['/', '\0'], "-"))?;
                let new = NewCollection::calendar(home.id, slug, Components::all())
                    .with_display_name(name);
                Some(store.create_collection(new, &cause).await?)
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
            waiting: Vec::new(),
            waiting_uids: HashSet::new(),
        })
    }

    /// Decides about an object and stores it, now or with others.
    pub(super) async fn add(
        &mut self,
        object: ImportObject,
        report: &mut Report,
    ) -> Result<(), Error> {
        if self.waiting.len() >= BATCH || self.waiting_uids.contains(&object.uid) {
            self.finish(report).await?;
        }
        match self.decide(&object).await? {
            Decision::Unchanged => report.unchanged += 1,
            Decision::Skip(reason) => report.skipped.extend(object.skipped(&reason)),
            Decision::Store(put) => {
                self.waiting_uids.insert(object.uid.clone());
                self.waiting.push((object, put));
            }
        }
        Ok(())
    }

    /// Stores what waits.
    pub(super) async fn finish(&mut self, report: &mut Report) -> Result<(), Error> {
        self.waiting_uids.clear();
        let waiting = std::mem::take(&mut self.waiting);
        if self.mode == Mode::Pretend {
            for (_, put) in &waiting {
                match put.precondition {
                    Precondition::Absent => report.created += 1,
                    _ => report.updated += 1,
                }
            }
            return Ok(());
        }
        let (objects, puts): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
        let results = self.store.put_each(puts, &self.cause).await;
        for (object, result) in objects.iter().zip(results) {
            match result.map(|stored| stored.effect) {
                Ok(Effect::Created) => report.created += 1,
                Ok(Effect::Unchanged) => report.unchanged += 1,
                Ok(_) => report.updated += 1,
                Err(error @ StoreError::Backend(_)) => return Err(error.into()),
                Err(error) => report.skipped.extend(object.skipped(&reason(&error))),
            }
        }
        Ok(())
    }

    async fn decide(&self, object: &ImportObject) -> Result<Decision, Error> {
        let put = |calendar: &Collection, name| Put::new(calendar.id, name, object.body.clone());
        let Some(calendar) = &self.calendar else {
            let nowhere = cal_store::CollectionId::from_raw(1);
            let put = Put::new(nowhere, object.digest_name()?, object.body.clone());
            return Ok(Decision::Store(put.with_precondition(Precondition::Absent)));
        };
        if let Some(stored) = self.store.object_by_uid(calendar.id, &object.uid).await? {
            return Ok(match superseded(object, &stored) {
                Standing::Same => Decision::Unchanged,
                Standing::Keep(reason) => Decision::Skip(reason.to_owned()),
                Standing::Replace => {
                    let version = Precondition::Matches(vec![stored.entry.etag]);
                    let put = put(calendar, stored.entry.name.clone());
                    Decision::Store(put.with_precondition(version))
                }
            });
        }
        let mut name = object.name()?;
        if self.store.object(calendar.id, &name).await?.is_some() {
            name = object.digest_name()?;
        }
        Ok(Decision::Store(
            put(calendar, name).with_precondition(Precondition::Absent),
        ))
    }
}

/// How an object stands against the one that the calendar has.
enum Standing {
    Same,
    Replace,
    Keep(&'static str),
}

fn superseded(object: &ImportObject, stored: &Object) -> Standing {
    if object.body == stored.body {
        return Standing::Same;
    }
    let reading = Calendar::read(&stored.body);
    let of_uid: Vec<Component<'_>> = reading
        .calendar
        .components()
        .filter(|component| {
            component.text(PropertyKind::Uid).as_deref() == Some(object.uid.as_str())
        })
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
    } else if revision.is_some_and(|stored| stored.sequence > object.revision.sequence) {
        Standing::Keep("the calendar has a later version, by SEQUENCE")
    } else if revision.is_some_and(|stored| stored > object.revision) {
        Standing::Keep("the calendar has a later version, by DTSTAMP")
    } else {
        Standing::Replace
    }
}

/// The refusal of the store with its causes.
fn reason(error: &StoreError) -> String {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason = format!("{reason}: {cause}");
        source = cause.source();
    }
    reason
}
