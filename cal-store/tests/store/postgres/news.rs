//! What one node commits, subscribers of another hear.

use std::time::Duration;

use cal_store::{
    Change, Changes, CollectionId, JobKind, JobOutcome, NewCollection, NewJob, Postgres, Store,
    Subject,
};
use tokio::time::timeout;

use super::server::{client, database};
use crate::scene::{calendar_of_ada, cause, lease_push, put};

/// The next change of this subject, if it comes within a second.
async fn hear(changes: &mut Changes, subject: &Subject) -> Option<Change> {
    timeout(Duration::from_secs(1), async {
        loop {
            let change = changes.recv().await.unwrap();
            if change.subject == *subject {
                return change;
            }
        }
    })
    .await
    .ok()
}

struct Nodes {
    settings: String,
    one: Store,
    two: Store,
    calendar: CollectionId,
}

impl Nodes {
    /// Two nodes that hear each other.
    async fn new() -> Option<Self> {
        let settings = database().await?;
        let one = Store::new(Postgres::connect(&settings).await.unwrap());
        let two = Store::new(Postgres::connect(&settings).await.unwrap());
        let calendar = calendar_of_ada(&one).await;
        let nodes = Self {
            settings,
            one,
            two,
            calendar,
        };
        nodes.wait_for_listeners().await;
        Some(nodes)
    }

    /// Waits until each node listens.
    async fn wait_for_listeners(&self) {
        const LISTENING: &str = "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'cal news' \
             AND state = 'idle' AND query <> ''";
        let client = client(&self.settings).await;
        for _ in 0..500 {
            let listening: i64 = client.query_one(LISTENING, &[]).await.unwrap().get(0);
            if listening == 2 {
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
async fn a_subscriber_hears_of_an_object_that_another_node_stores() {
    let Some(nodes) = Nodes::new().await else {
        return;
    };
    let mut changes = nodes.two.subscribe();
    let sequence = nodes.write("a").await;
    let heard = hear(&mut changes, &Subject::Members(nodes.calendar)).await;
    assert_eq!(heard.map(|change| change.sequence), Some(sequence));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_hears_of_collections_and_principals_of_another_node() {
    let Some(nodes) = Nodes::new().await else {
        return;
    };
    let mut changes = nodes.two.subscribe();
    let found = nodes.one.collection(nodes.calendar).await.unwrap().unwrap();
    let folder = NewCollection::plain(found.parent.unwrap(), "folder".parse().unwrap());
    let folder = nodes.one.create_collection(folder, &cause()).await.unwrap();
    let made = Subject::Collection(folder.id);
    assert!(hear(&mut changes, &made).await.is_some());
    nodes
        .one
        .set_password(found.owner, None, &cause())
        .await
        .unwrap();
    let changed = Subject::Principal(found.owner);
    assert!(hear(&mut changes, &changed).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_does_not_hear_its_own_news_twice() {
    let Some(nodes) = Nodes::new().await else {
        return;
    };
    let mut changes = nodes.one.subscribe();
    let mut others = nodes.two.subscribe();
    nodes.write("a").await;
    let members = Subject::Members(nodes.calendar);
    assert!(hear(&mut others, &members).await.is_some());
    let heard = changes.recv().await.unwrap();
    assert!(matches!(heard.subject, Subject::Object(..)), "{heard:?}");
    assert!(changes.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_whose_connection_is_killed_hears_again_and_assumes_all_has_changed() {
    const KILL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'cal news'";
    let Some(nodes) = Nodes::new().await else {
        return;
    };
    let mut changes = nodes.two.subscribe();
    let client = client(&nodes.settings).await;
    assert_eq!(client.query(KILL, &[]).await.unwrap().len(), 2);
    assert!(hear(&mut changes, &Subject::Everything).await.is_some());
    let sequence = nodes.write("a").await;
    let heard = hear(&mut changes, &Subject::Members(nodes.calendar)).await;
    assert_eq!(heard.map(|change| change.sequence), Some(sequence));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_hears_of_jobs_to_do_and_not_of_those_that_are_done() {
    let Some(nodes) = Nodes::new().await else {
        return;
    };
    let mut changes = nodes.two.subscribe();
    let now = cause().at;
    let job = NewJob::new(JobKind::new("push").unwrap(), "work", now);
    nodes.one.enqueue(job, &cause()).await.unwrap();
    assert!(hear(&mut changes, &Subject::Jobs).await.is_some());

    let leased = lease_push(&nodes.one, now, now.after(Duration::from_secs(9)), 1).await;
    let (lease, cause) = (leased[0].lease, cause());
    let done = nodes.one.settle_job(lease, JobOutcome::Done, &cause).await;
    done.unwrap();
    // What came before the second of these has been told.
    let mut heard = Vec::new();
    for uid in ["a", "b"] {
        let sequence = nodes.write(uid).await;
        while heard.last() != Some(&(Subject::Members(nodes.calendar), sequence)) {
            let change = timeout(Duration::from_secs(9), changes.recv()).await;
            let change = change.unwrap().unwrap();
            heard.push((change.subject, change.sequence));
        }
    }
    let jobs = heard
        .iter()
        .filter(|(subject, _)| *subject == Subject::Jobs);
    assert_eq!(jobs.count(), 0, "{heard:?}");
}
