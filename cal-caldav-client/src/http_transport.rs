//! Requests over the network.

use std::error::Error as StdError;
use std::net::IpAddr;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode};
use url::{Host, Url};

use crate::network::{Refused, Resolver};
use crate::trust::Trust;
use crate::{Credentials, Error, Options, Reply, Request, Transport, redirect};

/// HTTP with timeouts, bounds on answers and redirects, a policy on addresses,
/// and credentials that stay where they belong.
pub struct HttpTransport {
    http: reqwest::Client,
    authorization: Option<HeaderValue>,
    trust: Trust,
    options: Options,
}

impl std::fmt::Debug for HttpTransport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("HttpTransport")
            .field("trust", &self.trust)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl HttpTransport {
    /// A transport whose credentials are for the origin of `base`.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] where the machine has no usable TLS certificates.
    pub fn new(base: &Url, credentials: &Credentials, options: Options) -> Result<Self, Error> {
        // If another provider is there already, it serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .timeout(options.timeout())
            .connect_timeout(options.connect_timeout())
            .user_agent(options.user_agent())
            .dns_resolver(Resolver::new(options.addresses().clone()))
            .build()
            .map_err(|error| Error::Setup(error.into()))?;
        Ok(Self {
            http,
            authorization: credentials.authorization(),
            trust: Trust::new(base.clone(), options.trusted_domains()),
            options,
        })
    }

    async fn send_once(&self, request: &Request) -> Result<Reply, Error> {
        self.check_address(&request.url)?;
        let mut headers = request.headers.clone();
        let trusted = self.trust.covers(&request.url);
        if let (true, Some(value)) = (trusted, &self.authorization) {
            headers.insert(AUTHORIZATION, value.clone());
        }
        let sent = self
            .http
            .request(request.method.clone(), request.url.clone())
            .headers(headers)
            .body(request.body.clone())
            .send()
            .await;
        let response = sent.map_err(|error| translate(&request.url, error))?;
        let status = response.status();
        tracing::debug!(method = %request.method, url = %request.url, %status, "request");
        let headers = response.headers().clone();
        let body = self.read_body(&request.url, response).await?;
        if status == StatusCode::UNAUTHORIZED && !trusted && self.authorization.is_some() {
            return Err(Error::CredentialsWithheld {
                url: request.url.clone(),
            });
        }
        Ok(Reply {
            url: request.url.clone(),
            status,
            headers,
            body,
        })
    }

    async fn read_body(&self, url: &Url, mut response: reqwest::Response) -> Result<Bytes, Error> {
        let limit = self.options.max_body();
        let mut body = BytesMut::new();
        loop {
            let chunk = response.chunk().await;
            let Some(chunk) = chunk.map_err(|error| translate(url, error))? else {
                return Ok(body.freeze());
            };
            if chunk.len() > limit.saturating_sub(body.len()) {
                return Err(Error::TooLarge {
                    url: url.clone(),
                    limit,
                });
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// Addresses that stand in the URL itself never come to the resolver.
    fn check_address(&self, url: &Url) -> Result<(), Error> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        if self.options.addresses().permits(address) {
            return Ok(());
        }
        Err(Error::AddressRefused {
            url: url.clone(),
            address,
        })
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: Request) -> Result<Reply, Error> {
        let first = request.url.clone();
        let mut request = request;
        for _ in 0..=self.options.max_redirects() {
            let reply = self.send_once(&request).await?;
            match redirect::follow(&request, &reply)? {
                Some(next) => request = next,
                None => return Ok(reply),
            }
        }
        Err(Error::Redirect {
            url: first,
            reason: "too many redirects",
        })
    }
}

fn translate(url: &Url, error: reqwest::Error) -> Error {
    let url = url.clone();
    if let Some(address) = refused_address(&error) {
        return Error::AddressRefused { url, address };
    }
    if error.is_timeout() {
        return Error::Timeout { url };
    }
    Error::Transport {
        url,
        source: Box::new(error.without_url()),
    }
}

fn refused_address(error: &reqwest::Error) -> Option<IpAddr> {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(Refused(address)) = error.downcast_ref() {
            return Some(*address);
        }
        cause = error.source();
    }
    None
}
