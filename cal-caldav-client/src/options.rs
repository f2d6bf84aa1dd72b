//! How patient, generous and trusting a client is.

use std::time::Duration;

use crate::AddressPolicy;

/// Settings of a client.
///
/// ```
/// use cal_caldav_client::{AddressPolicy, Options};
/// use std::time::Duration;
///
/// let options = Options::default()
///     .with_timeout(Duration::from_secs(10))
///     .with_addresses(AddressPolicy::public().with_loopback())
///     .with_trusted_domain("icloud.com");
/// assert_eq!(options.timeout(), Duration::from_secs(10));
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    timeout: Duration,
    connect_timeout: Duration,
    max_body: usize,
    max_redirects: usize,
    batch: usize,
    addresses: AddressPolicy,
    trusted_domains: Vec<String>,
    user_agent: String,
}

impl Default for Options {
    /// One minute per request, ten seconds to connect, answers up to 64 MiB,
    /// five redirects, a hundred objects at a time, public addresses only.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            max_body: 64 * 1024 * 1024,
            max_redirects: 5,
            batch: 100,
            addresses: AddressPolicy::public(),
            trusted_domains: Vec::new(),
            user_agent: concat!("cal-caldav-client/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Options {
    /// Sets the longest time from a request to the end of its answer.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self.connect_timeout = self.connect_timeout.min(timeout);
        self
    }

    /// Sets the longest time to wait for a connection.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the most bytes that an answer may have.
    #[must_use]
    pub fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets how many redirects in a row are followed.
    #[must_use]
    pub fn with_max_redirects(mut self, count: usize) -> Self {
        self.max_redirects = count;
        self
    }

    /// Sets how many objects are asked for in one request; at least one.
    #[must_use]
    pub fn with_batch(mut self, objects: usize) -> Self {
        self.batch = objects.max(1);
        self
    }

    /// Sets which addresses may be connected to.
    #[must_use]
    pub fn with_addresses(mut self, policy: AddressPolicy) -> Self {
        self.addresses = policy;
        self
    }

    /// Lets credentials also go to `https` servers whose name is this domain
    /// or below it. Some services need it: they lead from one host to another.
    #[must_use]
    pub fn with_trusted_domain(mut self, domain: &str) -> Self {
        let domain = domain.trim_matches('.').to_ascii_lowercase();
        if !domain.is_empty() {
            self.trusted_domains.push(domain);
        }
        self
    }

    /// Sets the `User-Agent`.
    #[must_use]
    pub fn with_user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// The longest time from a request to the end of its answer.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The longest time to wait for a connection.
    #[must_use]
    pub fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    /// The most bytes that an answer may have.
    #[must_use]
    pub fn max_body(&self) -> usize {
        self.max_body
    }

    /// How many redirects in a row are followed.
    #[must_use]
    pub fn max_redirects(&self) -> usize {
        self.max_redirects
    }

    /// How many objects are asked for in one request.
    #[must_use]
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// Which addresses may be connected to.
    #[must_use]
    pub fn addresses(&self) -> &AddressPolicy {
        &self.addresses
    }

    pub(crate) fn trusted_domains(&self) -> &[String] {
        &self.trusted_domains
    }

    pub(crate) fn user_agent(&self) -> &str {
        &self.user_agent
    }
}
