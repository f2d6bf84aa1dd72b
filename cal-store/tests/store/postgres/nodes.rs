//! Many nodes on one database.

use std::collections::BTreeSet;
use std::time::Duration;

use cal_store::{
    CollectionId, CollectionName, Components, Delete, Error, Lock, LockRoot, NewCollection,
    ObjectName, PageRequest, Place, Postgres, Precondition, PrincipalName, Put, Relocate,
    Relocation, Store,
};

use super::server::database;
use crate::scene::{calendar_of_ada, cause, event, ics, put};

/// Two stores of their own on one new database, and a calendar.
async fn two_nodes() -> Option<(Store, Store, CollectionId)> {
    let settings = database().await?;
    let one = Store::new(Postgres::connect(&settings).await.unwrap());
    let two = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&one).await;
    Some((one, two, calendar))
}

/// Stores this many objects and answers the sequences that they got.
async fn write(store: Store, calendar: CollectionId, name: String, count: u32) -> Vec<u64> {
    let mut sequences = Vec::new();
    for number in 0..count {
        let put = put(calendar, &format!("{name}-{number}"), "Event");
        let stored = store.put(put, &cause()).await.unwrap();
        sequences.push(stored.token.sequence());
    }
    sequences
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_never_give_one_sequence_twice_nor_leave_one_out() {
    let Some((one, two, calendar)) = two_nodes().await else {
        return;
    };
    assert_eq!(one.epoch(), two.epoch());
    let writers: Vec<_> = (0..16)
        .map(|writer| {
            let store = if writer % 2 == 0 { &one } else { &two };
            tokio::spawn(write(store.clone(), calendar, writer.to_string(), 20))
        })
        .collect();
    let mut sequences = Vec::new();
    for writer in writers {
        sequences.extend(writer.await.unwrap());
    }
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=320).collect::<Vec<_>>());
    let listed = async |store: &Store| {
        let page = PageRequest::first(1_000);
        store.entries(calendar, page).await.unwrap().items
    };
    assert_eq!(listed(&one).await, listed(&two).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_nodes_that_race_for_a_name_exactly_one_wins() {
    let Some((one, two, calendar)) = two_nodes().await else {
        return;
    };
    for round in 0..100 {
        let race = async |store: &Store, body: &str| {
            let uid = format!("room-{round}");
            let put = Put::new(calendar, ics(&uid), event(&uid, body))
                .with_precondition(Precondition::Absent);
            store.put(put, &cause()).await.is_ok()
        };
        let won = tokio::join!(race(&one, "One"), race(&two, "Two"));
        assert!(won.0 != won.1, "round {round}: {won:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_of_tokens_on_one_node_misses_nothing_that_another_writes() {
    let Some((one, two, calendar)) = two_nodes().await else {
        return;
    };
    let writers: Vec<_> = (0..4)
        .map(|writer| tokio::spawn(write(two.clone(), calendar, writer.to_string(), 50)))
        .collect();
    let mut seen = BTreeSet::new();
    let mut token = None;
    while seen.len() < 200 {
        let page = one.changes(calendar, token.as_ref(), 7).await.unwrap();
        for change in page.changes {
            assert!(seen.insert(change.sequence), "a sequence twice");
        }
        // Nothing appears behind a token once it was given out.
        assert_eq!(seen.len() as u64, page.token.sequence());
        token = Some(page.token);
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn moves_of_one_tree_on_two_nodes_never_make_a_circle() {
    let Some((one, two, calendar)) = two_nodes().await else {
        return;
    };
    let home = one.collection(calendar).await.unwrap().unwrap();
    let home = home.parent.unwrap();
    let folder = async |name: &str| {
        let new = NewCollection::plain(home, CollectionName::new(name).unwrap());
        one.create_collection(new, &cause()).await.unwrap().id
    };
    let place = |collection, name: &str| Place {
        collection,
        name: ObjectName::new(name).unwrap(),
    };
    let moved = async |store: &Store, from: &str, to: CollectionId| {
        let relocate = Relocate::new(Relocation::Move, place(home, from), place(to, "moved"));
        store.relocate(&relocate, &cause()).await.is_ok()
    };
    for round in 0..30 {
        let names = (format!("left-{round}"), format!("right-{round}"));
        let (left, right) = (folder(&names.0).await, folder(&names.1).await);
        let moves = tokio::join!(moved(&one, &names.0, right), moved(&two, &names.1, left));
        assert!(moves.0 != moves.1, "round {round}: {moves:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_object_outlives_a_calendar_that_another_node_deletes() {
    let Some((one, two, calendar)) = two_nodes().await else {
        return;
    };
    let home = one.collection(calendar).await.unwrap().unwrap();
    let home = home.parent.unwrap();
    for round in 0..20 {
        let name = CollectionName::new(format!("calendar-{round}")).unwrap();
        let new = NewCollection::calendar(home, name, Components::USUAL);
        let made = one.create_collection(new, &cause()).await.unwrap();
        let writer = tokio::spawn(write_until_it_is_gone(two.clone(), made.id));
        tokio::time::sleep(Duration::from_millis(round * 2)).await;
        one.delete_collection(made.id, &cause()).await.unwrap();
        let stored = writer.await.unwrap();
        let trash = one.trash(made.owner).await.unwrap();
        let (_, trashed) = trash.iter().find(|(_, it)| it.id == made.id).unwrap();
        assert_eq!(trashed.token.sequence(), stored);
    }
}

/// Stores objects and answers how many when there is no calendar any more.
async fn write_until_it_is_gone(store: Store, calendar: CollectionId) -> u64 {
    let mut stored = 0;
    loop {
        let put = put(calendar, &stored.to_string(), "Event");
        match store.put(put, &cause()).await {
            Ok(_) => stored += 1,
            Err(Error::ParentMissing) => return stored,
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn deletions_and_puts_of_the_same_names_on_two_nodes_keep_the_log_whole() {
    let Some((one, two, calendar)) = two_nodes().await else {
        return;
    };
    let churn = async |store: Store, seed: u32| {
        for step in 0..120_u32 {
            let uid = format!("event-{}", (step * 7 + seed) % 11);
            if (step + seed).is_multiple_of(3) {
                let _ = store
                    .delete(Delete::new(calendar, ics(&uid)), &cause())
                    .await;
            } else {
                let summary = format!("{seed} {step}");
                store
                    .put(put(calendar, &uid, &summary), &cause())
                    .await
                    .unwrap();
            }
        }
    };
    tokio::join!(
        churn(one.clone(), 1),
        churn(two.clone(), 2),
        churn(one.clone(), 3),
        churn(two.clone(), 4)
    );
    let log = two.changes(calendar, None, 1_000).await.unwrap();
    let listed = one
        .entries(calendar, PageRequest::first(1_000))
        .await
        .unwrap();
    let logged: BTreeSet<_> = log
        .changes
        .iter()
        .map(|it| (it.name.clone(), it.sequence))
        .collect();
    let listed: BTreeSet<_> = listed
        .items
        .iter()
        .map(|it| (it.name.clone(), it.sequence))
        .collect();
    assert_eq!(logged, listed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_write_of_another_node_comes_after_a_lock_was_made() {
    let Some((one, two, calendar)) = two_nodes().await else {
        return;
    };
    let collection = one.collection(calendar).await.unwrap().unwrap();
    let home = collection.parent.unwrap();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = two.clone();
            tokio::spawn(async move {
                for number in 0..1_000 {
                    let put = put(calendar, &format!("{writer}-{number}"), "Event");
                    match store.put(put, &cause()).await {
                        Ok(_) => {}
                        Err(Error::Locked { .. }) => return true,
                        Err(other) => panic!("{other:?}"),
                    }
                }
                false
            })
        })
        .collect();
    let names = async || {
        let page = PageRequest::first(10_000);
        one.entries(calendar, page).await.unwrap().items.len()
    };
    while names().await < 40 {
        tokio::task::yield_now().await;
    }
    let ada = PrincipalName::new("ada").unwrap();
    let lock = Lock::new(LockRoot::collection(home), ada, cause().at, 60);
    one.lock(lock, &cause()).await.unwrap();
    let there = names().await;
    for writer in writers {
        assert!(writer.await.unwrap(), "a writer was never told of the lock");
    }
    assert_eq!(names().await, there);
}
