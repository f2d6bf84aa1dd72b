//! The service: from an HTTP request to its answer.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cal_store::Store;
use http::request::Parts;
use http::{Request, Response};
use tower::Service;

use crate::auth::Authenticator;
use crate::body::Body;
use crate::builder::Builder;
use crate::clock::Clock;
use crate::discovery::Discovery;
use crate::dispatch::{self, Mount};
use crate::href::BasePath;
use crate::incoming::Incoming;
use crate::limits::Limits;
use crate::workers::Workers;

/// A CalDAV server over a store: a [`tower::Service`].
///
/// It is cheap to clone, never fails, and needs no particular HTTP server or router: any request
/// body goes in, a [`Body`] comes out.
///
/// ```
/// # use cal_caldav_server::{CalDavServer, Attempt, Authenticator, Error, User};
/// use cal_store::{PrincipalName, Store};
/// use tower::ServiceExt;
///
/// struct Anyone;
///
/// #[async_trait::async_trait]
/// impl Authenticator for Anyone {
///     async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
///         let basic = attempt.basic().ok_or(Error::Unauthenticated)?;
///         Ok(User::new(PrincipalName::new(basic.user())?))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let dav = CalDavServer::builder(Store::memory()).auth(Anyone).base_path("/dav").build();
/// let request = http::Request::get("/dav/").body(String::new()).unwrap();
/// assert_eq!(dav.oneshot(request).await.unwrap().status(), 401);
/// # }
/// ```
#[derive(Clone)]
pub struct CalDavServer {
    site: Arc<Site>,
}

/// What all clones of a server share.
pub(crate) struct Site {
    pub(crate) store: Store,
    pub(crate) authenticator: Box<dyn Authenticator>,
    pub(crate) base: BasePath,
    pub(crate) origin: BasePath,
    /// The host that clients know, where it is not the one they are heard to name.
    pub(crate) host: Option<String>,
    pub(crate) realm: String,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) workers: Workers,
}

impl CalDavServer {
    /// Starts to put a server together.
    pub fn builder(store: Store) -> Builder {
        Builder::new(store)
    }

    pub(crate) fn new(site: Arc<Site>) -> Self {
        Self { site }
    }

    /// The service that answers outside the base path what clients try before they know it:
    /// `/.well-known/caldav`, and DAV methods on `/` and `/principals/`.
    ///
    /// See [`Discovery`].
    #[must_use]
    pub fn discovery(&self) -> Discovery {
        Discovery::new(Arc::clone(&self.site))
    }
}

impl fmt::Debug for CalDavServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CalDavServer")
            .field("base", &self.site.base)
            .finish_non_exhaustive()
    }
}

/// The answer that is being made.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<B> Service<Request<B>> for CalDavServer
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        let (parts, body) = request.into_parts();
        answer(
            Arc::clone(&self.site),
            Mount::Base,
            parts,
            Incoming::new(body),
        )
    }
}

/// Answers one request; boxed here, so that the machinery below is compiled once.
pub(crate) fn answer(site: Arc<Site>, mount: Mount, parts: Parts, body: Incoming) -> Answer {
    Box::pin(async move { Ok(dispatch::answer(site, mount, parts, body).await) })
}
