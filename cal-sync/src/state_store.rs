//! Where the state of a mapping is kept.

mod journal;
mod memory;

use async_trait::async_trait;

pub use self::journal::Journal;
pub use self::memory::Memory;
use crate::{Error, Record, State};

/// Keeps the [`State`] of one mapping.
#[async_trait]
pub trait StateStore: Send + Sync {
    /// Takes the lock of the mapping, which holds until the returned value is
    /// dropped. A process that dies gives it up.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another run has it, [`Error::State`].
    async fn lock(&self) -> Result<Lock, Error>;

    /// The state that all records made.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if it cannot be read. That it was never written is the
    /// empty state; that it is damaged is an error.
    async fn load(&self) -> Result<State, Error>;

    /// Makes changes, in order. When it returns they are durable.
    ///
    /// # Errors
    ///
    /// [`Error::State`]; then any first part of the changes may have been made.
    async fn record(&self, records: Vec<Record>) -> Result<(), Error>;
}

/// The lock of a mapping, given up when dropped.
pub struct Lock(#[expect(dead_code, reason = "held for its drop")] Box<dyn Send + Sync>);

impl Lock {
    /// A lock that is given up by dropping `held`.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self(Box::new(held))
    }
}

impl std::fmt::Debug for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lock")
    }
}
