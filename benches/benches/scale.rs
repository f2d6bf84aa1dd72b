//! Groups `store/sqlite/...` and `store/postgres/...`: what a calendar asks of
//! a store, as calendars grow ten times and as people get more. The last part
//! of a name is what is there: people `x` events of each. With
//! `CAL_BENCH_PEOPLE=1000` there are a million events; without it fewer, for
//! it takes minutes to store them.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark stops at the first surprise"
)]

#[path = "../../cal-store/tests/store/postgres/server.rs"]
#[expect(dead_code, reason = "tests do more with it")]
mod server;

use std::time::{Duration, Instant};

use benches::profile::{Person, monday};
use cal_core::{Calendar, Window};
use cal_freebusy::{Availability, Interval, Schedule};
use cal_store::{
    Cause, CollectionId, ComponentKind, NewCollection, NewPrincipal, PageRequest, Postgres,
    PrincipalName, Put, SpanQuery, Sqlite, Store, SyncToken, Timestamp, Via,
};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use futures::StreamExt;
use futures::stream;
use tokio::runtime::Runtime;

/// The week that is looked at, in the middle of the smaller calendars.
const WEEK: u32 = 30;

/// People whose time is joined.
const JOINED: u32 = 10;

/// Callers that store at the same time.
const WRITERS: usize = 64;

fn cause() -> Cause {
    Cause::new(Via::Dav, Timestamp::from_millis(1_790_000_000_000))
}

/// What is there: so many people, each with so many events.
#[derive(Clone, Copy)]
struct Size {
    people: u32,
    events: usize,
}

fn sizes() -> [Size; 3] {
    let people = std::env::var("CAL_BENCH_PEOPLE").ok();
    let people = people.and_then(|it| it.parse().ok()).unwrap_or(50);
    let size = |people, events| Size { people, events };
    [
        size(JOINED, 1_000),
        size(JOINED, 10_000),
        size(people, 1_000),
    ]
}

/// A store with people, and a runtime to use it with.
struct Town {
    runtime: Runtime,
    store: Store,
    calendars: Vec<CollectionId>,
}

impl Town {
    fn new(runtime: Runtime, store: Store, size: Size) -> Self {
        let start = Instant::now();
        let calendars = runtime.block_on(async {
            let people = stream::iter(0..size.people).map(|person| {
                let (store, person) = (store.clone(), Person(person));
                async move { settle(&store, person, size.events).await }
            });
            people.buffered(4).collect().await
        });
        let seconds = start.elapsed().as_secs_f64();
        let objects = f64::from(size.people) * f64::from(u32::try_from(size.events).unwrap());
        println!(
            "{objects} objects stored in {seconds:.1} s: {:.0} a second",
            objects / seconds
        );
        Self {
            runtime,
            store,
            calendars,
        }
    }

    /// The person and calendar whose turn it is.
    fn person(&self, turn: u64) -> (Person, CollectionId) {
        let place = usize::try_from(turn * 7_919).unwrap() % self.calendars.len();
        (Person(u32::try_from(place).unwrap()), self.calendars[place])
    }

    /// The time that so many turns take, one after the other.
    fn turns(&self, count: u64, turn: impl AsyncFn(u64)) -> Duration {
        let start = Instant::now();
        self.runtime.block_on(async {
            for number in 0..count {
                turn(number).await;
            }
        });
        start.elapsed()
    }
}

/// Makes a person with a calendar and so many events.
async fn settle(store: &Store, person: Person, events: usize) -> CollectionId {
    let name = PrincipalName::new(format!("person-{}", person.0)).unwrap();
    let new = NewPrincipal::new(name);
    let principal = store.create_principal(new, &cause()).await.unwrap();
    let home = store.home(principal.id).await.unwrap();
    let name = "everything".parse().unwrap();
    let new = NewCollection::calendar(home.id, name, [ComponentKind::Event]);
    let calendar = store.create_collection(new, &cause()).await.unwrap().id;
    let puts = person.events(events).map(|event| {
        let name = format!("{}.ics", event.uid).parse().unwrap();
        Put::new(calendar, name, event.text)
    });
    for result in store.put_each(puts.collect(), &cause()).await {
        result.unwrap();
    }
    calendar
}

fn week() -> Window {
    Window::new(monday(WEEK), monday(WEEK + 1))
}

async fn week_of(store: &Store, calendar: CollectionId) -> Vec<Calendar> {
    let query = SpanQuery::new(calendar, week());
    let found = store.overlapping(query, PageRequest::first(1_000)).await;
    let found = found.unwrap().items.into_iter();
    let read = found.map(|object| Calendar::read(object.body).calendar);
    read.collect()
}

