//! The stored form of a set: a roaring bitmap with runs, in roaring's portable
//! format. The value of a slot is its number plus 2^30.

use roaring::RoaringBitmap;

use super::{SlotSet, sparse};
use crate::Error;

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
        let mut bitmap = self.to_sparse();
        bitmap.optimize();
        let mut bytes = Vec::with_capacity(bitmap.serialized_size());
        // Writing to memory cannot fail.
        let written = bitmap.serialize_into(&mut bytes);
        debug_assert!(written.is_ok());
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. The work and memory are
    /// bounded by the length of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if this is not a roaring bitmap, or something follows
    /// it; [`Error::SlotOutOfRange`] if it holds values that are not slots.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut rest = bytes;
        let bitmap = RoaringBitmap::deserialize_from(&mut rest).map_err(Error::Damaged)?;
        if !rest.is_empty() {
            let trailing = std::io::ErrorKind::InvalidData;
            return Err(Error::Damaged(trailing.into()));
        }
        if bitmap
            .max()
            .is_some_and(|last| !sparse::VALUES.contains(&last))
        {
            return Err(Error::SlotOutOfRange);
        }
        Ok(Self::of_sparse(bitmap))
    }
}
