//! Where credentials may go.

use url::Url;

/// The origin that credentials were given for, and domains trusted beside it.
#[derive(Clone, Debug)]
pub(crate) struct Trust {
    base: Url,
    domains: Vec<String>,
}

impl Trust {
    pub(crate) fn new(base: Url, domains: &[String]) -> Self {
        Self {
            base,
            domains: domains.to_vec(),
        }
    }

    /// Whether a request may carry the credentials: it goes to the same
    /// origin, to the same host by TLS where that was not used before (both on
    /// their standard ports), or by TLS to a trusted domain.
    pub(crate) fn covers(&self, url: &Url) -> bool {
        if url.origin() == self.base.origin() {
            return true;
        }
        if url.scheme() != "https" {
            return false;
        }
        let upgraded = url.host() == self.base.host()
            && self.base.scheme() == "http"
            && self.base.port().is_none()
            && url.port().is_none();
        let host = url.host_str().unwrap_or_default();
        let below = |domain: &String| {
            host.strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        upgraded || self.domains.iter().any(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_to_their_origin_its_upgrade_and_trusted_domains() {
        let covered = |base: &str, url: &str| {
            let trust = Trust::new(base.parse().unwrap(), &["icloud.com".to_owned()]);
            trust.covers(&url.parse().unwrap())
        };
        for (base, url, expected) in [
            ("https://a.example/x/", "https://a.example/y", true),
            ("https://a.example/", "https://a.example:443/", true),
            ("https://a.example/", "https://a.example:8443/", false),
            ("https://a.example/", "http://a.example/", false),
            ("https://a.example/", "https://b.example/", false),
            ("http://a.example/", "https://a.example/", true),
            ("http://a.example:8080/", "https://a.example/", false),
            ("http://a.example/", "https://a.example:8443/", false),
            (
                "https://caldav.icloud.com/",
                "https://p34-caldav.icloud.com/",
                true,
            ),
            ("https://caldav.icloud.com/", "https://icloud.com/", true),
            (
                "https://caldav.icloud.com/",
                "https://noticloud.com/",
                false,
            ),
            (
                "https://caldav.icloud.com/",
                "http://p34-caldav.icloud.com/",
                false,
            ),
            (
                "https://caldav.icloud.com/",
                "https://icloud.com.evil.example/",
                false,
            ),
        ] {
            assert_eq!(covered(base, url), expected, "{base} {url}");
        }
    }
}
