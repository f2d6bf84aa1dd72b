//! What an embedding program can tell the server about a request it will not serve.

use std::time::Duration;

/// Why an [`Authenticator`](crate::Authenticator) names no user.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request carries no credentials, or wrong ones: the client is challenged.
    #[error("the credentials are missing or wrong")]
    Unauthenticated,
    /// Too many attempts: the client is told when to come back.
    #[error("too many attempts; the next one in {} s", retry_after.as_secs())]
    Throttled {
        /// How long to wait before the next attempt.
        retry_after: Duration,
    },
    /// The directory of users cannot be asked now.
    #[error("the directory of users is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A text that cannot be a name is nobody's; all else means that the store cannot be asked.
impl From<cal_store::Error> for Error {
    fn from(error: cal_store::Error) -> Self {
        match error {
            cal_store::Error::InvalidName { .. } | cal_store::Error::NotFound => {
                Self::Unauthenticated
            }
            other => Self::Unavailable(Box::new(other)),
        }
    }
}
