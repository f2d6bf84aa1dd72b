//! Many at once.

use futures::future::try_join_all;

use super::scene::{Scene, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq};
use crate::{Effect, PageRequest, Put, Store, Subject};

/// Writers and readers at the same time.
const CLIENTS: usize = 32;

/// Objects that each writer stores.
const EACH: usize = 10;

pub(super) async fn serves_many_at_once(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let (store, calendar) = (store.clone(), scene.calendar);
    let writer = async |client: usize| {
        let mut sequences = Vec::new();
        for number in 0..EACH {
            let uid = format!("{client}-{number}");
            let put = Put::new(calendar, ics(&uid)?, event(&uid, "Event"));
            sequences.push(store.put(put, &cause(1)).await?.token.sequence());
        }
        Ok::<_, Broken>(sequences)
    };
    let reader = async |_| {
        let mut token = None;
        for _ in 0..EACH {
            store.entries(calendar, PageRequest::first(50)).await?;
            let page = store.changes(calendar, token.as_ref(), 50).await?;
            token = Some(page.token);
        }
        Ok::<_, Broken>(())
    };
    let writers = try_join_all((0..CLIENTS).map(writer));
    let readers = try_join_all((0..CLIENTS).map(reader));
    let (sequences, _) = futures::future::try_join(writers, readers).await?;
    let mut sequences: Vec<_> = sequences.into_iter().flatten().collect();
    sequences.sort_unstable();
    let expected: Vec<_> = (1..=CLIENTS * EACH).map(|each| each as u64).collect();
    ensure_eq!(sequences, expected, "the sequences given to many writers");
    ensure_eq!(
        scene.names().await?.len(),
        CLIENTS * EACH,
        "the objects of many writers"
    );
    let all = scene.changes(None).await?;
    ensure_eq!(
        all.changes.len(),
        CLIENTS * EACH,
        "the changes of many writers"
    );
    Ok(())
}

pub(super) async fn publishes_changes(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let mut changes = store.subscribe();
    let stored = scene.put("a", "A").await?;
    let _ = scene.put("a", "A").await?;
    let _ = store
        .put(Put::new(scene.calendar, ics("x")?, "nonsense"), &cause(1))
        .await;
    let token = scene.delete("a").await?;
    let object = Subject::Object(scene.calendar, ics("a")?);
    let expected = [(Effect::Created, stored.token), (Effect::Deleted, token)];
    for (effect, token) in expected {
        let change = changes.try_recv();
        let change = change.map_err(|gone| Broken::new(format!("no change: {gone}")))?;
        ensure_eq!(change.subject, object, "the subject of a change");
        ensure_eq!(change.effect, effect, "the effect of a change");
        ensure_eq!(
            change.sequence,
            token.sequence(),
            "the sequence of a change"
        );
    }
    ensure!(
        changes.try_recv().is_err(),
        "a change was published that never happened"
    );
    Ok(())
}
