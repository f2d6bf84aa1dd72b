//! `CALDAV:calendar-query` (RFC 4791 section 7.8).

use async_trait::async_trait;
use cal_core::{Calendar, ZoneRules};
use cal_dav::Href;
use cal_dav::report::{CalendarQuery, ComponentFilter};
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{Collection, CollectionKind, Cursor, Object, PageRequest};

use super::answer::{self, At, Question};
use super::calendars::Calendars;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::filter::{self, Candidates, Subject};
use crate::headers::depth::Depth;
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
        filter: request.filter,
        named,
    };
    match target {
        Target::Missing => Err(Refusal::NotFound),
        Target::Member { parent, name } => {
            let found = exchange.site.store.object(parent.id, &name).await?;
            let object = found.ok_or(Refusal::NotFound)?;
            search.one(exchange, question, &parent, &object).await
        }
        Target::Collection(collection) => {
            let depth = Depth::of(&exchange.headers)?;
            let calendars = Calendars::below(&exchange, *collection, depth).await?;
            let candidates = Candidates::of(&search.filter);
            multistatus::respond(Matches {
                exchange,
                question,
                search,
                candidates,
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
    filter: ComponentFilter,
    /// The zone that the query names.
    named: Option<ZoneRules>,
}

impl Search {
    fn zone(&self, calendar: &Collection) -> ZoneRules {
        self.named
            .clone()
            .unwrap_or_else(|| zone::of_collection(calendar))
    }

    fn finds(&self, object: &Object, zone: &ZoneRules) -> bool {
        let calendar = Calendar::read(&object.body).calendar;
        Subject::new(&calendar, zone).passes(&self.filter)
    }

    async fn one(
        &self,
        exchange: Exchange,
        mut question: Question,
        parent: &Collection,
        object: &Object,
    ) -> Reply {
        let mut out = MultistatusWriter::new();
        let zone = self.zone(parent);
        let is_calendar_object = matches!(parent.kind, CollectionKind::Calendar(_));
        if is_calendar_object && self.finds(object, &zone) {
            let href = exchange.site.base.object(&exchange.resource);
            let at = At {
                collection: parent.id,
                href: &href,
                zone: &zone,
            };
            answer::object(&mut out, &exchange, &mut question, at, object).await?;
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
        let query = self.candidates.query(within.calendar.id);
        let page = self.exchange.site.store.overlapping(query, request).await?;
        for object in &page.items {
            if self.search.finds(object, &within.zone) {
                let href = within.href.member(object.entry.name.as_str());
                let at = At {
                    collection: within.calendar.id,
                    href: &href,
                    zone: &within.zone,
                };
                answer::object(out, &self.exchange, &mut self.question, at, object).await?;
            }
        }
        if page.next.is_some() {
            within.cursor = page.next;
            self.at = Some(within);
        }
        Ok(Progress::More)
    }
}

impl Matches {
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
