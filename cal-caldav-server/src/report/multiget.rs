//! `CALDAV:calendar-multiget` (RFC 4791 section 7.9).

use std::collections::HashSet;

use async_trait::async_trait;
use cal_dav::Href;
use cal_dav::report::CalendarMultiget;
use cal_dav::response::MultistatusWriter;
use cal_store::{CollectionId, Object, ObjectName};
use http::StatusCode;

use super::answer::{self, At, Question};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::multistatus::{self, Listing, Progress};
use crate::refusal::Refusal;
use crate::resource::Resource;

/// Objects that are read at a time.
const BATCH: usize = 100;

pub(crate) async fn multiget(exchange: Exchange, target: Target, request: CalendarMultiget) -> Reply {
    if matches!(target, Target::Missing) {
        return Err(Refusal::NotFound);
    }
    let limit = exchange.site.limits.hrefs;
    if request.hrefs.len() > limit {
        return Err(Refusal::TooMuch { what: "hrefs", limit: limit as u64 });
    }
    let question = Question::new(&exchange, &request.selection)?;
    let mut seen = HashSet::new();
    let mut hrefs: Vec<Href> = request
        .hrefs
        .into_iter()
        .filter(|href| seen.insert(href.as_str().to_owned()))
        .collect();
    hrefs.reverse();
    multistatus::respond(Hrefs { exchange, question, left: hrefs }).await
}

struct Hrefs {
    exchange: Exchange,
    question: Question,
    /// What is still to be answered, last first.
    left: Vec<Href>,
}

/// Hrefs that lie in one collection, with the names they have there.
struct Batch {
    collection: CollectionId,
    members: Vec<(Href, ObjectName)>,
}

#[async_trait]
impl Listing for Hrefs {
    async fn write(&mut self, out: &mut MultistatusWriter) -> Result<Progress, Refusal> {
        let mut batch: Option<Batch> = None;
        let mut parent: Option<(Resource, CollectionId)> = None;
        for _ in 0..BATCH {
            let Some(href) = self.left.pop() else { break };
            match self.member(&href, &mut parent).await? {
                None => out.status(&href, StatusCode::NOT_FOUND),
                Some((collection, name)) => {
                    if batch.as_ref().is_some_and(|batch| batch.collection != collection) {
                        self.answer(out, batch.take()).await?;
                    }
                    batch
                        .get_or_insert_with(|| Batch { collection, members: Vec::new() })
                        .members
                        .push((href, name));
                }
            }
        }
        self.answer(out, batch).await?;
        Ok(if self.left.is_empty() { Progress::Done(None) } else { Progress::More })
    }
}

impl Hrefs {
    /// The collection and name that an href stands for: `None` for everything that is malformed,
    /// elsewhere, someone else's or below something else than the target.
    async fn member(
        &self,
        href: &Href,
        parent: &mut Option<(Resource, CollectionId)>,
    ) -> Result<Option<(CollectionId, ObjectName)>, Refusal> {
        let Ok(Some(resource)) = self.exchange.site.base.resolve(href) else {
            return Ok(None);
        };
        let (Resource::Tree { names, .. }, true) = (&resource, resource.is_within(&self.exchange.resource))
        else {
            return Ok(None);
        };
        let Some(Ok(name)) = names.last().map(ObjectName::new) else {
            return Ok(None);
        };
        let above = resource.parent();
        if let Some((known, id)) = parent
            && *known == above
        {
            return Ok(Some((*id, name)));
        }
        match self.exchange.locate_below(&above).await {
            Ok(Target::Collection(collection)) => {
                *parent = Some((above, collection.id));
                Ok(Some((collection.id, name)))
            }
            Ok(_) | Err(Refusal::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    async fn answer(&self, out: &mut MultistatusWriter, batch: Option<Batch>) -> Result<(), Refusal> {
        let Some(Batch { collection, members }) = batch else {
            return Ok(());
        };
        let names: Vec<ObjectName> = members.iter().map(|(_, name)| name.clone()).collect();
        let objects = self.exchange.site.store.objects(collection, &names).await?;
        for ((href, _), object) in members.iter().zip(objects) {
            match object {
                Some(object) => self.write(out, collection, href, &object).await?,
                None => out.status(href, StatusCode::NOT_FOUND),
            }
        }
        Ok(())
    }

    /// The href goes back as it came, so that the client finds it again; an absolute one as a
    /// path.
    async fn write(
        &self,
        out: &mut MultistatusWriter,
        collection: CollectionId,
        href: &Href,
        object: &Object,
    ) -> Result<(), Refusal> {
        let path: Href = href.path().parse()?;
        let at = At { collection, href: &path };
        answer::object(out, &self.exchange, &self.question, at, object).await
    }
}
