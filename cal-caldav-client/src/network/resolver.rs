//! Resolves names, and gives out only addresses that the policy permits.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::AddressPolicy;

/// A name resolves to an address that may not be connected to.
#[derive(Debug, thiserror::Error)]
#[error("connections to {0} are not allowed")]
pub(crate) struct Refused(pub(crate) IpAddr);

/// The system's resolver under a policy.
#[derive(Clone, Debug)]
pub(crate) struct Resolver {
    policy: AddressPolicy,
}

impl Resolver {
    pub(crate) fn new(policy: AddressPolicy) -> Self {
        Self { policy }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.policy.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let (permitted, refused): (Vec<SocketAddr>, Vec<SocketAddr>) =
                found.partition(|address| policy.permits(address.ip()));
            match refused.first() {
                Some(address) if permitted.is_empty() => Err(Refused(address.ip()).into()),
                _ => Ok(Box::new(permitted.into_iter()) as Addrs),
            }
        })
    }
}
