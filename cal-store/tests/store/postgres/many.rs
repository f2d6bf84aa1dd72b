//! What is written many at a time is what it would be one by one.

use cal_store::{
    Edit, Effect, Error, JobFilter, JobKey, JobKind, NewJob, PageRequest, Postgres, Put, Store,
    Written,
};
use futures::future::join_all;

use super::reindex::rows;
use super::server::{client, database};
use crate::scene::{calendar, calendar_of_ada, cause, event, ics, put};

/// More than come with a statement of arrays.
const MANY: usize = 130;

/// An event with something of all that is indexed.
fn full(uid: &str) -> String {
    calendar(&format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n\
         DTSTART;TZID=Europe/Berlin:20260925T090000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n\
         SUMMARY:Café 東京 {uid} café\r\nCATEGORIES:Work,Été\r\nBEGIN:VALARM\r\n\
         ACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    ))
}

#[tokio::test]
async fn many_new_objects_leave_the_rows_that_they_leave_one_by_one() {
    let (Some(one), Some(other)) = (database().await, database().await) else {
        return;
    };
    let scene = Store::memory();
    let id = calendar_of_ada(&scene).await;
    let puts = || {
        (0..MANY).map(move |number| {
            let uid = number.to_string();
            let body = match number % 3 {
                0 => event(&uid, "Plain"),
                // Words beyond ASCII, a series, categories and an alarm.
                1 => full(&uid),
                // The same UID again, which is refused.
                _ => event(&(number - 1).to_string(), "Twin"),
            };
            Put::new(id, ics(&uid), body)
        })
    };
    let connect = async |settings: &str| {
        let store = Store::new(Postgres::connect(settings).await.unwrap());
        scene.copy_to(&store, |_| {}).await.unwrap();
        store
    };
    let together = connect(&one).await;
    let results = together.put_each(puts().collect(), &cause()).await;
    let alone = connect(&other).await;
    for (put, result) in puts().zip(results) {
        let refused = alone.put(put, &cause()).await.is_err();
        assert_eq!(result.is_err(), refused);
    }
    let (one, other) = (client(&one).await, client(&other).await);
    assert_eq!(rows(&one).await, rows(&other).await);
    let checksums = (together.checksum().await, alone.checksum().await);
    assert_eq!(checksums.0.unwrap(), checksums.1.unwrap());
    assert_eq!(together.verify_audit(&[]).await.unwrap().broken, []);
}

#[tokio::test]
async fn many_objects_that_are_there_already_are_replaced_among_new_ones() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let id = calendar_of_ada(&store).await;
    let puts = |summary: &'static str, from: usize| {
        let numbers = from..from + MANY;
        let puts = numbers.map(move |number| put(id, &number.to_string(), summary));
        puts.collect::<Vec<_>>()
    };
    for result in store.put_each(puts("First", 0), &cause()).await {
        assert_eq!(result.unwrap().effect, Effect::Created);
    }
    let half = MANY / 2;
    let results = store.put_each(puts("Second", half), &cause()).await;
    for (number, result) in results.into_iter().enumerate() {
        let expected = match number < MANY - half {
            true => Effect::Updated,
            false => Effect::Created,
        };
        assert_eq!(result.unwrap().effect, expected, "{number}");
    }
    let page = store.entries(id, PageRequest::first(1_000)).await.unwrap();
    assert_eq!(page.items.len(), MANY + half);
    let name = ics(&half.to_string());
    let versions = store.versions(id, &name, PageRequest::first(9)).await;
    assert_eq!(versions.unwrap().items.len(), 2);
}

/// An object and a job that goes with it.
fn with_job(put: Put, key: &str) -> Vec<Edit> {
    let job = NewJob::new(JobKind::new("push").unwrap(), "payload", cause().at);
    let job = job.with_key(JobKey::new(key).unwrap());
    vec![Edit::Put(put), Edit::Enqueue(job)]
}

#[tokio::test(flavor = "multi_thread")]
async fn of_writes_with_jobs_at_the_same_time_each_is_done_whole_or_not_at_all() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let id = calendar_of_ada(&store).await;
    store
        .put(put(id, "taken", "Taken"), &cause())
        .await
        .unwrap();
    let (writer, callers) = (&store, 0..60);
    let written = join_all(callers.map(|number: usize| async move {
        let uid = match number % 3 {
            0 => "taken".to_owned(),
            _ => number.to_string(),
        };
        let name = ics(&number.to_string());
        let put = Put::new(id, name, event(&uid, "Event"));
        // Two of them ask for one job.
        let key = (number / 2).to_string();
        writer.write_all(with_job(put, &key), &cause()).await
    }))
    .await;
    let mut made = 0;
    for (number, result) in written.into_iter().enumerate() {
        match result {
            Ok(done) => {
                assert_ne!(number % 3, 0, "a UID that is taken");
                made += usize::from(done.contains(&Written::Job(Effect::Created)));
            }
            Err(error) => {
                assert!(matches!(error, Error::UidConflict { .. }), "{error}");
                assert_eq!(number % 3, 0);
            }
        }
    }
    let page = PageRequest::first(1_000);
    let jobs = store.jobs(JobFilter::default(), page).await.unwrap();
    assert_eq!((jobs.items.len(), made), (30, 30));
    let page = PageRequest::first(1_000);
    let objects = store.entries(id, page).await.unwrap().items;
    assert_eq!(objects.len(), 41);
}
