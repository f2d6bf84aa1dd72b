//! Two who race for a room: exactly one of them wins, each time.
//!
//! `CAL_RACE_ROUNDS` sets the number of rounds. For the race of two processes
//! the test runs itself again as a child that books when it is told to.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use cal_store::{
    CollectionId, Error, NewPrincipal, PageRequest, PrincipalKind, PrincipalName, Put, Store,
};
use chrono::{DateTime, TimeDelta};

use crate::crash::{Place, open};
use crate::scene::{calendar, cause, ics};

const PLACE: &str = "CAL_RACE_PLACE";

fn rounds() -> u32 {
    let rounds = std::env::var("CAL_RACE_ROUNDS").ok();
    rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(60)
}

/// The calendar of a room, which is made if it is not there.
async fn room(store: &Store) -> CollectionId {
    let name = PrincipalName::new("room").unwrap();
    let room = match store.principal(&name).await.unwrap() {
        Some(room) => room,
        None => {
            let new = NewPrincipal::new(name).with_kind(PrincipalKind::Room);
            store.create_principal(new, &cause()).await.unwrap()
        }
    };
    let home = store.home(room.id).await.unwrap();
    let name = "calendar".parse().unwrap();
    store.child(home.id, &name).await.unwrap().unwrap().id
}

/// Books the quarter of an hour of a round; answers whether it was free.
async fn book(store: &Store, room: CollectionId, round: u32, who: &str) -> bool {
    let start = DateTime::from_timestamp(1_790_000_100, 0).unwrap();
    let start = start + TimeDelta::minutes(15) * i32::try_from(round).unwrap();
    let uid = format!("{who}-{round}");
    let event = calendar(&format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\nDTSTART:{}\r\n\
         DURATION:PT15M\r\nEND:VEVENT\r\n",
        start.format("%Y%m%dT%H%M%SZ")
    ));
    let put = Put::new(room, ics(&uid), event);
    match store.put(put, &cause()).await {
        Ok(_) => true,
        Err(Error::DoubleBooking { holder, .. }) => {
            let holder = holder.unwrap();
            assert!(holder.as_str().ends_with(&format!("-{round}")), "{holder}");
            false
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// What is there when all rounds are over: one event of each.
async fn check(store: &Store, room: CollectionId, rounds: u32) {
    let mut events = 0;
    let mut page = PageRequest::first(1_000);
    loop {
        let entries = store.entries(room, page).await.unwrap();
        events += entries.items.len();
        match entries.next {
            Some(next) => page = PageRequest::after(next, 1_000),
            None => break,
        }
    }
    assert_eq!(events, usize::try_from(rounds).unwrap());
    println!("{rounds} rounds, {events} events");
}

async fn race_of_tasks(store: Store) {
    let room = room(&store).await;
    let mut wins = [0, 0];
    for round in 0..rounds() {
        let bookings = ["a", "b"].map(|who| {
            let store = store.clone();
            tokio::spawn(async move { book(&store, room, round, who).await })
        });
        let [a, b] = bookings;
        let (a, b) = (a.await.unwrap(), b.await.unwrap());
        assert!(a != b, "round {round}: {a} and {b}");
        wins[usize::from(b)] += 1;
    }
    check(&store, room, rounds()).await;
    println!("won by each: {wins:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other process of a race"]
async fn child_that_books_when_it_is_told_to() {
    let Ok(place) = std::env::var(PLACE) else {
        return;
    };
    let store = open(&place).await.unwrap();
    let room = room(&store).await;
    println!("ready");
    for line in std::io::stdin().lines() {
        let round = line.unwrap().parse().unwrap();
        let won = book(&store, room, round, "child").await;
        println!("{}", if won { "won" } else { "lost" });
    }
}

/// The other process.
struct Other {
    child: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Other {
    fn start(place: &Place<'_>) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture"])
            .arg("race::child_that_books_when_it_is_told_to")
            .env(PLACE, place.word())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        let orders = child.stdin.take().unwrap();
        let mut other = Self {
            child,
            orders,
            answers,
        };
        other.answer(&["ready"]);
        other
    }

    /// The next of these words that it says; the harness says some of its own.
    fn answer<'w>(&mut self, words: &[&'w str]) -> &'w str {
        loop {
            let line = self.answers.next().expect("the child has ended").unwrap();
            if let Some(word) = words.iter().find(|word| line.ends_with(**word)) {
                return word;
            }
        }
    }
}

async fn race_of_processes(place: &Place<'_>) {
    let store = place.open().await;
    let room = room(&store).await;
    let mut other = Other::start(place);
    let mut wins = [0, 0];
    for round in 0..rounds() {
        writeln!(other.orders, "{round}").unwrap();
        let won = book(&store, room, round, "parent").await;
        let theirs = other.answer(&["won", "lost"]) == "won";
        assert!(won != theirs, "round {round}: {won} and {theirs}");
        wins[usize::from(theirs)] += 1;
    }
    drop(other.orders);
    assert!(other.child.wait().unwrap().success());
    check(&store, room, rounds()).await;
    println!("won by each: {wins:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tasks_one_gets_the_room_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    race_of_tasks(Place::File(&path).open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_gets_the_room_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("cal.db");
    race_of_processes(&Place::File(path)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_tasks_one_gets_the_room_in_postgres() {
    if let Some(settings) = crate::postgres::server::database().await {
        race_of_tasks(Place::Database(&settings).open().await).await;
    }
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_gets_the_room_in_postgres() {
    if let Some(settings) = crate::postgres::server::database().await {
        race_of_processes(&Place::Database(&settings)).await;
    }
}
