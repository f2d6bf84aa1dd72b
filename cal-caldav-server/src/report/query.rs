//! `CALDAV:calendar-query` (RFC 4791 section 7.8).

use std::sync::Arc;

use async_trait::async_trait;
use cal_core::{Calendar, ZoneRules};
use cal_dav::Href;
use cal_dav::report::{CalendarQuery, ComponentFilter};
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{Collection, CollectionKind, ComponentKind, Cursor, Object, PageRequest};

use super::answer::{self, At, Passes, Question};
use super::calendars::Calendars;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::filter::{self, Candidates, Subject};
use crate::multistatus::{self, Listing, Progress};
use crate::refusal::Refusal;
use crate::zone;

/// Candidates that are read at a time.
const PAGE: usize = 200;

pub(crate) async fn query(exchange: Exchange, target: Target, request: CalendarQuery) -> Reply {
    if filter::count(&request.filter) > exchange.site.limits.filters {
        return Err(Precondition::SupportedFilter(Vec::new()).into());
    }
    let named = request.zone.as_ref().map(zone::of_query).transpose()?;
    let question = Question::new(&exchange, &request.selection)?;
    let search = Search {
        filter: Arc::new(request.filter),
        named,
    };
    match target {
        Target::Missing => Err(Refusal::NotFound),
        Target::Member { parent, name } => {
            let found = exchange.site.store.object(parent.id, &name).await?;
            let object = found.ok_or(Refusal::NotFound)?;
            search.one(exchange, question, &parent, object).await
        }
        Target::Collection(collection) => {
            let depth = exchange.depth()?;
            let calendars = Calendars::below(&exchange, *collection, depth).await?;
            let candidates = Candidates::of(&search.filter);
            let kind = Candidates::only_kind(&search.filter).filter(|_| question.data.is_none());
            multistatus::respond(Matches {
                exchange,
                question,
                search,
                candidates,
                kind,
                calendars,
                at: None,
            })
            .await
        }
        Target::Root | Target::Principals | Target::Principal | Target::Homes => {
            Err(Precondition::SupportedReport.into())
        }
    }
}

/// What is looked for.
struct Search {
    filter: Arc<ComponentFilter>,
    /// The zone that the query names.
    named: Option<ZoneRules>,
}

impl Search {
    fn zone(&self, calendar: &Collection) -> ZoneRules {
        self.named
            .clone()
            .unwrap_or_else(|| zone::of_collection(calendar))
    }

    /// What an object in this zone must be.
    fn passes(&self, zone: &ZoneRules) -> Passes {
        let (filter, zone) = (Arc::clone(&self.filter), zone.clone());
        Box::new(move |object| {
            let calendar = Calendar::read(&object.body).calendar;
            Subject::new(&calendar, &zone).passes(&filter)
        })
    }

    async fn one(
        &self,
        exchange: Exchange,
        mut question: Question,
        parent: &Collection,
        object: Object,
    ) -> Reply {
        let mut out = MultistatusWriter::new();
        if !matches!(parent.kind, CollectionKind::Calendar(_)) {
            return Ok(multistatus::whole(out));
        }
        let zone = self.zone(parent);
        let passes = Some(self.passes(&zone));
        let found = question.render(&exchange, vec![Some(object)], &zone, passes);
        let href = exchange.site.base.object(&exchange.resource);
        for found in found.await?.iter().flatten() {
            let at = At {
                collection: parent.id,
                href: &href,
            };
            answer::object(&mut out, &exchange, &question, at, found).await?;
        }
        Ok(multistatus::whole(out))
    }
}

/// The objects that pass, calendar after calendar.
struct Matches {
    exchange: Exchange,
    question: Question,
    search: Search,
    candidates: Candidates,
    /// The kind of object that is asked for, where no object need be read to answer.
    kind: Option<ComponentKind>,
    calendars: Calendars,
    at: Option<Within>,
}

/// A place in the candidates of one calendar.
struct Within {
    calendar: Box<Collection>,
    href: Href,
    zone: ZoneRules,
    cursor: Option<Cursor>,
}

impl Within {
    fn at<'a>(&'a self, href: &'a Href) -> At<'a> {
        At {
            collection: self.calendar.id,
            href,
        }
    }
}

#[async_trait]
impl Listing for Matches {
    async fn write(&mut self, out: &mut MultistatusWriter) -> Result<Progress, Refusal> {
        let Some(mut within) = self.at.take().or_else(|| self.enter()) else {
            return Ok(Progress::Done(None));
        };
        let request = match within.cursor.take() {
            Some(cursor) => PageRequest::after(cursor, PAGE),
            None => PageRequest::first(PAGE),
        };
        within.cursor = match self.kind {
            Some(kind) => self.list(out, &within, kind, request).await?,
            None => self.search(out, &within, request).await?,
        };
        if within.cursor.is_some() {
            self.at = Some(within);
        }
        Ok(Progress::More)
    }
}

impl Matches {
    /// Reads candidates and answers for those that pass.
    async fn search(
        &mut self,
        out: &mut MultistatusWriter,
        within: &Within,
        request: PageRequest,
    ) -> Result<Option<Cursor>, Refusal> {
        let query = self.candidates.query(within.calendar.id);
        let store = &self.exchange.site.store;
        let page = store.overlapping(query, request).await?;
        let objects: Vec<_> = page.items.into_iter().map(Some).collect();
        let passes = Some(self.search.passes(&within.zone));
        let found = self
            .question
            .render(&self.exchange, objects, &within.zone, passes);
        for found in found.await?.iter().flatten() {
            let href = within.href.member(found.name().as_str());
            let at = within.at(&href);
            answer::object(out, &self.exchange, &self.question, at, found).await?;
        }
        Ok(page.next)
    }

    /// Answers for all objects of a kind from what a listing tells.
    async fn list(
        &self,
        out: &mut MultistatusWriter,
        within: &Within,
        kind: ComponentKind,
        request: PageRequest,
    ) -> Result<Option<Cursor>, Refusal> {
        let store = &self.exchange.site.store;
        let page = store.entries(within.calendar.id, request).await?;
        for entry in &page.items {
            if entry.component == Some(kind) {
                let href = within.href.member(entry.name.as_str());
                let at = within.at(&href);
                answer::entry(out, &self.exchange, &self.question, at, entry).await?;
            }
        }
        Ok(page.next)
    }

    fn enter(&mut self) -> Option<Within> {
        let (href, calendar) = self.calendars.next()?;
        let zone = self.search.zone(&calendar);
        Some(Within {
            calendar: Box::new(calendar),
            href,
            zone,
            cursor: None,
        })
    }
}
