//! The stored form of a set: a roaring bitmap with runs, in roaring's portable
//! format. The value of a slot is its number plus 2^30.

use std::ops::Range;

use roaring::RoaringBitmap;

use super::{SlotSet, sparse};
use crate::{Error, Slot};

impl SlotSet {
    /// The set as bytes, to be stored or sent: about 3 KB for a busy year.
    ///
    /// ```
    /// use cal_freebusy::{Slot, SlotSet};
    ///
    /// let set: SlotSet = [Slot::from_number(7)].into_iter().collect();
    /// assert_eq!(SlotSet::from_bytes(&set.to_bytes())?, set);
    /// # Ok::<(), cal_freebusy::Error>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        written(self.to_sparse())
    }

    /// The slots of a window as bytes, counted from its start.
    pub(crate) fn to_bytes_within(&self, window: &Range<Slot>) -> Vec<u8> {
        let mut bitmap = RoaringBitmap::new();
        for run in self.runs_from(window.start) {
            let run = run.start..run.end.min(window.end);
            if run.start >= run.end {
                break;
            }
            let value = |slot: Slot| slot.number().abs_diff(window.start.number());
            bitmap.insert_range(value(run.start)..value(run.end));
        }
        written(bitmap)
    }

    /// Reads what [`to_bytes_within`](Self::to_bytes_within) wrote for the same
    /// window, with the errors of [`from_bytes`](Self::from_bytes).
    pub(crate) fn from_bytes_within(bytes: &[u8], window: &Range<Slot>) -> Result<Self, Error> {
        let bitmap = read(bytes)?;
        let length = window.end.number().abs_diff(window.start.number());
        if bitmap.max().is_some_and(|last| last >= length) {
            return Err(Error::SlotOutOfRange);
        }
        let mut set = Self::new();
        let mut values = bitmap.iter();
        while let Some(run) = values.next_range() {
            let start = window.start.plus(i64::from(*run.start()));
            set.insert_range(start..window.start.plus(i64::from(*run.end()) + 1));
        }
        Ok(set)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. The work and memory are
    /// bounded by the length of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if this is not a roaring bitmap, or something follows
    /// it; [`Error::SlotOutOfRange`] if it holds values that are not slots.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let bitmap = read(bytes)?;
        if bitmap
            .max()
            .is_some_and(|last| !sparse::VALUES.contains(&last))
        {
            return Err(Error::SlotOutOfRange);
        }
        Ok(Self::of_sparse(bitmap))
    }
}

fn written(mut bitmap: RoaringBitmap) -> Vec<u8> {
    bitmap.optimize();
    let mut bytes = Vec::with_capacity(bitmap.serialized_size());
    // Writing to memory cannot fail.
    let written = bitmap.serialize_into(&mut bytes);
    debug_assert!(written.is_ok());
    bytes
}

/// A bitmap with nothing after it.
fn read(bytes: &[u8]) -> Result<RoaringBitmap, Error> {
    let mut rest = bytes;
    let bitmap = RoaringBitmap::deserialize_from(&mut rest).map_err(Error::Damaged)?;
    if !rest.is_empty() {
        let trailing = std::io::ErrorKind::InvalidData;
        return Err(Error::Damaged(trailing.into()));
    }
    Ok(bitmap)
}
