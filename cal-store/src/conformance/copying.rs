//! Copying a store whole.

use bytes::Bytes;
use chrono::TimeDelta;

use super::booking;
use super::scene::{Scene, at, cause, event, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    AppToken, Category, CollectionChanges, CollectionName, ComponentKind, DoubleBooking, Effect,
    EmailAddress, Error, JobFilter, JobKey, JobKind, JobOutcome, JobState, Lease, LeaseRequest,
    MoveCollection, NewCollection, NewJob, NewPrincipal, ObjectName, PageRequest, PasswordHash,
    PrincipalName, PropertyChanges, PropertyName, Put, Record, Sealer, SearchQuery, Secret,
    ServerSecret, SourceId, SpanQuery, Store, SyncToken, TokenHash, TokenId,
};

/// From memory to the backend, from there to memory, and on.
pub(super) async fn copies_whole(store: &Store) -> Outcome {
    let first = Store::memory();
    let scene = Scene::new(&first).await?;
    fill(&scene).await?;
    let copied = first.copy_to(store, |_| {}).await?;
    ensure_eq!(copied.found, 0, "what a fresh store held");
    let counted = store.backend().record_count().await?;
    let all = copied.records();
    let is_all = counted.is_none_or(|counted| counted == all);
    ensure!(is_all, "{counted:?} records are counted, of {all}");
    let back = Store::memory();
    let again = store.copy_to(&back, |_| {}).await?;
    ensure_eq!(again.checksum, copied.checksum, "the checksum");
    ensure_eq!(again.records(), copied.records(), "the number of records");
    let report = store.verify_audit(&[]).await?;
    ensure_eq!(report.broken, [], "the audit chains that do not hold");
    keeps_what_can_be_seen(&scene, store).await?;
    for each in [&first, store, &back] {
        go_on(&scene, each).await?;
    }
    let after = first.checksum().await?;
    ensure_eq!(
        store.checksum().await?,
        after,
        "what came of the same writes"
    );
    ensure_eq!(back.checksum().await?, after, "what came of them in memory");
    Ok(())
}

/// Something of everything.
async fn fill(scene: &Scene<'_>) -> Outcome {
    let (store, ada) = (scene.store, &scene.ada);
    let mark = |value: &str| PropertyChanges {
        set: [(
            PropertyName::from_stored("urn:x".into(), "mark".into()),
            value.into(),
        )]
        .into(),
        remove: Vec::new(),
    };
    let hash = PasswordHash::new("$argon2id$x");
    store.set_password(ada.id, Some(hash), &cause(0)).await?;
    let token = AppToken {
        id: TokenId::random(),
        principal: ada.id,
        label: "phone".to_owned(),
        hash: TokenHash::new(vec![0, 1, 255]),
        scope: "read".to_owned(),
        created: at(0),
        expires: Some(at(99)),
    };
    store.add_token(token, &cause(0)).await?;
    let bob = NewPrincipal::new(PrincipalName::new("Bob/Zoë")?)
        .with_email(EmailAddress::new("Bob@example.com")?)
        .with_email(EmailAddress::new("b@example.com")?);
    store.create_principal(bob, &cause(0)).await?;
    for (uid, summary) in [("a", "One"), ("gone", "Gone"), ("a", "Two"), ("old", "Old")] {
        scene.put(uid, summary).await?;
    }
    scene.delete("old").await?;
    store.prune(at(3), &cause(3)).await?;
    scene.delete("gone").await?;
    let always = timed_event("series", "DTSTART:20260921T120000Z\r\nRRULE:FREQ=DAILY");
    let note = cause(4).with_principal(&ada.name).with_note("a note");
    let series = Put::new(scene.calendar, ics("series")?, always);
    store.put(series, &note).await?;
    let name = ics("a")?;
    store
        .update_properties(scene.calendar, &name, mark("of a"), &cause(5))
        .await?;
    let changes = CollectionChanges {
        display_name: Some(Some("Work".to_owned())),
        order: Some(Some(-3)),
        properties: mark("of the calendar"),
        ..CollectionChanges::default()
    };
    store
        .update_collection(scene.calendar, changes, &cause(6))
        .await?;
    let folder = scene.folder("folder").await?;
    let bytes = Bytes::from_static(&[0, 159, 146, 150]);
    store
        .put(Put::new(folder, ObjectName::new("file")?, bytes), &cause(7))
        .await?;
    let inner = NewCollection::plain(folder, CollectionName::new("inner")?);
    let inner = store.create_collection(inner, &cause(8)).await?;
    store
        .put(
            Put::new(inner.id, ObjectName::new("deep")?, "deep"),
            &cause(8),
        )
        .await?;
    store.delete_collection(folder, &cause(9)).await?;
    calendar_that_refuses(scene).await?;
    let other = scene.folder("other").await?;
    let below = NewCollection::calendar(other, CollectionName::new("below")?, []);
    store.create_collection(below, &cause(10)).await?;
    Ok(())
}

