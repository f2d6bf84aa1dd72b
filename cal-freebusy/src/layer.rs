//! Slots by what takes them.

use std::ops::Range;

use crate::owner::{self, Times};
use crate::{
    BusyTime, BusyTimes, BusyType, Error, Interval, Schedule, Slot, SlotSet, WorkingHours,
};

/// What a slot may be taken by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// What may become busy.
    Tentative,
    /// What is scheduled.
    Busy,
    /// When nothing can be scheduled.
    Unavailable,
    /// When its owner does not work.
    OutOfHours,
}

impl Layer {
    /// All layers.
    pub const ALL: [Self; 4] = [
        Self::Tentative,
        Self::Busy,
        Self::Unavailable,
        Self::OutOfHours,
    ];

    /// Those that hold a firm commitment.
    pub const FIRM: [Self; 2] = [Self::Busy, Self::Unavailable];
}

impl From<BusyType> for Layer {
    fn from(busy_type: BusyType) -> Self {
        match busy_type {
            BusyType::Tentative => Self::Tentative,
            BusyType::Busy => Self::Busy,
            BusyType::Unavailable => Self::Unavailable,
        }
    }
}

/// The slots of one person within a window, a set for each [`Layer`]. A slot
/// may be in several; one that is in none is free.
///
/// ```
/// use cal_core::Calendar;
/// use cal_freebusy::{Layer, Layers, Schedule, WorkingHours};
/// use chrono_tz::Europe::Berlin;
///
/// let calendar = Calendar::read(
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDURATION:PT1H\n\
///      STATUS:TENTATIVE\nEND:VEVENT\nEND:VCALENDAR\n",
/// ).calendar;
/// let monday = "20260302T000000Z/P1D".parse()?;
/// let ada = Layers::of(&Schedule::new(Berlin).with_calendar(&calendar), &monday)
///     .with_hours(&WorkingHours::weekdays(Berlin, "09:00-17:00".parse()?))?;
/// assert_eq!(ada.slots(Layer::Tentative).len(), 4);
/// assert_eq!(ada.any_of(&Layer::FIRM).len(), 0);
/// assert_eq!(ada.slots(Layer::OutOfHours).len(), 96 - 32);
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers {
    window: Interval,
    tentative: SlotSet,
    busy: SlotSet,
    unavailable: SlotSet,
    out_of_hours: SlotSet,
}

impl Layers {
    /// Nothing but free time.
    #[must_use]
    pub fn new(window: Interval) -> Self {
        Self {
            window,
            tentative: SlotSet::new(),
            busy: SlotSet::new(),
            unavailable: SlotSet::new(),
            out_of_hours: SlotSet::new(),
        }
    }

    /// What takes the time of the owner of these calendars within `window`.
    #[must_use]
    pub fn of(schedule: &Schedule<'_>, window: &Interval) -> Self {
        let marked = schedule.found(window, Marked::new(*window)).times;
        marked.into_layers()
    }

    /// Replaces what is out of hours: all of the window but the hours, and the
    /// quarter hours that they share with other time.
    ///
    /// # Errors
    ///
    /// [`Error::WindowTooLong`] for a window of more than ten years.
    pub fn with_hours(mut self, hours: &WorkingHours) -> Result<Self, Error> {
        let mut closed_from = self.window.start();
        self.out_of_hours = SlotSet::new();
        for open in hours.open(&self.window)? {
            let closed = Interval::new(closed_from, open.start());
            self.out_of_hours.insert_interval(&closed);
            closed_from = open.end();
        }
        let rest = Interval::new(closed_from, self.window.end());
        self.out_of_hours.insert_interval(&rest);
        Ok(self)
    }

    /// The window that they are about.
    #[must_use]
    pub fn window(&self) -> &Interval {
        &self.window
    }

    /// The slots of one layer.
    #[must_use]
    pub fn slots(&self, layer: Layer) -> &SlotSet {
        match layer {
            Layer::Tentative => &self.tentative,
            Layer::Busy => &self.busy,
            Layer::Unavailable => &self.unavailable,
            Layer::OutOfHours => &self.out_of_hours,
        }
    }

