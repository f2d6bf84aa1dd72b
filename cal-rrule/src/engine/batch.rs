//! Occurrences found ahead of time, a few at once.

use crate::engine::Wall;

const ROOM: usize = 16;

/// A queue that is filled as a whole when it is empty. It takes few at first
/// and more each time, so that a single question stays cheap.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    walls: [Wall; ROOM],
    next: u8,
    end: u8,
    room: u8,
}

impl Batch {
    pub(crate) const fn new() -> Self {
        Self {
            walls: [Wall::MIN; ROOM],
            next: 0,
            end: 0,
            room: 2,
        }
    }

    /// A batch that never holds more than one.
    pub(crate) const fn single() -> Self {
        Self {
            room: 1,
            ..Self::new()
        }
    }

    /// Takes the first.
    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Option<Wall> {
        if self.next == self.end {
            return None;
        }
        let wall = self.walls.get(usize::from(self.next)).copied();
        self.next += 1;
        wall
    }

    /// Empties it for another filling.
    pub(crate) fn clear(&mut self) {
        self.next = 0;
        self.end = 0;
    }

    /// Makes room for more than the last time.
    pub(crate) fn grow(&mut self) {
        self.clear();
        if self.room > 1 {
            self.room = (self.room * 2).min(16);
        }
    }

    /// Adds one; whether there is room for another.
    #[inline]
    pub(crate) fn push(&mut self, wall: Wall) -> bool {
        if let Some(slot) = self.walls.get_mut(usize::from(self.end)) {
            *slot = wall;
            self.end += 1;
        }
        self.end < self.room
    }

    /// The last that was added.
    pub(crate) fn last(&self) -> Option<Wall> {
        let last = usize::from(self.end).checked_sub(1)?;
        self.walls.get(last).copied()
    }
}