/// A calendar that may not be busy twice.
async fn calendar_that_refuses(scene: &Scene<'_>) -> Outcome {
    let alone = NewCollection::calendar(
        scene.home.id,
        CollectionName::new("alone")?,
        [ComponentKind::Event],
    );
    let alone = scene.store.create_collection(alone, &cause(9)).await?;
    let refusing = PropertyChanges {
        set: [(DoubleBooking::property(), "".into())].into(),
        remove: Vec::new(),
    };
    let changes = CollectionChanges {
        properties: refusing,
        ..CollectionChanges::default()
    };
    scene
        .store
        .update_collection(alone.id, changes, &cause(9))
        .await?;
    let nine = booking::event(alone.id, "nine", ("0900", "1000"))?;
    scene.store.put(nine, &cause(9)).await?;
    Ok(())
}

/// What is found by an index, and what the trash and the past are made of.
async fn keeps_what_can_be_seen(scene: &Scene<'_>, store: &Store) -> Outcome {
    let first = scene.store;
    let page = || PageRequest::first(100);
    let id = scene.calendar;
    let listed = store.entries(id, page()).await?;
    ensure_eq!(listed, first.entries(id, page()).await?, "the listing");
    let later = crate::Span::starting(at(1_000_000));
    let found = store.overlapping(SpanQuery::new(id, later), page()).await?;
    let found: Vec<_> = found
        .items
        .iter()
        .map(|it| it.entry.name.as_str())
        .collect();
    ensure_eq!(found, ["series.ics"], "what overlaps a window");
    let alone = CollectionName::new("alone")?;
    let alone = store.child(scene.home.id, &alone).await?;
    let alone = alone.ok_or_else(|| Broken::new("a calendar is lost"))?.id;
    let twice = booking::event(alone, "twice", ("0930", "1030"))?;
    ensure_refused!(
        store.put(twice, &cause(11)).await,
        Error::DoubleBooking { .. },
        "double booking where the property refuses it"
    );
    let double = Put::new(id, ics("double")?, event("a", "Double"));
    let refused = store.put(double, &cause(11)).await;
    ensure_refused!(refused, Error::UidConflict { .. }, "a UID that is taken");
    for name in ["a", "gone", "series"] {
        let name = ics(name)?;
        let versions = store.versions(id, &name, page()).await?;
        ensure_eq!(
            versions,
            first.versions(id, &name, page()).await?,
            "the versions"
        );
    }
    let then = store.children_at(scene.home.id, at(8), page()).await?;
    let expected = first.children_at(scene.home.id, at(8), page()).await?;
    ensure_eq!(then, expected, "the collections of an instant");
    let log = store.changes(id, None, 100).await?;
    let expected = first.changes(id, None, 100).await?;
    ensure_eq!(log.changes, expected.changes, "the log");
    let foreign = store.changes(id, Some(&expected.token), 100).await;
    ensure_refused!(
        foreign,
        Error::InvalidToken(_),
        "a token of the store copied from"
    );
    let token = SyncToken::new(store.epoch(), id, 0);
    let old = store.changes(id, Some(&token), 100).await;
    ensure_refused!(
        old,
        Error::InvalidToken(_),
        "a token from before what was pruned"
    );
    Ok(())
}