    /// The slots that are in any of these layers.
    #[must_use]
    pub fn any_of(&self, layers: &[Layer]) -> SlotSet {
        SlotSet::union_of(layers.iter().map(|layer| self.slots(*layer)))
    }

    /// The times that are taken, as exact as slots can be: what is out of hours
    /// is not among them. This is how shared availability takes part where
    /// busy times are asked for.
    ///
    /// ```
    /// use cal_core::Calendar;
    /// use cal_freebusy::{Layers, Schedule};
    /// use chrono_tz::Europe::Berlin;
    ///
    /// let calendar = Calendar::read(
    ///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T091000Z\nDURATION:PT10M\n\
    ///      END:VEVENT\nEND:VCALENDAR\n",
    /// ).calendar;
    /// let monday = "20260302T000000Z/P1D".parse()?;
    /// let layers = Layers::of(&Schedule::new(Berlin).with_calendar(&calendar), &monday);
    /// let busy: Vec<_> = layers.busy_times().intervals().collect();
    /// assert_eq!(busy, ["20260302T090000Z/20260302T093000Z".parse()?]);
    /// # Ok::<(), cal_freebusy::Error>(())
    /// ```
    #[must_use]
    pub fn busy_times(&self) -> BusyTimes {
        let of_kind = |busy_type: BusyType| {
            let runs = self.slots(busy_type.into()).runs();
            runs.map(move |run| {
                let interval = Interval::new(run.start.start(), run.end.start());
                BusyTime::new(interval, busy_type)
            })
        };
        BusyType::ALL.into_iter().flat_map(of_kind).collect()
    }

    /// What they say of another window; nothing where they know nothing.
    pub(crate) fn cut_to(mut self, window: Interval) -> Self {
        self.window = window;
        for layer in Layer::ALL {
            self.slots_mut(layer).retain_range(Slot::covering(&window));
        }
        self
    }

    pub(crate) fn slots_mut(&mut self, layer: Layer) -> &mut SlotSet {
        match layer {
            Layer::Tentative => &mut self.tentative,
            Layer::Busy => &mut self.busy,
            Layer::Unavailable => &mut self.unavailable,
            Layer::OutOfHours => &mut self.out_of_hours,
        }
    }
}

/// Layers on which times are marked as they are found.
struct Marked {
    layers: Layers,
    /// The window in seconds, rounded outwards; none of an empty one.
    window: Range<i64>,
    /// The slot in which it begins.
    first: Slot,
    /// What would have to be marked word by word, however often it overlaps:
    /// that is joined first.
    long: Vec<BusyTime>,
}

impl Marked {
    /// Up to here, in seconds, marking a time costs less than joining it: a few
    /// words.
    const LONG: i64 = 2 * 86_400;

    fn new(window: Interval) -> Self {
        let (start, end) = (window.start(), window.end());
        let part = i64::from(end.timestamp_subsec_nanos() > 0 && !window.is_empty());
        Self {
            layers: Layers::new(window),
            first: Slot::containing(start),
            window: start.timestamp()..end.timestamp() + part,
            long: Vec::new(),
        }
    }

    fn into_layers(mut self) -> Layers {
        for time in owner::disjoint(&self.long, self.layers.window()) {
            let slots = Slot::covering(&time.interval);
            self.layers
                .slots_mut(time.busy_type.into())
                .insert_range(slots);
        }
        self.layers
    }
}

impl Times for Marked {
    fn take(&mut self, time: BusyTime) {
        self.long.push(time);
    }

    #[inline]
    fn take_seconds(&mut self, seconds: &Range<i64>, busy_type: BusyType) {
        let start = seconds.start.max(self.window.start);
        let end = seconds.end.min(self.window.end);
        if start >= end {
            return;
        }
        if end - start > Self::LONG {
            let interval = Interval::of_seconds(seconds);
            self.take(BusyTime::new(interval, busy_type));
        } else {
            let slots = self.first.covering_later(&(start..end));
            self.layers.slots_mut(busy_type.into()).insert_range(slots);
        }
    }
}
