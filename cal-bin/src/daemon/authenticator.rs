//! The users of the DAV server are the accounts of the store.

use std::net::{IpAddr, Ipv4Addr};

use async_trait::async_trait;
use cal_caldav_server::{Attempt, Authenticator, Error, User};

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
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
        let basic = attempt.basic().ok_or(Error::Unauthenticated)?;
        let address = attempt
            .extensions()
            .get::<ClientAddress>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.0);
        let admitted = self.gate.admit(basic.user(), basic.password(), address);
        match admitted.await {
            Ok(account) => Ok(user(account)),
            Err(Refusal::Wrong) => Err(Error::Unauthenticated),
            Err(Refusal::Wait(retry_after)) => Err(Error::Throttled { retry_after }),
            Err(Refusal::Unavailable(error)) => Err(Error::Unavailable(Box::new(error))),
        }
    }
}

fn user(account: cal_store::Principal) -> User {
    let mut user = User::new(account.name);
    if let Some(name) = account.display_name {
        user = user.with_display_name(name);
    }
    account.emails.into_iter().fold(user, User::with_email)
}
