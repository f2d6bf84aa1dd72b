//! What is said to a request that locks are in the way of (RFC 4918 sections 9.6.1, 9.10.5,
//! 11.3 and 16).

use std::sync::Arc;

use cal_dav::Href;
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{Error, LockRoot, Principal};
use http::StatusCode;

use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::locks::{Locks, Root};
use crate::multistatus;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::server::Site;
use crate::verb::Verb;

/// A condition about some resources.
type Condition = fn(Vec<Href>) -> Precondition;

/// What is left of a request once it is done, or not.
pub(crate) struct Asked {
    site: Arc<Site>,
    principal: Principal,
    resource: Resource,
    href: Href,
    verb: Verb,
}

impl Asked {
    pub(crate) fn new(exchange: &Exchange, target: &Target, verb: Verb) -> Self {
        Self {
            site: Arc::clone(&exchange.site),
            principal: exchange.principal.clone(),
            resource: exchange.resource.clone(),
            href: exchange.href(target),
            verb,
        }
    }

    /// The refusal, with the hrefs of the locks that are in the way.
    pub(crate) async fn explain(self, refusal: Refusal) -> Reply {
        let (roots, condition) = match &refusal {
            Refusal::Store {
                source: Error::Locked { roots },
                ..
            } => (roots, Precondition::LockTokenSubmitted as Condition),
            Refusal::Store {
                source: Error::LockConflict { roots },
                ..
            } => (roots, Precondition::NoConflictingLock as Condition),
            _ => return Err(refusal),
        };
        let rooted = self.rooted(roots).await?;
        let is_below =
            |root: &Root| root.resource != self.resource && root.resource.is_within(&self.resource);
        let reaches = matches!(self.verb, Verb::Delete | Verb::Lock);
        if reaches && !rooted.is_empty() && rooted.iter().all(is_below) {
            return Ok(self.multistatus(&rooted, condition));
        }
        let hrefs = rooted.iter().map(|root| root.href(&self.site.base));
        let mut hrefs: Vec<Href> = hrefs.collect();
        if hrefs.is_empty() {
            // The locks have ended meanwhile.
            hrefs.push(self.href);
        }
        Err(Refusal::Locked(condition(hrefs)))
    }

    async fn rooted(&self, roots: &[LockRoot]) -> Result<Vec<Root>, Refusal> {
        let locks = Locks::read(&self.site, &self.principal).await?;
        Ok(locks.rooted(roots))
    }

    /// The resource itself is free, only what is below is not.
    fn multistatus(
        &self,
        rooted: &[Root],
        condition: Condition,
    ) -> http::Response<crate::body::Body> {
        let mut out = MultistatusWriter::new();
        for root in rooted {
            let href = root.href(&self.site.base);
            let condition = [condition(vec![href.clone()])];
            out.failure(&href, StatusCode::LOCKED, &condition);
        }
        if self.verb == Verb::Lock {
            out.status(&self.href, StatusCode::FAILED_DEPENDENCY);
        }
        multistatus::whole(out)
    }
}
