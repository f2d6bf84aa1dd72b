//! The two sides of a mapping.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the two endpoints that a mapping joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// Both, in order.
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    /// The side across.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "a",
            Self::B => "b",
        })
    }
}

/// Something that each side has its own of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pair<T> {
    /// That of side a.
    pub a: T,
    /// That of side b.
    pub b: T,
}

impl<T> Pair<T> {
    /// The one of each side.
    pub fn new(a: T, b: T) -> Self {
        Self { a, b }
    }

    /// The one of `side`.
    pub fn of(&self, side: Side) -> &T {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }

    /// The one of `side`, to be changed.
    pub fn of_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::A => &mut self.a,
            Side::B => &mut self.b,
        }
    }

    /// What `make` makes for each side.
    pub fn from_fn(mut make: impl FnMut(Side) -> T) -> Self {
        Self {
            a: make(Side::A),
            b: make(Side::B),
        }
    }

    /// The same, looked at.
    pub fn as_ref(&self) -> Pair<&T> {
        Pair::new(&self.a, &self.b)
    }
}
