//! Kill -9 in the middle of many writes: nothing acknowledged is lost.
//!
//! The test runs itself again as a child that writes from many tasks and tells
//! what it begins and what is done; the parent kills it, opens the store and
//! compares. `CAL_CRASH_ROUNDS` sets the number of rounds. Where the store is a
//! PostgreSQL database, its client is what is killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cal_store::{
    CollectionId, Delete, ETag, Error, Folder, MemberState, PageRequest, Sqlite, Store, SyncToken,
};

use crate::scene::{calendar_of_ada, cause, event, ics, put};

const PLACE: &str = "CAL_CRASH_PLACE";
const ROUND: &str = "CAL_CRASH_ROUND";
const TASKS: u64 = 16;

/// Where a store is: a file, or a database.
pub(crate) enum Place<'p> {
    File(&'p Path),
    Folder(&'p Path),
    #[cfg(feature = "postgres")]
    Database(&'p str),
}

impl Place<'_> {
    /// The words that a child is told.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::File(path) => format!("file {}", path.display()),
            Self::Folder(path) => format!("folder {}", path.display()),
            #[cfg(feature = "postgres")]
            Self::Database(settings) => format!("database {settings}"),
        }
    }

    pub(crate) async fn open(&self) -> Store {
        open(&self.word()).await.unwrap()
    }
}

/// Opens what a child was told.
pub(crate) async fn open(word: &str) -> Result<Store, Error> {
    match word.split_once(' ').unwrap() {
        #[cfg(feature = "postgres")]
        ("database", settings) => Ok(Store::new(cal_store::Postgres::connect(settings).await?)),
        ("folder", path) => Ok(Store::new(Folder::open(path).await?)),
        (_, path) => Ok(Store::new(Sqlite::open(path).await?)),
    }
}

/// What is known of an object: its version, or that it is gone.
type State = Option<ETag>;

