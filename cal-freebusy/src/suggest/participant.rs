//! Who and what a meeting needs.

use cal_core::ZoneRules;
use chrono::TimeDelta;

use super::Preference;
use crate::{BusyTimes, WorkingHours};

/// Whether a meeting can take place without someone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Attendance {
    /// It cannot.
    #[default]
    Required,
    /// It can, but that counts against a slot.
    Optional,
}

/// Someone who is wanted in a meeting.
///
/// Nothing of their events is known but when they are.
#[derive(Clone, Debug)]
pub struct Participant {
    pub(crate) name: String,
    pub(crate) zone: ZoneRules,
    pub(crate) busy: BusyTimes,
    pub(crate) attendance: Attendance,
    pub(crate) hours: Option<WorkingHours>,
    /// What must be free before and after.
    pub(crate) buffers: (TimeDelta, TimeDelta),
    /// The way there and back.
    pub(crate) travel: (TimeDelta, TimeDelta),
    pub(crate) preferences: Vec<Preference>,
    pub(crate) burden: TimeDelta,
}

impl Participant {
    /// Someone of this name, in whose zone preferences are taken and times are
    /// told, and who is busy then. Required, at any hour, with no buffers.
    #[must_use]
    pub fn new(name: impl Into<String>, zone: impl Into<ZoneRules>, busy: BusyTimes) -> Self {
        let none = TimeDelta::zero();
        Self {
            name: name.into(),
            zone: zone.into(),
            busy,
            attendance: Attendance::default(),
            hours: None,
            buffers: (none, none),
            travel: (none, none),
            preferences: Vec::new(),
            burden: none,
        }
    }

    /// Makes their attendance optional.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.attendance = Attendance::Optional;
        self
    }

    /// Sets when they work. The margins of the hours are used where they must
    /// be, and told.
    #[must_use]
    pub fn with_hours(mut self, hours: WorkingHours) -> Self {
        self.hours = Some(hours);
        self
    }

    /// Sets how long they must be free before and after the meeting.
    #[must_use]
    pub fn with_buffers(mut self, before: TimeDelta, after: TimeDelta) -> Self {
        self.buffers = (bounded(before), bounded(after));
        self
    }

    /// Sets how long they travel to the meeting and back, on top of buffers.
    #[must_use]
    pub fn with_travel(mut self, there: TimeDelta, back: TimeDelta) -> Self {
        self.travel = (bounded(there), bounded(back));
        self
    }

    /// Adds what they like or would rather avoid.
    #[must_use]
    pub fn with_preference(mut self, preference: Preference) -> Self {
        self.preferences.push(preference);
        self
    }

    /// Sets how long they have met outside of their hours before: of two who
    /// might, whoever did so less comes first. More than ten years count as ten.
    #[must_use]
    pub fn with_burden(mut self, burden: TimeDelta) -> Self {
        self.burden = burden.clamp(TimeDelta::zero(), TimeDelta::days(3_650));
        self
    }

    /// What they are called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn is_required(&self) -> bool {
        self.attendance == Attendance::Required
    }

    /// What must be free before and after, travel included.
    pub(crate) fn needs(&self) -> (TimeDelta, TimeDelta) {
        let ((before, after), (there, back)) = (self.buffers, self.travel);
        (before + there, after + back)
    }
}

/// No less than nothing and no more than a week.
fn bounded(length: TimeDelta) -> TimeDelta {
    length.clamp(TimeDelta::zero(), TimeDelta::days(7))
}

/// A room, or anything else of which a meeting needs one.
#[derive(Clone, Debug)]
pub struct Room {
    pub(crate) name: String,
    pub(crate) busy: BusyTimes,
}

impl Room {
    /// A room of this name that is taken then. Tentative times take it too.
    #[must_use]
    pub fn new(name: impl Into<String>, busy: BusyTimes) -> Self {
        Self {
            name: name.into(),
            busy,
        }
    }
}
