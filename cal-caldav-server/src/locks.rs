//! The locks of a home as resources see them (RFC 4918 sections 6 and 7). What they keep whom
//! from doing is decided in the store, in the transaction of each write.

use cal_dav::header::{Depth, LockToken, Timeout};
use cal_dav::property::{ActiveLock, LockDiscovery};
use cal_dav::request::LockScope;
use cal_dav::{Element, Href};
use cal_store::{Lock, LockDepth, LockRoot, PlacedLock, Principal, Timestamp};

use crate::href::BasePath;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::server::Site;

/// For how many seconds a lock lasts for which the client names no time.
const USUAL: u32 = 60 * 60;

/// The locks in force in the home of a principal.
#[derive(Debug)]
pub(crate) struct Locks {
    placed: Vec<PlacedLock>,
    owner: String,
    at: Timestamp,
}

impl Locks {
    /// Those that are in force now.
    pub(crate) async fn read(site: &Site, principal: &Principal) -> Result<Self, Refusal> {
        let at = Timestamp::from((site.clock)());
        Ok(Self {
            placed: site.store.locks(principal.id, at).await?,
            owner: principal.name.as_str().to_owned(),
            at,
        })
    }

    /// The locks that cover a resource, whether or not there is anything.
    pub(crate) fn covering(&self, resource: &Resource) -> impl Iterator<Item = &PlacedLock> {
        let names = match resource {
            Resource::Tree { user, names } if *user == self.owner => Some(names),
            _ => None,
        };
        self.placed.iter().filter(move |placed| {
            names.is_some_and(|names| {
                let mut path = placed.path.iter();
                let above = names.iter().take(placed.path.len());
                let is_above = names.len() >= placed.path.len()
                    && above
                        .zip(&mut path)
                        .all(|(name, root)| name == root.as_str());
                let deep = placed.lock.depth == LockDepth::Infinity;
                is_above && (deep || names.len() == placed.path.len())
            })
        })
    }

    /// The lock of this token, if it covers a resource.
    pub(crate) fn find(&self, resource: &Resource, token: &LockToken) -> Option<&PlacedLock> {
        let token: cal_store::LockToken = token.as_str().parse().ok()?;
        let mut covering = self.covering(resource);
        covering.find(|placed| placed.lock.token == token)
    }

    /// The resources that the locks with these roots were asked for.
    pub(crate) fn rooted(&self, roots: &[LockRoot]) -> Vec<Root> {
        let rooted = self.placed.iter();
        let rooted = rooted.filter(|placed| roots.contains(&placed.lock.root));
        let mut found: Vec<Root> = Vec::new();
        for placed in rooted {
            let root = self.root(placed);
            if !found.contains(&root) {
                found.push(root);
            }
        }
        found
    }

    /// `DAV:lockdiscovery` of a resource.
    pub(crate) fn discovery(&self, base: &BasePath, resource: &Resource) -> LockDiscovery {
        let locks = self.covering(resource);
        LockDiscovery {
            locks: locks.map(|placed| self.active(base, placed)).collect(),
        }
    }

    fn active(&self, base: &BasePath, placed: &PlacedLock) -> ActiveLock {
        let Lock {
            scope,
            depth,
            owner,
            expires,
            token,
            ..
        } = &placed.lock;
        let left = expires.millis().saturating_sub(self.at.millis());
        let seconds = u32::try_from(left.max(0).unsigned_abs().div_ceil(1000));
        let owner = owner
            .as_ref()
            .and_then(|xml| Element::parse(xml.as_bytes(), &cal_dav::Limits::REQUEST).ok());
        ActiveLock {
            scope: match scope {
                cal_store::LockScope::Exclusive => LockScope::Exclusive,
                cal_store::LockScope::Shared => LockScope::Shared,
            },
            depth: match depth {
                LockDepth::Zero => Depth::Zero,
                LockDepth::Infinity => Depth::Infinity,
            },
            owner,
            timeout: seconds.map_or(Timeout::Infinite, Timeout::Seconds),
            token: LockToken::new(&token.to_string()).ok(),
            root: self.root(placed).href(base),
        }
    }

    fn root(&self, placed: &PlacedLock) -> Root {
        let names = placed.path.iter().map(|name| name.as_str().to_owned());
        Root {
            resource: Resource::Tree {
                user: self.owner.clone(),
                names: names.collect(),
            },
            is_collection: placed.lock.root.name.is_none(),
        }
    }
}

/// What a lock was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) resource: Resource,
    is_collection: bool,
}

impl Root {
    pub(crate) fn href(&self, base: &BasePath) -> Href {
        match self.is_collection {
            true => base.collection(&self.resource),
            false => base.object(&self.resource),
        }
    }
}

/// For how many seconds a lock is made or refreshed, of what the client wishes no more than
/// [`Lock::MAX_SECONDS`].
pub(crate) fn seconds(wish: Option<Timeout>) -> u32 {
    match wish {
        None => USUAL,
        Some(Timeout::Infinite) => Lock::MAX_SECONDS,
        Some(Timeout::Seconds(seconds)) => seconds,
    }
}
