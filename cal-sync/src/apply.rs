//! Doing what a plan says, object by object.

use std::collections::BTreeSet;

use crate::endpoint::{Endpoint, Run, Written};
use crate::error::chain;
use crate::report::{Failure, Report};
use crate::state::{Half, Intent, Link, Loss, Record, Then};
use crate::{
    Action, Body, Error, ItemId, Object, Outcome, Pair, Plan, Side, StateStore, Step, Uid, Write,
};

/// Where and on whose behalf a plan is applied.
pub(crate) struct Application<'a> {
    pub(crate) endpoints: Pair<&'a dyn Endpoint>,
    pub(crate) store: &'a dyn StateStore,
    pub(crate) run: &'a Run,
}

/// Why a step was not finished.
struct Interrupted {
    side: Side,
    error: Error,
}

impl Application<'_> {
    /// Takes every step. One that fails does not keep others from being taken.
    ///
    /// # Errors
    ///
    /// [`Error::State`]: without a state nothing may be written.
    pub(crate) async fn apply(&self, plan: &Plan) -> Result<Report, Error> {
        self.begin(plan).await?;
        let mut report = Report {
            skipped: plan.skipped.clone(),
            ..Report::default()
        };
        for step in &plan.steps {
            let Err(Interrupted { side, error }) = self.take(step, &mut report).await else {
                continue;
            };
            if matches!(error, Error::State { .. }) {
                return Err(error);
            }
            if error.stops_run() {
                report.stopped = Some(format!("{side}: {}", chain(&error)));
                break;
            }
            if !matches!(error, Error::Failed(_)) {
                // What failed may still have been done; all else was not.
                let abandoned = vec![Record::Abandon(step.uid.clone())];
                self.store.record(abandoned).await?;
            }
            tracing::warn!(uid = %step.uid, %side, error = chain(&error), "object not synced");
            report.failed.push(Failure {
                uid: step.uid.clone(),
                title: step.title.clone(),
                side,
                raced: error.is_race(),
                error: chain(&error),
            });
        }
        Ok(report)
    }

    /// Notes what the state is about, and forgets the intents that the plan has
    /// found nothing left to do about.
    async fn begin(&self, plan: &Plan) -> Result<(), Error> {
        let state = self.store.load().await?;
        crate::plan::check_identities(&plan.identities, &state)?;
        let mut records = Vec::new();
        if state.identities.is_none() {
            records.push(Record::Bind(plan.identities.clone()));
        }
        let planned: BTreeSet<&Uid> = plan.steps.iter().map(|step| &step.uid).collect();
        let skipped = plan.skipped.iter().filter_map(|skip| skip.uid.as_ref());
        let open: BTreeSet<&Uid> = planned.into_iter().chain(skipped).collect();
        let stale = state.intents.into_keys().filter(|uid| !open.contains(uid));
        records.extend(stale.map(Record::Abandon));
        if records.is_empty() {
            return Ok(());
        }
        self.store.record(records).await
    }

    async fn take(&self, step: &Step, report: &mut Report) -> Result<(), Interrupted> {
        if let Some(link) = &step.recovered {
            let known = Record::Link(step.uid.clone(), link.clone());
            self.record(Side::A, known).await?;
        }
        if let Some(lost) = &step.lost {
            let loss = Loss {
                uid: step.uid.clone(),
                side: lost.side,
                body: lost.body.clone(),
                over: lost.over.clone(),
                at: self.run.at,
            };
            self.record(lost.side, Record::Lose(loss)).await?;
        }
        let mut written = Pair::new(None, None);
        for write in &step.writes {
            let side = write.side;
            let intent = self.intent(step, write, &written);
            self.record(side, Record::Intend(step.uid.clone(), intent))
                .await?;
            let done = self.perform(&step.uid, write).await;
            *written.of_mut(side) = done.map_err(|error| Interrupted { side, error })?;
            report.written.of_mut(side).count(&write.action);
            if let Some(halfway) = &write.halfway {
                self.record(side, Record::Link(step.uid.clone(), halfway.clone()))
                    .await?;
            }
        }
        report.losses += usize::from(step.lost.is_some());
        let (uid, outcome) = (step.uid.clone(), settled(&step.outcome, written));
        self.record(
            Side::A,
            outcome.map_or(Record::Unlink(uid.clone()), |link| {
                Record::Link(uid, Box::new(link))
            }),
        )
        .await
    }

    async fn record(&self, side: Side, record: Record) -> Result<(), Interrupted> {
        let recorded = self.store.record(vec![record]).await;
        recorded.map_err(|error| Interrupted { side, error })
    }

    /// What is about to be written, after what was `written` in this step.
    fn intent(&self, step: &Step, write: &Write, written: &Pair<Option<Half>>) -> Intent {
        let other = write.side.other();
        let kept = match &step.outcome {
            Outcome::Linked(kept) => kept.of(other).as_ref(),
            Outcome::Unlinked => None,
        };
        let then = match (&write.halfway, written.of(other).as_ref().or(kept)) {
            (Some(halfway), _) => Then::Halfway(halfway.clone()),
            (None, Some(half)) => Then::Linked(half.clone()),
            (None, None) => Then::Unlinked,
        };
        Intent {
            side: write.side,
            body: match &write.action {
                Action::Create { body } | Action::Update { body, .. } => Some(body.clone()),
                Action::Delete { .. } => None,
            },
            then,
            at: self.run.at,
        }
    }

    /// Does one write; what is there afterwards, unless it was deleted.
    async fn perform(&self, uid: &Uid, write: &Write) -> Result<Option<Half>, Error> {
        let endpoint = *self.endpoints.of(write.side);
        match &write.action {
            Action::Create { body } => match endpoint.create(uid, body, self.run).await {
                Ok(written) => half(endpoint, written, body).await.map(Some),
                Err(Error::Occupied { holder: Some(id) }) => {
                    adopt(endpoint, uid, id, body).await.map(Some)
                }
                Err(error) => Err(error),
            },
            Action::Update { place, body } => {
                let written = endpoint.update(place, body, self.run).await?;
                half(endpoint, written, body).await.map(Some)
            }
            Action::Delete { place } => match endpoint.delete(place, self.run).await {
                Ok(()) | Err(Error::Gone) => Ok(None),
                Err(error) => Err(error),
            },
        }
    }
}

