//! All series of a calendar in one order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use chrono::NaiveDateTime;

use super::Occurrence;
use super::walk::Walk;
use super::warning::ExpansionWarning;
use crate::Error;

/// Occurrences of many objects in order of their starts; see
/// [`Occurrences::by_start`](super::Occurrences::by_start).
#[derive(Debug)]
pub struct Agenda<'a> {
    walks: Vec<Walk<'a>>,
    waiting: Vec<Option<Occurrence<'a>>>,
    heads: BinaryHeap<Reverse<(NaiveDateTime, usize)>>,
    errors: VecDeque<Error>,
}

impl<'a> Agenda<'a> {
    pub(super) fn new(walks: Vec<Walk<'a>>) -> Self {
        let mut agenda = Self {
            waiting: vec![None; walks.len()],
            heads: BinaryHeap::with_capacity(walks.len()),
            walks,
            errors: VecDeque::new(),
        };
        for index in 0..agenda.walks.len() {
            agenda.refill(index);
        }
        agenda
    }

    /// What was odd about the objects.
    pub fn warnings(&self) -> impl Iterator<Item = &ExpansionWarning> {
        self.walks.iter().flat_map(|walk| &walk.warnings)
    }

    fn refill(&mut self, index: usize) {
        let (Some(walk), Some(waiting)) = (self.walks.get_mut(index), self.waiting.get_mut(index))
        else {
            return;
        };
        for item in walk {
            match item {
                Ok(occurrence) => {
                    self.heads.push(Reverse((occurrence.placed.start, index)));
                    *waiting = Some(occurrence);
                    return;
                }
                Err(error) => self.errors.push_back(error),
            }
        }
    }
}

impl<'a> Iterator for Agenda<'a> {
    type Item = Result<Occurrence<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.errors.pop_front() {
            return Some(Err(error));
        }
        let Reverse((_, index)) = self.heads.pop()?;
        let occurrence = self.waiting.get_mut(index)?.take()?;
        self.refill(index);
        Some(Ok(occurrence))
    }
}
