//! Layers that follow the changes of a calendar.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use cal_core::{Calendar, ZoneRules};
use chrono::TimeDelta;

use crate::owner::{Found, Owner, disjoint};
use crate::participation::Transparency;
use crate::usual_hours::{self, UsualHours};
use crate::{BusyTime, BusyTimes, BusyType, Error, Interval, Layers, Slot};

/// A change of one object of a calendar.
#[derive(Clone, Copy, Debug)]
pub enum Change<'c> {
    /// The object is new, or is now this one.
    Put {
        /// What tells it from other objects, such as its href. Where calendars
        /// share an index it names the calendar too.
        key: &'c str,
        /// The object: all components of one UID, with their time zones.
        object: &'c Calendar,
        /// Whether the calendar it is in takes its owner's time.
        transparency: Transparency,
    },
    /// The object is gone. That there was none is no error.
    Remove {
        /// As in [`Change::Put`].
        key: &'c str,
    },
}

/// The [`Layers`] of one person, kept up to date change by change.
///
/// Each slot knows how many times take it, so that a change costs the slots of
/// the object that changed and not the calendar. After any changes the layers
/// are what [`Layers::of`] makes of all the objects anew.
///
/// ```
/// use cal_core::Calendar;
/// use cal_freebusy::{BusyIndex, Change, Layer, Transparency};
/// use chrono_tz::Europe::Berlin;
///
/// let object = Calendar::read(
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDURATION:PT1H\n\
///      RRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n",
/// ).calendar;
/// let mut index = BusyIndex::new(Berlin, "20260302T000000Z/P7D".parse()?)?;
/// let transparency = Transparency::AsEvents;
/// index.apply(&Change::Put { key: "1.ics", object: &object, transparency });
/// assert_eq!(index.layers().slots(Layer::Busy).len(), 7 * 4);
/// index.apply(&Change::Remove { key: "1.ics" });
/// assert!(index.layers().slots(Layer::Busy).is_empty());
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BusyIndex {
    owner: Owner,
    layers: Layers,
    objects: HashMap<Box<str>, Kept>,
    takers: Takers,
    /// What all VAVAILABILITYs together take.
    usual: Vec<BusyTime>,
}

/// What is known of one object.
#[derive(Clone, Debug, Default)]
struct Kept {
    times: Vec<BusyTime>,
    usual: Vec<UsualHours>,
    faults: Vec<cal_core::Error>,
}

impl BusyIndex {
    /// For how many days an index may be: ten years.
    pub const MAX_DAYS: i64 = 3_700;

    /// No objects yet. All-day events and floating times are taken in `zone`.
    ///
    /// # Errors
    ///
    /// [`Error::WindowTooLong`] beyond [`MAX_DAYS`](Self::MAX_DAYS).
    pub fn new(zone: impl Into<ZoneRules>, window: Interval) -> Result<Self, Error> {
        if window.length() > TimeDelta::days(Self::MAX_DAYS) {
            return Err(Error::WindowTooLong {
                days: Self::MAX_DAYS,
            });
        }
        Ok(Self {
            owner: Owner::new(zone.into()),
            layers: Layers::new(window),
            objects: HashMap::new(),
            takers: Takers::default(),
            usual: Vec::new(),
        })
    }

    /// Adds an address by which the owner is invited. It holds for the changes
    /// that come after.
    #[must_use]
    pub fn with_address(mut self, address: &str) -> Self {
        self.owner.add_address(address);
        self
    }

    /// Takes a change into account.
    pub fn apply(&mut self, change: &Change<'_>) {
        match *change {
            Change::Put {
                key,
                object,
                transparency,
            } => {
                let mut found: Found = Found::default();
                let window = self.layers.window();
                self.owner.read(object, transparency, window, &mut found);
                self.replace(key, Some(self.kept(found)));
            }
            Change::Remove { key } => self.replace(key, None),
        }
    }

    /// The layers as they are now.
    #[must_use]
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// The exact busy times as they are now. Costs the whole calendar.
    #[must_use]
    pub fn busy_times(&self) -> BusyTimes {
        let objects = self.objects.values();
        let times = objects.flat_map(|kept| &kept.times).chain(&self.usual);
        times.copied().collect()
    }

    /// What could not be made sense of and so takes no time. For the owner
    /// only: these name events and quote them.
    pub fn faults(&self) -> impl Iterator<Item = &cal_core::Error> {
        self.objects.values().flat_map(|kept| &kept.faults)
    }

