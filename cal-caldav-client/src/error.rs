//! Why a request did not do what it was for.

use std::net::IpAddr;
use std::time::Duration;

use cal_dav::response::Precondition;
use http::StatusCode;
use url::Url;

/// What went wrong, named for what the caller does next.
///
/// No error holds credentials or the text of an answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server does not accept the credentials: ask for others.
    #[error("{url}: the server does not accept the credentials")]
    Authentication {
        /// The resource asked for.
        url: Url,
    },
    /// The server wants credentials at another origin than they were given
    /// for: connect there, or trust its domain
    /// ([`Options::with_trusted_domain`](crate::Options::with_trusted_domain)).
    #[error("{url}: the server refers to another origin, which credentials are not sent to")]
    CredentialsWithheld {
        /// The resource at the other origin.
        url: Url,
    },
    /// There is no such resource.
    #[error("{url}: not found")]
    NotFound {
        /// The resource asked for.
        url: Url,
    },
    /// The user may not do this.
    #[error("{url}: forbidden")]
    Forbidden {
        /// The resource asked for.
        url: Url,
    },
    /// The resource is not in the version that the caller knows: fetch it,
    /// merge, try again.
    #[error("{url}: changed by someone else")]
    Changed {
        /// The resource asked for.
        url: Url,
    },
    /// The request breaks a rule that the server names.
    #[error("{url}: refused with status {status}: {}", names(conditions))]
    Refused {
        /// The resource asked for.
        url: Url,
        /// The status of the answer.
        status: StatusCode,
        /// The conditions that were not met, at least one.
        conditions: Vec<Precondition>,
    },
    /// Some properties could not be set.
    #[error("{url}: properties were refused: {}", property_names(refused))]
    PropertiesRefused {
        /// The resource asked for.
        url: Url,
        /// The properties.
        refused: Vec<crate::RefusedProperty>,
    },
    /// The server is overloaded or has failed: try again later.
    #[error("{url}: the server failed with status {status}")]
    Server {
        /// The resource asked for.
        url: Url,
        /// The status of the answer.
        status: StatusCode,
        /// When the server would like to be asked again.
        retry_after: Option<Duration>,
    },
    /// The server answers with a status that does not fit the request.
    #[error("{url}: unexpected status {status}")]
    Status {
        /// The resource asked for.
        url: Url,
        /// The status of the answer.
        status: StatusCode,
    },
    /// The answer cannot be understood.
    #[error("{url}: the answer cannot be understood: {reason}")]
    Malformed {
        /// The resource asked for.
        url: Url,
        /// What is wrong with it.
        reason: String,
    },
    /// The answer is larger than [`Options::max_body`](crate::Options::max_body).
    #[error("{url}: the answer has more than {limit} bytes")]
    TooLarge {
        /// The resource asked for.
        url: Url,
        /// The most bytes there may be.
        limit: usize,
    },
    /// The server redirects in a way that is not followed.
    #[error("{url}: {reason}")]
    Redirect {
        /// The resource that redirects.
        url: Url,
        /// Why it is not followed.
        reason: &'static str,
    },
    /// The address is not one that may be connected to
    /// ([`AddressPolicy`](crate::AddressPolicy)).
    #[error("{url}: connections to {address} are not allowed")]
    AddressRefused {
        /// The resource asked for.
        url: Url,
        /// The address it resolves to.
        address: IpAddr,
    },
    /// The server does not answer in time.
    #[error("{url}: no answer in time")]
    Timeout {
        /// The resource asked for.
        url: Url,
    },
    /// The server cannot be reached, or the connection breaks.
    #[error("{url}: the connection failed")]
    Transport {
        /// The resource asked for.
        url: Url,
        /// What the connection met.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The text is no URL of a server.
    #[error("not an http or https URL: {0:?}")]
    Url(String),
    /// Nothing at the URL leads to a calendar.
    #[error("{url}: no calendars are found from here")]
    NoCalendars {
        /// Where the search started.
        url: Url,
    },
    /// The account has no calendar of this name.
    #[error("no calendar is named {0:?}")]
    NoSuchCalendar(String),
    /// A calendar object is one UID; the text holds another number of them.
    #[error("an object has one UID, the calendar has {0}")]
    NotOneObject(usize),
}

impl Error {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Server { .. } | Self::Timeout { .. } | Self::Transport { .. }
        )
    }

    /// Whether the server named this condition.
    #[must_use]
    pub fn breaks(&self, condition: &Precondition) -> bool {
        matches!(self, Self::Refused { conditions, .. } if conditions.contains(condition))
    }

    pub(crate) fn malformed(url: &Url, reason: &(impl ToString + ?Sized)) -> Self {
        Self::Malformed {
            url: url.clone(),
            reason: reason.to_string(),
        }
    }
}

fn names(conditions: &[Precondition]) -> String {
    let names: Vec<_> = conditions
        .iter()
        .map(|condition| condition.name().local())
        .collect();
    names.join(", ")
}

fn property_names(refused: &[crate::RefusedProperty]) -> String {
    let names: Vec<_> = refused
        .iter()
        .map(|refused| refused.name.local().to_owned())
        .collect();
    names.join(", ")
}
