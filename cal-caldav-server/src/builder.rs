//! Putting a server together.

use std::sync::Arc;

use cal_store::Store;
use chrono::{DateTime, Utc};

use crate::auth::{Authenticator, Nobody};
use crate::clock::{self, Clock};
use crate::href::BasePath;
use crate::limits::Limits;
use crate::server::{CalDavServer, Site};
use crate::workers::Workers;

/// Puts a [`CalDavServer`] together; made by [`CalDavServer::builder`].
#[must_use = "a builder does nothing until it is built"]
pub struct Builder {
    store: Store,
    authenticator: Box<dyn Authenticator>,
    base: BasePath,
    origin: BasePath,
    host: Option<String>,
    realm: String,
    limits: Limits,
    clock: Clock,
}

impl Builder {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            authenticator: Box::new(Nobody),
            base: BasePath::default(),
            origin: BasePath::default(),
            host: None,
            realm: "Calendars".to_owned(),
            limits: Limits::default(),
            clock: clock::system(),
        }
    }

    /// Your users. Without any, nobody may come in.
    pub fn auth(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticator = Box::new(authenticator);
        self
    }

    /// The path under which clients see the server: the prefix of every href it writes, for
    /// example `/dav`, or what a reverse proxy maps to it.
    ///
    /// Requests are understood with this prefix and without it, so the server works where a
    /// router takes the prefix off (axum's `nest_service`) and where none does. Only a base path
    /// that itself begins with `/principals` or `/calendars` needs the prefix in every request.
    pub fn base_path(mut self, path: &str) -> Self {
        self.base = BasePath::new(path);
        self
    }

    /// The path under which clients see the [`Discovery`](crate::Discovery) service, where a
    /// reverse proxy takes a prefix off before it: the prefix of the hrefs it writes of its own
    /// paths. Empty, if nothing else is said.
    pub fn origin_path(mut self, path: &str) -> Self {
        self.origin = BasePath::new(path);
        self
    }

    /// The host, with its port if it is no usual one, under which clients see the server. A proxy
    /// that puts another name into `Host` and does not say so leaves no other way to tell whether
    /// a `Destination` is here; see RFC 4918 section 9.9.4.
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// The realm that clients show when they ask for a password.
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = realm
            .chars()
            .filter(|c| !c.is_control() && !matches!(c, '"' | '\\'))
            .collect();
        self
    }

    /// How much work one request may ask for.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where the server reads the present instant: the clock of the machine, if nothing else is
    /// said.
    pub fn clock(mut self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// The server.
    #[must_use]
    pub fn build(self) -> CalDavServer {
        CalDavServer::new(Arc::new(Site {
            store: self.store,
            authenticator: self.authenticator,
            base: self.base,
            origin: self.origin,
            host: self.host,
            realm: self.realm,
            limits: self.limits,
            clock: self.clock,
            workers: Workers::new(),
        }))
    }
}
