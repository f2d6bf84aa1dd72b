//! Threads for what takes long, so that those that answer requests stay free.
//!
//! Expanding a series, holding an object against a filter and adding up busy time may each take
//! seconds where somebody means harm. No more of it goes on at once than there are processors,
//! and none of it for a client that has gone.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::Semaphore;
use tokio::task;

use crate::refusal::Refusal;

/// Work at once where the number of processors is not known.
const FEW: usize = 2;

/// How much of such work is done at once.
pub(crate) struct Workers {
    permits: Arc<Semaphore>,
}

impl Workers {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(FEW, NonZeroUsize::get);
        Self {
            permits: Arc::new(Semaphore::new(processors)),
        }
    }

    /// Does work on a thread of its own once its turn has come. If the future is dropped before
    /// the work is done, the work is told so.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&Cancelled) -> T + Send + 'static,
    {
        // The semaphore is never closed, and what cannot wait for its turn need not.
        let turn = Arc::clone(&self.permits).acquire_owned().await.ok();
        let wanted = Wanted::default();
        let cancelled = wanted.cancelled();
        let done = task::spawn_blocking(move || {
            let _turn = turn;
            work(&cancelled)
        });
        done.await.map_err(Refusal::Work)
    }
}

/// Whether nobody waits for the outcome of some work any more.
#[derive(Debug, Default)]
pub(crate) struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Somebody waits; when it is dropped, nobody does.
#[derive(Default)]
struct Wanted(Arc<AtomicBool>);

impl Wanted {
    fn cancelled(&self) -> Cancelled {
        Cancelled(Arc::clone(&self.0))
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_told_so() {
        let workers = Workers::new();
        let (tell, told) = mpsc::channel();
        let work = workers.run(move |cancelled| {
            while !cancelled.is_set() {
                thread::sleep(Duration::from_millis(1));
            }
            tell.send(()).ok();
        });
        let gone = tokio::time::timeout(Duration::from_millis(20), work).await;
        assert!(gone.is_err());
        assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(()));
    }
}
