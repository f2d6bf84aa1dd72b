//! Two endpoints that are kept the same.

use std::sync::Arc;

use crate::apply::Application;
use crate::endpoint::{Endpoint, Run};
use crate::plan::check_identities;
use crate::report::Report;
use crate::snapshot::Snapshot;
use crate::{Error, Identity, Pair, Plan, Policy, Side, State, StateStore};

/// Joins two collections: what is changed in one is changed in the other.
///
#[doc = include_str!("../docs/mapping.md")]
#[derive(Clone)]
pub struct Mapping {
    endpoints: Pair<Arc<dyn Endpoint>>,
    policy: Policy,
}

/// Whether someone has looked at a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approval {
    /// Nobody has: a plan with holds is not applied.
    #[default]
    None,
    /// Someone has, and wants it done.
    Given,
}

/// How often a run looks again when someone else was faster.
const PASSES: usize = 3;

impl Mapping {
    /// Keeps `a` and `b` the same, both ways.
    #[must_use]
    pub fn new(a: impl Endpoint + 'static, b: impl Endpoint + 'static) -> Self {
        Self::of(Pair::new(Arc::new(a), Arc::new(b)))
    }

    /// Keeps two shared endpoints the same, both ways.
    #[must_use]
    pub fn of(endpoints: Pair<Arc<dyn Endpoint>>) -> Self {
        Self {
            endpoints,
            policy: Policy::new(),
        }
    }

    /// With this policy.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Looks at both sides and decides what to do; writes nothing.
    ///
    /// # Errors
    ///
    /// What the endpoints answer, [`Error::State`], [`Error::IdentityChanged`],
    /// [`Error::SameCollection`].
    pub async fn plan(&self, store: &dyn StateStore) -> Result<Plan, Error> {
        self.plan_from(&store.load().await?).await
    }

    /// Does what a plan says.
    ///
    /// # Errors
    ///
    /// [`Error::NeedsApproval`] for a plan with holds that nobody has approved,
    /// [`Error::Locked`], [`Error::IdentityChanged`] if the plan is about other
    /// collections, [`Error::State`]. What happens with single objects, or to
    /// the connection, is in the report.
    pub async fn apply(
        &self,
        plan: &Plan,
        store: &dyn StateStore,
        run: &Run,
        approval: Approval,
    ) -> Result<Report, Error> {
        let _lock = store.lock().await?;
        let about = State {
            identities: Some(plan.identities.clone()),
            ..State::new()
        };
        check_identities(&self.identities().await?, &about)?;
        self.apply_locked(plan, store, run, approval).await
    }

    /// Plans and applies; if someone else changes objects at the same time,
    /// looks again.
    ///
    /// # Errors
    ///
    /// Those of [`plan`](Self::plan) and [`apply`](Self::apply).
    pub async fn run(&self, store: &dyn StateStore, run: &Run) -> Result<Report, Error> {
        let _lock = store.lock().await?;
        let mut report = Report::default();
        for _ in 0..PASSES {
            let plan = self.plan_from(&store.load().await?).await?;
            let pass = self.apply_locked(&plan, store, run, Approval::None).await?;
            let raced = pass.stopped.is_none() && pass.failed.iter().any(|failure| failure.raced);
            report.continued_by(pass);
            if !raced {
                break;
            }
        }
        Ok(report)
    }

    async fn plan_from(&self, state: &State) -> Result<Plan, Error> {
        let a = Snapshot::take(&*self.endpoints.a, Side::A, state).await?;
        let b = Snapshot::take(&*self.endpoints.b, Side::B, state).await?;
        Plan::new(&Pair::new(a, b), state, &self.policy)
    }

    async fn apply_locked(
        &self,
        plan: &Plan,
        store: &dyn StateStore,
        run: &Run,
        approval: Approval,
    ) -> Result<Report, Error> {
        if approval == Approval::None && !plan.holds.is_empty() {
            let holds: Vec<_> = plan.holds.iter().map(ToString::to_string).collect();
            return Err(Error::NeedsApproval(holds.join("; ")));
        }
        let application = Application {
            endpoints: Pair::new(&*self.endpoints.a, &*self.endpoints.b),
            store,
            run,
        };
        application.apply(plan).await
    }

    async fn identities(&self) -> Result<Pair<Identity>, Error> {
        Ok(Pair::new(
            self.endpoints.a.describe().await?.identity,
            self.endpoints.b.describe().await?.identity,
        ))
    }
}
