#![doc = include_str!("exchange/format.md")]

mod format;
mod reader;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Error, Interval, Layer, Layers, Slot, SlotSet};

pub use self::format::SignedAvailability;

/// When someone can be met, to be given to others: slots by layer and nothing
/// of any event.
///
/// ```
/// use cal_freebusy::{Layers, SharedAvailability};
///
/// let week = "20260302T000000Z/P7D".parse()?;
/// let made = "2026-03-01T12:00:00Z".parse().unwrap();
/// let ada = SharedAvailability::new("ada@example.com", &Layers::new(week), made)?;
/// let bytes = ada.to_bytes();
/// assert_eq!(SharedAvailability::from_bytes(&bytes)?, ada);
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedAvailability {
    person: String,
    made: DateTime<Utc>,
    layers: Layers,
}

impl SharedAvailability {
    /// How many bytes a name may have.
    pub const MAX_NAME: usize = 255;
    /// How many slots the window may have: ten years and some.
    pub const MAX_SLOTS: i64 = 3_700 * 96;

    /// What `layers` say of the person of this name, as of `made`. The name is
    /// what the one who shares it wants to be called: the only text there is.
    /// Seconds are the finest the instant has; the window is that of the slots
    /// which lie wholly in the window of the layers: of a slot that is known in
    /// part nobody can tell that it is free.
    ///
    /// # Errors
    ///
    /// [`Error::Shared`] if the name is longer than
    /// [`MAX_NAME`](Self::MAX_NAME), or the window than
    /// [`MAX_SLOTS`](Self::MAX_SLOTS).
    pub fn new(
        person: impl Into<String>,
        layers: &Layers,
        made: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let person = person.into();
        if person.len() > Self::MAX_NAME {
            return Err(Error::Shared {
                reason: "the name is too long",
            });
        }
        let first = Slot::at_or_after(layers.window().start());
        let end = Slot::containing(layers.window().end()).max(first);
        let slots = i64::from(end.number()) - i64::from(first.number());
        if slots > Self::MAX_SLOTS {
            return Err(Error::Shared {
                reason: "the window is longer than ten years",
            });
        }
        let window = Interval::new(first.start(), end.start());
        Ok(Self {
            person,
            made: DateTime::from_timestamp(made.timestamp(), 0).unwrap_or(made),
            layers: layers.clone().cut_to(window),
        })
    }

    /// Who it is about.
    #[must_use]
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The instant as of which it holds.
    #[must_use]
    pub fn made(&self) -> DateTime<Utc> {
        self.made
    }

    /// The slots. Nothing is known outside of their window.
    #[must_use]
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// What two say of the same person together, such as their calendars at
    /// home and at work: taken is what either says, and nothing is known
    /// outside of the window that both are about. It holds as of the older one.
    /// Merging is the same in any order, and merging twice adds nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Shared`] if they are about different people.
    pub fn merge(&self, other: &Self) -> Result<Self, Error> {
        if self.person != other.person {
            return Err(Error::Shared {
                reason: "the two are about different people",
            });
        }
        let (ours, theirs) = (self.layers.window(), other.layers.window());
        let nowhere = Interval::new(ours.start(), ours.start());
        let shared = ours.intersection(theirs).unwrap_or(nowhere);
        let mut layers = self.layers.clone().cut_to(shared);
        for layer in Layer::ALL {
            *layers.slots_mut(layer) |= other.layers.slots(layer);
        }
        Ok(Self {
            person: self.person.clone(),
            made: self.made.min(other.made),
            layers: layers.cut_to(shared),
        })
    }

    /// The times of at least `length` at which none of `all` is in any of
    /// `layers`, within the window that all are about.
    #[must_use]
    pub fn common_free(all: &[Self], layers: &[Layer], length: TimeDelta) -> Vec<Interval> {
        let windows = all.iter().map(|one| Some(*one.layers.window()));
        let shared = windows.reduce(|a, b| a?.intersection(&b?));
        let Some(window) = shared.flatten() else {
            return Vec::new();
        };
        let taken: Vec<SlotSet> = all.iter().map(|one| one.layers.any_of(layers)).collect();
        let seconds = length.num_seconds().max(1);
        let slots = u32::try_from(seconds.div_euclid(Slot::SECONDS)).unwrap_or(u32::MAX);
        let rest = u32::from(seconds.rem_euclid(Slot::SECONDS) > 0);
        let taken = SlotSet::union_of(&taken);
        let free = taken.free_runs(Slot::covering(&window), slots.saturating_add(rest));
        free.map(|run| Interval::new(run.start.start(), run.end.start()))
            .collect()
    }
}
