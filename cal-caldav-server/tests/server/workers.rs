//! What takes long keeps nobody waiting who asks for what does not.

use std::pin::pin;
use std::sync::mpsc;

use futures::future::{Either, join_all, select};
use tokio::runtime::{Builder, Runtime};

use crate::world::{World, event};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

/// How often requests that are short work may give way to others.
const STEPS: usize = 10_000;

/// One thread that answers requests, and one for long work.
fn two_threads() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build();
    runtime.unwrap()
}

/// Waits for something as long as that takes no more than so many steps.
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
fn hostile_puts_wait_for_each_other_and_no_other_request_for_them() {
    two_threads().block_on(async {
        let world = World::new();
        let plain = event("plain", &["DTSTART:20260302T090000Z", "DURATION:PT1H"]);
        world.put(&format!("{CALENDAR}plain.ics"), &plain).await;

        // The thread for long work has some that does not end.
        let (end, until) = mpsc::channel::<()>();
        let long = tokio::task::spawn_blocking(move || until.recv().is_err());
        let seconds = ["DTSTART:20260302T090000Z", "RRULE:FREQ=SECONDLY"];
        let hostile: Vec<_> = (0..16)
            .map(|n| event(&format!("hostile{n}"), &seconds))
            .collect();
        let hostile = hostile.iter().enumerate().map(|(n, body)| {
            let path = format!("{CALENDAR}hostile{n}.ics");
            let world = &world;
            async move { world.request("PUT", &path).calendar(body).status().await }
        });
        let mut hostile = pin!(join_all(hostile));
        assert!(within(STEPS, hostile.as_mut()).await.is_none());

        let path = format!("{CALENDAR}plain.ics");
        let get = world.request("GET", &path).status();
        assert_eq!(within(STEPS, get).await, Some(200));
        let path = format!("{CALENDAR}other.ics");
        let other = event("other", &["DTSTART:20260302T090000Z", "DURATION:PT1H"]);
        let put = world.request("PUT", &path).calendar(&other).status();
        assert_eq!(within(STEPS, put).await, Some(201));

        drop(end);
        assert!(long.await.unwrap());
        assert_eq!(hostile.await, [201; 16]);
    });
}