/// The same writes in each store.
async fn go_on(scene: &Scene<'_>, store: &Store) -> Outcome {
    let put = Put::new(scene.calendar, ics("a")?, event("a", "Three"));
    store.put(put, &cause(20)).await?;
    let back = Put::new(scene.calendar, ics("gone")?, event("gone", "Back"));
    store.put(back, &cause(21)).await?;
    let trash = store.trash(scene.ada.id).await?;
    let (_, folder) = trash
        .first()
        .ok_or_else(|| Broken::new("the trash is empty"))?;
    let to = MoveCollection {
        id: folder.id,
        parent: scene.home.id,
        name: CollectionName::new("back")?,
    };
    store.restore_collection(to, &cause(22)).await?;
    let inner = store
        .child(folder.id, &CollectionName::new("inner")?)
        .await?;
    let inner = inner.ok_or_else(|| Broken::new("what was in the trash is not whole"))?;
    let deep = store.object(inner.id, &ObjectName::new("deep")?).await?;
    ensure!(deep.is_some(), "an object in the trash is lost");
    store.prune(at(9), &cause(23)).await?;
    Ok(())
}

/// What waits, what is sealed and what is held, in a copy as in the first.
pub(super) async fn copies_what_is_to_be_done(store: &Store) -> Outcome {
    let first = Store::memory();
    let (room, _) = booking::room(&first).await?;
    let alarm = "DTSTART:20260922T090000Z\r\nDTEND:20260922T100000Z\r\nSUMMARY:Committee\r\n\
         CATEGORIES:Work\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\n\
         TRIGGER:-PT15M\r\nEND:VALARM";
    let put = Put::new(room, ics("taken")?, timed_event("taken", alarm));
    first.put(put, &cause(0)).await?;
    let (ten, hour) = (booking::tuesday(10 * 60, 60), TimeDelta::hours(1));
    let hold = first.hold(room, ten, hour, &cause(0)).await?;
    let sealer = Sealer::new(ServerSecret::new("the secret of the server")?)?;
    let (source, secret) = (SourceId::new("far away")?, Secret::new("sesame"));
    first
        .set_secret(&sealer, &source, secret, &cause(0))
        .await?;
    let leased = queue(&first).await?;

    let copied = first.copy_to(store, |_| {}).await?;
    let back = Store::memory();
    let again = store.copy_to(&back, |_| {}).await?;
    ensure_eq!(again.checksum, copied.checksum, "the checksum");
    ensure_eq!(
        first.checksum().await?,
        copied.checksum,
        "that of the first"
    );

    let secret = store.secret(&sealer, &source).await?;
    let secret = secret.map(|secret| secret.expose().to_vec());
    ensure_eq!(secret.as_deref(), Some(&b"sesame"[..]), "the secret");
    goes_on_with_jobs(store, leased).await?;
    let query = SearchQuery::new(room, "commit")?.with_category(category("work")?);
    let found = store.search(query, PageRequest::first(9)).await?;
    ensure_eq!(found.items.len(), 1, "what words and categories find");
    let day = crate::Span::new(at(0), at(86_400));
    let due = first.due(day, PageRequest::first(100)).await?;
    ensure_eq!(due.items.len(), 1, "the reminders");
    ensure_eq!(
        store.due(day, PageRequest::first(100)).await?,
        due,
        "the reminders of the copy"
    );
    for (uid, times) in [("a", ("0930", "0945")), ("b", ("1030", "1045"))] {
        let refused = store
            .put(booking::event(room, uid, times)?, &cause(1))
            .await;
        ensure_refused!(
            refused,
            Error::DoubleBooking { .. },
            "a time that was taken or held in the first"
        );
    }
    let mine = booking::event(room, "mine", ("1000", "1100"))?.with_hold(hold.token);
    store.put(mine, &cause(1)).await?;
    Ok(())
}

fn category(text: &str) -> Result<Category, Broken> {
    Category::of(text).ok_or_else(|| Broken::new("a blank category"))
}

