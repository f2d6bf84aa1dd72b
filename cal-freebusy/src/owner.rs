//! How one calendar is read for the person whose it is.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use cal_core::{
    Calendar, Component, Error, Event, Expansion, Moment, Occurrence, Period, PeriodEnd,
    PropertyKind, TabledZone, Window, ZoneRules,
};
use chrono::{DateTime, Utc};

use crate::disjoint::joined;
use crate::participation::{Addresses, Said, Transparency, WhyFree, verdict};
use crate::usual_hours::{self, UsualHours};
use crate::{BusyTime, BusyType, Interval};

/// The zone someone lives in and the addresses by which they are invited.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) zone: ZoneRules,
    pub(crate) addresses: Addresses,
    /// The most occurrences of one UID, if not as many as an expansion has.
    pub(crate) limit: Option<usize>,
}

/// One calendar of theirs.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) calendar: &'a Calendar,
    pub(crate) transparency: Transparency,
    /// Where its dates and floating times are taken, if not where its owner
    /// lives.
    pub(crate) zone: Option<ZoneRules>,
}

/// What takes time in one or several calendars.
#[derive(Debug, Default)]
pub(crate) struct Found<T = Vec<BusyTime>> {
    /// In no order, overlapping, not cut at the window.
    pub(crate) times: T,
    /// The VAVAILABILITYs, not combined yet.
    pub(crate) usual: Vec<UsualHours>,
    pub(crate) faults: Vec<Error>,
}

/// Where times are put as they are found.
pub(crate) trait Times {
    fn take(&mut self, time: BusyTime);

    /// One of the many, in seconds since 1970.
    fn take_seconds(&mut self, seconds: &Range<i64>, busy_type: BusyType) {
        self.take(BusyTime::new(Interval::of_seconds(seconds), busy_type));
    }
}

impl Times for Vec<BusyTime> {
    fn take(&mut self, time: BusyTime) {
        self.push(time);
    }
}

/// The same rules, such that what is learnt of them from one calendar is known
/// for the next.
pub(crate) fn remembering(zone: ZoneRules) -> ZoneRules {
    match zone {
        ZoneRules::Iana(zone) => Arc::new(TabledZone::new(zone)).into(),
        other => other,
    }
}

/// Any times cut at a window: of each kind disjoint, so that they are as many as
/// the window holds and not as many as events overlap.
pub(crate) fn disjoint(times: &[BusyTime], window: &Interval) -> Vec<BusyTime> {
    if are_disjoint(times, window) {
        return times.to_vec();
    }
    let of_kind = |busy_type| {
        let times = times.iter().filter(|time| time.busy_type == busy_type);
        let times = joined(times.map(|time| time.interval).collect(), window);
        times
            .into_iter()
            .map(move |interval| BusyTime::new(interval, busy_type))
    };
    BusyType::ALL.into_iter().flat_map(of_kind).collect()
}

/// Whether they are that already, as those of a series mostly are.
fn are_disjoint(times: &[BusyTime], window: &Interval) -> bool {
    let apart = times.iter().zip(times.iter().skip(1)).all(|(time, next)| {
        time.busy_type == next.busy_type && time.interval.end() < next.interval.start()
    });
    let inside = |interval: &Interval| {
        !interval.is_empty() && window.start() <= interval.start() && interval.end() <= window.end()
    };
    apart && times.iter().all(|time| inside(&time.interval))
}

impl Owner {
    pub(crate) fn new(zone: ZoneRules) -> Self {
        Self {
            zone: remembering(zone),
            addresses: Addresses::default(),
            limit: None,
        }
    }

    pub(crate) fn add_address(&mut self, address: &str) {
        self.addresses.add(address);
    }

    /// Everything in `calendar` that may take time within `window`.
    pub(crate) fn read<T: Times>(
        &self,
        calendar: &Calendar,
        transparency: Transparency,
        window: &Interval,
        found: &mut Found<T>,
    ) {
        let source = Source {
            calendar,
            transparency,
            zone: None,
        };
        self.read_source(&source, window, found);
    }

    /// The same of a calendar that may have a zone of its own.
    pub(crate) fn read_source<T: Times>(
        &self,
        source: &Source<'_>,
        window: &Interval,
        found: &mut Found<T>,
    ) {
        if source.transparency == Transparency::Transparent {
            return;
        }
        let expansion = self.expansion(source);
        let calendar = source.calendar;
        self.events(&expansion, source.transparency, window, found);
        for block in calendar.free_busies() {
            periods(block.component(), &expansion, found);
        }
        let usual = usual_hours::of_calendar(calendar, &expansion, window, &mut found.faults);
        found.usual.extend(usual);
    }

