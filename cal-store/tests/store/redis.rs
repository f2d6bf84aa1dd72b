//! Redis between processes over the same store: a cache that may lie, be lost
//! or be late, and news.

mod server;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cal_freebusy::Interval;
use cal_store::{
    BusySlots, Change, Changes, CollectionId, Delete, FanOut, NewCollection, Put, Redis,
    SharedCache, Sqlite, Store, Subject,
};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::scene::{calendar, calendar_of_ada, cause, ics, put};
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

/// Three processes over one file: two that share a cache, and one that does not.
struct Shared {
    server: Server,
    sharing: [Store; 2],
    alone: Store,
    calendar: CollectionId,
    _folder: TempDir,
}

impl Shared {
    async fn new() -> Option<Self> {
        let server = Server::start()?;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("cal.db");
        let alone = Store::new(Sqlite::open(&file).await.unwrap());
        let mut sharing = Vec::new();
        for _ in 0..2 {
            let store = Store::new(Sqlite::open(&file).await.unwrap());
            store.use_cache(Arc::new(Redis::new(&server.url()).unwrap()));
            sharing.push(store);
        }
        Some(Self {
            calendar: calendar_of_ada(&alone).await,
            sharing: sharing.try_into().unwrap(),
            server,
            alone,
            _folder: folder,
        })
    }

    /// Stores an event of an hour on a day of September 2026.
    async fn meet(&self, store: &Store, day: u8) {
        let text = calendar(&format!(
            "BEGIN:VEVENT\r\nUID:{day}\r\nDTSTAMP:20260901T080000Z\r\n\
             DTSTART:202609{day:02}T120000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        ));
        let put = Put::new(self.calendar, ics(&day.to_string()), text);
        store.put(put, &cause()).await.unwrap();
    }

    async fn cancel(&self, store: &Store, day: u8) {
        let delete = Delete::new(self.calendar, ics(&day.to_string()));
        store.delete(delete, &cause()).await.unwrap();
    }

    async fn busy(&self, store: &Store) -> BusySlots {
        let owner = store
            .collection(self.calendar)
            .await
            .unwrap()
            .unwrap()
            .owner;
        let september: Interval = "20260905T000000Z/P20D".parse().unwrap();
        let busy = store.busy_slots(owner, &september, cause().at).await;
        busy.unwrap()
    }

    /// Whether all say the same, whoever is asked first.
    async fn agree(&self) -> usize {
        let alone = self.busy(&self.alone).await;
        for store in self.sharing.iter().chain(&self.sharing) {
            assert_eq!(self.busy(store).await, alone);
            self.settle().await;
        }
        alone.times().len()
    }

    /// Lets what is being put into the cache arrive.
    async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let mut client = self.server.client().await;
        let (name, arguments) = command.split_first().unwrap();
        let mut command = redis::cmd(name);
        command.arg(arguments);
        command.query_async(&mut client).await.unwrap()
    }

    /// How often something was found in the cache.
    async fn hits(&self) -> u64 {
        let told: String = self.ask(&["INFO", "stats"]).await;
        let hits = told
            .lines()
            .find_map(|line| line.strip_prefix("keyspace_hits:"));
        hits.unwrap().trim().parse().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_times_that_one_process_has_read_another_finds() {
    let Some(world) = Shared::new().await else {
        return;
    };
    let [one, two] = &world.sharing;
    world.meet(one, 10).await;
    let read = world.busy(one).await;
    world.settle().await;
    let before = world.hits().await;
    assert_eq!(world.busy(two).await, read);
    assert!(world.hits().await > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_seen_at_once_whatever_is_in_the_cache() {
    let Some(world) = Shared::new().await else {
        return;
    };
    let [one, two] = &world.sharing;
    for day in 5..15 {
        world.meet(one, day).await;
        assert_eq!(world.agree().await, usize::from(day) - 4);
    }
    world.cancel(two, 7).await;
    assert_eq!(world.agree().await, 9);
    let noon = "20260922T120000Z/PT1H".parse().unwrap();
    let minutes = chrono::TimeDelta::minutes(5);
    let hold = two.hold(world.calendar, noon, minutes, &cause()).await;
    let token = hold.unwrap().token;
    assert_eq!(world.agree().await, 10, "a hold is no change of the log");
    let released = one.release_hold(world.calendar, token, &cause()).await;
    assert!(released.unwrap());
    assert_eq!(world.agree().await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_was_garbled_or_changed_places_is_not_believed() {
    let Some(world) = Shared::new().await else {
        return;
    };
    let [one, _] = &world.sharing;
    world.meet(one, 10).await;
    assert_eq!(world.agree().await, 1);
    world.meet(one, 11).await;
    assert_eq!(world.agree().await, 2);
    let keys: Vec<String> = world.ask(&["KEYS", "cal:busy:*"]).await;
    assert!(keys.len() > 1, "{keys:?}");
    for source in &keys {
        let entry: Vec<u8> = world.ask(&["GET", source]).await;
        let mut client = world.server.client().await;
        for key in keys.iter().filter(|key| *key != source) {
            let mut set = redis::cmd("SET");
            let set = set.arg(key).arg(&entry).query_async(&mut client);
            let () = set.await.unwrap();
        }
        assert_eq!(world.agree().await, 2);
    }
    for garbage in ["", "garbage", "sixteen bytes or more of garbage"] {
        for key in &keys {
            let () = world.ask(&["SET", key, garbage]).await;
        }
        assert_eq!(world.agree().await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_times_are_right_when_the_cache_is_wiped_lost_and_back() {
    let Some(mut world) = Shared::new().await else {
        return;
    };
    let one = world.sharing[0].clone();
    world.meet(&one, 10).await;
    assert_eq!(world.agree().await, 1);
    let () = world.ask(&["FLUSHALL"]).await;
    assert_eq!(world.agree().await, 1);
    world.server.kill();
    world.meet(&one, 11).await;
    assert_eq!(world.agree().await, 2);
    world.server.run();
    world.meet(&one, 12).await;
    assert_eq!(world.agree().await, 3);
}
