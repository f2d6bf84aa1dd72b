//! `cal at TIME restore`.

use cal_core::series_edit::{Scope, SeriesEdit};
use cal_core::{Moment, Reader};
use cal_store::{
    Cause, CollectionName, Error as StoreError, MoveCollection, PastCollection, PlannedChange,
    PlannedEffect, Precondition, Put, RestorePlan, Uid, Via,
};
use chrono::Utc;
use serde::Serialize;

use super::found::Scene;
use super::list::Facts;
use crate::console::Console;
use crate::error::Error;
use crate::storage::{self, rfc3339};

/// What is to be restored.
pub(super) struct Wanted {
    pub(super) calendar: String,
    pub(super) uid: Option<String>,
    pub(super) instance: Option<Moment>,
    pub(super) name: Option<String>,
    pub(super) dry_run: bool,
    pub(super) json: bool,
}

pub(super) async fn run(
    scene: &Scene<'_>,
    wanted: &Wanted,
    console: &mut Console,
) -> Result<(), Error> {
    let then = scene.calendar(&wanted.calendar).await?;
    if let (Some(uid), Some(instance)) = (&wanted.uid, &wanted.instance) {
        return one_instance(scene, wanted, (&then, uid, instance), console).await;
    }
    let is_there = scene.store.collection(then.id).await?.is_some();
    if !is_there {
        if wanted.uid.is_some() {
            return Err(Error::Input(format!(
                "{} is in the trash; restore the calendar first, without --uid",
                then.name
            )));
        }
        take_back(scene, wanted, &then, console).await?;
        if wanted.dry_run {
            console.note("nothing was changed; what is in the calendar is compared afterwards");
            return Ok(());
        }
    }
    let plan = scene.store.plan_restore(then.id, scene.at).await;
    let mut plan = plan.map_err(|error| scene.explained(error))?;
    if let Some(uid) = &wanted.uid {
        only(scene, &mut plan, (&then, uid)).await?;
    }
    for change in &plan.changes {
        report(scene, &plan, (change, wanted.json), console).await?;
    }
    if plan.details.is_some() {
        let row = Row::new("update-calendar", then.name.as_str(), Facts::default());
        row.print(wanted.json, console)?;
    }
    if wanted.dry_run {
        console.note("nothing was changed");
        return Ok(());
    }
    let restored = scene.store.restore_to(&plan, &cause(scene)).await;
    let restored = restored.map_err(|error| match error {
        StoreError::PreconditionFailed { .. } => {
            Error::Input("somebody changed the calendar meanwhile; try again".to_owned())
        }
        other => other.into(),
    })?;
    console.note(format_args!(
        "brought back {}, replaced {}, removed {}",
        restored.created, restored.replaced, restored.deleted
    ));
    Ok(())
}

fn cause(scene: &Scene<'_>) -> Cause {
    storage::cause(Via::Command, Some(&scene.user.name))
        .with_note(format!("restored to {}", rfc3339(scene.at)))
}

/// Takes a calendar back from the trash, to the place that it had.
async fn take_back(
    scene: &Scene<'_>,
    wanted: &Wanted,
    then: &PastCollection,
    console: &mut Console,
) -> Result<(), Error> {
    let name = match &wanted.name {
        Some(name) => CollectionName::new(name)?,
        None => then.name.clone(),
    };
    let home = scene.store.home(scene.user.id).await?;
    let to = MoveCollection {
        id: then.id,
        parent: home.id,
        name: name.clone(),
    };
    let row = Row::new("restore-calendar", name.as_str(), Facts::default());
    if !wanted.dry_run {
        let restored = scene.store.restore_collection(to, &cause(scene)).await;
        restored.map_err(|error| match error {
            StoreError::Exists => Error::Input(format!(
                "there is another {name} now; name the restored calendar with --as"
            )),
            StoreError::NotFound => Error::Input(format!(
                "{name} went to the trash with the folder that it was in; restore that first"
            )),
            other => other.into(),
        })?;
    }
    row.print(wanted.json, console)
}

