//! Union, intersection, difference and symmetric difference.

use std::ops::{
    BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Range, Sub, SubAssign,
};

use roaring::RoaringBitmap;

use super::{DENSE_SPAN, Kept, SlotSet, dense::Dense};

impl SlotSet {
    /// Combines in place: word by word if both sets are plain words and the
    /// result will be too, else as roaring bitmaps.
    fn combine(
        &mut self,
        other: &Self,
        words: fn(&mut Dense, &Dense),
        bitmaps: fn(&mut RoaringBitmap, &RoaringBitmap),
    ) {
        if let (Kept::Dense(own), Kept::Dense(theirs)) = (&mut self.kept, &other.kept) {
            let Range { start, end } = own.hull(&theirs.span());
            if end - start <= DENSE_SPAN {
                words(own, theirs);
                return;
            }
        }
        let mut bitmap = self.to_sparse();
        match &other.kept {
            Kept::Sparse(theirs) => bitmaps(&mut bitmap, theirs),
            Kept::Dense(_) => bitmaps(&mut bitmap, &other.to_sparse()),
        }
        *self = Self::of_sparse(bitmap);
    }
}

macro_rules! operator {
    ($(#[$doc:meta])* $assign:ident::$assigned:ident, $operator:ident::$operated:ident, $words:ident) => {
        $(#[$doc])*
        impl $assign<&SlotSet> for SlotSet {
            fn $assigned(&mut self, other: &SlotSet) {
                self.combine(other, Dense::$words, |own, theirs| own.$assigned(theirs));
            }
        }

        $(#[$doc])*
        impl $operator for &SlotSet {
            type Output = SlotSet;

            fn $operated(self, other: &SlotSet) -> SlotSet {
                let mut result = self.clone();
                result.$assigned(other);
                result
            }
        }

        $(#[$doc])*
        impl $operator<&SlotSet> for SlotSet {
            type Output = SlotSet;

            fn $operated(mut self, other: &SlotSet) -> SlotSet {
                self.$assigned(other);
                self
            }
        }
    };
}

operator!(
    /// The slots that are in either set.
    BitOrAssign::bitor_assign, BitOr::bitor, union
);
operator!(
    /// The slots that are in both sets.
    BitAndAssign::bitand_assign, BitAnd::bitand, intersection
);
operator!(
    /// The slots of the left set that are not in the right one.
    SubAssign::sub_assign, Sub::sub, difference
);
operator!(
    /// The slots that are in exactly one of the sets.
    BitXorAssign::bitxor_assign, BitXor::bitxor, symmetric_difference
);
