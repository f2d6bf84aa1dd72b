//! The address of a client behind proxies that we trust.

use std::net::IpAddr;

use http::HeaderMap;

/// The address that a request is held against; an extension of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientAddress(pub(super) IpAddr);

/// The proxies whose word about their clients counts.
pub(super) struct TrustedProxies {
    addresses: Vec<IpAddr>,
}

impl TrustedProxies {
    pub(super) fn new(addresses: &[IpAddr]) -> TrustedProxies {
        let addresses = addresses.iter().map(IpAddr::to_canonical).collect();
        TrustedProxies { addresses }
    }

    /// Walks `X-Forwarded-For` from its end, which the nearest proxy wrote, to
    /// the first address that is no proxy of ours. What lies before that can be
    /// invented by the client.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let forwarded: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| field.split(','))
            .collect();
        for hop in forwarded.iter().rev() {
            if !self.addresses.contains(&client) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_of_a_trusted_proxy_counts() {
        let proxies =
            TrustedProxies::new(&["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()]);
        let cases = [
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
            ("127.0.0.1", "203.0.113.7, 10.0.0.1", "203.0.113.7"),
            ("127.0.0.1", "203.0.113.7, junk", "127.0.0.1"),
            ("192.0.2.1", "203.0.113.7", "192.0.2.1"),
        ];
        for (peer, forwarded, expected) in cases {
            let mut headers = HeaderMap::new();
            if !forwarded.is_empty() {
                headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            }
            let client = proxies.client(peer.parse().unwrap(), &headers);
            assert_eq!(
                client,
                expected.parse::<IpAddr>().unwrap(),
                "{peer} {forwarded}"
            );
        }
    }
}
