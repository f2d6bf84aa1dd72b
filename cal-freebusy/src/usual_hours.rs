//! VAVAILABILITY: when someone is usually there (RFC 7953).
//!
//! Several of them combine by PRIORITY: at any instant those of the highest
//! priority that speak of it hold (1 is the highest, 9 the lowest, and none or
//! 0 lower still). Among those of one priority the time is open where any of
//! them leaves it open, and as firmly taken as the firmest says elsewhere.

use cal_core::{Availability, Calendar, Error, Event, Expansion, Window, ZoneRules};

use crate::working_hours::joined;
use crate::{BusyTime, BusyTimes, BusyType, Interval};

/// One VAVAILABILITY within a window.
#[derive(Clone, Debug)]
pub(crate) struct UsualHours {
    /// 1 is the highest; what is without priority comes last.
    rank: u8,
    span: Interval,
    busy_type: Option<BusyType>,
    /// In order, disjoint, within the span.
    open: Vec<Interval>,
}

/// Those of a calendar that speak of any time within `window`.
pub(crate) fn of_calendar(
    calendar: &Calendar,
    zone: &ZoneRules,
    window: &Interval,
    faults: &mut Vec<Error>,
) -> Vec<UsualHours> {
    let blocks = calendar.availabilities();
    let expansion = Expansion::of(calendar).in_zone(zone);
    let hours = blocks.filter_map(|block| match within(&block, &expansion, window) {
        Ok(span) => {
            let parts = open_parts(calendar, &block);
            let open = times_of(&parts, zone, &span?, faults);
            Some(UsualHours {
                rank: match block.priority() {
                    priority @ 1..=9 => u8::try_from(priority).unwrap_or(10),
                    _ => 10,
                },
                span: span?,
                busy_type: BusyType::of_parameter(&block.busy_type()),
                open,
            })
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    });
    hours.collect()
}

/// The part of the window that a VAVAILABILITY speaks of.
fn within(
    block: &Availability<'_>,
    expansion: &Expansion<'_>,
    window: &Interval,
) -> Result<Option<Interval>, Error> {
    let start = block.start()?.map(|start| expansion.instant(&start));
    let end = block.end()?.map(|end| expansion.instant(&end));
    let span = Interval::new(start.unwrap_or(window.start()), end.unwrap_or(window.end()));
    Ok(span.intersection(window))
}

/// The AVAILABLE parts as events of a calendar of their own, so that series,
/// overrides and zones are read as those of events are.
fn open_parts(calendar: &Calendar, block: &Availability<'_>) -> Calendar {
    let mut text = b"BEGIN:VCALENDAR\r\n".to_vec();
    for zone in calendar.time_zones() {
        text.extend_from_slice(&zone.to_bytes());
        text.extend_from_slice(b"\r\n");
    }
    for part in block.available() {
        let lines = part.to_bytes();
        text.extend_from_slice(b"BEGIN:VEVENT\r\n");
        text.extend_from_slice(without_frame(&lines));
        text.extend_from_slice(b"\r\nEND:VEVENT\r\n");
    }
    text.extend_from_slice(b"END:VCALENDAR\r\n");
    Calendar::read(text).calendar
}

/// The text of a component without its BEGIN and END. A folded line goes on
/// where the next one starts with white space.
fn without_frame(text: &[u8]) -> &[u8] {
    let folded = |at: usize| matches!(text.get(at), Some(b' ' | b'\t'));
    let mut starts = text
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at + 1)
        .filter(|at| !folded(*at));
    let first = starts.next().unwrap_or(text.len());
    let last = starts.rfind(|at| *at < text.len());
    let end = last.filter(|at| {
        let name = text.get(*at..at.saturating_add(4));
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"END:"))
    });
    text.get(first..end.unwrap_or(text.len())).unwrap_or(&[])
}

fn times_of(
    parts: &Calendar,
    zone: &ZoneRules,
    span: &Interval,
    faults: &mut Vec<Error>,
) -> Vec<Interval> {
    let mut open = Vec::new();
    let window = Window::new(span.start(), span.end());
    for occurrence in Expansion::of(parts).in_zone(zone).occurrences(&window) {
        match occurrence {
            Ok(part) if Event::of(part.component()).is_some() => {
                open.push(Interval::new(part.start_utc(), part.end_utc()));
            }
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
    }
    joined(open, span)
}

/// What is taken when all of them are combined.
pub(crate) fn combined(all: &[UsualHours]) -> BusyTimes {
    let mut edges: Vec<_> = all
        .iter()
        .flat_map(|hours| std::iter::once(&hours.span).chain(&hours.open))
        .flat_map(|interval| [interval.start(), interval.end()])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let pieces = edges.windows(2).filter_map(|edge| match edge {
        [start, end] => Some(Interval::new(*start, *end)),
        _ => None,
    });
    pieces.filter_map(|piece| taken(all, piece)).collect()
}

/// What holds in a piece of time in which nothing changes.
fn taken(all: &[UsualHours], piece: Interval) -> Option<BusyTime> {
    let speaking = || {
        all.iter()
            .filter(|hours| hours.span.contains(piece.start()))
    };
    let rank = speaking().map(|hours| hours.rank).min()?;
    let mut firmest = None;
    for hours in speaking().filter(|hours| hours.rank == rank) {
        let next = hours
            .open
            .partition_point(|open| open.end() <= piece.start());
        if hours
            .open
            .get(next)
            .is_some_and(|open| open.contains(piece.start()))
        {
            return None;
        }
        firmest = firmest.max(hours.busy_type);
    }
    Some(BusyTime::new(piece, firmest?))
}
