//! What clients try before they know where the server is (RFC 6764, and older habits).

use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Method, Request, Response};
use tower::Service;

use crate::body::Body;
use crate::dispatch::Mount;
use crate::incoming::Incoming;
use crate::server::{Answer, Site, answer};
use crate::verb::Verb;

/// A small service for the paths outside the base path at which clients look for a server.
///
/// - `/.well-known/caldav`, with or without a slash at its end, redirects any method to the base
///   path with 301, with or without credentials (RFC 6764).
/// - `/` and `/principals/` answer `OPTIONS`, `PROPFIND` and `REPORT` as the server does under
///   its base path: Apple's clients ask there first.
///
/// - `OPTIONS *` tells what the server as a whole knows.
///
/// All else is 404. A program that shows pages at `/` sends it only what
/// [`wants`](Self::wants) says.
#[derive(Clone)]
pub struct Discovery {
    site: Arc<Site>,
}

impl Discovery {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        Self { site }
    }

    /// Whether a request outside the base path is one of those that this service answers.
    #[must_use]
    pub fn wants(method: &Method, path: &str) -> bool {
        let path = path.trim_matches('/');
        if path == ".well-known/caldav" {
            return true;
        }
        if path == "*" {
            return method == Method::OPTIONS;
        }
        let probe = matches!(
            Verb::of(method),
            Some(Verb::Options | Verb::Propfind | Verb::Report)
        );
        probe && (matches!(path, "" | "principals") || path.starts_with("principals/"))
    }
}

impl fmt::Debug for Discovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Discovery").finish_non_exhaustive()
    }
}

impl<B> Service<Request<B>> for Discovery
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
            Mount::Origin,
            parts,
            Incoming::new(body),
        )
    }
}
