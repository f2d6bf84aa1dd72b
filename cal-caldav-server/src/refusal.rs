//! Why a request is not done. What HTTP makes of it is in [`status`](crate::status).

use cal_dav::Href;
use cal_dav::response::Precondition;

use crate::admission::Unfit;
use crate::incoming::Unreadable;
use crate::path::InvalidPath;
use crate::verb::Verb;
use crate::{Error, explanation};

/// A request that is not done, or not whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    NotAuthenticated(#[from] Error),
    #[error("not found")]
    NotFound,
    #[error("the method is not known")]
    UnknownMethod,
    #[error("the resource does not have this method")]
    MethodNotAllowed { allowed: &'static [Verb] },
    #[error("{0}")]
    Malformed(String),
    /// A condition of the protocol is not met.
    #[error("{}", explanation::of(.0))]
    Condition(Precondition),
    /// The same, with what is wrong and where.
    #[error("{}", .0.reason)]
    Unfit(Unfit),
    /// The state of other resources is in the way: a parent is missing.
    #[error("the parent is missing or is no collection")]
    Conflict,
    /// A condition that the client itself has set is not met.
    #[error("a condition in the header of the request is not met")]
    PreconditionFailed,
    /// Locks are in the way; the condition names them.
    #[error("it is locked")]
    Locked(Precondition),
    /// A lock is to last longer that the resource is not under.
    #[error("no lock of the resource has the token")]
    Unlocked(Precondition),
    /// A lock is to end that the resource is not under.
    #[error("no lock of the resource has the token")]
    OtherLock(Precondition),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("the body is of a kind that is not read: {0}")]
    MediaType(String),
    #[error("the destination is on another server")]
    ElsewhereDestination,
    #[error("the answer would be larger than {limit} {what}")]
    TooMuch { what: &'static str, limit: u64 },
    #[error(transparent)]
    Path(#[from] InvalidPath),
    #[error("a header field cannot be read")]
    Header(#[source] cal_dav::Error),
    #[error("the header field {0} is not text")]
    HeaderText(&'static str),
    #[error(transparent)]
    Body(#[from] Unreadable),
    #[error("the request body is not as it should be")]
    Xml(#[from] cal_dav::Error),
    /// Work on a thread of its own broke off.
    #[error("the work broke off")]
    Work(#[source] tokio::task::JoinError),
    /// The store says no; `collection` is where it was asked, and `own` what it was asked about.
    #[error("the store refuses")]
    Store {
        source: cal_store::Error,
        collection: Option<Href>,
        own: Option<Href>,
    },
}

impl From<cal_store::Error> for Refusal {
    fn from(source: cal_store::Error) -> Self {
        Self::Store {
            source,
            collection: None,
            own: None,
        }
    }
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<Precondition> for Refusal {
    fn from(condition: Precondition) -> Self {
        Self::Condition(condition)
    }
}

impl Refusal {
    /// The store says no to a write of the object at an href, which is in the collection at
    /// another.
    pub(crate) fn within(collection: &Href, own: &Href) -> impl FnOnce(cal_store::Error) -> Self {
        let (collection, own) = (Some(collection.clone()), Some(own.clone()));
        move |source| Self::Store {
            source,
            collection,
            own,
        }
    }

    /// A request that breaks the syntax of the protocol, with what is wrong.
    pub(crate) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }
}
