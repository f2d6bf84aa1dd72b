//! A principal with calendars, and objects to put into them.

use bytes::Bytes;

use super::Broken;
use crate::{
    Cause, Collection, CollectionId, CollectionName, Error, NewCollection, NewPrincipal,
    ObjectName, PageRequest, Principal, PrincipalName, Put, Store, Stored, SyncPage, SyncToken,
    Timestamp, Via,
};

/// The instant at which the checks begin: 2026-09-21T14:13:20Z.
pub(super) const BEGINNING: i64 = 1_790_000_000_000;

pub(super) struct Scene<'s> {
    pub(super) store: &'s Store,
    pub(super) ada: Principal,
    pub(super) home: Collection,
    pub(super) calendar: CollectionId,
}

impl<'s> Scene<'s> {
    pub(super) async fn new(store: &'s Store) -> Result<Self, Broken> {
        let new = NewPrincipal::new(PrincipalName::new("ada")?);
        let ada = store.create_principal(new, &cause(0)).await?;
        let home = store.home(ada.id).await?;
        let calendar = store
            .child(home.id, &CollectionName::new("calendar")?)
            .await?;
        let calendar = calendar.ok_or_else(|| Broken::new("no calendar was provisioned"))?;
        Ok(Self {
            store,
            ada,
            home,
            calendar: calendar.id,
        })
    }

    /// The calendar for to-dos.
    pub(super) async fn tasks(&self) -> Result<CollectionId, Broken> {
        let name = CollectionName::new("tasks")?;
        let tasks = self.store.child(self.home.id, &name).await?;
        let tasks = tasks.ok_or_else(|| Broken::new("no calendar for to-dos"))?;
        Ok(tasks.id)
    }

    /// A folder in the home.
    pub(super) async fn folder(&self, name: &str) -> Result<CollectionId, Broken> {
        let new = NewCollection::plain(self.home.id, CollectionName::new(name)?);
        Ok(self.store.create_collection(new, &cause(0)).await?.id)
    }

    /// Stores an event of this UID under `{uid}.ics`.
    pub(super) async fn put(&self, uid: &str, summary: &str) -> Result<Stored, Broken> {
        let put = Put::new(self.calendar, ics(uid)?, event(uid, summary));
        Ok(self.store.put(put, &cause(1)).await?)
    }

    pub(super) async fn delete(&self, uid: &str) -> Result<SyncToken, Broken> {
        let delete = crate::Delete::new(self.calendar, ics(uid)?);
        Ok(self.store.delete(delete, &cause(2)).await?)
    }

    pub(super) async fn token(&self) -> Result<SyncToken, Broken> {
        let found = self.store.collection(self.calendar).await?;
        let found = found.ok_or_else(|| Broken::new("the calendar is gone"))?;
        Ok(found.token)
    }

    pub(super) async fn changes(&self, since: Option<&SyncToken>) -> Result<SyncPage, Broken> {
        Ok(self.store.changes(self.calendar, since, 10_000).await?)
    }

    /// The names in the calendar.
    pub(super) async fn names(&self) -> Result<Vec<String>, Broken> {
        let page = PageRequest::first(10_000);
        let entries = self.store.entries(self.calendar, page).await?;
        let names = entries.items.iter().map(|entry| entry.name.to_string());
        Ok(names.collect())
    }
}

/// A write by a client, so many seconds after [`BEGINNING`].
pub(super) fn cause(seconds: i64) -> Cause {
    Cause::new(Via::Dav, at(seconds))
}

/// So many seconds after [`BEGINNING`].
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(BEGINNING + seconds * 1000)
}

/// The name under which the checks store an object.
pub(super) fn ics(uid: &str) -> Result<ObjectName, Error> {
    ObjectName::new(format!("{uid}.ics"))
}

/// An event at noon.
pub(super) fn event(uid: &str, summary: &str) -> Bytes {
    timed_event(
        uid,
        &format!("DTSTART:20260921T120000Z\r\nSUMMARY:{summary}"),
    )
}

/// An event with these lines.
pub(super) fn timed_event(uid: &str, lines: &str) -> Bytes {
    component("VEVENT", uid, lines)
}

/// An object of one component.
pub(super) fn component(kind: &str, uid: &str, lines: &str) -> Bytes {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:{kind}\r\nUID:{uid}\r\n\
         DTSTAMP:20260901T080000Z\r\n{lines}\r\nEND:{kind}\r\nEND:VCALENDAR\r\n"
    );
    text.into()
}
