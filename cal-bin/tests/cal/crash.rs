//! The server is killed in the middle of its work, and started again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::running::{Home, calendar, event};
use crate::server::{Server, User};

/// Clients that write at once.
const CLIENTS: u32 = 100;

/// What one client knows when the line goes dead: the names that were
/// acknowledged with their last bodies, and the sync tokens that it was given
/// with the number of objects acknowledged before it asked.
#[derive(Default)]
struct Memory {
    acknowledged: BTreeMap<String, String>,
    /// A write that was not answered: it happened or it did not.
    pending: Option<(String, String)>,
}

async fn write_until_dead(ada: User, client: u32, written: Arc<AtomicUsize>) -> Memory {
    let mut memory = Memory::default();
    for round in 0.. {
        // Each name is written twice: made, then changed.
        let name = format!("{client}-{}.ics", round / 2);
        let more = format!("SEQUENCE:{round}\nX-ROUND:{}", "x".repeat(500));
        let body = calendar(&event(
            &format!("{client}-{}", round / 2),
            1 + client % 28,
            &more,
        ));
        match ada.put(&name, body.clone()).await {
            Ok(response) if response.status().is_success() => {
                memory.acknowledged.insert(name, body);
                written.fetch_add(1, Ordering::Relaxed);
            }
            Ok(response) => panic!("{name}: {}", response.status()),
            Err(_) => {
                memory.pending = Some((name, body));
                break;
            }
        }
    }
    memory
}

/// Follows the calendar by sync token while others write.
async fn follow_until_dead(ada: User) -> (String, BTreeMap<String, bool>) {
    let mut token = String::new();
    let mut known = BTreeMap::new();
    loop {
        let Some(changes) = ada.try_changes(&token).await else {
            return (token, known);
        };
        known.extend(changes.changed.into_iter().map(|name| (name, true)));
        known.extend(changes.removed.into_iter().map(|name| (name, false)));
        token = changes.token;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill_and_no_sync_token_lies() {
    let home = Home::new();
    home.add_user("ada", "engine");
    for _ in 0..3 {
        let server = Server::start(&home);
        let ada = server.user("ada", "engine");
        assert_eq!(ada.knock().await, 207);
        let follower = tokio::spawn(follow_until_dead(ada.clone()));
        let written = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..CLIENTS)
            .map(|client| tokio::spawn(write_until_dead(ada.clone(), client, Arc::clone(&written))))
            .collect();
        // Into the middle of a hundred writes, once some have been answered.
        while written.load(Ordering::Relaxed) < 150 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.kill();
        let mut memories = Vec::new();
        for writer in writers {
            memories.push(writer.await.unwrap());
        }
        let (token, known) = follower.await.unwrap();
        check(&home, &memories, &token, known).await;
    }
}

/// Starts the server again and holds it to what it said.
async fn check(home: &Home, memories: &[Memory], token: &str, mut known: BTreeMap<String, bool>) {
    let server = Server::start(home);
    let ada = server.user("ada", "engine");
    let mut acknowledged = 0;
    for memory in memories {
        for (name, body) in &memory.acknowledged {
            let found = ada.request("GET", &ada.object(name)).send().await.unwrap();
            assert_eq!(found.status(), 200, "{name} was acknowledged and is gone");
            let found = found.text().await.unwrap();
            let pending = memory
                .pending
                .as_ref()
                .filter(|(pending, _)| pending == name);
            let is_pending = pending.is_some_and(|(_, later)| *later == found);
            assert!(found == *body || is_pending, "{name} is another version");
            acknowledged += 1;
        }
    }
    assert!(
        acknowledged >= CLIENTS as usize / 2,
        "{acknowledged} acknowledged"
    );

    // Who follows by token from before the end comes to where a newcomer is.
    let changes = ada.changes(token).await;
    known.extend(changes.changed.into_iter().map(|name| (name, true)));
    known.extend(changes.removed.into_iter().map(|name| (name, false)));
    known.retain(|_, is_there| *is_there);
    let mut there = ada.changes("").await.changed;
    there.sort();
    assert_eq!(known.into_keys().collect::<Vec<_>>(), there);
    assert_eq!(server.stop().code, Some(0));
}
