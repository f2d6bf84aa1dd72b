//! Bulk writes.

use cal_store::{PageRequest, Store};

use crate::scene::{calendar_of_ada, cause, put};

#[tokio::test]
async fn thousands_of_puts_come_back_in_their_order() {
    let store = Store::memory();
    let calendar = calendar_of_ada(&store).await;
    let puts = (0..2_345).map(|number| put(calendar, &format!("{number:05}"), "Event"));
    let results = store.put_each(puts.collect(), &cause()).await;
    let sequences: Vec<_> = results
        .into_iter()
        .map(|result| result.unwrap().token.sequence())
        .collect();
    assert_eq!(sequences, (1..=2_345).collect::<Vec<_>>());
    let entries = store.entries(calendar, PageRequest::first(10_000)).await;
    assert_eq!(entries.unwrap().items.len(), 2_345);
}

#[tokio::test]
async fn a_write_happens_even_if_its_caller_has_gone() {
    let store = Store::memory();
    let calendar = calendar_of_ada(&store).await;
    let mut changes = store.subscribe();
    {
        let cause = cause();
        let write = store.put(put(calendar, "x", "X"), &cause);
        tokio::select! {
            biased;
            // Polled once and dropped.
            _ = write => {}
            () = std::future::ready(()) => {}
        }
    }
    let change = changes.recv().await.unwrap();
    assert_eq!(change.sequence, 1);
}
