//! Things going wrong at every point at which they can.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::random::Random;
use super::user::User;
use crate::endpoint::{Completeness, Description, Endpoint, Fetched, Listing, Place, Run, Written};
use crate::state_store::{Lock, Memory, StateStore};
use crate::{Body, Error, ItemId, Record, Side, State, Uid};

/// What goes wrong in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weather {
    /// Nothing.
    Calm,
    /// Now and then a request or its answer is lost, a listing is cut, and
    /// someone edits an object right before it is written.
    Stormy,
    /// The process dies after so many operations.
    Crash(u64),
}

/// Decides for all parts of a run together what goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Fate {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    weather: Weather,
    random: Random,
    dead: bool,
    faults: u64,
}

/// When an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strike {
    No,
    /// Nothing happens.
    Before,
    /// It happens, but nobody learns of it.
    After,
}

impl Fate {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Inner {
                weather: Weather::Calm,
                random: Random::new(seed),
                dead: false,
                faults: 0,
            })),
        }
    }

    /// Begins a run.
    pub(super) fn set(&self, weather: Weather) {
        let mut inner = self.inner();
        inner.weather = weather;
        inner.dead = false;
    }

    pub(super) fn faults(&self) -> u64 {
        self.inner().faults
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn strike(&self, odds: u64) -> Strike {
        let mut inner = self.inner();
        if inner.dead {
            return Strike::Before;
        }
        let struck = match inner.weather {
            Weather::Calm => false,
            Weather::Stormy => inner.random.one_in(odds),
            Weather::Crash(0) => {
                inner.dead = true;
                true
            }
            Weather::Crash(left) => {
                inner.weather = Weather::Crash(left - 1);
                false
            }
        };
        if !struck {
            return Strike::No;
        }
        inner.faults += 1;
        if inner.random.one_in(2) {
            Strike::After
        } else {
            Strike::Before
        }
    }

    fn is_stormy(&self, odds: u64) -> bool {
        let mut inner = self.inner();
        let stormy = inner.weather == Weather::Stormy && inner.random.one_in(odds);
        inner.faults += u64::from(stormy);
        stormy
    }

    /// The error of something that was struck.
    fn error(&self) -> Error {
        if self.inner().dead {
            Error::Unreachable("the process is dead".into())
        } else {
            Error::Failed("the answer was lost".into())
        }
    }
}

/// An endpoint under the rule of [`Fate`].
pub(super) struct Faulty {
    pub(super) side: Side,
    pub(super) inner: Arc<dyn Endpoint>,
    pub(super) fate: Fate,
    pub(super) user: Arc<tokio::sync::Mutex<User>>,
}

impl Faulty {
    /// Does something that may be struck.
    async fn under_fate<T: Send>(
        &self,
        odds: u64,
        work: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        match self.fate.strike(odds) {
            Strike::No => work.await,
            Strike::Before => Err(self.fate.error()),
            Strike::After => {
                work.await?;
                Err(self.fate.error())
            }
        }
    }

    /// Lets the user be faster, now and then.
    async fn race(&self, place: &Place) -> Result<(), Error> {
        if self.fate.is_stormy(10) {
            let mut user = self.user.lock().await;
            user.edit_object(self.side, &*self.inner, place).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Endpoint for Faulty {
    async fn describe(&self) -> Result<Description, Error> {
        self.inner.describe().await
    }

    async fn list(&self) -> Result<Listing, Error> {
        let mut listing = self.under_fate(30, self.inner.list()).await?;
        if self.fate.is_stormy(8) {
            let mut keep = false;
            listing.entries.retain(|_| {
                keep = !keep;
                keep
            });
            listing.completeness = Completeness::Partial("the answer was cut".to_owned());
        }
        Ok(listing)
    }

    async fn fetch(&self, ids: &[ItemId]) -> Result<Vec<Fetched>, Error> {
        self.under_fate(30, self.inner.fetch(ids)).await
    }

    async fn create(&self, uid: &Uid, body: &Body, run: &Run) -> Result<Written, Error> {
        self.under_fate(8, self.inner.create(uid, body, run)).await
    }

    async fn update(&self, place: &Place, body: &Body, run: &Run) -> Result<Written, Error> {
        self.race(place).await?;
        self.under_fate(8, self.inner.update(place, body, run))
            .await
    }

    async fn delete(&self, place: &Place, run: &Run) -> Result<(), Error> {
        self.race(place).await?;
        self.under_fate(8, self.inner.delete(place, run)).await
    }
}

/// A state under the rule of [`Fate`]: it fails when the process dies.
pub(super) struct Mortal {
    pub(super) inner: Memory,
    pub(super) fate: Fate,
}

#[async_trait]
impl StateStore for Mortal {
    async fn lock(&self) -> Result<Lock, Error> {
        self.inner.lock().await
    }

    async fn load(&self) -> Result<State, Error> {
        self.inner.load().await
    }

    async fn record(&self, records: Vec<Record>) -> Result<(), Error> {
        // In a storm answers are lost, but the disk of this process is not.
        let is_storm = self.fate.inner().weather == Weather::Stormy;
        let strike = if is_storm {
            Strike::No
        } else {
            self.fate.strike(1)
        };
        if strike != Strike::Before {
            self.inner.record(records).await?;
        }
        if strike == Strike::No {
            Ok(())
        } else {
            Err(Error::state("memory", "the process is dead"))
        }
    }
}
