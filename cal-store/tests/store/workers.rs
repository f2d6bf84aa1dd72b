//! What takes long is no work of the threads that others wait for.

use std::pin::pin;
use std::sync::mpsc;

use cal_store::{CollectionId, Put, Store};
use futures::future::{Either, select};
use tokio::runtime::Builder;

use crate::scene::{calendar, calendar_of_ada, cause, ics};

/// How often a write that is short work may give way to others.
const STEPS: usize = 10_000;

fn put(to: CollectionId, uid: &str, lines: &str) -> Put {
    let text = calendar(&format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n\
         DTSTART:20260921T120000Z\r\n{lines}END:VEVENT\r\n"
    ));
    Put::new(to, ics(uid), text)
}

async fn within<T>(steps: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..steps {
        let turn = pin!(tokio::task::yield_now());
        match select(future, turn).await {
            Either::Left((done, _)) => return Some(done),
            Either::Right(((), left)) => future = left,
        }
    }
    None
}

#[test]
fn a_series_is_expanded_off_the_async_threads_and_a_plain_event_on_them() {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build();
    runtime.unwrap().block_on(async {
        let store = Store::memory();
        let calendar = calendar_of_ada(&store).await;
        // The only other thread is at work.
        let (end, until) = mpsc::channel::<()>();
        let long = tokio::task::spawn_blocking(move || until.recv().is_err());
        let cause = cause();
        let series = put(calendar, "series", "RRULE:FREQ=SECONDLY\r\n");
        let mut series = pin!(store.put(series, &cause));
        assert!(within(STEPS, series.as_mut()).await.is_none());
        let plain = store.put(put(calendar, "plain", ""), &cause);
        assert!(within(STEPS, plain).await.is_some_and(|put| put.is_ok()));
        drop(end);
        assert!(long.await.unwrap());
        assert!(series.await.is_ok());
    });
}
