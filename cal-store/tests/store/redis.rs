//! Redis between processes over the same store: a cache that may lie, be lost
//! or be late, and news.

mod server;

use std::time::Duration;

use bytes::Bytes;
use cal_store::{
    Change, Changes, CollectionId, FanOut, NewCollection, Redis, SharedCache, Sqlite, Store,
    Subject,
};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::scene::{calendar_of_ada, cause, put};
use server::Server;

/// The next change of this subject that another process made, if it comes
/// within a second.
async fn hear(changes: &mut Changes, subject: &Subject) -> Option<Change> {
    timeout(Duration::from_secs(1), async {
        loop {
            let change = changes.recv().await.unwrap();
            if change.subject == *subject && change.elsewhere {
                return change;
            }
        }
    })
    .await
    .ok()
}

/// Two processes over one file, as far as they know.
struct Nodes {
    server: Server,
    one: Store,
    two: Store,
    calendar: CollectionId,
    _fans: [FanOut; 2],
    _folder: TempDir,
}

impl Nodes {
    async fn new() -> Option<Self> {
        let server = Server::start()?;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("cal.db");
        let one = Store::new(Sqlite::open(&file).await.unwrap());
        let two = Store::new(Sqlite::open(&file).await.unwrap());
        let fan = |store: &Store| Redis::new(&server.url()).unwrap().fan_out(store);
        let nodes = Self {
            _fans: [fan(&one), fan(&two)],
            calendar: calendar_of_ada(&one).await,
            server,
            one,
            two,
            _folder: folder,
        };
        nodes.wait_for_listeners().await;
        Some(nodes)
    }

    async fn wait_for_listeners(&self) {
        let mut client = self.server.client().await;
        for _ in 0..1_000 {
            let listening: Vec<(String, i64)> = redis::cmd("PUBSUB")
                .arg("NUMSUB")
                .arg(format!("cal:{:x}:news", self.one.epoch().into_raw()))
                .query_async(&mut client)
                .await
                .unwrap();
            if listening.iter().all(|(_, count)| *count == 2) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the nodes do not listen");
    }

    async fn write(&self, uid: &str) -> u64 {
        let stored = self
            .one
            .put(put(self.calendar, uid, "Event"), &cause())
            .await;
        stored.unwrap().token.sequence()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_has_put_another_gets() {
    let Some(server) = Server::start() else {
        return;
    };
    let [one, two] = [(); 2].map(|()| Redis::new(&server.url()).unwrap());
    assert_eq!(one.get("a").await, None);
    one.put("a", Bytes::from_static(b"\x00\xff1")).await;
    assert_eq!(two.get("a").await, Some(Bytes::from_static(b"\x00\xff1")));
    let mut client = server.client().await;
    let seconds: i64 = redis::cmd("TTL")
        .arg("a")
        .query_async(&mut client)
        .await
        .unwrap();
    assert!(seconds > 0, "nothing is kept for good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_is_away_has_nothing_and_is_used_again_when_it_is_back() {
    let Some(mut server) = Server::stopped() else {
        return;
    };
    let cache = Redis::new(&server.url()).unwrap();
    cache.put("a", Bytes::from_static(b"1")).await;
    assert_eq!(cache.get("a").await, None);
    server.run();
    let again = timeout(Duration::from_secs(20), async {
        while cache.get("a").await.is_none() {
            cache.put("a", Bytes::from_static(b"2")).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        cache.get("a").await
    });
    assert_eq!(again.await.unwrap(), Some(Bytes::from_static(b"2")));
}

#[test]
fn an_address_that_makes_no_sense_is_refused_and_no_password_is_told() {
    assert!(Redis::new("http://example.com").is_err());
    let redis = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(async { Redis::new("redis://:secret@localhost:1/").unwrap() });
    assert!(!format!("{redis:?}").contains("secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_hears_of_an_object_that_another_process_stores() {
    let Some(nodes) = Nodes::new().await else {
        return;
    };
    let mut changes = nodes.two.subscribe();
    let sequence = nodes.write("a").await;
    let heard = hear(&mut changes, &Subject::Members(nodes.calendar)).await;
    assert_eq!(heard.map(|change| change.sequence), Some(sequence));
}

#[tokio::test(flavor = "multi_thread")]
async fn news_is_told_once_and_does_not_come_back() {
    let Some(nodes) = Nodes::new().await else {
        return;
    };
    let (mut own, mut others) = (nodes.one.subscribe(), nodes.two.subscribe());
    let found = nodes.one.collection(nodes.calendar).await.unwrap().unwrap();
    let folder = NewCollection::plain(found.parent.unwrap(), "folder".parse().unwrap());
    let folder = nodes.one.create_collection(folder, &cause()).await.unwrap();
    let made = Subject::Collection(folder.id);
    assert!(hear(&mut others, &made).await.is_some());
    // What comes after it has come after its echo.
    nodes.write("a").await;
    let members = Subject::Members(nodes.calendar);
    assert!(hear(&mut others, &members).await.is_some());
    let mut told = Vec::new();
    while let Ok(change) = own.try_recv() {
        told.push(change.elsewhere);
    }
    assert_eq!(told, [false, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_redis_was_lost_all_may_have_changed_and_news_comes_again() {
    let Some(mut nodes) = Nodes::new().await else {
        return;
    };
    let mut changes = nodes.two.subscribe();
    nodes.server.kill();
    nodes.write("a").await;
    nodes.server.run();
    let lost = timeout(Duration::from_secs(20), async {
        while hear(&mut changes, &Subject::Everything).await.is_none() {}
    });
    lost.await.unwrap();
    nodes.wait_for_listeners().await;
    let sequence = nodes.write("b").await;
    let news = timeout(Duration::from_secs(20), async {
        loop {
            let heard = hear(&mut changes, &Subject::Members(nodes.calendar)).await;
            if heard.is_some_and(|change| change.sequence == sequence) {
                return;
            }
        }
    });
    news.await.unwrap();
}
