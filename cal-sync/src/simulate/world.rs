//! Two sides, their users, and the mapping between them.

use std::sync::Arc;

use cal_store::{Cause, NewPrincipal, PrincipalName, Store, Via};
use chrono::{DateTime, TimeDelta};

use super::collection::{Collection, Habit};
use super::fault::{Fate, Faulty, Mortal, Weather};
use super::random::Random;
use super::user::{User, everything};
use super::{Outcome, judge};
use crate::endpoint::{Endpoint, Run, StoreCalendar};
use crate::state_store::Memory;
use crate::{Approval, Collisions, Error, Mapping, Pair, Policy, Report, Side};

pub(super) struct World {
    random: Random,
    fate: Fate,
    user: Arc<tokio::sync::Mutex<User>>,
    sides: Pair<Arc<dyn Endpoint>>,
    mapping: Mapping,
    state: Mortal,
    runs: u32,
    writes: u64,
}

/// How often a mapping may run until nothing is left to do.
const PATIENCE: u32 = 4;

impl World {
    pub(super) async fn new(seed: u64) -> Result<Self, Error> {
        let mut random = Random::new(seed);
        let fate = Fate::new(random.next());
        let user = Arc::new(tokio::sync::Mutex::new(User::new(random.next())));
        let a: Arc<dyn Endpoint> = Arc::new(store_calendar().await?);
        let b: Arc<dyn Endpoint> = match random.below(3) {
            0 => Arc::new(store_calendar().await?),
            1 => Arc::new(Collection::new("b", Habit::Faithful)),
            _ => Arc::new(Collection::new("b", Habit::Rewriting)),
        };
        let sides = Pair::new(a, b);
        let faulty = |side: Side| -> Arc<dyn Endpoint> {
            Arc::new(Faulty {
                side,
                inner: Arc::clone(sides.of(side)),
                fate: fate.clone(),
                user: Arc::clone(&user),
            })
        };
        let collisions = match random.below(3) {
            0 => Collisions::default(),
            1 => Collisions::Prefer(Side::A),
            _ => Collisions::Prefer(Side::B),
        };
        let mapping = Mapping::of(Pair::from_fn(faulty))
            .with_policy(Policy::new().with_collisions(collisions));
        Ok(Self {
            state: Mortal {
                inner: Memory::new(),
                fate: fate.clone(),
            },
            random,
            fate,
            user,
            sides,
            mapping,
            runs: 0,
            writes: 0,
        })
    }

    /// Edits, troubled syncs, then syncs in peace until nothing is left to do.
    /// Returns what is wrong then.
    pub(super) async fn round(&mut self) -> Result<Vec<String>, Error> {
        for _ in 0..1 + self.random.below(3) {
            self.edits().await?;
            let weather = match self.random.below(4) {
                0 => Weather::Calm,
                1 | 2 => Weather::Stormy,
                _ => Weather::Crash(self.random.below(40)),
            };
            self.fate.set(weather);
            // What goes wrong here must do no harm; that is all.
            if let Ok(report) = self.sync().await {
                self.count(&report);
            }
        }
        self.fate.set(Weather::Calm);
        for _ in 0..PATIENCE {
            let report = self.sync().await?;
            self.count(&report);
            if report.writes() == 0 && report.failed.is_empty() {
                return self.judged().await;
            }
        }
        Ok(vec!["the sides do not converge".to_owned()])
    }

    pub(super) async fn tell(&self, outcome: &mut Outcome) {
        outcome.edits = self.user.lock().await.edits;
        outcome.faults = self.fate.faults();
        outcome.writes = self.writes;
        outcome.losses = self.state.inner.state().losses.len();
    }

    async fn edits(&mut self) -> Result<(), Error> {
        let mut user = self.user.lock().await;
        let open = self.state.inner.state().intents.into_keys();
        user.open = open.map(|uid| uid.to_string()).collect();
        for side in Side::BOTH {
            for _ in 0..self.random.below(6) {
                user.edit(side, &**self.sides.of(side)).await?;
            }
        }
        if self.random.one_in(5) {
            user.create_on_both(&*self.sides.a, &*self.sides.b).await?;
        }
        user.open.clear();
        Ok(())
    }

    /// One run; plans that are held are looked at and approved.
    async fn sync(&mut self) -> Result<Report, Error> {
        self.runs += 1;
        let clock = DateTime::UNIX_EPOCH + TimeDelta::minutes(i64::from(self.runs));
        let run = Run::new(format!("run {}", self.runs), clock);
        match self.mapping.run(&self.state, &run).await {
            Err(Error::NeedsApproval(_)) => {
                let plan = self.mapping.plan(&self.state).await?;
                self.mapping
                    .apply(&plan, &self.state, &run, Approval::Given)
                    .await
            }
            done => done,
        }
    }

    fn count(&mut self, report: &Report) {
        self.writes += u64::try_from(report.writes()).unwrap_or(u64::MAX);
    }

    async fn judged(&self) -> Result<Vec<String>, Error> {
        let objects = Pair::new(
            everything(&*self.sides.a).await?,
            everything(&*self.sides.b).await?,
        );
        let state = self.state.inner.state();
        let user = self.user.lock().await;
        let mut wrong = judge::violations(&objects, &state.losses, &user.ledger);
        wrong.extend(
            state
                .intents
                .keys()
                .map(|uid| format!("the write of {uid} stays open")),
        );
        Ok(wrong)
    }
}

async fn store_calendar() -> Result<StoreCalendar, Error> {
    let failed = |error: cal_store::Error| Error::Failed(error.into());
    let store = Store::memory();
    let cause = Cause::new(Via::System, DateTime::UNIX_EPOCH.into());
    let name = PrincipalName::new("user").map_err(failed)?;
    let user = store
        .create_principal(NewPrincipal::new(name), &cause)
        .await;
    let home = store.home(user.map_err(failed)?.id).await.map_err(failed)?;
    let name = cal_store::CollectionName::new("calendar").map_err(failed)?;
    let calendar = store.child(home.id, &name).await.map_err(failed)?;
    let calendar = calendar.ok_or_else(|| Error::Failed("no calendar was made".into()))?;
    Ok(StoreCalendar::new(store, calendar.id))
}
