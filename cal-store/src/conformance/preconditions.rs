//! Preconditions.

use futures::future::join_all;

use super::scene::{Scene, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{Delete, ETag, Error, ObjectName, Precondition, Put, ScheduleTag, Store};

pub(super) async fn checks_every_precondition(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let name = ics("lunch")?;
    let tag = ScheduleTag::of(b"lunch");
    let put = async |summary: &str, precondition: Precondition| {
        let put = Put::new(scene.calendar, name.clone(), event("lunch", summary))
            .with_precondition(precondition)
            .with_schedule_tag(tag);
        store.put(put, &cause(1)).await
    };
    let other = ETag::of(b"another version");
    let absent = [
        Precondition::Present,
        Precondition::Matches(vec![other]),
        Precondition::ScheduleTag(tag),
    ];
    for precondition in absent {
        let refused = put("Lunch", precondition).await;
        ensure_refused!(
            refused,
            Error::PreconditionFailed { current: None },
            "a condition on what is absent"
        );
    }
    let first = put("Lunch", Precondition::Absent).await?;
    let refusals = [
        Precondition::Absent,
        Precondition::Matches(vec![other]),
        Precondition::Matches(Vec::new()),
        Precondition::Differs(vec![other, first.etag]),
        Precondition::ScheduleTag(ScheduleTag::of(b"dinner")),
        Precondition::All(vec![
            Precondition::Present,
            Precondition::Matches(vec![other]),
        ]),
        Precondition::Any(vec![
            Precondition::Absent,
            Precondition::Matches(vec![other]),
        ]),
        Precondition::Any(Vec::new()),
        Precondition::Not(Box::new(Precondition::Matches(vec![first.etag]))),
    ];
    for precondition in refusals {
        let delete =
            Delete::new(scene.calendar, name.clone()).with_precondition(precondition.clone());
        for outcome in [
            put("Dinner", precondition.clone()).await.map(drop),
            store.delete(delete, &cause(1)).await.map(drop),
        ] {
            let Err(Error::PreconditionFailed { current }) = outcome else {
                return Err(Broken::new(format!("{precondition:?}: {outcome:?}")));
            };
            ensure_eq!(current, Some(first.etag), "the current version");
        }
    }
    ensure_eq!(
        scene.token().await?,
        first.token,
        "the token after refusals"
    );
    put("Brunch", Precondition::Matches(vec![other, first.etag])).await?;
    put("Supper", Precondition::Differs(vec![first.etag])).await?;
    put("Dinner", Precondition::ScheduleTag(tag)).await?;
    let neither = Precondition::Not(Box::new(Precondition::Absent));
    let either = vec![Precondition::Absent, neither];
    put("Snack", Precondition::Any(either)).await?;
    let last = put("Tea", Precondition::Present).await?;
    deletes_once(&scene, &name, last.etag).await
}

async fn deletes_once(scene: &Scene<'_>, name: &ObjectName, held: ETag) -> Outcome {
    let store = scene.store;
    let held = Precondition::Matches(vec![held]);
    let delete = Delete::new(scene.calendar, name.clone()).with_precondition(held);
    store.delete(delete.clone(), &cause(2)).await?;
    let refused = store.delete(delete, &cause(2)).await;
    ensure_refused!(
        refused,
        Error::PreconditionFailed { current: None },
        "deleting twice"
    );
    let refused = store
        .delete(Delete::new(scene.calendar, name.clone()), &cause(2))
        .await;
    ensure_refused!(refused, Error::NotFound, "deleting what is absent");
    Ok(())
}

pub(super) async fn lets_one_writer_win(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let mut held = scene.put("lunch", "Lunch").await?.etag;
    for round in 0..10 {
        let writers = (0..8).map(|writer| {
            let body = event("lunch", &format!("Round {round} by {writer}"));
            let put = Put::new(scene.calendar, "lunch.ics".parse()?, body)
                .with_precondition(Precondition::Matches(vec![held]));
            Ok::<_, Error>(async { store.put(put, &cause(round)).await })
        });
        let writers = writers.collect::<Result<Vec<_>, _>>()?;
        let mut winners = Vec::new();
        for outcome in join_all(writers).await {
            match outcome {
                Ok(stored) => winners.push(stored.etag),
                Err(Error::PreconditionFailed { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        ensure!(winners.len() == 1, "{} writers won one race", winners.len());
        held = winners.first().copied().unwrap_or(held);
        let object = store.object(scene.calendar, &ics("lunch")?).await?;
        let there = object.map(|object| object.entry.etag);
        ensure_eq!(there, Some(held), "the version that won");
    }
    Ok(())
}
