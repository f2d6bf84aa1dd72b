//! Redis (or Valkey), for stores that many processes have in common: a
//! [cache](SharedCache) for what is costly to work out, and a way for news.

mod fan_out;

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult};

use crate::{Error, SharedCache, Store};

pub use fan_out::FanOut;

/// How long an answer of Redis may take before the store works without it.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long Redis is left alone after it has failed.
const REST: Duration = Duration::from_secs(1);

/// How long an entry is kept that nobody has replaced; seconds.
const KEPT: u64 = 3_600;

/// The largest value that is put there, in bytes.
const LARGEST: usize = 1 << 20;

/// A Redis server.
///
/// Nothing depends on it: entries are believed only if they are about the very
/// state that is asked for, and news that is lost while it is away is made up
/// for by telling that [everything](crate::Subject::Everything) may have changed.
/// While it does not answer, it is not asked.
pub struct Redis {
    client: Client,
    connection: ConnectionManager,
    born: Instant,
    /// Milliseconds since `born` until which it is not asked.
    resting_until: AtomicI64,
}

impl Redis {
    /// A server by its address: `redis://host:port/database`, `rediss://` with
    /// TLS, or `redis+unix:///path`. Nothing is connected yet: a server that is
    /// away, or comes later, is no error.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if the address makes no sense.
    pub fn new(url: &str) -> Result<Self, Error> {
        let client = Client::open(url).map_err(Error::backend)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)
            .map_err(Error::backend)?;
        Ok(Self {
            client,
            connection,
            born: Instant::now(),
            resting_until: AtomicI64::new(0),
        })
    }

    /// Tells other processes what is committed through the store, and publishes
    /// to its [subscribers](Store::subscribe) what they tell, until the answer
    /// is dropped. Only processes over the same data hear each other.
    #[must_use]
    pub fn fan_out(&self, store: &Store) -> FanOut {
        FanOut::start(self.client.clone(), store)
    }

    /// What Redis answers; nothing where it takes long or fails.
    async fn ask<T>(&self, question: impl Future<Output = RedisResult<T>>) -> Option<T> {
        let now = i64::try_from(self.born.elapsed().as_millis()).unwrap_or(i64::MAX);
        if now < self.resting_until.load(Ordering::Relaxed) {
            return None;
        }
        let why = match tokio::time::timeout(PATIENCE, question).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::debug!(error = %why, "Redis is left alone for a while");
        let rest = i64::try_from(REST.as_millis()).unwrap_or(i64::MAX);
        let until = now.saturating_add(rest);
        self.resting_until.store(until, Ordering::Relaxed);
        None
    }
}

#[async_trait]
impl SharedCache for Redis {
    async fn get(&self, key: &str) -> Option<Bytes> {
        let mut connection = self.connection.clone();
        let found: Option<Vec<u8>> = self
            .ask(async {
                redis::cmd("GET")
                    .arg(key)
                    .query_async(&mut connection)
                    .await
            })
            .await?;
        found.map(Bytes::from)
    }

    async fn put(&self, key: &str, value: Bytes) {
        if value.len() > LARGEST {
            return;
        }
        let mut connection = self.connection.clone();
        let mut command = redis::cmd("SET");
        command.arg(key).arg(&*value).arg("EX").arg(KEPT);
        self.ask::<()>(async { command.query_async(&mut connection).await })
            .await;
    }
}

impl fmt::Debug for Redis {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}
