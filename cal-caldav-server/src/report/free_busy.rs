//! `CALDAV:free-busy-query` (RFC 4791 section 7.10).

mod object;
mod usual_hours;

use cal_dav::report::FreeBusyQuery;
use cal_dav::response::Precondition;
use cal_freebusy::{BusyTime, BusyTimes, Interval};
use cal_store::{
    Collection, ComponentKind, Object, PageRequest, Span, SpanQuery, Timestamp, Transparency,
};
use http::{HeaderValue, Response, header};

use super::calendars::Calendars;
use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::refusal::Refusal;
use crate::workers::Cancelled;
use crate::zone;
use object::Asked;
use usual_hours::UsualHours;

/// Objects that are read at a time.
const PAGE: usize = 200;

/// One object may have this part of the occurrences of a request, so that one that never rests
/// leaves enough for the others.
const SHARE: u64 = 10;

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
    let emails = exchange.principal.emails.iter();
    let addresses: Vec<String> = emails.map(|email| email.as_str().to_owned()).collect();
    let mut calendars = Calendars::below(&exchange, *collection, depth).await?;
    let mut busy = BusyTimes::default();
    let mut usual = UsualHours::new(window, exchange.site.limits.resource_size);
    let mut left = exchange.site.limits.occurrences;
    while let Some((_, calendar)) = calendars.next() {
        if calendar.details.transparency != Transparency::Opaque {
            continue;
        }
        match kept(&exchange, &calendar, &window, left).await {
            Kept::Exact(times) => {
                left = left.saturating_sub(count(&times));
                busy.extend(times);
                continue;
            }
            Kept::Held(times) => busy.extend(times),
        }
        let asked = Asked {
            window,
            addresses: addresses.clone(),
            zone: zone::of_collection(&calendar),
            share: exchange.site.limits.occurrences / SHARE,
            left,
        };
        let found = (&mut busy, &mut usual);
        left = add_calendar(&exchange, &calendar, asked, found).await?;
    }
    let work = move |_: &Cancelled| usual.busy_times();
    busy.extend(exchange.site.workers.run(work).await?);
    let text = busy.to_vfreebusy(&window, (exchange.site.clock)());
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/calendar; charset=utf-8"),
    );
    Ok(response)
}

/// What the store keeps of when a calendar takes time.
enum Kept {
    /// All of it.
    Exact(BusyTimes),
    /// What is held of it; the rest is in the objects.
    Held(BusyTimes),
}

/// When a calendar takes time by what the store keeps of it, which is worked out from the answers
/// of its owner, and no more than `left` times of it.
async fn kept(exchange: &Exchange, calendar: &Collection, window: &Interval, left: u64) -> Kept {
    let at = Timestamp::from((exchange.site.clock)());
    let kept = exchange.site.store.busy_slots_of(calendar, window, at);
    match kept.await {
        Ok(kept) => match kept.exact(window).filter(|times| count(times) <= left) {
            Some(times) => Kept::Exact(times.clone()),
            None => Kept::Held(kept.held().clone()),
        },
        Err(error) => {
            tracing::debug!(%error, "the store does not tell when a calendar takes time");
            Kept::Held(BusyTimes::default())
        }
    }
}

fn count(times: &BusyTimes) -> u64 {
    u64::try_from(times.len()).unwrap_or(u64::MAX)
}

/// Adds the busy times and the usual hours of one calendar, page by page. Returns how many occurrences the request
/// may still have.
async fn add_calendar(
    exchange: &Exchange,
    calendar: &Collection,
    mut asked: Asked,
    (busy, usual): (&mut BusyTimes, &mut UsualHours),
) -> Result<u64, Refusal> {
    let span = Span::new(
        Timestamp::from(asked.window.start()),
        Timestamp::from(asked.window.end()),
    );
    let query = SpanQuery::new(calendar.id, span);
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = exchange.site.store.overlapping(query, request).await?;
        let is_usual =
            |object: &Object| object.entry.component == Some(ComponentKind::Availability);
        let (hours, objects): (Vec<_>, Vec<_>) = page.items.into_iter().partition(is_usual);
        for object in hours {
            usual.add(object.body, asked.zone.clone())?;
        }
        let asking = asked.clone();
        let work = move |cancelled: &Cancelled| add_up(&asking, &objects, cancelled);
        let sum = exchange.site.workers.run(work).await?;
        let left = asked.left.checked_sub(sum.occurrences);
        asked.left = left.ok_or(Refusal::TooMuch {
            what: "occurrences",
            limit: exchange.site.limits.occurrences,
        })?;
        busy.extend(sum.times);
        match page.next {
            Some(next) => request = PageRequest::after(next, PAGE),
            None => return Ok(asked.left),
        }
    }
}

/// What some objects take together.
struct Sum {
    times: Vec<BusyTime>,
    occurrences: u64,
}

/// Adds up objects until there are more occurrences than are left, or nobody waits.
fn add_up(asked: &Asked, objects: &[Object], cancelled: &Cancelled) -> Sum {
    let mut sum = Sum {
        times: Vec::new(),
        occurrences: 0,
    };
    for object in objects {
        if cancelled.is_set() || sum.occurrences > asked.left {
            break;
        }
        let (times, occurrences) = asked.of(object);
        sum.times.extend(times);
        sum.occurrences += occurrences;
    }
    sum
}
