//! Managed attachments (RFC 8607): files in a collection of their own, one for each principal,
//! named by the objects of their calendars.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use cal_core::{Calendar, PropertyKind};

use super::{Delete, Store};
use crate::id::random_positive;
use crate::{
    Cause, Collection, CollectionId, CollectionKind, CollectionName, ETag, Error, NewCollection,
    ObjectName, PageRequest, Precondition, PrincipalId, Span, SpanQuery, Timestamp,
};

/// Objects that are read at a time.
const PAGE: usize = 200;

impl Store {
    /// The name, in the home of each principal that has attachments, of the collection of
    /// them.
    pub const ATTACHMENTS: &'static str = "managed-attachments";

    /// The collection of the managed attachments of a principal, if there are or were any.
    ///
    /// Its members are files that are named by their `MANAGED-ID` (RFC 8607 4.3).
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a principal.
    pub async fn attachments(&self, owner: PrincipalId) -> Result<Option<Collection>, Error> {
        let name = CollectionName::new(Self::ATTACHMENTS)?;
        let found = self.child(self.home(owner).await?.id, &name).await?;
        Ok(found.filter(|found| found.kind == CollectionKind::Attachments))
    }

    /// The same, made where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a principal; [`Error::Exists`] if something
    /// else has its name.
    pub async fn make_attachments(
        &self,
        owner: PrincipalId,
        cause: &Cause,
    ) -> Result<Collection, Error> {
        if let Some(found) = self.attachments(owner).await? {
            return Ok(found);
        }
        let home = self.home(owner).await?.id;
        let name = CollectionName::new(Self::ATTACHMENTS)?;
        let new = NewCollection::of_kind(home, name, CollectionKind::Attachments);
        match self.create_collection(new, cause).await {
            // Another request was first.
            Err(Error::Exists) => self.attachments(owner).await?.ok_or(Error::Exists),
            made => made,
        }
    }

    /// Deletes the attachments from before an instant that no object names; returns how
    /// many. Their bytes stay in the history for as long as any.
    ///
    /// Those of a principal with collections in the trash stay: what comes back from
    /// there may name them.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`].
    pub async fn prune_attachments(&self, before: Timestamp, cause: &Cause) -> Result<u64, Error> {
        let mut pruned = 0;
        let mut page = PageRequest::first(PAGE);
        loop {
            let principals = self.principals(page).await?;
            for principal in &principals.items {
                match self.prune_attachments_of(principal.id, before, cause).await {
                    // It was removed, or a collection of it deleted, meanwhile.
                    Err(Error::NotFound) => {}
                    done => pruned += done?,
                }
            }
            match principals.next {
                Some(next) => page = PageRequest::after(next, PAGE),
                None => return Ok(pruned),
            }
        }
    }

    async fn prune_attachments_of(
        &self,
        owner: PrincipalId,
        before: Timestamp,
        cause: &Cause,
    ) -> Result<u64, Error> {
        let Some(attachments) = self.attachments(owner).await? else {
            return Ok(0);
        };
        let mut unnamed = self.older(attachments.id, before).await?;
        if unnamed.is_empty() || !self.trash(owner).await?.is_empty() {
            return Ok(0);
        }
        for calendar in self.calendars(owner).await? {
            self.take_named(calendar, &mut unnamed).await?;
        }
        let mut pruned = 0;
        for (name, etag) in unnamed {
            let held = Precondition::Matches(vec![etag]);
            let delete = Delete::new(attachments.id, name).with_precondition(held);
            self.delete(delete, cause).await?;
            pruned += 1;
        }
        Ok(pruned)
    }

    async fn older(
        &self,
        attachments: CollectionId,
        before: Timestamp,
    ) -> Result<BTreeMap<ObjectName, ETag>, Error> {
        let mut found = BTreeMap::new();
        let mut page = PageRequest::first(PAGE);
        loop {
            let entries = self.entries(attachments, page).await?;
            let old = entries
                .items
                .into_iter()
                .filter(|entry| entry.modified < before);
            found.extend(old.map(|entry| (entry.name, entry.etag)));
            match entries.next {
                Some(next) => page = PageRequest::after(next, PAGE),
                None => return Ok(found),
            }
        }
    }

    /// Takes out what the objects of a calendar name.
    async fn take_named(
        &self,
        calendar: CollectionId,
        unnamed: &mut BTreeMap<ObjectName, ETag>,
    ) -> Result<(), Error> {
        let mut page = PageRequest::first(PAGE);
        while !unnamed.is_empty() {
            let query = SpanQuery::new(calendar, Span::ALWAYS);
            let objects = self.overlapping(query, page).await?;
            for object in &objects.items {
                for id in managed_ids(&object.body) {
                    unnamed.remove(id.as_str());
                }
            }
            match objects.next {
                Some(next) => page = PageRequest::after(next, PAGE),
                None => break,
            }
        }
        Ok(())
    }
}

/// A `MANAGED-ID` that no attachment has: random, as nobody should guess one.
#[must_use]
pub fn managed_id() -> String {
    let (one, other) = (random_positive(), random_positive());
    format!("{one:016x}{other:016x}")
}

/// The `MANAGED-ID`s of the attachments that a calendar object names (RFC 8607 4.3), each
/// once.
#[must_use]
pub fn managed_ids(body: &[u8]) -> Vec<String> {
    let mut found = BTreeSet::new();
    let calendar = Calendar::read(body).calendar;
    let mut open: Vec<_> = calendar.components().collect();
    while let Some(component) = open.pop() {
        for attachment in component.all(PropertyKind::Attach) {
            let id = attachment.parameter("MANAGED-ID");
            found.extend(id.map(Cow::into_owned));
        }
        open.extend(component.components());
    }
    found.into_iter().collect()
}
