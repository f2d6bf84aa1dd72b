//! Users that the store meets for the first time.

use cal_store::{Cause, Error, NewPrincipal, Principal, Timestamp, Via};

use crate::auth::User;
use crate::refusal::Refusal;
use crate::server::Site;

/// The principal of an authenticated user, made if the store does not know it yet.
pub(crate) async fn principal(site: &Site, user: &User) -> Result<Principal, Refusal> {
    if let Some(known) = site.store.principal(user.name()).await? {
        return Ok(known);
    }
    let cause = Cause::new(Via::System, Timestamp::from((site.clock)()));
    match site
        .store
        .create_principal(described(user, user.emails()), &cause)
        .await
    {
        Ok(principal) => Ok(principal),
        // Another request of the same user was faster, or someone else has the address.
        Err(Error::Exists) => match site.store.principal(user.name()).await? {
            Some(known) => Ok(known),
            None => site
                .store
                .create_principal(described(user, &[]), &cause)
                .await
                .map_err(|error| match error {
                    Error::Exists => Refusal::Forbidden("another user has a name like this one"),
                    other => other.into(),
                }),
        },
        Err(other) => Err(other.into()),
    }
}

fn described(user: &User, emails: &[cal_store::EmailAddress]) -> NewPrincipal {
    let mut new = NewPrincipal::new(user.name().clone());
    if let Some(name) = user.display_name() {
        new = new.with_display_name(name);
    }
    emails.iter().cloned().fold(new, NewPrincipal::with_email)
}
