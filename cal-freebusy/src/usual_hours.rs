//! VAVAILABILITY: when someone is usually there (RFC 7953).
//!
//! Several of them combine by PRIORITY: at any instant those of the highest
//! priority that speak of it hold (1 is the highest, 9 the lowest, and none or
//! 0 lower still). Among those of one priority the time is open where any of
//! them leaves it open, and as firmly taken as the firmest says elsewhere.
//!
//! One whose time cannot be read might hold at any time and leaves nothing
//! open: what is not known is not shown as free.

use cal_core::{Availability, Calendar, Error, Expansion, PropertyKind, Window};

use crate::disjoint::{joined, merged, touches};
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
    expansion: &Expansion<'_>,
    window: &Interval,
    faults: &mut Vec<Error>,
) -> Vec<UsualHours> {
    let mut blocks = Vec::new();
    let mut unread = Vec::new();
    for block in calendar.availabilities() {
        match within(&block, expansion, window) {
            Ok(Some(span)) => blocks.push((block, span)),
            Ok(None) => {}
            Err(fault) => {
                faults.push(fault);
                unread.push(UsualHours::new(&block, *window, Vec::new()));
            }
        }
    }
    if blocks.is_empty() {
        return unread;
    }
    let open = open_times(calendar, &blocks, expansion, window, faults);
    let hours = blocks.into_iter().zip(open);
    hours
        .map(|((block, span), open)| UsualHours::new(&block, span, open))
        .chain(unread)
        .collect()
}

impl UsualHours {
    fn new(block: &Availability<'_>, span: Interval, open: Vec<Interval>) -> Self {
        Self {
            rank: match block.priority() {
                priority @ 1..=9 => u8::try_from(priority).unwrap_or(10),
                _ => 10,
            },
            span,
            busy_type: BusyType::of_parameter(&block.busy_type()),
            open: joined(open, &span),
        }
    }
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

/// How many open times the blocks of one calendar may have within a window; the
/// rest is not known to be open.
const MOST_OPEN: usize = 100_000;

/// When the AVAILABLE parts of each block are.
fn open_times(
    calendar: &Calendar,
    blocks: &[(Availability<'_>, Interval)],
    expansion: &Expansion<'_>,
    window: &Interval,
    faults: &mut Vec<Error>,
) -> Vec<Vec<Interval>> {
    let mut open = vec![Vec::new(); blocks.len()];
    let parts = open_parts(calendar, blocks);
    let window = Window::new(window.start(), window.end());
    let occurrences = Expansion::of(&parts).in_zone(expansion.zone());
    for (count, occurrence) in occurrences.occurrences(&window).enumerate() {
        match occurrence {
            Ok(part) if count >= MOST_OPEN => {
                faults.push(Error::OccurrenceLimit {
                    uid: part.uid().into(),
                    limit: MOST_OPEN,
                });
                break;
            }
            Ok(part) => {
                let block = part.uid().rsplit_once(' ');
                let block = block.and_then(|(_, block)| block.parse::<usize>().ok());
                if let Some(open) = block.and_then(|block| open.get_mut(block)) {
                    open.push(Interval::new(part.start_utc(), part.end_utc()));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    open
}

/// The AVAILABLE parts of all blocks as events of a calendar of their own, so
/// that series, overrides and zones are read as those of events are. Their UIDs
/// end with the place of the block that they are part of: of two UIDs the first
/// counts.
fn open_parts(calendar: &Calendar, blocks: &[(Availability<'_>, Interval)]) -> Calendar {
    let mut text = b"BEGIN:VCALENDAR\r\n".to_vec();
    for zone in calendar.time_zones() {
        text.extend_from_slice(&zone.to_bytes());
        text.extend_from_slice(b"\r\n");
    }
    for (place, (block, _)) in blocks.iter().enumerate() {
        for part in block.available() {
            let uid = part.first(PropertyKind::Uid);
            let uid = match &uid {
                Some(uid) => uid.raw_value(),
                None => format!("line {}", part.line()).into(),
            };
            text.extend_from_slice(format!("BEGIN:VEVENT\r\nUID:{uid} {place}\r\n").as_bytes());
            text.extend_from_slice(without_frame(&part.to_bytes()));
            text.extend_from_slice(b"\r\nEND:VEVENT\r\n");
        }
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

/// What is taken when all of them are combined.
pub(crate) fn combined(all: &[UsualHours]) -> BusyTimes {
    // What many blocks of one priority say is joined first, so that each piece
    // of time is looked up in a handful of lists, however many blocks there are.
    let ranks: Vec<Rank> = (1..=10).map(|rank| Rank::of(rank, all)).collect();
    let mut edges: Vec<_> = ranks
        .iter()
        .flat_map(Rank::intervals)
        .flat_map(|interval| [interval.start(), interval.end()])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let pieces = edges.windows(2).filter_map(|edge| match edge {
        [start, end] => Some(Interval::new(*start, *end)),
        _ => None,
    });
    let taken = pieces.filter_map(|piece| {
        let rank = ranks.iter().find(|rank| rank.speaks_of(&piece))?;
        Some(BusyTime::new(piece, rank.taken(&piece)?))
    });
    taken.collect()
}

/// All that blocks of one priority say.
struct Rank {
    /// Of what time they speak, by what they say of its rest.
    spans: Vec<(Option<BusyType>, Vec<Interval>)>,
    open: Vec<Interval>,
}

impl Rank {
    fn of(rank: u8, all: &[UsualHours]) -> Self {
        let own = || all.iter().filter(|hours| hours.rank == rank);
        let kinds = std::iter::once(None).chain(BusyType::ALL.map(Some));
        let spans = kinds.map(|kind| {
            let spans = own().filter(|hours| hours.busy_type == kind);
            (kind, merged(spans.map(|hours| hours.span).collect()))
        });
        Self {
            spans: spans.collect(),
            open: merged(own().flat_map(|hours| hours.open.iter().copied()).collect()),
        }
    }

    fn intervals(&self) -> impl Iterator<Item = &Interval> {
        let spans = self.spans.iter().flat_map(|(_, spans)| spans);
        spans.chain(&self.open)
    }

    fn speaks_of(&self, piece: &Interval) -> bool {
        self.spans.iter().any(|(_, spans)| touches(spans, piece))
    }

    /// How firmly a piece of time in which nothing changes is taken.
    fn taken(&self, piece: &Interval) -> Option<BusyType> {
        if touches(&self.open, piece) {
            return None;
        }
        let spans = self.spans.iter();
        let speaking = spans.filter(|(_, spans)| touches(spans, piece));
        speaking.map(|(kind, _)| *kind).max().flatten()
    }
}
