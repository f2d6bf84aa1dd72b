//! Connections: their settings, the pools, and what their failures mean.

use std::io;
use std::time::{Duration, Instant};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use tokio_postgres::Client;
use tokio_postgres::error::{Severity, SqlState};

use super::tls::Address;
use crate::Error;

/// How long a new connection may take, and how long a caller waits for one to be free.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a call goes on while the database is away or others are in the
/// way, before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a connection may be silent before the server is asked for a sign of life.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// What every connection is told first.
///
/// All our questions have an index made for them: no other ways are looked at,
/// which leaves the choice of the index to the statistics. A statement is
/// planned once, and again after new statistics: by itself the server plans
/// those with arrays each time anew, which takes longer than to do them. "Written" means on
/// the disk, also where the server is set up to be less careful.
const SETTINGS: &str = "SET statement_timeout = '30s'; \
     SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; \
     SET enable_seqscan = off; SET enable_bitmapscan = off; \
     SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; \
     SET plan_cache_mode = force_generic_plan; \
     SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') = 'off'";

/// Reads a URL or a list of `key=value`, and fills in what it leaves open.
pub(super) fn configuration(url: &str) -> Result<Address, Error> {
    let mut address = Address::parse(url)?;
    let config = &mut address.config;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_application_name().is_none() {
        config.application_name("cal");
    }
    // A server that is gone without a word is noticed within minutes, not hours.
    if config.get_keepalives_idle() > KEEPALIVE {
        config.keepalives_idle(KEEPALIVE);
    }
    Ok(address)
}

/// A pool of at most so many connections, none of which is made yet.
pub(super) fn pool(address: &Address, size: usize) -> Result<Pool, Error> {
    let manager = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let prepare = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
        Box::pin(async move { prepare(client).await.map_err(HookError::Backend) })
    });
    let Address { config, tls } = address.clone();
    Pool::builder(Manager::from_config(config, tls, manager))
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(CONNECT))
        .create_timeout(Some(CONNECT))
        .post_create(prepare)
        .build()
        .map_err(Error::backend)
}

async fn prepare(client: &Client) -> Result<(), tokio_postgres::Error> {
    client.batch_execute(SETTINGS).await
}

/// A connection of a pool.
pub(super) async fn connection(pool: &Pool) -> Result<Object, Error> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            error.into()
        }
        PoolError::Timeout(_) | PoolError::Closed => Error::Unavailable,
        other => Error::backend(other),
    })
}

/// Ends a transaction that is not to be. A connection that cannot even do that
/// is not used again.
pub(super) async fn abandon(connection: Object) {
    if let Err(error) = connection.batch_execute("ROLLBACK").await {
        tracing::debug!(%error, "a connection is lost with its transaction");
        discard(connection);
    }
}

/// Takes a connection out of its pool.
pub(super) fn discard(connection: Object) {
    drop(Object::take(connection));
}

/// A connection in the middle of a transaction. Dropped there, as when whoever
/// waits for it goes away, it is closed, which takes the transaction back; to
/// the pool it returns only when that has ended.
pub(super) struct InTransaction(Option<Object>);

impl InTransaction {
    /// Begins a transaction.
    pub(super) async fn begin(connection: Object) -> Result<Self, Error> {
        let open = Self(Some(connection));
        open.connection()?.batch_execute("BEGIN").await?;
        Ok(open)
    }

    pub(super) fn connection(&self) -> Result<&Object, Error> {
        self.0.as_ref().ok_or(Error::Unavailable)
    }

    /// Commits after work that was done, and takes all of it back otherwise.
    pub(super) async fn end<T>(mut self, work: Result<T, Error>) -> Result<T, Error> {
        let committed = match work {
            Ok(done) => {
                let commit = self.connection()?.batch_execute("COMMIT").await;
                commit.map(|()| done).map_err(Error::from)
            }
            Err(error) => Err(error),
        };
        let ended = match committed {
            Ok(_) => Ok(()),
            Err(_) => self.connection()?.batch_execute("ROLLBACK").await,
        };
        if ended.is_ok() {
            drop(self.0.take());
        }
        committed
    }
}

impl Drop for InTransaction {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            discard(connection);
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::backend(error)
    }
}

/// What a failure means for whoever would try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The connection is gone, or none can be made now.
    Away,
    /// Others were in the way, and the transaction has been taken back.
    Contention,
    /// Something with an index of its own is there already.
    Duplicate,
    /// Any other failure, or none of the database.
    Other,
}

impl Fault {
    pub(super) fn of(error: &Error) -> Self {
        let Error::Backend(source) = error else {
            return Self::Other;
        };
        let Some(error) = source.downcast_ref::<tokio_postgres::Error>() else {
            return Self::Other;
        };
        match error.as_db_error() {
            Some(told) if is_fatal(told.parsed_severity()) => match *told.code() {
                // No other attempt makes a password right or a database exist.
                SqlState::INVALID_PASSWORD
                | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
                | SqlState::INVALID_CATALOG_NAME => Self::Other,
                _ => Self::Away,
            },
            Some(told) => Self::of_state(told.code()),
            None if error.is_closed() || is_io(error) => Self::Away,
            None => Self::Other,
        }
    }

    fn of_state(state: &SqlState) -> Self {
        match *state {
            SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::LOCK_NOT_AVAILABLE => Self::Contention,
            SqlState::UNIQUE_VIOLATION => Self::Duplicate,
            // A primary that has become a standby.
            SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::CANNOT_CONNECT_NOW => Self::Away,
            _ => Self::Other,
        }
    }
}

/// Whether the server ended the connection with what it said.
fn is_fatal(severity: Option<Severity>) -> bool {
    matches!(severity, Some(Severity::Fatal | Severity::Panic))
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<io::Error>)
}

/// How long somebody goes on trying, and how often.
pub(super) struct Patience {
    since: Instant,
    pause: Duration,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            pause: Duration::from_millis(5),
        }
    }

    /// Waits a little for another attempt, or says that it has been long enough.
    pub(super) async fn again(&mut self) -> bool {
        if self.since.elapsed() >= PATIENCE {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }

    /// What a read came to; nothing if it is to be tried again.
    pub(super) async fn settle<T>(&mut self, result: Result<T, Error>) -> Option<Result<T, Error>> {
        let Err(error) = result else {
            return Some(result);
        };
        if Fault::of(&error) != Fault::Away {
            return Some(Err(error));
        }
        tracing::debug!(%error, "the database is away");
        match self.again().await {
            true => None,
            false => Some(Err(Error::Unavailable)),
        }
    }
}