/// A job in each state; answers the lease of the one that is leased.
async fn queue(store: &Store) -> Result<Lease, Broken> {
    let kind = JobKind::new("push")?;
    let lease = async |now: i64| {
        let request = LeaseRequest {
            kind: kind.clone(),
            now: at(now),
            until: at(now + 10),
            limit: 1,
        };
        let leased = store.lease_jobs(request).await?.pop();
        Ok::<_, Broken>(leased.ok_or_else(|| Broken::new("no job"))?.lease)
    };
    let failed = |at| JobOutcome::Retry {
        at,
        fault: "nobody answers".to_owned(),
    };
    let dead = JobOutcome::Dead {
        fault: "nobody is there".to_owned(),
    };
    for (payload, due, outcome) in [
        (&b"dead"[..], 1, Some(dead)),
        (b"failed", 2, Some(failed(at(50)))),
        (b"\0leased\xff", 3, None),
    ] {
        let key = JobKey::new(format!("key {due}"))?;
        let job = NewJob::new(kind.clone(), payload, at(due)).with_key(key);
        store.enqueue(job, &cause(0)).await?;
        let lease = lease(due).await?;
        match outcome {
            Some(outcome) => store.settle_job(lease, outcome, &cause(due)).await?,
            None => return Ok(lease),
        }
    }
    Err(Broken::new("no job is leased"))
}

/// Its jobs are those of [`queue`], and none of them is leased.
async fn goes_on_with_jobs(store: &Store, leased: Lease) -> Outcome {
    let jobs = store.jobs(JobFilter::default(), PageRequest::first(9));
    let jobs = jobs.await?.items.into_iter();
    let mut found: Vec<_> = jobs
        .map(|job| (job.payload.to_vec(), job.attempts, job.state, job.fault))
        .collect();
    found.sort_by_key(|(payload, ..)| payload.clone());
    let fault = |text: &str| Some(text.to_owned());
    let expected = [
        (b"\0leased\xff".to_vec(), 1, JobState::Waiting(at(13)), None),
        (
            b"dead".to_vec(),
            1,
            JobState::Dead(at(1)),
            fault("nobody is there"),
        ),
        (
            b"failed".to_vec(),
            1,
            JobState::Waiting(at(50)),
            fault("nobody answers"),
        ),
    ];
    ensure_eq!(found, expected, "the jobs");
    let done = store.settle_job(leased, JobOutcome::Done, &cause(5)).await;
    ensure_refused!(done, Error::LeaseLost, "a lease of the store copied from");
    let twin = NewJob::new(JobKind::new("push")?, "again", at(0));
    let twin = twin.with_key(JobKey::new("key 2")?);
    let effect = store.enqueue(twin, &cause(6)).await?;
    ensure_eq!(effect, Effect::Unchanged, "a job whose key waits");
    Ok(())
}

/// A copy goes on where it ended, and is no way to mix two stores.
pub(super) async fn copies_only_over_itself(store: &Store) -> Outcome {
    let first = Store::memory();
    let scene = Scene::new(&first).await?;
    fill(&scene).await?;
    let mut records: Vec<Record> = first.backend().records(None, 7).await?;
    crate::store::index_records(&mut records)?;
    store.backend().load(records).await?;
    let copied = first.copy_to(store, |_| {}).await?;
    ensure_eq!(copied.found, 7, "what was found of an interrupted copy");
    let again = first.copy_to(store, |_| {}).await?;
    ensure_eq!(again.found, again.records(), "what a second copy found");
    let put = Put::new(scene.calendar, ics("a")?, event("a", "Used"));
    store.put(put, &cause(30)).await?;
    let held = store.checksum().await?;
    let refused = first.copy_to(store, |_| {}).await;
    ensure_refused!(refused, Error::NotEmpty(_), "a copy over a store in use");
    ensure_eq!(store.checksum().await?, held, "what a refused copy left");
    let one = store.backend().records(None, 1).await?;
    ensure!(
        store.backend().load(one).await.is_err(),
        "the same record twice"
    );
    ensure_eq!(store.checksum().await?, held, "what a refused record left");
    Ok(())
}
