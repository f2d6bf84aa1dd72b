//! `CALDAV:calendar-multiget` (RFC 4791 section 7.9).

use std::collections::HashSet;

use async_trait::async_trait;
use cal_core::ZoneRules;
use cal_dav::Href;
use cal_dav::report::CalendarMultiget;
use cal_dav::response::MultistatusWriter;
use cal_store::{CollectionId, ObjectName};
use http::StatusCode;

use super::answer::{self, At, Question};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::multistatus::{self, Listing, Progress};
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::zone;

/// Objects that are read at a time.
const BATCH: usize = 100;

pub(crate) async fn multiget(
    exchange: Exchange,
    target: Target,
    request: CalendarMultiget,
) -> Reply {
    if matches!(target, Target::Missing) {
        return Err(Refusal::NotFound);
    }
    let limit = exchange.site.limits.hrefs;
    if request.hrefs.len() > limit {
        return Err(Refusal::TooMuch {
            what: "hrefs",
            limit: limit as u64,
        });
    }
    let question = Question::new(&exchange, &request.selection)?;
    let mut seen = HashSet::new();
    let mut hrefs: Vec<Href> = request
        .hrefs
        .into_iter()
        .filter(|href| seen.insert(href.path().to_owned()))
        .collect();
    hrefs.reverse();
    multistatus::respond(Hrefs {
        exchange,
        question,
        left: hrefs,
    })
    .await
}

struct Hrefs {
    exchange: Exchange,
    question: Question,
    /// What is still to be answered, last first.
    left: Vec<Href>,
}

/// A collection that hrefs of the request lie in.
#[derive(Clone)]
struct Parent {
    resource: Resource,
    id: CollectionId,
    zone: ZoneRules,
}

/// Hrefs that lie in one collection, with the names they have there.
struct Batch {
    parent: Parent,
    members: Vec<(Href, ObjectName)>,
}

#[async_trait]
impl Listing for Hrefs {
    async fn write(&mut self, out: &mut MultistatusWriter) -> Result<Progress, Refusal> {
        let mut batch: Option<Batch> = None;
        let mut parent: Option<Parent> = None;
        for _ in 0..BATCH {
            let Some(href) = self.left.pop() else { break };
            match self.member(&href, &mut parent).await? {
                None => out.status(&href, StatusCode::NOT_FOUND),
                Some((parent, name)) => {
                    if batch
                        .as_ref()
                        .is_some_and(|batch| batch.parent.id != parent.id)
                    {
                        self.answer(out, batch.take()).await?;
                    }
                    batch
                        .get_or_insert_with(|| Batch {
                            parent,
                            members: Vec::new(),
                        })
                        .members
                        .push((href, name));
                }
            }
        }
        self.answer(out, batch).await?;
        Ok(if self.left.is_empty() {
            Progress::Done(None)
        } else {
            Progress::More
        })
    }
}

impl Hrefs {
    /// The collection and name that an href stands for: `None` for everything that is malformed,
    /// elsewhere, someone else's or not below the target.
    async fn member(
        &self,
        href: &Href,
        known: &mut Option<Parent>,
    ) -> Result<Option<(Parent, ObjectName)>, Refusal> {
        let Ok(Some(resource)) = self.exchange.site.base.resolve(href) else {
            return Ok(None);
        };
        let Resource::Tree { names, .. } = &resource else {
            return Ok(None);
        };
        if !resource.is_within(&self.exchange.resource) {
            return Ok(None);
        }
        let Some(Ok(name)) = names.last().map(ObjectName::new) else {
            return Ok(None);
        };
        let above = resource.parent();
        if let Some(parent) = known.as_ref().filter(|parent| parent.resource == above) {
            return Ok(Some((parent.clone(), name)));
        }
        match self.exchange.locate_below(&above).await {
            Ok(Target::Collection(collection)) => {
                let zone = zone::of_collection(&collection);
                let parent = Parent {
                    resource: above,
                    id: collection.id,
                    zone,
                };
                *known = Some(parent.clone());
                Ok(Some((parent, name)))
            }
            Ok(_) | Err(Refusal::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// The hrefs go back as they came, so that the client finds them again; an absolute one as a
    /// path.
    async fn answer(
        &mut self,
        out: &mut MultistatusWriter,
        batch: Option<Batch>,
    ) -> Result<(), Refusal> {
        let Some(Batch { parent, members }) = batch else {
            return Ok(());
        };
        let names: Vec<ObjectName> = members.iter().map(|(_, name)| name.clone()).collect();
        let (mut names, mut members) = (&*names, &*members);
        while !names.is_empty() {
            let store = &self.exchange.site.store;
            let objects = store.first_objects(parent.id, names).await?;
            let (these, rest) = members
                .split_at_checked(objects.len())
                .unwrap_or((members, &[]));
            (members, names) = (rest, names.get(objects.len()..).unwrap_or_default());
            let rendering = self
                .question
                .render(&self.exchange, objects, &parent.zone, None);
            for ((href, _), object) in these.iter().zip(rendering.await?) {
                let href: Href = href.path().parse()?;
                match object {
                    None => out.status(&href, StatusCode::NOT_FOUND),
                    Some(object) => {
                        let at = At {
                            collection: parent.id,
                            href: &href,
                        };
                        answer::object(out, &self.exchange, &self.question, at, &object).await?;
                    }
                }
            }
        }
        Ok(())
    }
}
