//! What can go wrong, told apart by what the run does next.

use crate::{ItemId, Side};

/// Where an error came from.
pub(crate) type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The object is not in the version that was named: look again.
    #[error("the object has changed meanwhile")]
    Raced,
    /// Nothing is there.
    #[error("the object is gone")]
    Gone,
    /// There is an object already where one was to be created, or one with its
    /// UID.
    #[error("there is an object already{}", .holder.as_ref().map(|id| format!(": {id}")).unwrap_or_default())]
    Occupied {
        /// That object, if the endpoint says which.
        holder: Option<ItemId>,
    },
    /// The endpoint does not take this object, now or later.
    #[error("refused: {reason}")]
    Refused {
        /// Why, in its words.
        reason: String,
    },
    /// The endpoint failed with this object; it may work another time.
    #[error("the endpoint failed")]
    Failed(#[source] Source),
    /// The endpoint does not know us: the run stops.
    #[error("not authorized")]
    Unauthorized(#[source] Source),
    /// The endpoint cannot be reached: the run stops.
    #[error("not reachable")]
    Unreachable(#[source] Source),
    /// The state belongs to other collections than those at hand.
    #[error("side {side} is {is}, but was {was} when last synced")]
    IdentityChanged {
        /// The side.
        side: Side,
        /// What the state says.
        was: String,
        /// What the endpoint says.
        is: String,
    },
    /// The two endpoints are one and the same collection.
    #[error("both sides are {0}")]
    SameCollection(String),
    /// The plan deletes so much that someone must look at it first.
    #[error("held for approval: {0}")]
    NeedsApproval(String),
    /// Another run of the same mapping is under way.
    #[error("another run of this mapping is under way")]
    Locked,
    /// The state cannot be read or written.
    #[error("the state of the mapping is not usable: {what}")]
    State {
        /// What failed.
        what: String,
        /// Why.
        #[source]
        source: Source,
    },
}

impl Error {
    /// Whether the endpoint has another object than the plan knew: nothing was
    /// written, and the next plan will know it.
    #[must_use]
    pub fn is_race(&self) -> bool {
        matches!(self, Self::Raced | Self::Gone | Self::Occupied { .. })
    }

    /// Whether the run cannot go on with other objects either.
    #[must_use]
    pub fn stops_run(&self) -> bool {
        !matches!(
            self,
            Self::Raced
                | Self::Gone
                | Self::Occupied { .. }
                | Self::Refused { .. }
                | Self::Failed(_)
        )
    }

    pub(crate) fn state(what: impl Into<String>, source: impl Into<Source>) -> Self {
        Self::State {
            what: what.into(),
            source: source.into(),
        }
    }
}

/// An error with all that caused it, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
