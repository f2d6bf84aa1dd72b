//! Who is asking.
//!
//! The server knows no passwords: it hands each request to an [`Authenticator`] of yours, which
//! names the [`User`] it acts for or refuses it.

mod credentials;
mod forwarded;
mod user;

use std::sync::Arc;

use async_trait::async_trait;

pub use credentials::{Attempt, Basic};
pub use forwarded::{ForwardedUser, Peer};
pub use user::User;

use crate::Error;

/// Your users: turns what a request carries into the user it acts for.
///
/// ```
/// use cal_caldav_server::{Attempt, Authenticator, Error, User};
/// use cal_store::PrincipalName;
///
/// struct OnlyAda;
///
/// #[async_trait::async_trait]
/// impl Authenticator for OnlyAda {
///     async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
///         match attempt.basic() {
///             Some(basic) if basic.user() == "ada" && basic.password() == "engine" => {
///                 Ok(User::new(PrincipalName::new("ada")?))
///             }
///             _ => Err(Error::Unauthenticated),
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// Names the user that a request acts for.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] where the request carries no or wrong credentials (the client
    /// is challenged), [`Error::Throttled`] where it must wait before it tries again,
    /// [`Error::Unavailable`] where nobody can tell now.
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error>;
}

#[async_trait]
impl<A: Authenticator + ?Sized> Authenticator for Arc<A> {
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
        (**self).authenticate(attempt).await
    }
}

#[async_trait]
impl<A: Authenticator + ?Sized> Authenticator for Box<A> {
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
        (**self).authenticate(attempt).await
    }
}

/// What a server has before it is given an authenticator: nobody may come in.
pub(crate) struct Nobody;

#[async_trait]
impl Authenticator for Nobody {
    async fn authenticate(&self, _attempt: &Attempt<'_>) -> Result<User, Error> {
        Err(Error::Unauthenticated)
    }
}
