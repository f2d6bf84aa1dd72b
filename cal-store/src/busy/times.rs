//! The times of one object in one page, and their stored form.
//!
//! The stored form is, for each time in order, how many seconds after the one
//! before it (at first: after [`starts`](PageTimes::starts)) it starts, and its
//! length times four plus its kind; both as variable-length numbers of seven
//! bits a byte, the lowest first. A page that is rough begins with a time without
//! length, of the kind that usual hours have.

use cal_freebusy::{BusyTime, BusyType, Interval};
use chrono::DateTime;

use super::BusyPage;

/// When one object takes time within one page, exactly, cut at its borders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageTimes {
    page: BusyPage,
    starts: i64,
    ends: i64,
    times: Vec<u8>,
}

/// One of these times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageTime {
    pub(super) start: i64,
    pub(super) end: i64,
    /// `None` where usual hours say something (RFC 7953), which is told by
    /// those of all calendars together.
    pub(super) kind: Option<BusyType>,
}

impl PageTime {
    pub(super) fn interval(&self) -> Interval {
        let instant = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        Interval::new(instant(self.start), instant(self.end))
    }
}

impl PageTimes {
    /// What a backend has kept, from its columns.
    #[must_use]
    pub const fn from_stored(page: BusyPage, starts: i64, ends: i64, times: Vec<u8>) -> Self {
        Self {
            page,
            starts,
            ends,
            times,
        }
    }

    /// The page.
    #[must_use]
    pub const fn page(&self) -> BusyPage {
        self.page
    }

    /// The start of the first time, in seconds since 1970 began.
    #[must_use]
    pub const fn starts(&self) -> i64 {
        self.starts
    }

    /// The end of the last time, in seconds since 1970 began.
    #[must_use]
    pub const fn ends(&self) -> i64 {
        self.ends
    }

    /// The times, for a backend to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.times
    }

    /// Whether any of it may share time with a window.
    #[must_use]
    pub fn touches(&self, window: &Interval) -> bool {
        let (start, end) = seconds(window);
        self.starts < end && start < self.ends
    }

    /// Cuts times, which are in order and share none, into pages.
    pub(super) fn cut(times: impl IntoIterator<Item = (Interval, Option<BusyType>)>) -> Vec<Self> {
        let mut pages: Vec<Self> = Vec::new();
        for (interval, kind) in times {
            let (mut start, end) = seconds(&interval);
            while start < end {
                let page = BusyPage::containing(start);
                let until = end.min(page.plus(1).start());
                let piece = PageTime {
                    start,
                    end: until,
                    kind,
                };
                match pages.last_mut().filter(|last| last.page == page) {
                    Some(last) => last.push(&piece),
                    None => pages.push(Self::of(page, &piece)),
                }
                start = until;
            }
        }
        pages
    }

    /// Cuts a time that is longer than what is taken, because nobody can tell
    /// when within it, into pages that say so.
    pub(super) fn cut_roughly(time: Option<(Interval, Option<BusyType>)>) -> Vec<Self> {
        let mut pages = Self::cut(time);
        for page in &mut pages {
            let mark = PageTime {
                start: page.starts,
                end: page.starts,
                kind: None,
            };
            let mut marked = Self::of(page.page, &mark);
            page.iter().for_each(|time| marked.push(&time));
            *page = marked;
        }
        pages
    }

    /// Whether the times are longer than what is taken.
    pub(super) fn is_rough(&self) -> bool {
        let first = self.iter().next();
        first.is_some_and(|time| time.kind.is_none() && time.start == time.end)
    }

    fn of(page: BusyPage, first: &PageTime) -> Self {
        let mut times = Self {
            page,
            starts: first.start,
            ends: first.start,
            times: Vec::with_capacity(4),
        };
        times.push(first);
        times
    }

    fn push(&mut self, time: &PageTime) {
        let code = match time.kind {
            Some(BusyType::Tentative) => 0,
            Some(BusyType::Busy) => 1,
            Some(BusyType::Unavailable) => 2,
            None => 3,
        };
        write(&mut self.times, time.start.abs_diff(self.ends));
        write(
            &mut self.times,
            time.end.abs_diff(time.start).saturating_mul(4) + code,
        );
        self.ends = time.end;
    }

    /// The times, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = PageTime> {
        let (mut bytes, mut at) = (self.times.iter(), self.starts);
        std::iter::from_fn(move || {
            let start = at.checked_add_unsigned(read(&mut bytes)?)?;
            let coded = read(&mut bytes)?;
            let end = start.checked_add_unsigned(coded / 4)?;
            at = end;
            let kind = match coded % 4 {
                0 => Some(BusyType::Tentative),
                1 => Some(BusyType::Busy),
                2 => Some(BusyType::Unavailable),
                _ => None,
            };
            Some(PageTime { start, end, kind })
        })
    }

    /// The times that are known exactly, as they are taken.
    pub fn busy_times(&self) -> impl Iterator<Item = BusyTime> {
        self.iter()
            .filter_map(|time| Some(BusyTime::new(time.interval(), time.kind?)))
    }

    /// Whether usual hours have something to say in a window.
    pub(super) fn has_usual_hours(&self, window: &Interval) -> bool {
        self.iter()
            .any(|time| time.kind.is_none() && time.interval().overlaps(window))
    }
}

/// The seconds that an interval touches.
pub(super) fn seconds(interval: &Interval) -> (i64, i64) {
    let part = i64::from(interval.end().timestamp_subsec_nanos() > 0);
    (
        interval.start().timestamp(),
        interval.end().timestamp().saturating_add(part),
    )
}

fn write(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn read<'b>(bytes: &mut impl Iterator<Item = &'b u8>) -> Option<u64> {
    let mut number: u64 = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
