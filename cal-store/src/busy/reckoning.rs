//! Working out when an object takes its owner's time.

use std::sync::Arc;

use cal_core::{Calendar, Error, TabledZone, ZoneRules};
use cal_freebusy::{Availability, BusyType, Interval, Schedule};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{Beside, BusyBasis, BusyHorizon, ObjectBusy, PageTimes, zone};
use crate::{ComponentKind, EmailAddress, IndexRow, Span, Timestamp, unreadable_time};

/// Occurrences of one object within the horizon; what has more takes all the
/// time that it spans.
const OCCURRENCES: usize = 50_000;

/// Changes whenever the same objects would be reckoned otherwise.
const RECKONING: u8 = 2;

/// How the times of one calendar are worked out.
#[derive(Debug)]
pub(crate) struct Reckoning {
    pub(crate) basis: BusyBasis,
    /// See [`ObjectBusy::beside`].
    pub(crate) beside: Option<Arc<[Beside]>>,
    zone: ZoneRules,
    addresses: Vec<String>,
}

impl Reckoning {
    /// For a calendar with this time zone, whose owner is invited by these addresses.
    pub(crate) fn new(zone: Option<&str>, emails: &[EmailAddress], horizon: BusyHorizon) -> Self {
        let rules = match zone::rules(zone) {
            // What is learnt of it for one object is known for the next.
            ZoneRules::Iana(zone) => Arc::new(TabledZone::new(zone)).into(),
            other => other,
        };
        Self {
            basis: BusyBasis {
                digest: Self::digest(zone, emails),
                horizon,
            },
            beside: None,
            zone: rules,
            addresses: emails.iter().map(EmailAddress::folded).collect(),
        }
    }

    /// The same, beside other calendars.
    pub(crate) fn beside(self, beside: Option<Arc<[Beside]>>) -> Self {
        Self { beside, ..self }
    }

    /// What tells one reckoning from another, but for its horizon.
    pub(crate) fn digest(zone: Option<&str>, emails: &[EmailAddress]) -> [u8; 32] {
        let mut addresses: Vec<_> = emails.iter().map(EmailAddress::folded).collect();
        addresses.sort_unstable();
        let mut hash = Sha256::new_with_prefix([RECKONING]);
        let parts = [cal_core::tzdata_version(), zone.unwrap_or_default()];
        let addresses = addresses.iter().map(String::as_str);
        for part in parts.into_iter().chain(addresses) {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// When an object takes time.
    pub(crate) fn busy(&self, object: &Calendar, index: &IndexRow) -> ObjectBusy {
        ObjectBusy {
            basis: self.basis,
            pages: self
                .within(object, index, &self.basis.horizon.window())
                .pages,
            beside: self.beside.clone(),
        }
    }

    /// When an object takes time in a window, which may be beyond the horizon.
    pub(crate) fn within(
        &self,
        object: &Calendar,
        index: &IndexRow,
        window: &Interval,
    ) -> Reckoned {
        match index.component {
            ComponentKind::Event | ComponentKind::FreeBusy => self.times(object, index, window),
            ComponentKind::Availability => Reckoned::exactly(cut(index.span, window, None)),
            _ => Reckoned::exactly(None),
        }
    }

    fn times(&self, object: &Calendar, index: &IndexRow, window: &Interval) -> Reckoned {
        let roughly = |span| Reckoned {
            pages: PageTimes::cut_roughly(cut(span, window, Some(BusyType::Busy))),
            is_rough: true,
        };
        let mut components = object.components();
        if components.any(|component| unreadable_time(component).is_some()) {
            return roughly(Span::ALWAYS);
        }
        if !index.span.may_overlap(&Span::new(
            Timestamp::from(window.start()),
            Timestamp::from(window.end()),
        )) {
            return Reckoned::exactly(None);
        }
        let schedule = Schedule::new(self.zone.clone())
            .with_calendar(object)
            .with_limit(OCCURRENCES);
        let addresses = self.addresses.iter();
        let schedule = addresses.fold(schedule, |schedule, it| schedule.with_address(it));
        let known = Availability::of(&schedule, window);
        match known.faults().first() {
            None => {
                let times = known.busy().iter();
                Reckoned::exactly(times.map(|time| (time.interval, Some(time.busy_type))))
            }
            // What cannot be worked out is never free.
            Some(Error::OccurrenceLimit { .. } | Error::Recurrence { .. }) => roughly(index.span),
            // Nobody knows for how long, or how often.
            Some(_) => roughly(Span::ALWAYS),
        }
    }
}

/// When an object takes time in a window.
#[derive(Debug)]
pub(crate) struct Reckoned {
    /// The pages in which it takes any, in order.
    pub(crate) pages: Vec<PageTimes>,
    /// Whether nobody can tell when, and it takes all the time that it may be on.
    pub(crate) is_rough: bool,
}

impl Reckoned {
    fn exactly(times: impl IntoIterator<Item = (Interval, Option<BusyType>)>) -> Self {
        Self {
            pages: PageTimes::cut(times),
            is_rough: false,
        }
    }
}

/// The part of a span within a window.
fn cut(
    span: Span,
    window: &Interval,
    kind: Option<BusyType>,
) -> Option<(Interval, Option<BusyType>)> {
    let instant = |at: Option<Timestamp>, open: DateTime<Utc>| {
        at.and_then(Timestamp::to_date_time).unwrap_or(open)
    };
    let start = instant(span.start, window.start());
    let end = instant(span.end, window.end());
    let within = Interval::new(start.min(end), end).intersection(window)?;
    Some((within, kind))
}
