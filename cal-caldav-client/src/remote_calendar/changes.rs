//! What changed in a calendar since it was last asked.

use std::collections::BTreeMap;

use cal_dav::report::ReportKind;
use cal_dav::{ETag, Href, SyncToken};

use super::{Listed, RemoteCalendar};
use crate::Error;

/// What a caller keeps between two synchronizations. Keep it together with the
/// objects: once the changes it came with are applied, not before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    /// The server's name for the state, where it has one.
    pub token: Option<SyncToken>,
    /// How this calendar is asked; found out the first time.
    pub rung: Rung,
    /// All objects, by href as the server spells it, with the version known.
    pub members: BTreeMap<String, Option<ETag>>,
}

/// How a calendar is asked for changes, from the best way to the last resort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Rung {
    /// The sync-collection report.
    #[default]
    SyncCollection,
    /// The same, so many objects at a time.
    PagedSyncCollection,
    /// The versions of all objects.
    Listing,
    /// The versions of all objects, by spans of time.
    Windows,
}

/// What changed in a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Objects that are new or in another version. Where the server names no
    /// versions, all of them.
    pub changed: Vec<Listed>,
    /// Objects that are gone.
    pub removed: Vec<Href>,
    /// What to keep for the next time.
    pub state: SyncState,
    /// What the server said that could not be understood. Nothing is taken for
    /// gone only because it was not listed if there is any.
    pub problems: Vec<cal_dav::Error>,
}

impl Changes {
    /// Where the changed objects are, to fetch them.
    #[must_use]
    pub fn changed_hrefs(&self) -> Vec<Href> {
        let changed = self.changed.iter();
        changed.map(|object| object.href.clone()).collect()
    }
}

impl RemoteCalendar {
    /// What changed since a state; everything, since the empty one.
    ///
    /// Servers that fail at the sync-collection report are asked in other ways,
    /// and the state remembers which one works. A token the server no longer
    /// knows leads to a full comparison.
    ///
    /// # Errors
    ///
    /// What kept the server from being asked in any way. Then nothing is known
    /// to have changed.
    pub async fn changes(&self, since: &SyncState) -> Result<Changes, Error> {
        let mut rung = since.rung;
        if self.properties.answers(ReportKind::SyncCollection) == Some(false) {
            rung = rung.max(Rung::Listing);
        }
        loop {
            let outcome = match rung {
                Rung::SyncCollection => self.sync(since, None).await,
                Rung::PagedSyncCollection => {
                    let page = u64::try_from(self.connection.options.batch()).unwrap_or(u64::MAX);
                    self.sync(since, Some(page)).await
                }
                Rung::Listing => self.compare_listing(since).await,
                Rung::Windows => self.compare_windows(since).await,
            };
            match outcome {
                Err(error) if let Some(next) = rung.after(&error) => {
                    tracing::debug!(%error, ?next, "the calendar is asked in another way");
                    rung = next;
                }
                Ok(mut changes) => {
                    changes.state.rung = rung;
                    return Ok(changes);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn compare_listing(&self, since: &SyncState) -> Result<Changes, Error> {
        let listing = self.list().await?;
        Ok(self.compare(since, listing.objects, listing.problems))
    }

    async fn compare_windows(&self, since: &SyncState) -> Result<Changes, Error> {
        let listing = self.list_by_windows().await?;
        Ok(self.compare(since, listing.objects, listing.problems))
    }

    /// The difference between a state and a full listing.
    pub(super) fn compare(
        &self,
        since: &SyncState,
        objects: Vec<Listed>,
        problems: Vec<cal_dav::Error>,
    ) -> Changes {
        let mut known = self.known(since);
        let mut changes = Changes::default();
        for object in objects {
            let before = known.remove(&self.key(&object.href));
            let unchanged = before.is_some_and(|(_, etag)| etag.is_some() && etag == object.etag);
            changes
                .state
                .members
                .insert(object.href.as_str().to_owned(), object.etag.clone());
            if !unchanged {
                changes.changed.push(object);
            }
        }
        for (href, etag) in known.into_values() {
            if problems.is_empty() {
                changes.removed.push(href);
            } else {
                changes.state.members.insert(href.as_str().to_owned(), etag);
            }
        }
        changes.problems = problems;
        changes
    }

    /// The members of a state, by a key that is the same for all spellings.
    pub(super) fn known(&self, since: &SyncState) -> BTreeMap<String, (Href, Option<ETag>)> {
        let members = since.members.iter();
        members
            .filter_map(|(href, etag)| {
                let href: Href = href.parse().ok()?;
                Some((self.key(&href), (href, etag.clone())))
            })
            .collect()
    }
}
