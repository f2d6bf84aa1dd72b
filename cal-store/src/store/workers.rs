//! Threads for what takes long, so that those that others wait for stay free.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use tokio::sync::Semaphore;

use crate::Error;

/// Work at once where the number of processors is not known.
const FEW: usize = 2;

/// How much work is done at once: no more than there are processors.
#[derive(Debug)]
pub(super) struct Workers {
    turns: Arc<Semaphore>,
}

impl Default for Workers {
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(FEW, NonZeroUsize::get);
        Self {
            turns: Arc::new(Semaphore::new(processors)),
        }
    }
}

impl Workers {
    /// Does work off the async threads once its turn has come.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        // The semaphore is never closed, and what cannot wait for its turn need not.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(Error::backend)
    }
}