    /// A calendar ready to be expanded.
    pub(crate) fn expansion<'a>(&self, source: &Source<'a>) -> Expansion<'a> {
        let zone = source.zone.as_ref().unwrap_or(&self.zone);
        let expansion = Expansion::of(source.calendar).in_zone(zone);
        match self.limit {
            Some(limit) => expansion.with_limit(limit),
            None => expansion,
        }
    }

    fn events<T: Times>(
        &self,
        expansion: &Expansion<'_>,
        transparency: Transparency,
        window: &Interval,
        found: &mut Found<T>,
    ) {
        let mut verdicts = Verdicts::new(&self.addresses, transparency);
        let window = Window::new(window.start(), window.end());
        let Found { times, faults, .. } = found;
        expansion.for_each_run(&window, |run| {
            let ended = run.and_then(|run| match verdicts.of(run.component()) {
                Some(Ok(busy_type)) => {
                    run.for_each_seconds(|seconds| times.take_seconds(&seconds, busy_type))
                }
                // Where it cannot be worked out, that is told all the same.
                _ => run.for_each_seconds(drop),
            });
            faults.extend(ended.err());
        });
    }

    /// Every occurrence of an event within `window`, with how firmly it takes
    /// time or why it does not.
    pub(crate) fn judged<'c>(
        &self,
        expansion: &Expansion<'c>,
        transparency: Transparency,
        window: &Interval,
        mut each: impl FnMut(Result<(Occurrence<'c>, Result<BusyType, WhyFree>), Error>),
    ) {
        let mut verdicts = Verdicts::new(&self.addresses, transparency);
        for occurrence in expansion.occurrences(&Window::new(window.start(), window.end())) {
            let occurrence = match occurrence {
                Ok(occurrence) => occurrence,
                Err(fault) => {
                    each(Err(fault));
                    continue;
                }
            };
            if let Some(verdict) = verdicts.of(occurrence.component()) {
                each(Ok((occurrence, verdict)));
            }
        }
    }
}

/// How firmly an event takes time, or why it does not; `None` for what is none.
type Verdict = Option<Result<BusyType, WhyFree>>;

/// What the components of a calendar mean to its owner. One is judged once,
/// however many instances it has: that asks each of its properties.
struct Verdicts<'o, 'c> {
    addresses: &'o Addresses,
    transparency: Transparency,
    last: Option<(Component<'c>, Verdict)>,
    /// Those that may be asked for again, later.
    repeating: HashMap<Component<'c>, Verdict>,
}

impl<'o, 'c> Verdicts<'o, 'c> {
    fn new(addresses: &'o Addresses, transparency: Transparency) -> Self {
        Self {
            addresses,
            transparency,
            last: None,
            repeating: HashMap::new(),
        }
    }

    #[inline]
    fn of(&mut self, component: Component<'c>) -> Verdict {
        match self.last {
            Some((last, verdict)) if last == component => verdict,
            _ => self.of_another(component),
        }
    }

    fn of_another(&mut self, component: Component<'c>) -> Verdict {
        let said = Said::by(component);
        let judge = || {
            let event = Event::of(component)?;
            Some(verdict(&event, &said, self.addresses, self.transparency))
        };
        let verdict = if said.repeats {
            *self.repeating.entry(component).or_insert_with(judge)
        } else {
            judge()
        };
        self.last = Some((component, verdict));
        verdict
    }
}

/// The FREEBUSY periods of a VFREEBUSY. A malformed one takes only itself out.
pub(crate) fn periods<T: Times>(
    block: Component<'_>,
    expansion: &Expansion<'_>,
    found: &mut Found<T>,
) {
    for property in block.all(PropertyKind::FreeBusy) {
        let stated = property.parameter("FBTYPE");
        let Some(busy_type) = BusyType::of_parameter(stated.as_deref().unwrap_or("BUSY")) else {
            continue;
        };
        let periods = property.periods().unwrap_or_else(|fault| {
            found.faults.push(fault);
            let (value, tzid) = (property.raw_value(), property.parameter("TZID"));
            let single = |part| Period::parse(part, tzid.as_deref()).ok();
            value.split(',').filter_map(single).collect()
        });
        for period in periods {
            let interval = in_utc(&period, expansion);
            found.times.take(BusyTime::new(interval, busy_type));
        }
    }
}

/// RFC 5545 has these periods in UTC only; others are taken for what they say.
fn in_utc(period: &Period, expansion: &Expansion<'_>) -> Interval {
    let instant = |moment: &Moment| -> DateTime<Utc> { expansion.instant(moment) };
    let start = instant(&period.start);
    let end = match &period.end {
        PeriodEnd::At(end) => instant(end),
        PeriodEnd::After(length) => start
            .checked_add_signed(length.to_time_delta())
            .unwrap_or(start),
    };
    Interval::new(start, end)
}
