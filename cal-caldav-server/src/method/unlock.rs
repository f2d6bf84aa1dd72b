//! `UNLOCK` (RFC 4918 section 9.11).

use cal_dav::header::{LOCK_TOKEN, LockToken};
use cal_dav::response::Precondition;
use http::{Response, StatusCode};

use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::refusal::Refusal;

pub(crate) async fn unlock(exchange: Exchange, target: Target) -> Reply {
    if matches!(target, Target::Missing) {
        return Err(Refusal::NotFound);
    }
    let token: LockToken = exchange
        .read_header(LOCK_TOKEN)?
        .ok_or_else(|| Refusal::malformed("there is no Lock-Token header"))?;
    let known = exchange.locks().await?;
    let placed = known
        .find(&exchange.resource, &token)
        .ok_or(Refusal::OtherLock(Precondition::LockTokenMatchesRequestUri))?;
    if placed.lock.principal != exchange.principal.name {
        return Err(Refusal::Forbidden("the lock is another's"));
    }
    let store = &exchange.site.store;
    store.unlock(placed.lock.token, &exchange.cause()).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}
