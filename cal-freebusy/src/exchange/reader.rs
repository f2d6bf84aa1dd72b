//! Reading it, from bytes that anybody may have made.

use std::ops::Range;

use chrono::DateTime;

use super::SharedAvailability;
use super::format::{MAGIC, VERSION};
use crate::{Error, Interval, Layer, Layers, Slot, SlotSet};

pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

fn refused<T>(reason: &'static str) -> Result<T, Error> {
    Err(Error::Shared { reason })
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'b [u8] {
        self.rest
    }

    /// All up to the signature.
    pub(super) fn availability(&mut self) -> Result<SharedAvailability, Error> {
        if self.rest.get(..MAGIC.len()) != Some(MAGIC.as_slice()) {
            return refused("it is not shared availability");
        }
        self.take(MAGIC.len())?;
        if self.byte()? != VERSION {
            return refused("it is of a version that is not known");
        }
        let length = self.byte()?;
        let Ok(person) = str::from_utf8(self.take(usize::from(length))?) else {
            return refused("the name is not UTF-8");
        };
        let person = person.to_owned();
        let made = i64::from_le_bytes(self.array()?);
        let Some(made) = DateTime::from_timestamp(made, 0) else {
            return refused("it is of an instant that is none");
        };
        let first = self.slot()?;
        let end = self.slot()?;
        if end < first {
            return refused("the window ends before it starts");
        }
        if i64::from(end.number()) - i64::from(first.number()) > SharedAvailability::MAX_SLOTS {
            return refused("the window is longer than ten years");
        }
        let mut layers = Layers::new(Interval::new(first.start(), end.start()));
        for layer in Layer::ALL {
            *layers.slots_mut(layer) = self.slots(&(first..end))?;
        }
        Ok(SharedAvailability {
            person,
            made,
            layers,
        })
    }

    /// The signature and nothing after it, or nothing at all.
    pub(super) fn signature(&mut self) -> Result<Option<&'b [u8]>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let length = self.byte()?;
        let signature = self.take(usize::from(length))?;
        if signature.is_empty() || !self.rest.is_empty() {
            return refused("something follows it that is no signature");
        }
        Ok(Some(signature))
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], Error> {
        match self.rest.split_at_checked(length) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => refused("it is cut"),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        match <[u8; N]>::try_from(self.take(N)?) {
            Ok(array) => Ok(array),
            Err(_) => refused("it is cut"),
        }
    }

    fn byte(&mut self) -> Result<u8, Error> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn slot(&mut self) -> Result<Slot, Error> {
        let number = i32::from_le_bytes(self.array()?);
        let slot = Slot::from_number(i64::from(number));
        if slot.number() == number {
            Ok(slot)
        } else {
            Err(Error::SlotOutOfRange)
        }
    }

    fn slots(&mut self, window: &Range<Slot>) -> Result<SlotSet, Error> {
        let length = u32::from_le_bytes(self.array()?);
        let bytes = self.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        SlotSet::from_bytes_within(bytes, window)
    }
}
