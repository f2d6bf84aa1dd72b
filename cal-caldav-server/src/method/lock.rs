//! `LOCK` (RFC 4918 section 9.10): a write lock is made, or lasts longer.

use bytes::Bytes;
use cal_dav::Writer;
use cal_dav::XmlElement;
use cal_dav::header::{Depth, TIMEOUT, Timeout};
use cal_dav::name::dav;
use cal_dav::request::{LockInfo, LockScope};
use cal_dav::response::Precondition as Condition;
use cal_store::{
    CollectionKind, ContentType, Lock, LockDepth, LockRoot, Precondition, Put, Timestamp,
};
use http::{HeaderName, Response, StatusCode};

use super::put::{insert, insert_location, judge};
use crate::body::Body;
use crate::conditional::{Conditional, Version};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::{Incoming, Unreadable};
use crate::locks::{self, Locks};
use crate::property::dead;
use crate::refusal::Refusal;
use crate::status;

pub(crate) async fn lock(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let bytes = exchange.read_xml_bytes(body).await?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refresh(&exchange, &target).await;
    }
    let info = LockInfo::parse(&bytes, &exchange.site.xml_limits())?;
    let depth = match exchange.depth()? {
        None | Some(Depth::Infinity) => LockDepth::Infinity,
        Some(Depth::Zero) => LockDepth::Zero,
        Some(Depth::One) => return Err(Refusal::malformed("a lock has Depth 0 or infinity")),
    };
    let (root, found) = root(&exchange, &target).await?;
    let lock = described(&exchange, root, (&info, depth))?;
    let token = lock.token;
    match found {
        Found::Something => {
            let store = &exchange.site.store;
            store.lock(lock, &exchange.cause()).await?;
        }
        Found::Nothing => make(&exchange, &target, lock).await?,
    }
    let mut response = discovered(&exchange).await?;
    let headers = response.headers_mut();
    let name = HeaderName::from_static("lock-token");
    insert(headers, name, &format!("<{token}>"));
    if found == Found::Nothing {
        insert_location(headers, &exchange.href(&target));
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

/// What there is to be locked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Something,
    /// A name for a file.
    Nothing,
}

/// What the lock is of, if the request may lock what is there.
async fn root(exchange: &Exchange, target: &Target) -> Result<(LockRoot, Found), Refusal> {
    match target {
        Target::Collection(collection) => {
            let (etag, modified) = (collection.token.to_string(), collection.modified);
            check(exchange, Some((&etag, modified)))?;
            Ok((LockRoot::collection(collection.id), Found::Something))
        }
        Target::Member { parent, name } => {
            let found = exchange.site.store.object(parent.id, name).await?;
            let entry = found.map(|object| object.entry);
            let etag = entry.as_ref().map(|entry| entry.etag.to_string());
            let known = entry.as_ref().zip(etag.as_deref());
            check(exchange, known.map(|(entry, etag)| (etag, entry.modified)))?;
            let found = match entry {
                Some(_) => Found::Something,
                None => Found::Nothing,
            };
            Ok((LockRoot::member(parent.id, name.clone()), found))
        }
        _ => Err(Refusal::NotFound),
    }
}

/// The lock that a client asks for.
fn described(
    exchange: &Exchange,
    root: LockRoot,
    (info, depth): (&LockInfo, LockDepth),
) -> Result<Lock, Refusal> {
    let principal = exchange.principal.name.clone();
    let seconds = locks::seconds(wish(exchange));
    let lock = Lock::new(root, principal, exchange.cause().at, seconds)
        .with_depth(depth)
        .with_scope(match info.scope {
            LockScope::Exclusive => cal_store::LockScope::Exclusive,
            LockScope::Shared => cal_store::LockScope::Shared,
        });
    let Some(owner) = info.owner.as_ref().map(dead::text) else {
        return Ok(lock);
    };
    if owner.len() > Lock::MAX_OWNER_BYTES {
        return Err(Refusal::Body(Unreadable::TooLarge {
            size: owner.len() as u64,
            limit: Lock::MAX_OWNER_BYTES as u64,
        }));
    }
    Ok(lock.with_owner(owner))
}

/// Makes an empty file under a lock (section 7.3).
async fn make(exchange: &Exchange, target: &Target, lock: Lock) -> Result<(), Refusal> {
    let Target::Member { parent, name } = target else {
        return Err(Refusal::NotFound);
    };
    if exchange.names_collection {
        return Err(Refusal::Forbidden("a lock makes files, not collections"));
    }
    let empty = Bytes::new();
    if matches!(parent.kind, CollectionKind::Calendar(_)) {
        // What a lock makes is empty, and so no calendar object (RFC 4791 section 4.1): it is
        // refused as storing it would be.
        judge(exchange, &empty).await?;
    }
    let put = Put::new(parent.id, name.clone(), empty)
        .with_content_type(ContentType::new(""))
        .with_precondition(Precondition::Absent);
    let store = &exchange.site.store;
    store.put_locked(put, lock, &exchange.cause()).await?;
    Ok(())
}

/// Holds the conditions of the request against what is to be locked.
fn check(exchange: &Exchange, there: Option<(&str, Timestamp)>) -> Result<(), Refusal> {
    let version = there.map(|(etag, modified)| Version {
        etag,
        modified: modified.to_date_time(),
    });
    match Conditional::of(&exchange.headers).allows_write(version) {
        true => Ok(()),
        false => Err(Refusal::PreconditionFailed),
    }
}

/// Lets the locks of the resource last longer whose tokens the `If` header has (section 9.10.2).
async fn refresh(exchange: &Exchange, target: &Target) -> Reply {
    if matches!(target, Target::Missing) {
        return Err(Refusal::NotFound);
    }
    let cause = exchange.cause();
    let until = Lock::expiry(cause.at, locks::seconds(wish(exchange)));
    let known = exchange.locks().await?;
    let tokens = known.covering(&exchange.resource);
    let tokens = tokens
        .filter(|placed| placed.lock.principal == exchange.principal.name)
        .map(|placed| placed.lock.token)
        .filter(|token| cause.lock_tokens.contains(token));
    let tokens: Vec<_> = tokens.collect();
    if tokens.is_empty() {
        return Err(Refusal::Unlocked(Condition::LockTokenMatchesRequestUri));
    }
    for token in tokens {
        let store = &exchange.site.store;
        store.refresh_lock(token, until, &cause).await?;
    }
    discovered(exchange).await
}

/// What a client wishes; a wish that cannot be read is none (section 10.7).
fn wish(exchange: &Exchange) -> Option<Timeout> {
    exchange.header(TIMEOUT)?.parse().ok()
}

/// The locks of the resource as they are now (section 9.10.1).
async fn discovered(exchange: &Exchange) -> Result<Response<Body>, Refusal> {
    let site = &exchange.site;
    let locks = Locks::read(site, &exchange.principal).await?;
    let discovery = locks.discovery(&site.base, &exchange.resource);
    let mut writer = Writer::document();
    writer
        .element(&dav::PROP)
        .content(|writer| discovery.write(writer));
    Ok(status::xml(writer.into_bytes()))
}
