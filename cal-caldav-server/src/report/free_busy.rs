//! `CALDAV:free-busy-query` (RFC 4791 section 7.10).

use cal_core::{Calendar, Error, ZoneRules};
use cal_dav::report::FreeBusyQuery;
use cal_dav::response::Precondition;
use cal_freebusy::{Availability, Interval, Schedule};
use cal_store::{Collection, PageRequest, Span, SpanQuery, Timestamp, Transparency};
use http::{HeaderValue, Response, header};

use super::calendars::Calendars;
use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::refusal::Refusal;
use crate::zone;

/// Objects that are read at a time.
const PAGE: usize = 200;

pub(crate) async fn free_busy(exchange: Exchange, target: Target, request: FreeBusyQuery) -> Reply {
    let Target::Collection(collection) = target else {
        return Err(match target {
            Target::Missing => Refusal::NotFound,
            _ => Precondition::SupportedReport.into(),
        });
    };
    let (Some(start), Some(end)) = (request.range.start(), request.range.end()) else {
        return Err(Refusal::malformed(
            "a free-busy query has a start and an end",
        ));
    };
    let window = Interval::new(start.and_utc(), end.and_utc());
    let depth = exchange.depth()?;
    let mut calendars = Calendars::below(&exchange, *collection, depth).await?;
    let mut busy = Availability::of(&Schedule::new(ZoneRules::utc()), &window);
    while let Some((_, calendar)) = calendars.next() {
        if calendar.details.transparency == Transparency::Opaque {
            busy = busy | of_calendar(&exchange, &calendar, &window).await?;
        }
    }
    let text = busy.to_vfreebusy((exchange.site.clock)());
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/calendar; charset=utf-8"),
    );
    Ok(response)
}

/// The busy times of one calendar, worked out page by page.
async fn of_calendar(
    exchange: &Exchange,
    calendar: &Collection,
    window: &Interval,
) -> Result<Availability, Refusal> {
    let zone = zone::of_collection(calendar);
    let span = Span::new(
        Timestamp::from(window.start()),
        Timestamp::from(window.end()),
    );
    let query = SpanQuery::new(calendar.id, span);
    let mut busy = Availability::of(&Schedule::new(zone.clone()), window);
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = exchange.site.store.overlapping(query, request).await?;
        let objects: Vec<Calendar> = page
            .items
            .iter()
            .map(|object| Calendar::read(&object.body).calendar)
            .collect();
        let mut schedule = Schedule::new(zone.clone());
        for email in &exchange.principal.emails {
            schedule = schedule.with_address(email.as_str());
        }
        for object in &objects {
            schedule = schedule.with_calendar(object);
        }
        busy = busy | Availability::of(&schedule, window);
        if let Some(limit) = busy.faults().iter().find_map(limit) {
            return Err(Refusal::TooMuch {
                what: "occurrences of one object",
                limit,
            });
        }
        match page.next {
            Some(next) => request = PageRequest::after(next, PAGE),
            None => return Ok(busy),
        }
    }
}

/// An object with more occurrences than can be worked out is no free time.
fn limit(fault: &Error) -> Option<u64> {
    match fault {
        Error::OccurrenceLimit { limit, .. } => u64::try_from(*limit).ok(),
        _ => None,
    }
}
