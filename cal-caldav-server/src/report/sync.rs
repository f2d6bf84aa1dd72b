//! `DAV:sync-collection` (RFC 6578), and its older dialect without a level.

use async_trait::async_trait;
use cal_core::ZoneRules;
use cal_dav::Href;
use cal_dav::property::PropertyName;
use cal_dav::report::{SyncCollection, SyncLevel};
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{Collection, MemberState, ObjectName, SyncChange, SyncPage, SyncToken};
use http::StatusCode;

use super::answer::{self, At, Question};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::multistatus::{self, Listing, Progress};
use crate::property;
use crate::property::node::{self, Node};
use crate::refusal::Refusal;
use crate::zone;
use cal_dav::header::Depth;

/// Changes that are read at a time.
const PAGE: usize = 500;

pub(crate) async fn sync(exchange: Exchange, target: Target, request: SyncCollection) -> Reply {
    let Target::Collection(collection) = target else {
        return Err(match target {
            Target::Missing => Refusal::NotFound,
            _ => Precondition::SupportedReport.into(),
        });
    };
    check_level(&exchange, &collection, request.level)?;
    let since = request
        .token
        .as_ref()
        .map(|token| parse(token.as_str()))
        .transpose()?;
    let most = u64::from(exchange.site.limits.changes);
    let left = request.limit.map_or(most, |asked| asked.min(most));
    let question = Question::new(&exchange, &request.selection)?;
    let href = exchange.collection_href(&exchange.resource);
    let end = collection.token.sequence();
    let zone = zone::of_collection(&collection);
    multistatus::respond(Changes {
        exchange,
        question,
        collection,
        href,
        zone,
        since,
        left,
        end,
    })
    .await
}

/// The level is in the body; older clients put it into the `Depth` header. Some clients send
/// both, so a depth beside a level is only refused where it contradicts any level.
fn check_level(
    exchange: &Exchange,
    collection: &Collection,
    level: Option<SyncLevel>,
) -> Result<(), Refusal> {
    let depth = exchange.depth()?;
    let infinite = match (level, depth) {
        (Some(SyncLevel::One), Some(Depth::Infinity)) => {
            return Err(Refusal::malformed("a sync has Depth 0"));
        }
        (Some(level), _) => level == SyncLevel::Infinite,
        (None, depth) => depth == Some(Depth::Infinity),
    };
    if infinite && collection.kind.holds_collections() {
        return Err(Precondition::SyncTraversalSupported.into());
    }
    Ok(())
}

fn parse(token: &str) -> Result<SyncToken, Refusal> {
    let parsed = token
        .strip_prefix(node::TOKEN_SCHEME)
        .and_then(|token| token.parse().ok());
    parsed.ok_or_else(|| Precondition::ValidSyncToken.into())
}

struct Changes {
    exchange: Exchange,
    question: Question,
    collection: Box<Collection>,
    href: Href,
    zone: ZoneRules,
    since: Option<SyncToken>,
    /// How many more changes this answer may have.
    left: u64,
    /// Where the log stood when the request came. What happens while the answer is written is
    /// for the next one.
    end: u64,
}

#[async_trait]
impl Listing for Changes {
    async fn write(&mut self, out: &mut MultistatusWriter) -> Result<Progress, Refusal> {
        let limit = usize::try_from(self.left).unwrap_or(PAGE).min(PAGE);
        let store = &self.exchange.site.store;
        let SyncPage {
            mut changes,
            token,
            more,
        } = store
            .changes(self.collection.id, self.since.as_ref(), limit)
            .await?;
        let before = changes.len();
        changes.retain(|change| change.sequence <= self.end);
        let caught_up = changes.len() < before || !more;
        self.write_changes(out, &changes).await?;
        self.left = self.left.saturating_sub(changes.len() as u64);
        if caught_up {
            let reached = if changes.len() < before {
                self.collection.token
            } else {
                token
            };
            return Ok(Progress::Done(Some(node::sync_token(reached))));
        }
        if self.left == 0 {
            let condition = [Precondition::NumberOfMatchesWithinLimits];
            out.failure(&self.href, StatusCode::INSUFFICIENT_STORAGE, &condition);
            return Ok(Progress::Done(Some(node::sync_token(token))));
        }
        self.since = Some(token);
        Ok(Progress::More)
    }
}

impl Changes {
    async fn write_changes(
        &mut self,
        out: &mut MultistatusWriter,
        changes: &[SyncChange],
    ) -> Result<(), Refusal> {
        if self.question.wanted.names(PropertyName::CalendarData) {
            return self.write_with_data(out, changes).await;
        }
        for change in changes {
            match &change.state {
                MemberState::Object(entry) => {
                    let href = self.href.member(change.name.as_str());
                    let at = At {
                        collection: self.collection.id,
                        href: &href,
                    };
                    answer::entry(out, &self.exchange, &self.question, at, entry).await?;
                }
                _ => self.write_other(out, change).await?,
            }
        }
        Ok(())
    }

    async fn write_with_data(
        &mut self,
        out: &mut MultistatusWriter,
        changes: &[SyncChange],
    ) -> Result<(), Refusal> {
        let names: Vec<ObjectName> = changes.iter().map(|change| change.name.clone()).collect();
        let (mut names, mut changes) = (&*names, changes);
        while !names.is_empty() {
            let store = &self.exchange.site.store;
            let objects = store.first_objects(self.collection.id, names).await?;
            let (these, rest) = changes
                .split_at_checked(objects.len())
                .unwrap_or((changes, &[]));
            (changes, names) = (rest, names.get(objects.len()..).unwrap_or_default());
            let rendering = self
                .question
                .render(&self.exchange, objects, &self.zone, None);
            for (change, object) in these.iter().zip(rendering.await?) {
                match object {
                    Some(object) => {
                        let href = self.href.member(change.name.as_str());
                        let at = At {
                            collection: self.collection.id,
                            href: &href,
                        };
                        answer::object(out, &self.exchange, &self.question, at, &object).await?;
                    }
                    None => self.write_other(out, change).await?,
                }
            }
        }
        Ok(())
    }

    /// A member that is no object: a collection, or gone.
    async fn write_other(
        &self,
        out: &mut MultistatusWriter,
        change: &SyncChange,
    ) -> Result<(), Refusal> {
        let href = self.href.member(change.name.as_str());
        if let MemberState::Collection(id) = change.state
            && let Some(child) = self.exchange.site.store.collection(id).await?
        {
            let href = href.into_collection();
            if self.question.wanted.needs_locks() {
                self.exchange.locks().await?;
            }
            let node = Node {
                exchange: &self.exchange,
                collection: &child,
                href: &href,
            };
            property::write(
                out,
                &href,
                &node,
                &self.question.wanted,
                self.question.prefer,
            );
            return Ok(());
        }
        out.status(&href, StatusCode::NOT_FOUND);
        Ok(())
    }
}