    /// What to remember of an object.
    fn kept(&self, found: Found) -> Kept {
        let window = self.layers.window();
        Kept {
            times: disjoint(&found.times, window),
            usual: found.usual,
            faults: found.faults,
        }
    }

    fn replace(&mut self, key: &str, new: Option<Kept>) {
        // What is new is counted before what was goes, so that slots that both
        // take stay as they are.
        for time in new.iter().flat_map(|kept| &kept.times) {
            self.takers.add(time, &mut self.layers);
        }
        let mut usual_changed = new.as_ref().is_some_and(|kept| !kept.usual.is_empty());
        let old = match new {
            Some(kept) => self.objects.insert(key.into(), kept),
            None => self.objects.remove(key),
        };
        if let Some(old) = old {
            for time in &old.times {
                self.takers.remove(time, &mut self.layers);
            }
            usual_changed |= !old.usual.is_empty();
        }
        if usual_changed {
            self.combine_usual();
        }
    }

    /// VAVAILABILITYs outdo each other, so a change of one is a change of what
    /// they say together.
    fn combine_usual(&mut self) {
        let objects = self.objects.values();
        let all: Vec<_> = objects.flat_map(|kept| &kept.usual).cloned().collect();
        let new: Vec<_> = usual_hours::combined(&all).into_iter().collect();
        for time in &new {
            self.takers.add(time, &mut self.layers);
        }
        for time in &self.usual {
            self.takers.remove(time, &mut self.layers);
        }
        self.usual = new;
    }
}

/// How many slots share a page.
const PAGE: i32 = 64;

/// How many times take each slot of a page.
type Page = [u32; PAGE as usize];

/// How many times take each slot of each layer.
#[derive(Clone, Debug, Default)]
struct Takers {
    tentative: Pages,
    busy: Pages,
    unavailable: Pages,
}

/// The counts of one layer, from the page numbered `first` on.
#[derive(Clone, Debug, Default)]
struct Pages {
    first: i32,
    pages: VecDeque<Option<Box<Page>>>,
}

impl Takers {
    fn of(&mut self, busy_type: BusyType) -> &mut Pages {
        match busy_type {
            BusyType::Tentative => &mut self.tentative,
            BusyType::Busy => &mut self.busy,
            BusyType::Unavailable => &mut self.unavailable,
        }
    }

    fn add(&mut self, time: &BusyTime, layers: &mut Layers) {
        let slots = Slot::covering(&time.interval);
        self.of(time.busy_type).step(&slots, |takers| {
            *takers = takers.saturating_add(1);
        });
        layers.slots_mut(time.busy_type.into()).insert_range(slots);
    }

    fn remove(&mut self, time: &BusyTime, layers: &mut Layers) {
        let range = Slot::covering(&time.interval);
        let mut freed: Option<Range<Slot>> = None;
        let mut number = range.start;
        let slots = layers.slots_mut(time.busy_type.into());
        self.of(time.busy_type).step(&range, |takers| {
            *takers = takers.saturating_sub(1);
            let slot = number;
            number = number.next();
            if *takers > 0 {
                return;
            }
            match &mut freed {
                Some(run) if run.end == slot => run.end = slot.next(),
                _ => {
                    if let Some(run) = freed.replace(slot..slot.next()) {
                        slots.remove_range(run);
                    }
                }
            }
        });
        if let Some(run) = freed {
            slots.remove_range(run);
        }
    }
}

impl Pages {
    /// Applies `change` to the count of each slot of a range, in order.
    fn step(&mut self, range: &Range<Slot>, mut change: impl FnMut(&mut u32)) {
        let (mut next, end) = (range.start.number(), range.end.number());
        while next < end {
            let page = next.div_euclid(PAGE);
            let until = end.min((page + 1) * PAGE);
            let first = usize::try_from(next.rem_euclid(PAGE)).unwrap_or(0);
            let length = usize::try_from(until - next).unwrap_or(0);
            if let Some(counts) = self.page(page) {
                let counts = counts.iter_mut().skip(first).take(length);
                counts.for_each(&mut change);
            }
            next = until;
        }
    }

    /// The page with this number. There always is one: a window has no more
    /// pages than fit.
    fn page(&mut self, number: i32) -> Option<&mut Page> {
        if self.pages.is_empty() {
            self.first = number;
        }
        while number < self.first {
            self.pages.push_front(None);
            self.first -= 1;
        }
        let place = usize::try_from(number - self.first).ok()?;
        if place >= self.pages.len() {
            self.pages.resize(place + 1, None);
        }
        let page = self.pages.get_mut(place)?;
        Some(page.get_or_insert_with(|| Box::new([0; PAGE as usize])))
    }
}
