//! The sync-collection report (RFC 6578), and which errors lead away from it.

use std::collections::BTreeMap;

use cal_dav::header::Depth;
use cal_dav::name::dav;
use cal_dav::report::{Report, SyncCollection, SyncLevel};
use cal_dav::request::Selection;
use cal_dav::response::Precondition;
use cal_dav::{ETag, Href, SyncToken};

use super::listing::{etag, is_collection, problem};
use super::{Changes, Listed, RemoteCalendar, Rung, SyncState};
use crate::Error;
use crate::operation::{Answer, QueryReport, same_resource};

/// The most pages one synchronization reads.
const MAX_PAGES: usize = 10_000;

impl Rung {
    /// The way to try next after an error; `None` where the error has nothing
    /// to do with the way.
    pub(super) fn after(self, error: &Error) -> Option<Self> {
        let too_many = is_too_much(error);
        let unsupported = match error {
            Error::Status { .. } | Error::Malformed { .. } | Error::Refused { .. } => true,
            Error::Forbidden { .. } | Error::Changed { .. } | Error::NotFound { .. } => true,
            // 500 and 501 are how some servers say that they lack a report.
            Error::Server { status, .. } => {
                matches!(status.as_u16(), 500 | 501 | 507)
            }
            _ => false,
        };
        match self {
            Self::SyncCollection if too_many => Some(Self::PagedSyncCollection),
            Self::SyncCollection | Self::PagedSyncCollection if unsupported || too_many => {
                Some(Self::Listing)
            }
            Self::Listing if too_many || matches!(error, Error::Malformed { .. }) => {
                Some(Self::Windows)
            }
            _ => None,
        }
    }
}

/// Whether the server says that the answer would be too large.
pub(super) fn is_too_much(error: &Error) -> bool {
    match error {
        Error::Server { status, .. } => status.as_u16() == 507,
        Error::TooLarge { .. } => true,
        other => other.breaks(&Precondition::NumberOfMatchesWithinLimits),
    }
}

/// What the pages of one synchronization say in sum.
#[derive(Default)]
struct Sum {
    /// By key: the latest word on each member; `None` for one that is gone.
    members: BTreeMap<String, (Href, Option<Option<ETag>>)>,
    problems: Vec<cal_dav::Error>,
    token: Option<SyncToken>,
}

impl RemoteCalendar {
    pub(super) async fn sync(
        &self,
        since: &SyncState,
        page: Option<u64>,
    ) -> Result<Changes, Error> {
        if since.token.is_some() {
            match self.pages(since.token.clone(), page).await {
                Ok(sum) => return Ok(self.apply(since, sum)),
                Err(error) if is_unknown_token(&error) => {
                    tracing::debug!(%error, "the token is no longer known");
                }
                Err(error) => return Err(error),
            }
        }
        let sum = self.pages(None, page).await?;
        let listed = sum.members.into_values();
        let objects = listed
            .filter_map(|(href, state)| Some(Listed { href, etag: state? }))
            .collect();
        let mut changes = self.compare(since, objects, sum.problems);
        changes.state.token = sum.token;
        Ok(changes)
    }

    async fn pages(&self, from: Option<SyncToken>, page: Option<u64>) -> Result<Sum, Error> {
        let mut sum = Sum {
            token: from,
            ..Sum::default()
        };
        for _ in 0..MAX_PAGES {
            let question = QueryReport {
                url: self.url.clone(),
                depth: Depth::Zero,
                report: Report::SyncCollection(SyncCollection {
                    token: sum.token.clone(),
                    level: Some(SyncLevel::One),
                    limit: page,
                    selection: Selection::of([dav::GETETAG.clone(), dav::RESOURCETYPE.clone()]),
                }),
            };
            let answer = self.connection.run(&question).await?;
            let goes_on = answer.truncated;
            let stuck = answer.members.is_empty() || answer.sync_token == sum.token;
            self.take_page(answer, &mut sum)?;
            if !goes_on {
                return Ok(sum);
            }
            if stuck {
                break;
            }
        }
        Err(Error::malformed(
            &self.url,
            "the pages of changes do not end",
        ))
    }

    fn take_page(&self, answer: Answer, sum: &mut Sum) -> Result<(), Error> {
        let token = answer.sync_token.ok_or_else(|| {
            Error::malformed(&self.url, "the server answers without a sync token")
        })?;
        sum.token = Some(token);
        sum.problems.extend(answer.problems);
        for member in answer.members {
            let response = member.response;
            if same_resource(&member.url, &self.url) || is_collection(&response) {
                continue;
            }
            let state = match response.failure() {
                None => Some(etag(&response)),
                Some(status) if matches!(status.as_u16(), 404 | 410) => None,
                Some(status) => {
                    sum.problems.push(problem(&response.href, status.as_str()));
                    continue;
                }
            };
            let key = self.key(&response.href);
            sum.members.insert(key, (response.href, state));
        }
        Ok(())
    }

    /// A state with what the server says changed since.
    fn apply(&self, since: &SyncState, sum: Sum) -> Changes {
        let mut known = self.known(since);
        let mut changes = Changes {
            problems: sum.problems,
            ..Changes::default()
        };
        for (key, (href, state)) in sum.members {
            let before = known.remove(&key);
            match state {
                Some(etag) => {
                    let unchanged =
                        before.is_some_and(|(_, before)| before.is_some() && before == etag);
                    known.insert(key, (href.clone(), etag.clone()));
                    if !unchanged {
                        changes.changed.push(Listed { href, etag });
                    }
                }
                None => changes.removed.extend(before.map(|(href, _)| href)),
            }
        }
        changes.state.token = sum.token;
        changes.state.members = known
            .into_values()
            .map(|(href, etag)| (href.as_str().to_owned(), etag))
            .collect();
        changes
    }
}

/// Whether the server does not know the token. Not all say so in the way of
/// RFC 6578 section 3.2.
fn is_unknown_token(error: &Error) -> bool {
    match error {
        Error::Status { status, .. } => matches!(status.as_u16(), 400 | 409),
        Error::Forbidden { .. } | Error::Changed { .. } | Error::NotFound { .. } => true,
        other => other.breaks(&Precondition::ValidSyncToken),
    }
}
