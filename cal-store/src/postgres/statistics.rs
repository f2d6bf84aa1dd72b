//! The planner's statistics, kept from lagging behind a store that grows.
//!
//! Statements are planned once for a connection. To a planner that believes
//! the tables empty any index is as good as another, and the one it takes may
//! have a whole calendar read for each object. PostgreSQL looks after that
//! itself, but only once a minute: too late for who imports into a new store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool_postgres::Pool;

use super::connection::connection;
use crate::Error;

/// Writes after which statistics are made for the first time.
const FIRST: u64 = 250;

/// Counts the writes of a node, and has statistics made whenever there have
/// been twice as many as the last time.
#[derive(Debug)]
pub(super) struct Statistics {
    pool: Pool,
    written: AtomicU64,
    due: AtomicU64,
}

impl Statistics {
    pub(super) fn new(pool: Pool) -> Arc<Self> {
        Arc::new(Self {
            pool,
            written: AtomicU64::new(0),
            due: AtomicU64::new(FIRST),
        })
    }

    /// Notes writes; statistics are made beside what follows.
    pub(super) fn count(self: &Arc<Self>, writes: usize) {
        let writes = u64::try_from(writes).unwrap_or(u64::MAX);
        let written = self.written.fetch_add(writes, Ordering::Relaxed);
        let written = written.saturating_add(writes);
        let due = self.due.load(Ordering::Relaxed);
        let next = written.saturating_mul(2);
        let ours = written >= due
            && self
                .due
                .compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if ours {
            let statistics = Arc::clone(self);
            tokio::spawn(async move {
                if let Err(error) = statistics.make().await {
                    tracing::debug!(%error, "could not make statistics");
                }
            });
        }
    }

    async fn make(&self) -> Result<(), Error> {
        const MAKE: &str = "ANALYZE objects, tombstones, versions, properties, collections, \
             object_words, object_categories, reminders, busy_times";
        let connection = connection(&self.pool).await?;
        Ok(connection.batch_execute(MAKE).await?)
    }
}
