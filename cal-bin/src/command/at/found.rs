//! Finding what was there.

use cal_core::Reader;
use cal_store::{
    CollectionId, CollectionKind, Error as StoreError, ObjectName, PageRequest, PastCollection,
    PastEntry, Principal, PrincipalName, Store, Timestamp, VersionBody,
};

use crate::error::Error;
use crate::storage::{self, rfc3339};

/// What is asked for at a time.
const PAGE: usize = 500;

/// Whose calendars are looked at, and when.
pub(super) struct Scene<'s> {
    pub(super) store: &'s Store,
    pub(super) user: Principal,
    pub(super) at: Timestamp,
}

impl<'s> Scene<'s> {
    pub(super) async fn new(
        store: &'s Store,
        user: PrincipalName,
        at: Timestamp,
    ) -> Result<Scene<'s>, Error> {
        let user = storage::existing_user(store, &user).await?;
        Ok(Scene { store, user, at })
    }

    /// The calendars at the top of the user's home, as they were.
    pub(super) async fn calendars(&self) -> Result<Vec<PastCollection>, Error> {
        let home = self.store.home(self.user.id).await?;
        let mut calendars = Vec::new();
        let mut request = Some(PageRequest::first(PAGE));
        while let Some(page) = request {
            let page = self.store.children_at(home.id, self.at, page).await;
            let page = page.map_err(|error| self.explained(error))?;
            let is_calendar = |c: &PastCollection| matches!(c.kind, CollectionKind::Calendar(_));
            calendars.extend(page.items.into_iter().filter(is_calendar));
            request = page.next.map(|next| PageRequest::after(next, PAGE));
        }
        Ok(calendars)
    }

    /// The calendar that had this name in its URL, else the one that people saw under it.
    pub(super) async fn calendar(&self, name: &str) -> Result<PastCollection, Error> {
        let mut calendars = self.calendars().await?;
        if let Some(found) = calendars.iter().position(|it| it.name.as_str() == name) {
            return Ok(calendars.swap_remove(found));
        }
        calendars.retain(|it| it.details.display_name.as_deref() == Some(name));
        if calendars.len() > 1 {
            let slugs: Vec<&str> = calendars.iter().map(|it| it.name.as_str()).collect();
            return Err(Error::Usage(format!(
                "several calendars were called {name}; say which by its name in the URL: {}",
                slugs.join(", ")
            )));
        }
        calendars.pop().ok_or_else(|| {
            let (user, at) = (&self.user.name, rfc3339(self.at));
            Error::Input(format!("{user} had no calendar {name} at {at}"))
        })
    }

    /// The objects of a calendar, as they were.
    pub(super) async fn entries(&self, calendar: CollectionId) -> Result<Vec<PastEntry>, Error> {
        let mut entries = Vec::new();
        let mut request = Some(PageRequest::first(PAGE));
        while let Some(page) = request {
            let then = self.store.collection_at(calendar, self.at, page).await;
            let then = then.map_err(|error| self.explained(error))?;
            let page = then.ok_or(StoreError::NotFound)?.entries;
            entries.extend(page.items);
            request = page.next.map(|next| PageRequest::after(next, PAGE));
        }
        Ok(entries)
    }

    /// The bytes of an object, as they were.
    pub(super) async fn version(
        &self,
        calendar: CollectionId,
        entry: &PastEntry,
    ) -> Result<VersionBody, Error> {
        let found = self
            .store
            .version(calendar, &entry.name, entry.version.id)
            .await?;
        Ok(found.ok_or(StoreError::NotFound)?)
    }

    /// The object of a calendar that had a UID.
    pub(super) async fn object(
        &self,
        calendar: &PastCollection,
        uid: &str,
    ) -> Result<(ObjectName, VersionBody), Error> {
        for entry in self.entries(calendar.id).await? {
            let version = self.version(calendar.id, &entry).await?;
            let read = Reader::new().read(version.body.clone()).calendar;
            if read.objects().iter().any(|object| object.uid() == uid) {
                return Ok((entry.name, version));
            }
        }
        let (name, at) = (&calendar.name, rfc3339(self.at));
        Err(Error::Input(format!(
            "there was no object with UID {uid} in {name} at {at}"
        )))
    }

    /// An error of the store, with the instant from which on it could answer.
    pub(super) fn explained(&self, error: StoreError) -> Error {
        match error {
            StoreError::Forgotten { known_since } => Error::Input(format!(
                "what was at {} is not known any more: history begins at {}",
                rfc3339(self.at),
                rfc3339(known_since)
            )),
            other => other.into(),
        }
    }
}