async fn busy(store: &Store, person: Person, calendar: CollectionId) -> Availability {
    let objects = week_of(store, calendar).await;
    let schedule = Schedule::new(person.zone()).with_address(&person.address());
    let schedule = objects.iter().fold(schedule, Schedule::with_calendar);
    let week = Interval::new(monday(WEEK), monday(WEEK + 1));
    Availability::of(&schedule, &week)
}

fn measure(group: &mut BenchmarkGroup<'_, WallTime>, town: &Town, size: Size) {
    let Size { people, events } = size;
    let size = format!("{people}x{}k", events / 1_000);
    let store = &town.store;
    group.bench_function(format!("week/{size}"), |b| {
        b.iter_custom(|count| {
            town.turns(count, async |turn| {
                let (person, calendar) = town.person(turn);
                let mut seen = 0;
                for object in week_of(store, calendar).await {
                    seen += object.occurrences(&week(), person.zone()).count();
                }
                assert!((12..30).contains(&seen), "{seen} events in a week");
            })
        });
    });
    group.bench_function(format!("freebusy_of_ten/{size}"), |b| {
        b.iter_custom(|count| {
            town.turns(count, async |turn| {
                let mut all = Vec::new();
                for number in 0..u64::from(JOINED) {
                    let (person, calendar) = town.person(turn * 3 + number);
                    all.push(busy(store, person, calendar).await);
                }
                let joined = all.into_iter().reduce(|all, one| all | one).unwrap();
                let slots = joined.free_slots(chrono::Duration::minutes(30));
                assert!(slots.count() > 10);
            })
        });
    });
    let mut tokens = Vec::new();
    for (place, calendar) in town.calendars.iter().enumerate().take(100) {
        let person = Person(u32::try_from(place).unwrap());
        tokens.push(town.runtime.block_on(change(store, person, *calendar)));
    }
    group.bench_function(format!("sync_of_one_change/{size}"), |b| {
        b.iter_custom(|count| {
            town.turns(count, async |turn| {
                let place = usize::try_from(turn).unwrap() % tokens.len();
                let (calendar, token) = (town.calendars[place], &tokens[place]);
                let page = store.changes(calendar, Some(token), 100).await.unwrap();
                assert_eq!(page.changes.len(), 1);
            })
        });
    });
    group.bench_function(format!("put_of_64/{size}"), |b| {
        b.iter_custom(|count| {
            let start = Instant::now();
            town.runtime.block_on(async {
                let puts = stream::iter(0..count).map(async |turn| {
                    let (_, calendar) = town.person(turn);
                    let uid = uuid::Uuid::new_v4();
                    let event = Person(0).events(1).next().unwrap();
                    let text = event.text.replace(&event.uid, &uid.to_string());
                    let name = format!("{uid}.ics").parse().unwrap();
                    let put = Put::new(calendar, name, text);
                    store.put(put, &cause()).await.unwrap();
                });
                puts.buffer_unordered(WRITERS).for_each(async |()| {}).await;
            });
            start.elapsed()
        });
    });
}

/// Changes one event of a person; answers the token from before.
async fn change(store: &Store, person: Person, calendar: CollectionId) -> SyncToken {
    let before = store.collection(calendar).await.unwrap().unwrap().token;
    let event = person.events(100).last().unwrap();
    let name = format!("{}.ics", event.uid).parse().unwrap();
    let put = Put::new(
        calendar,
        name,
        event.text.replace("SUMMARY:", "SUMMARY:New "),
    );
    store.put(put, &cause()).await.unwrap();
    before
}

fn sqlite(c: &mut Criterion) {
    let mut group = c.benchmark_group("store/sqlite");
    group.sample_size(10);
    for size in sizes() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let sqlite = runtime.block_on(Sqlite::open(folder.path().join("cal.db")));
        let town = Town::new(runtime, Store::new(sqlite.unwrap()), size);
        measure(&mut group, &town, size);
        let file = std::fs::metadata(folder.path().join("cal.db")).unwrap();
        println!("the file has {} MiB", file.len() >> 20);
    }
    group.finish();
}

fn postgres(c: &mut Criterion) {
    let Some(server) = server::Server::start() else {
        return;
    };
    let mut group = c.benchmark_group("store/postgres");
    group.sample_size(10);
    for size in sizes() {
        let runtime = Runtime::new().unwrap();
        let settings = runtime.block_on(server.database());
        let postgres = runtime.block_on(Postgres::connect(&settings));
        let town = Town::new(runtime, Store::new(postgres.unwrap()), size);
        measure(&mut group, &town, size);
    }
    group.finish();
}

criterion_group!(benches, sqlite, postgres);
criterion_main!(benches);
