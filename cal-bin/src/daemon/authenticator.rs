//! The users of the DAV server are the accounts of the store.

use std::net::{IpAddr, Ipv4Addr};

use async_trait::async_trait;
use cal_caldav_server::{Attempt, Authenticator, Error, Principal};

use super::address::ClientAddress;
use crate::account::{Gate, Refusal};

/// HTTP Basic authentication with the account's password or an app password.
pub(super) struct Accounts {
    gate: Gate,
}

impl Accounts {
    pub(super) fn new(gate: Gate) -> Accounts {
        Accounts { gate }
    }
}

#[async_trait]
impl Authenticator for Accounts {
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<Principal, Error> {
        let basic = attempt.basic().ok_or(Error::Unauthenticated)?;
        let address = attempt
            .extensions()
            .get::<ClientAddress>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.0);
        let admitted = self.gate.admit(basic.user(), basic.password(), address);
        match admitted.await {
            Ok(account) => Ok(principal(&account)),
            Err(Refusal::Wrong) => Err(Error::Unauthenticated),
            Err(Refusal::Wait(retry_after)) => Err(Error::Throttled { retry_after }),
            Err(Refusal::Unavailable(error)) => Err(Error::Unavailable(Box::new(error))),
        }
    }
}

fn principal(account: &cal_store::Principal) -> Principal {
    let mut principal = Principal::new(account.name.as_str());
    if let Some(name) = &account.display_name {
        principal = principal.with_display_name(name);
    }
    for email in &account.emails {
        principal = principal.with_address(format!("mailto:{email}"));
    }
    principal
}
