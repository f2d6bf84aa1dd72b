//! A state that lives as long as the process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Lock, StateStore};
use crate::{Error, Record, State};

/// Keeps the state in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    running: Arc<Mutex<bool>>,
}

impl Memory {
    /// The state of a mapping that never ran.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With this state.
    #[must_use]
    pub fn with_state(state: State) -> Self {
        Self {
            state: Arc::new(Mutex::new(state)),
            running: Arc::default(),
        }
    }

    /// The state as it is now.
    #[must_use]
    pub fn state(&self) -> State {
        held(&self.state).clone()
    }
}

/// What a panicking holder left behind is as good as any other state here:
/// each change is whole.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Running(Arc<Mutex<bool>>);

impl Drop for Running {
    fn drop(&mut self) {
        *held(&self.0) = false;
    }
}

#[async_trait]
impl StateStore for Memory {
    async fn lock(&self) -> Result<Lock, Error> {
        let mut running = held(&self.running);
        if *running {
            return Err(Error::Locked);
        }
        *running = true;
        Ok(Lock::new(Running(Arc::clone(&self.running))))
    }

    async fn load(&self) -> Result<State, Error> {
        Ok(self.state())
    }

    async fn record(&self, records: Vec<Record>) -> Result<(), Error> {
        let mut state = held(&self.state);
        for record in records {
            state.apply(record);
        }
        Ok(())
    }
}
