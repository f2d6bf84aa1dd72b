//! Checking chains: pure, page by page.

use std::fmt;

use super::{AuditChain, AuditHash, AuditHead, AuditPage, AuditRecord};

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditFault {
    /// An entry is not what was written, or stands where another was: its
    /// content and its hash do not agree with the entry before it.
    #[error("entry {number} was changed, or does not follow the entry before it")]
    Altered {
        /// The entry.
        number: u64,
    },
    /// Entries are gone.
    #[error("entries {first} to {last} were removed")]
    Removed {
        /// The first that is gone.
        first: u64,
        /// The last that is gone.
        last: u64,
    },
    /// There are entries that the chain does not know of.
    #[error("entry {number} was inserted: the chain ends with {last}")]
    Inserted {
        /// The entry.
        number: u64,
        /// The last entry that the chain knows.
        last: u64,
    },
    /// What the chain says of its end is not what its last entry says.
    #[error("the end of the chain was changed: it is not the hash of entry {number}")]
    WrongEnd {
        /// The last entry.
        number: u64,
    },
    /// The collection has gone on to another change than its chain.
    #[error("the chain ends with {number}, the collection has changed up to {sequence}")]
    WrongSequence {
        /// The last entry.
        number: u64,
        /// The sequence of the collection.
        sequence: u64,
    },
    /// The chain is not the one that was noted down earlier.
    #[error("entry {number} is not the one that was noted")]
    NotAsNoted {
        /// The entry that was noted.
        number: u64,
    },
}

/// A chain that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenChain {
    /// The chain.
    pub chain: AuditChain,
    /// The first thing that is wrong with it.
    pub fault: AuditFault,
}

impl fmt::Display for BrokenChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chain {}: {}", self.chain, self.fault)
    }
}

/// What a check of all chains found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditReport {
    /// The chains that were checked.
    pub chains: u64,
    /// The entries that were checked.
    pub entries: u64,
    /// The entries that were pruned before, and are known by their anchors only.
    pub pruned: u64,
    /// The chains that do not hold; none if nobody has tampered with them.
    pub broken: Vec<BrokenChain>,
}

/// A check of one chain that is given its pages in order.
///
/// Entries that are appended, and pruned, between two pages do not disturb it.
#[derive(Debug, Clone)]
pub struct ChainCheck {
    chain: AuditChain,
    noted: Option<(u64, AuditHash)>,
    number: u64,
    hash: AuditHash,
    entries: u64,
}

impl ChainCheck {
    /// Begins to check a chain.
    #[must_use]
    pub const fn new(chain: AuditChain) -> Self {
        Self {
            chain,
            noted: None,
            number: 0,
            hash: AuditHash::START,
            entries: 0,
        }
    }

    /// Also checks that the entry `number` still has the hash that was noted,
    /// somewhere out of reach of the store, when it was the last one.
    #[must_use]
    pub const fn with_noted(mut self, number: u64, hash: AuditHash) -> Self {
        self.noted = Some((number, hash));
        self
    }

    /// The number of the last entry that was checked: the next page begins after it.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// How many entries were checked.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// Checks the next page, whose entries come after [`number`](Self::number).
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn page(&mut self, page: &AuditPage) -> Result<(), AuditFault> {
        let head = &page.head;
        if head.pruned > self.number {
            (self.number, self.hash) = (head.pruned, head.anchor);
            self.check_noted()?;
        }
        for record in &page.records {
            self.entry(record, head)?;
        }
        match page.more {
            true => Ok(()),
            false => self.end(head),
        }
    }

    fn entry(&mut self, record: &AuditRecord, head: &AuditHead) -> Result<(), AuditFault> {
        let (number, expected) = (record.entry.number, self.number.saturating_add(1));
        if number > head.number {
            let last = head.number;
            return Err(AuditFault::Inserted { number, last });
        }
        if number > expected {
            return Err(AuditFault::Removed {
                first: expected,
                last: number.saturating_sub(1),
            });
        }
        let is_next = record.entry.chain == self.chain && number == expected;
        if !is_next || record.entry.hash(&self.hash) != record.hash {
            return Err(AuditFault::Altered { number });
        }
        (self.number, self.hash) = (number, record.hash);
        self.entries += 1;
        self.check_noted()
    }

    /// Checks the end, which the last entry has to be.
    fn end(&self, head: &AuditHead) -> Result<(), AuditFault> {
        let number = head.number;
        let noted = self.noted.map_or(0, |(noted, _)| noted);
        let last = number.max(noted);
        if self.number < last {
            let first = self.number.saturating_add(1);
            return Err(AuditFault::Removed { first, last });
        }
        if self.hash != head.hash {
            return Err(AuditFault::WrongEnd { number });
        }
        match head.sequence {
            Some(sequence) if sequence != number => {
                Err(AuditFault::WrongSequence { number, sequence })
            }
            _ => Ok(()),
        }
    }

    fn check_noted(&self) -> Result<(), AuditFault> {
        match self.noted {
            Some((number, hash)) if number == self.number && hash != self.hash => {
                Err(AuditFault::NotAsNoted { number })
            }
            _ => Ok(()),
        }
    }
}
