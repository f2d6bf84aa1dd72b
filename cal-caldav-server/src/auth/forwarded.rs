//! Users whom a proxy in front has authenticated.

use std::net::IpAddr;

use async_trait::async_trait;
use cal_store::{EmailAddress, PrincipalName};
use http::HeaderName;
use subtle::ConstantTimeEq;

use super::{Attempt, Authenticator, User};
use crate::Error;

/// The address that a request came from, as an extension of it: that of the connection, not what
/// a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Takes the user whom a front proxy names in a header such as `X-Forwarded-User`.
///
/// The header is believed of requests from the given peers, or with the given key, or, where both
/// are given, with both; of no request where neither is. Any other request goes to the inner
/// authenticator as if the header were not there, so that calendar clients may come past the
/// proxy with a password. The proxy must take the header out of what its own clients send.
///
/// A user who is named for the first time is made, without any password: such a user can come in
/// through the proxy only.
///
/// ```
/// use cal_caldav_server::{Attempt, Authenticator, CalDavServer, Error, ForwardedUser, User};
/// use cal_store::Store;
/// use http::HeaderName;
///
/// struct NobodyElse;
///
/// #[async_trait::async_trait]
/// impl Authenticator for NobodyElse {
///     async fn authenticate(&self, _: &Attempt<'_>) -> Result<User, Error> {
///         Err(Error::Unauthenticated)
///     }
/// }
///
/// let users = ForwardedUser::new(HeaderName::from_static("x-forwarded-user"), NobodyElse)
///     .from_peers(["127.0.0.1".parse()?]);
/// let dav = CalDavServer::builder(Store::memory()).auth(users).build();
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone)]
pub struct ForwardedUser<A> {
    header: HeaderName,
    email: Option<HeaderName>,
    peers: Vec<IpAddr>,
    key: Option<(HeaderName, Vec<u8>)>,
    otherwise: A,
}

impl<A> ForwardedUser<A> {
    /// Reads the user from `header`, of nobody yet, and leaves all other requests to `otherwise`.
    #[must_use]
    pub fn new(header: HeaderName, otherwise: A) -> Self {
        Self {
            header,
            email: None,
            peers: Vec::new(),
            key: None,
            otherwise,
        }
    }

    /// Believes these peers: the addresses that the layer around the server puts into requests as
    /// [`Peer`].
    #[must_use]
    pub fn from_peers(mut self, peers: impl IntoIterator<Item = IpAddr>) -> Self {
        self.peers
            .extend(peers.into_iter().map(|peer| peer.to_canonical()));
        self
    }

    /// Believes requests that carry this key in `header`.
    #[must_use]
    pub fn with_key(mut self, header: HeaderName, key: impl Into<Vec<u8>>) -> Self {
        self.key = Some((header, key.into()));
        self
    }

    /// Takes the email address of the user from `header`, where it is there.
    #[must_use]
    pub fn with_email(mut self, header: HeaderName) -> Self {
        self.email = Some(header);
        self
    }

    fn believes(&self, attempt: &Attempt<'_>) -> bool {
        let by_peer = self.peers.is_empty() || {
            let peer = attempt.extensions().get::<Peer>();
            peer.is_some_and(|Peer(peer)| self.peers.contains(&peer.to_canonical()))
        };
        let by_key = self.key.as_ref().is_none_or(|(header, key)| {
            let sent = only(attempt, header);
            !key.is_empty() && sent.is_some_and(|sent| sent.ct_eq(key).into())
        });
        let asks = !self.peers.is_empty() || self.key.is_some();
        asks && by_peer && by_key
    }
}

/// The value of a header that is there once: of two nobody knows which the proxy wrote.
fn only<'a>(attempt: &Attempt<'a>, header: &HeaderName) -> Option<&'a [u8]> {
    let mut values = attempt.headers().get_all(header).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    Some(value.as_bytes()).filter(|value| !value.is_empty())
}

#[async_trait]
impl<A: Authenticator> Authenticator for ForwardedUser<A> {
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
        if !attempt.headers().contains_key(&self.header) || !self.believes(attempt) {
            return self.otherwise.authenticate(attempt).await;
        }
        let name = only(attempt, &self.header).and_then(|name| std::str::from_utf8(name).ok());
        let name = name.and_then(|name| PrincipalName::new(name).ok());
        let user = User::new(name.ok_or(Error::Unauthenticated)?);
        let email = self.email.as_ref().and_then(|email| only(attempt, email));
        let email = email.and_then(|email| std::str::from_utf8(email).ok());
        Ok(
            match email.and_then(|email| EmailAddress::new(email).ok()) {
                Some(email) => user.with_email(email),
                None => user,
            },
        )
    }
}