/// What is there after a write: what was written, or what the endpoint made of it.
async fn half(endpoint: &dyn Endpoint, written: Written, body: &Body) -> Result<Half, Error> {
    match written.version {
        Some(version) => Ok(Half {
            place: crate::endpoint::Place {
                id: written.id,
                version,
            },
            base: body.clone(),
        }),
        None => fetched(endpoint, written.id).await,
    }
}

async fn fetched(endpoint: &dyn Endpoint, id: ItemId) -> Result<Half, Error> {
    let found = endpoint.fetch(&[id]).await?.pop().ok_or(Error::Raced)?;
    Ok(Half {
        place: found.place,
        base: found.body,
    })
}

/// Takes an object that is there already for the one that was to be created,
/// if it says the same: an earlier run was cut short after creating it.
async fn adopt(endpoint: &dyn Endpoint, uid: &Uid, id: ItemId, body: &Body) -> Result<Half, Error> {
    let occupied = || Error::Occupied {
        holder: Some(id.clone()),
    };
    let there = fetched(endpoint, id.clone()).await?;
    let (Ok(theirs), Ok(ours)) = (Object::read(there.base.clone()), Object::read(body.clone()))
    else {
        return Err(occupied());
    };
    if theirs.uid() == uid && theirs.says_the_same(&ours) {
        Ok(there)
    } else {
        Err(occupied())
    }
}

/// The link that holds after a step; `None` if neither side has the object.
fn settled(outcome: &Outcome, written: Pair<Option<Half>>) -> Option<Link> {
    let Outcome::Linked(kept) = outcome else {
        return None;
    };
    let half = |kept: &Option<Half>, written: Option<Half>| written.or_else(|| kept.clone());
    Some(Link::new(Pair::new(
        half(&kept.a, written.a)?,
        half(&kept.b, written.b)?,
    )))
}
