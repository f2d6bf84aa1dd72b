//! All or nothing, and each by itself.

use super::scene::{Scene, cause, event, ics};
use super::{Broken, Outcome, ensure_eq, ensure_refused};
use crate::{Delete, Edit, Error, Precondition, Put, Store, Written};

pub(super) async fn writes_all_or_nothing(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let first = scene.put("lunch", "Lunch").await?;
    let put = |uid: &str| Ok::<_, Broken>(Put::new(scene.calendar, ics(uid)?, event(uid, "New")));
    let delete = Delete::new(scene.calendar, ics("lunch")?);
    let stale = put("c")?.with_precondition(Precondition::Present);
    let edits = vec![
        Edit::from(put("a")?),
        delete.clone().into(),
        put("b")?.into(),
        stale.into(),
    ];
    let refused = store.write_all(edits, &cause(2)).await;
    ensure_refused!(
        refused,
        Error::PreconditionFailed { .. },
        "a stale edit among others"
    );
    ensure_eq!(
        scene.names().await?,
        ["lunch.ics"],
        "the names after a refusal"
    );
    ensure_eq!(
        scene.token().await?,
        first.token,
        "the token after a refusal"
    );
    let news = scene.changes(Some(&first.token)).await?;
    ensure_eq!(news.changes.len(), 0, "changes logged by a refusal");

    // Each edit sees those before it: the UID is free once its holder is deleted.
    let renamed = Put::new(scene.calendar, ics("renamed")?, event("lunch", "Lunch"));
    let edits = vec![delete.into(), renamed.into(), Edit::from(put("a")?)];
    let written = store.write_all(edits, &cause(3)).await?;
    ensure_eq!(
        scene.names().await?,
        ["a.ics", "renamed.ics"],
        "the names after all edits"
    );
    let sequences = written.iter().map(|written| match written {
        Written::Stored(stored) => stored.token.sequence(),
        Written::Deleted(token) => token.sequence(),
        Written::Job(_) => 0,
    });
    let sequences: Vec<_> = sequences.collect();
    ensure_eq!(sequences, [2, 3, 4], "the sequences of the edits");
    Ok(())
}

pub(super) async fn writes_each_by_itself(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    scene.put("taken", "Taken").await?;
    let mut puts = Vec::new();
    for number in 0..300 {
        let uid = match number % 3 {
            0 => "taken".to_owned(),
            _ => format!("event-{number}"),
        };
        let body = match number % 5 {
            0 => "not a calendar".into(),
            _ => event(&uid, "Event"),
        };
        puts.push(Put::new(
            scene.calendar,
            ics(&format!("{number:03}"))?,
            body,
        ));
    }
    let results = store.put_each(puts, &cause(1)).await;
    ensure_eq!(results.len(), 300, "results of many puts");
    let mut expected = Vec::new();
    for (number, result) in results.into_iter().enumerate() {
        match (number % 3, number % 5, result) {
            (_, 0, Err(Error::InvalidObject(_))) => {}
            (0, 1.., Err(Error::UidConflict { .. })) => {}
            (1.., 1.., Ok(_)) => expected.push(format!("{number:03}.ics")),
            (_, _, other) => return Err(Broken::new(format!("put {number}: {other:?}"))),
        }
    }
    expected.push("taken.ics".to_owned());
    ensure_eq!(
        scene.names().await?,
        expected,
        "what was stored of many puts"
    );
    Ok(())
}
