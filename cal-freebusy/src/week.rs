//! The 672 slots of one week.

use crate::{Slot, SlotSet};

/// A week of slots, counted from Sunday 00:00: slot 168 is Monday 18:00.
///
/// [`Week::containing`] gives the weeks of UTC. For the weeks of another zone,
/// take [`Week::starting`] at the slot of its Sunday midnight; in a week in
/// which that zone's clocks change, slots after the change are an hour off the
/// wall clock.
///
/// ```
/// use cal_freebusy::{Slot, Week};
/// use chrono::{TimeZone, Utc};
///
/// let monday_six = Slot::containing(Utc.with_ymd_and_hms(2026, 3, 2, 18, 0, 0).unwrap());
/// let week = Week::containing(monday_six);
/// assert_eq!(week.index_of(monday_six), Some(168));
/// assert_eq!(week.slot(168), Some(monday_six));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Week {
    origin: Slot,
}

/// The number of the slot of Sunday 1970-01-04 00:00Z.
const FIRST_SUNDAY: i64 = 3 * 96;

impl Week {
    /// How many slots a week has.
    pub const SLOTS: u16 = 672;
    /// How many bytes its bitmap has.
    pub const BYTES: usize = 84;

    /// The week of UTC that `slot` lies in.
    #[must_use]
    pub fn containing(slot: Slot) -> Self {
        let since = i64::from(slot.number()) - FIRST_SUNDAY;
        Self {
            origin: slot.plus(-since.rem_euclid(i64::from(Self::SLOTS))),
        }
    }

    /// The week that starts with `origin`.
    #[must_use]
    pub fn starting(origin: Slot) -> Self {
        Self { origin }
    }

    /// Its first slot.
    #[must_use]
    pub fn origin(self) -> Slot {
        self.origin
    }

    /// The first slot of the week after it.
    #[must_use]
    pub fn end(self) -> Slot {
        self.origin.plus(i64::from(Self::SLOTS))
    }

    /// The slot with this index; `None` from 672 on.
    #[must_use]
    pub fn slot(self, index: u16) -> Option<Slot> {
        (index < Self::SLOTS).then(|| self.origin.plus(i64::from(index)))
    }

    /// The index of `slot`; `None` if it lies in another week.
    #[must_use]
    pub fn index_of(self, slot: Slot) -> Option<u16> {
        let index = i64::from(slot.number()) - i64::from(self.origin.number());
        u16::try_from(index)
            .ok()
            .filter(|index| *index < Self::SLOTS)
    }

    /// Its part of `set` as a bitmap in the order of Redis' `SETBIT`: index 0
    /// is the highest bit of the first byte.
    ///
    /// ```
    /// use cal_freebusy::{Slot, SlotSet, Week};
    ///
    /// let week = Week::containing(Slot::from_number(2_000_000));
    /// let busy: SlotSet = [week.slot(168).unwrap()].into_iter().collect();
    /// assert_eq!(week.bitmap(&busy)[168 / 8], 0b1000_0000);
    /// ```
    #[must_use]
    pub fn bitmap(self, set: &SlotSet) -> [u8; Self::BYTES] {
        let mut bitmap = [0; Self::BYTES];
        for (byte, first) in bitmap.iter_mut().zip((0..Self::SLOTS).step_by(8)) {
            for (bit, index) in (first..first + 8).enumerate() {
                if self.slot(index).is_some_and(|slot| set.contains(slot)) {
                    *byte |= 0b1000_0000 >> bit;
                }
            }
        }
        bitmap
    }

    /// The slots of a bitmap in the order of [`bitmap`](Self::bitmap).
    #[must_use]
    pub fn slots(self, bitmap: &[u8; Self::BYTES]) -> SlotSet {
        (0..Self::SLOTS)
            .filter(|index| {
                let byte = bitmap.get(usize::from(index / 8)).copied().unwrap_or(0);
                byte & (0b1000_0000 >> (index % 8)) != 0
            })
            .filter_map(|index| self.slot(index))
            .collect()
    }
}