/// What the child said of one name.
#[derive(Debug, Default)]
struct Told {
    done: State,
    begun: Option<State>,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the child of the crash test; it is killed"]
async fn child_that_writes_until_it_is_killed() {
    let Ok(place) = std::env::var(PLACE) else {
        return;
    };
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    let store = open(&place).await.unwrap();
    let calendar = calendar_of_ada(&store).await;
    for task in 0..TASKS {
        tokio::spawn(write(store.clone(), calendar, (round, task)));
    }
    // Nobody kills it if the parent has failed.
    tokio::time::sleep(Duration::from_secs(60)).await;
}

/// Creates, changes and deletes objects that no other task touches.
async fn write(store: Store, calendar: CollectionId, (round, task): (u64, u64)) {
    for step in 0_u64.. {
        let uid = format!("{task}-{}", step % 7);
        let name = ics(&uid);
        let there = store.object(calendar, &name).await.unwrap();
        if step % 5 == 4 && there.is_some() {
            println!("begin {name} gone");
            let token = store
                .delete(Delete::new(calendar, name.clone()), &cause())
                .await
                .unwrap();
            println!("done {name} gone {token}");
        } else {
            let summary = format!("Round {round} step {step}");
            let etag = ETag::of(event(&uid, &summary).as_bytes());
            println!("begin {name} {etag}");
            let stored = store
                .put(put(calendar, &uid, &summary), &cause())
                .await
                .unwrap();
            println!("done {name} {etag} {}", stored.token);
        }
    }
}

#[tokio::test]
async fn kill_minus_nine_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    live_and_die_again_and_again(&Place::File(&path), async || {
        let problems = Sqlite::open(&path).await.unwrap().check_integrity().await;
        assert_eq!(problems.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn kill_minus_nine_leaves_a_folder_whose_files_are_what_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    live_and_die_again_and_again(&Place::Folder(path), async || {
        let store = Store::new(Folder::open(path).await.unwrap());
        let calendar = calendar_of_ada(&store).await;
        let files = std::fs::read_dir(path.join("ada/calendar")).unwrap();
        let mut found = BTreeMap::new();
        for file in files {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            if name.ends_with(".ics") {
                found.insert(name, ETag::of(&std::fs::read(file.path()).unwrap()));
            }
        }
        assert_eq!(found, listed(&store, calendar).await);
    })
    .await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn kill_minus_nine_of_a_client_of_postgres_loses_nothing_that_was_acknowledged() {
    let Some(settings) = crate::postgres::server::database().await else {
        return;
    };
    live_and_die_again_and_again(&Place::Database(&settings), async || {}).await;
}

async fn live_and_die_again_and_again(place: &Place<'_>, check: impl AsyncFn()) {
    let rounds = std::env::var("CAL_CRASH_ROUNDS").ok();
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(4);
    let mut told = BTreeMap::new();
    let mut mirror = BTreeMap::new();
    let mut token = None;
    for round in 0..rounds {
        let life = Duration::from_millis(250 + round * 97 % 400);
        let tokens = live_and_die(place, round, life, &mut told);
        assert!(!tokens.is_empty(), "the child acknowledged nothing");
        let store = place.open().await;
        let calendar = calendar_of_ada(&store).await;
        settle(&store, calendar).await;
        check_objects(&store, calendar, &mut told).await;
        for acknowledged in &tokens {
            let page = store.changes(calendar, Some(acknowledged), 10_000).await;
            assert!(page.is_ok(), "the token {acknowledged} lies: {page:?}");
        }
        token = Some(follow(&store, calendar, token, &mut mirror).await);
        assert_eq!(
            mirror,
            listed(&store, calendar).await,
            "a mirror that follows tokens"
        );
        drop(store);
        check().await;
    }
}

/// Waits until no write of a killed child is on its way any more: a server
/// may still be committing what it was sent. A write of ours waits for it.
async fn settle(store: &Store, calendar: CollectionId) {
    let last = put(calendar, "last", "Last");
    store.put(last, &cause()).await.unwrap();
    let last = Delete::new(calendar, ics("last"));
    store.delete(last, &cause()).await.unwrap();
}

/// Runs a child for a while, kills it, and notes what it said.
fn live_and_die(
    place: &Place<'_>,
    round: u64,
    life: Duration,
    told: &mut BTreeMap<String, Told>,
) -> Vec<SyncToken> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("crash::child_that_writes_until_it_is_killed")
        .env(PLACE, place.word())
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut tokens = Vec::new();
    let mut first = None;
    for line in lines {
        note(&line.unwrap(), told, &mut tokens);
        let first = first.get_or_insert_with(Instant::now);
        if !tokens.is_empty() && first.elapsed() > life {
            child.kill().ok();
        }
    }
    child.wait().unwrap();
    tokens
}

fn note(line: &str, told: &mut BTreeMap<String, Told>, tokens: &mut Vec<SyncToken>) {
    let words: Vec<_> = line.split(' ').collect();
    match *words {
        ["begin", name, state] => {
            let told = told.entry(name.to_owned()).or_default();
            told.begun = Some(state.parse().ok());
        }
        ["done", name, state, token] => {
            let told = told.entry(name.to_owned()).or_default();
            told.done = state.parse().ok();
            told.begun = None;
            tokens.push(token.parse().unwrap());
        }
        // The last line may be cut; the harness says a few words of its own.
        _ => {}
    }
}

/// Every name is as it was acknowledged, or as the write after that meant it.
async fn check_objects(store: &Store, calendar: CollectionId, told: &mut BTreeMap<String, Told>) {
    let listed = listed(store, calendar).await;
    for (name, told) in told {
        let there = listed.get(name).copied();
        let fine = there == told.done || Some(there) == told.begun;
        assert!(fine, "{name} is {there:?}, told was {told:?}");
        *told = Told {
            done: there,
            begun: None,
        };
    }
}

async fn listed(store: &Store, calendar: CollectionId) -> BTreeMap<String, ETag> {
    let entries = store.entries(calendar, PageRequest::first(10_000)).await;
    let entries = entries.unwrap().items.into_iter();
    entries
        .map(|entry| (entry.name.to_string(), entry.etag))
        .collect()
}

/// Brings a mirror up to date by the log alone.
async fn follow(
    store: &Store,
    calendar: CollectionId,
    mut token: Option<SyncToken>,
    mirror: &mut BTreeMap<String, ETag>,
) -> SyncToken {
    loop {
        let page = store.changes(calendar, token.as_ref(), 50).await.unwrap();
        for change in page.changes {
            match change.state {
                MemberState::Object(entry) => mirror.insert(change.name.to_string(), entry.etag),
                MemberState::Collection(_) | MemberState::Gone => {
                    mirror.remove(change.name.as_str())
                }
            };
        }
        token = Some(page.token);
        if !page.more {
            return page.token;
        }
    }
}
