//! Under which names a client knows this server.

use cal_dav::Href;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, Uri, header};

/// The hosts, with ports, that a request was sent to: here, and to the proxies before; and the
/// one that the server is known by.
///
/// What proxies say is taken as it is: it is only compared with what the same request names, so
/// that a client which makes it up deceives nobody but itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Authorities(Vec<String>);

impl Authorities {
    pub(crate) fn of(parts: &Parts, known: Option<&str>) -> Self {
        let asked = parts.uri.authority().map(Authority::as_str);
        let named = texts(&parts.headers, header::HOST.as_str());
        let passed_on = texts(&parts.headers, "x-forwarded-host").flat_map(|list| list.split(','));
        let forwarded =
            texts(&parts.headers, "forwarded").flat_map(|field| parameter(field, "host"));
        let all = asked
            .into_iter()
            .chain(named)
            .chain(passed_on)
            .chain(forwarded);
        let told: Vec<_> = all.map(normal).collect();
        // Where nothing is told nothing can be compared.
        let known = known.filter(|_| !told.is_empty()).map(normal);
        Self(told.into_iter().chain(known).collect())
    }

    /// Where a client sees the server, as far as it can be told: scheme and host. What says it is
    /// the operator, then the proxies, then the request itself.
    pub(crate) fn origin(parts: &Parts, known: Option<&str>) -> Option<String> {
        let passed_on = texts(&parts.headers, "x-forwarded-host").flat_map(|list| list.split(','));
        let forwarded = texts(&parts.headers, "forwarded").flat_map(|f| parameter(f, "host"));
        let named = texts(&parts.headers, header::HOST.as_str());
        let asked = parts.uri.authority().map(Authority::as_str);
        let mut hosts = known.into_iter().chain(forwarded).chain(passed_on);
        let host = hosts.next().or(asked).or_else(|| named.last())?;
        let told = texts(&parts.headers, "forwarded").flat_map(|f| parameter(f, "proto"));
        let passed_on = texts(&parts.headers, "x-forwarded-proto").flat_map(|l| l.split(','));
        let schemes = told.chain(passed_on).chain(parts.uri.scheme_str());
        let mut schemes = schemes.map(|scheme| scheme.trim().to_ascii_lowercase());
        let scheme = schemes.find(|scheme| matches!(scheme.as_str(), "http" | "https"));
        let origin = format!("{}://{}", scheme.as_deref().unwrap_or("http"), host.trim());
        // What a client makes up is kept in what it stores, so that it must at least be a URI.
        let uri: Uri = origin.parse().ok()?;
        (uri.authority().is_some() && matches!(uri.path(), "" | "/")).then_some(origin)
    }

    /// Whether an href may be of this server: a path is, and so is every URI where the request
    /// does not tell to which host it was sent.
    pub(crate) fn are_of(&self, href: &Href) -> bool {
        let Some((_, authority)) = href.origin().and_then(|origin| origin.split_once("://")) else {
            return true;
        };
        self.0.is_empty() || self.0.contains(&normal(authority))
    }
}

fn texts<'h>(headers: &'h HeaderMap, name: &'h str) -> impl Iterator<Item = &'h str> {
    let fields = headers.get_all(name).into_iter();
    fields.filter_map(|field| field.to_str().ok())
}

/// The parameters of a name in `Forwarded` (RFC 7239 section 4).
fn parameter<'f>(field: &'f str, wanted: &'f str) -> impl Iterator<Item = &'f str> {
    field.split([',', ';']).filter_map(move |pair| {
        let (name, value) = pair.split_once('=')?;
        let is_wanted = name.trim().eq_ignore_ascii_case(wanted);
        is_wanted.then(|| value.trim().trim_matches('"'))
    })
}

/// The spelling in which two names of one host are equal. Proxies that end TLS keep the host and
/// change the scheme, so that the usual port of either is no port at all.
fn normal(authority: &str) -> String {
    let host = authority.trim();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let bare = host
        .strip_suffix(":443")
        .or_else(|| host.strip_suffix(":80"));
    bare.unwrap_or(host).to_ascii_lowercase()
}