/// Leaves in the plan what concerns one UID: the object that had it, and the
/// one that has it now.
async fn only(
    scene: &Scene<'_>,
    plan: &mut RestorePlan,
    (then, uid): (&PastCollection, &str),
) -> Result<(), Error> {
    let (name, _) = scene.object(then, uid).await?;
    let uid = Uid::new(uid)?;
    let holder = scene.store.object_by_uid(then.id, &uid).await?;
    let holder = holder.map(|holder| holder.entry.name);
    let is_deletion = |change: &PlannedChange| matches!(change.effect, PlannedEffect::Delete(_));
    plan.keep_objects(|change| {
        change.name == name || (Some(&change.name) == holder.as_ref() && is_deletion(change))
    });
    Ok(())
}

async fn one_instance(
    scene: &Scene<'_>,
    wanted: &Wanted,
    (then, uid, instance): (&PastCollection, &str, &Moment),
    console: &mut Console,
) -> Result<(), Error> {
    let (_, version) = scene.object(then, uid).await?;
    let uid = Uid::new(uid)?;
    let now = scene.store.object_by_uid(then.id, &uid).await?;
    let now = now.ok_or_else(|| {
        Error::Input("the series is gone; restore it first, without --instance".to_owned())
    })?;
    let present = Reader::new().read(now.body.clone()).calendar;
    let earlier = Reader::new().read(version.body).calendar;
    let edit = SeriesEdit::new(Scope::This, instance.clone(), Utc::now().naive_utc());
    let restored = edit
        .restore(&present, &earlier)
        .map_err(|refusal| Error::Input(format!("{}: {refusal}", instance.to_value())))?;
    let body = restored.to_bytes();
    if body == now.body {
        console.note("nothing has changed since");
        return Ok(());
    }
    let facts = Facts::of(now.body);
    Row::new("replace", now.entry.name.as_str(), facts).print(wanted.json, console)?;
    if wanted.dry_run {
        console.note("nothing was changed");
        return Ok(());
    }
    let put = Put::new(then.id, now.entry.name, body)
        .with_precondition(Precondition::Matches(vec![now.entry.etag]));
    scene.store.put(put, &cause(scene)).await?;
    Ok(())
}

async fn report(
    scene: &Scene<'_>,
    plan: &RestorePlan,
    (change, json): (&PlannedChange, bool),
    console: &mut Console,
) -> Result<(), Error> {
    let (action, body) = match change.effect {
        PlannedEffect::Delete(_) => {
            let now = scene.store.object(plan.collection, &change.name).await?;
            ("delete", now.map(|now| now.body))
        }
        PlannedEffect::Create(then) | PlannedEffect::Replace { then, .. } => {
            let version = scene
                .store
                .version(plan.collection, &change.name, then)
                .await?;
            let action = match change.effect {
                PlannedEffect::Create(_) => "create",
                _ => "replace",
            };
            (action, version.map(|version| version.body))
        }
    };
    let facts = body.map(Facts::of).unwrap_or_default();
    Row::new(action, change.name.as_str(), facts).print(json, console)
}

/// What changes, as it is listed.
#[derive(Serialize)]
struct Row<'a> {
    action: &'static str,
    name: &'a str,
    uid: Option<String>,
    summary: Option<String>,
}

impl<'a> Row<'a> {
    fn new(action: &'static str, name: &'a str, facts: Facts) -> Row<'a> {
        Row {
            action,
            name,
            uid: facts.uid,
            summary: facts.summary,
        }
    }

    fn print(&self, json: bool, console: &mut Console) -> Result<(), Error> {
        if json {
            return console.json(self);
        }
        let summary = self.summary.as_deref().unwrap_or_default();
        console.line(format_args!("{}\t{}\t{summary}", self.action, self.name))
    }
}
