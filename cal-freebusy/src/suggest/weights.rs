//! How much each factor of a score counts.

use std::fmt;

/// One thing that makes a slot better or worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// It is at a time that people like.
    Preference,
    /// It is within everyone's hours.
    Hours,
    /// Everyone has a quarter of an hour free before and after.
    Buffer,
    /// It is next to other meetings, so that free time stays in one piece.
    /// Pulls against [`Factor::Buffer`]; the weights say which one wins.
    Compactness,
    /// A room is free.
    Room,
    /// Those whose attendance is optional can come.
    Optional,
    /// Nobody has something tentative then.
    Tentative,
    /// Those who work outside of their hours for it did so least before.
    Fairness,
    /// It is soon.
    Soonness,
}

impl Factor {
    /// All factors.
    pub const ALL: [Self; 9] = [
        Self::Preference,
        Self::Hours,
        Self::Buffer,
        Self::Compactness,
        Self::Room,
        Self::Optional,
        Self::Tentative,
        Self::Fairness,
        Self::Soonness,
    ];

    /// Its name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Preference => "preference",
            Self::Hours => "hours",
            Self::Buffer => "buffer",
            Self::Compactness => "compactness",
            Self::Room => "room",
            Self::Optional => "optional",
            Self::Tentative => "tentative",
            Self::Fairness => "fairness",
            Self::Soonness => "soonness",
        }
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How much each [`Factor`] counts, relative to the others.
///
/// ```
/// use cal_freebusy::{Factor, Weights};
///
/// let weights = Weights::default().with(Factor::Compactness, 0.0);
/// assert_eq!(weights.of(Factor::Compactness), 0.0);
/// assert_eq!(weights.of(Factor::Hours), 3.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights([f64; Factor::ALL.len()]);

impl Weights {
    /// Nothing counts; for weights that are all said with [`with`](Self::with).
    pub const NONE: Self = Self([0.0; Factor::ALL.len()]);

    /// Sets how much a factor counts. What is negative or no number counts as
    /// nothing, and nothing counts for more than a million.
    #[must_use]
    pub fn with(mut self, factor: Factor, weight: f64) -> Self {
        for (own, value) in Factor::ALL.into_iter().zip(&mut self.0) {
            if own == factor {
                let weight = if weight.is_nan() { 0.0 } else { weight };
                *value = weight.clamp(0.0, 1e6);
            }
        }
        self
    }

    /// How much a factor counts.
    #[must_use]
    pub fn of(&self, factor: Factor) -> f64 {
        let mut pairs = Factor::ALL.into_iter().zip(self.0);
        pairs
            .find(|(own, _)| *own == factor)
            .map_or(0.0, |(_, weight)| weight)
    }
}

/// Preference and hours count three times as much as the rest, and being soon
/// only decides between equals.
impl Default for Weights {
    fn default() -> Self {
        Self([3.0, 3.0, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.1])
    }
}
