//! What each path is for.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use cal_caldav_server::{Authenticator, Body, CalDavServer, Discovery, ForwardedUser, Peer};
use cal_store::Store;
use http::header::{self, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use tower::Service;

use super::address::{ClientAddress, TrustedProxies};
use super::authenticator::Accounts;
use super::{Error, front_page, status};
use crate::account::Gate;
use crate::config::Settings;

/// Where CalDAV lives, below the path prefix.
const DAV: &str = "/dav";

/// The header in which a proxy that signs users in proves who it is.
const FORWARDED_KEY: &str = "x-forwarded-key";

/// Answers all requests.
pub(super) struct Router {
    dav: CalDavServer,
    /// What clients try before they know where CalDAV lives.
    discovery: Discovery,
    status: status::Monitor,
    /// The path that a reverse proxy maps to us; it may take it off or not.
    prefix: String,
    proxies: TrustedProxies,
    time_limit: Duration,
}

/// What a path names, methods apart.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    FrontPage,
    Status,
    Dav,
    Nowhere,
}

/// The accounts, and, where a proxy signs users in, whom it names.
fn users(gate: Gate, settings: &Settings) -> Result<Box<dyn Authenticator>, Error> {
    let accounts = Accounts::new(gate);
    let header = |name: &Option<String>| {
        let name = name.as_ref()?;
        HeaderName::from_bytes(name.as_bytes()).ok()
    };
    let Some(user) = header(&settings.forwarded.user) else {
        return Ok(Box::new(accounts));
    };
    let mut users =
        ForwardedUser::new(user, accounts).from_peers(settings.trusted_proxies.iter().copied());
    if let Some(email) = header(&settings.forwarded.email) {
        users = users.with_email(email);
    }
    if let Some(key) = settings.forwarded.key()? {
        users = users.with_key(HeaderName::from_static(FORWARDED_KEY), key);
    }
    Ok(Box::new(users))
}

impl Router {
    pub(super) fn new(store: Store, settings: &Settings) -> Result<Router, Error> {
        let prefix = settings.path_prefix().to_owned();
        let limits = cal_caldav_server::Limits {
            resource_size: settings.limits.object_bytes,
            ..cal_caldav_server::Limits::default()
        };
        let gate = Gate::new(store.clone())?;
        let mut dav = CalDavServer::builder(store.clone())
            .auth(users(gate, settings)?)
            .base_path(&format!("{prefix}{DAV}"))
            .origin_path(&prefix)
            .realm("Cal")
            .limits(limits);
        if let Some(url) = &settings.base_url {
            dav = dav.host(url.authority());
        }
        let dav = dav.build();
        Ok(Router {
            discovery: dav.discovery(),
            dav,
            status: status::Monitor::new(store),
            prefix,
            proxies: TrustedProxies::new(&settings.trusted_proxies),
            time_limit: settings.limits.request_time(),
        })
    }

    /// Answers one request, in bounded time, and logs it.
    pub(super) async fn answer(
        &self,
        mut request: Request<Incoming>,
        peer: SocketAddr,
    ) -> Response<Body> {
        let start = Instant::now();
        let client = self.proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(ClientAddress(client));
        request.extensions_mut().insert(Peer(peer.ip()));
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let response = tokio::time::timeout(self.time_limit, self.route(request))
            .await
            .unwrap_or_else(|_| text(StatusCode::REQUEST_TIMEOUT, "the request took too long\n"));
        tracing::info!(
            %method,
            path,
            %client,
            status = response.status().as_u16(),
            ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request"
        );
        response
    }

    async fn route(&self, request: Request<Incoming>) -> Response<Body> {
        let path = below(&self.prefix, request.uri().path()).to_owned();
        if Discovery::wants(request.method(), &path) {
            let request = with_path(&path, request);
            let Ok(response) = self.discovery.clone().call(request).await;
            return response;
        }
        let page = match *request.method() {
            Method::GET => Some(Page::Whole),
            Method::HEAD => Some(Page::Head),
            _ => None,
        };
        match (Place::of(&path), page) {
            (Place::Dav, _) => {
                let request = with_path(&format!("{}{path}", self.prefix), request);
                let Ok(response) = self.dav.clone().call(request).await;
                response
            }
            (Place::FrontPage, Some(page)) => page.of(front_page::response(&self.prefix)),
            (Place::Status, Some(page)) => page.of(self.status.response().await),
            (Place::FrontPage | Place::Status, None) => not_allowed(),
            (Place::Nowhere, _) => text(StatusCode::NOT_FOUND, "there is nothing here\n"),
        }
    }
}

/// How much of a page is asked for.
enum Page {
    Whole,
    Head,
}

impl Page {
    fn of(self, response: Response<Body>) -> Response<Body> {
        match self {
            Page::Whole => response,
            Page::Head => response.map(|_| Body::empty()),
        }
    }
}

impl Place {
    fn of(path: &str) -> Place {
        match path {
            "" | "/" => Place::FrontPage,
            "/status" => Place::Status,
            _ if path == DAV || path.starts_with("/dav/") => Place::Dav,
            _ => Place::Nowhere,
        }
    }
}

/// The path without the prefix: a reverse proxy may take it off before us.
fn below<'p>(prefix: &str, path: &'p str) -> &'p str {
    match path.strip_prefix(prefix) {
        Some(below) if below.is_empty() || below.starts_with('/') => below,
        _ => path,
    }
}

/// The request with this path.
fn with_path(path: &str, request: Request<Incoming>) -> Request<Incoming> {
    if request.uri().path() == path {
        return request;
    }
    let (mut parts, body) = request.into_parts();
    let slash = if path.starts_with('/') { "" } else { "/" };
    let target = match parts.uri.query() {
        Some(query) => format!("{slash}{path}?{query}"),
        None => format!("{slash}{path}"),
    };
    // A part of a path, and a prefix before one, parse as one.
    if let Ok(uri) = target.parse() {
        parts.uri = uri;
    }
    Request::from_parts(parts, body)
}

fn not_allowed() -> Response<Body> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD only\n");
    let allow = HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(header::ALLOW, allow);
    response
}

/// A few words for whoever reads them; never HTML, which DAV clients choke on.
fn text(status: StatusCode, words: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(words.to_owned()));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_is_for_one_thing_with_the_prefix_and_without() {
        let cases = [
            ("/", Place::FrontPage),
            ("/status", Place::Status),
            ("/status/x", Place::Nowhere),
            ("/.well-known/carddav", Place::Nowhere),
            ("/dav", Place::Dav),
            ("/dav/calendars/ada/work/1.ics", Place::Dav),
            ("/davos", Place::Nowhere),
            ("/remote.php/dav", Place::Nowhere),
        ];
        for (path, expected) in cases {
            assert_eq!(Place::of(below("", path)), expected, "{path}");
            assert_eq!(Place::of(below("/x/y", path)), expected, "{path}");
            let prefixed = format!("/x/y{path}");
            assert_eq!(Place::of(below("/x/y", &prefixed)), expected, "{prefixed}");
        }
        assert_eq!(Place::of(below("/x/y", "/x/y")), Place::FrontPage);
        assert_eq!(Place::of(below("/x/y", "/x/yz/dav")), Place::Nowhere);
    }
}
