//! Groups `store/sqlite`, `store/postgres` and `store/memory`: the operations of
//! a server, whole: with parsing, validation, index, history and log, durable
//! where there is a disk. Times are per object, or per question. PostgreSQL is
//! left out where it is not installed.
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

use cal_core::Window;
use cal_store::{
    Cause, CollectionId, ComponentKind, NewCollection, NewPrincipal, ObjectName, PageRequest,
    Postgres, PrincipalName, Put, SearchQuery, SpanQuery, Sqlite, Store, Timestamp, Via,
};
use chrono::{DateTime, Duration as Length, TimeZone, Utc};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use futures::future::join_all;
use tokio::runtime::Runtime;

/// Callers at the same time where several are measured.
const WRITERS: u64 = 64;
const READERS: u64 = 8;

/// Objects of one batch.
const BATCH: u64 = 1_000;

fn cause() -> Cause {
    Cause::new(Via::Dav, Timestamp::from_millis(1_790_000_000_000))
}

/// The Monday at which calendars begin, whatever their size: events are three a day.
fn begin() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 1, 1, 0, 0, 0).unwrap()
}

/// The event of this number: of half an hour; one of fifty recurs for a year.
fn event(number: u64) -> String {
    let day = begin() + Length::days(i64::try_from(number / 3).unwrap());
    let start = day + Length::hours(i64::try_from(8 + number % 3 * 4).unwrap());
    let rule = match number % 50 {
        0 => "RRULE:FREQ=WEEKLY;COUNT=52\r\n",
        _ => "",
    };
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Bench//EN\r\nBEGIN:VEVENT\r\n\
         UID:{number:08}-7a1f-4f0e@example.com\r\nDTSTAMP:20260101T120000Z\r\n\
         DTSTART;TZID=Europe/Berlin:{}\r\nDURATION:PT30M\r\nSUMMARY:Planning round {number}\r\n\
         DESCRIPTION:Please bring the figures of the last quarter and the list of \r\n \
         open questions.\r\nLOCATION:Main building\\, room 7\r\n{rule}END:VEVENT\r\n\
         END:VCALENDAR\r\n",
        start.format("%Y%m%dT%H%M%S")
    )
}

fn name(number: u64) -> ObjectName {
    format!("{number:08}.ics").parse().unwrap()
}

fn put(calendar: CollectionId, number: u64) -> Put {
    Put::new(calendar, name(number), event(number))
}

/// A store with one user, and a runtime to use it with.
struct Bench {
    runtime: Runtime,
    store: Store,
    home: CollectionId,
    calendars: u64,
}

impl Bench {
    fn new(runtime: Runtime, store: Store) -> Self {
        let home = runtime.block_on(async {
            let ada = NewPrincipal::new(PrincipalName::new("ada").unwrap());
            let ada = store.create_principal(ada, &cause()).await.unwrap();
            store.home(ada.id).await.unwrap().id
        });
        Self {
            runtime,
            store,
            home,
            calendars: 0,
        }
    }

    /// A new calendar with so many events.
    fn calendar(&mut self, events: u64) -> CollectionId {
        self.calendars += 1;
        let name = format!("calendar-{}", self.calendars).parse().unwrap();
        let new = NewCollection::calendar(self.home, name, [ComponentKind::Event]);
        let (id, store) = (new.id, &self.store);
        self.runtime.block_on(async {
            store.create_collection(new, &cause()).await.unwrap();
            let puts = (0..events).map(|number| put(id, number)).collect();
            for result in store.put_each(puts, &cause()).await {
                result.unwrap();
            }
        });
        id
    }

    /// The time that callers at the same time take for so many calls together.
    fn callers(&self, callers: u64, calls: u64, call: impl AsyncFn(u64) + Sync) -> Duration {
        let start = Instant::now();
        self.runtime.block_on(async {
            let call = &call;
            join_all((0..callers).map(|caller| async move {
                let mut number = caller;
                while number < calls {
                    call(number).await;
                    number += callers;
                }
            }))
            .await;
        });
        start.elapsed()
    }
}

fn writes(group: &mut BenchmarkGroup<'_, WallTime>, bench: &mut Bench) {
    group.throughput(Throughput::Elements(1));
    group.bench_function("put", |b| {
        b.iter_custom(|count| {
            let (calendar, store) = (bench.calendar(0), bench.store.clone());
            bench.callers(WRITERS, count, async |number| {
                store.put(put(calendar, number), &cause()).await.unwrap();
            })
        });
    });
    group.throughput(Throughput::Elements(BATCH));
    group.bench_function("put_batch", |b| {
        b.iter_custom(|count| {
            let (calendar, store) = (bench.calendar(0), bench.store.clone());
            bench.callers(1, count, async |batch| {
                let numbers = batch * BATCH..(batch + 1) * BATCH;
                let puts = numbers.map(|number| put(calendar, number)).collect();
                for result in store.put_each(puts, &cause()).await {
                    result.unwrap();
                }
            })
        });
    });
}

fn reads(group: &mut BenchmarkGroup<'_, WallTime>, bench: &mut Bench) {
    let store = bench.store.clone();
    let (small, large) = (bench.calendar(1_000), bench.calendar(10_000));
    group.throughput(Throughput::Elements(1));
    group.bench_function("get", |b| {
        b.iter_custom(|count| {
            bench.callers(READERS, count, async |number| {
                let found = store.object(large, &name(number % 10_000)).await.unwrap();
                assert!(found.is_some());
            })
        });
    });
    for (id, calendar) in [("query_week_1k", small), ("query_week_10k", large)] {
        let monday = begin() + Length::days(280);
        let week = Window::new(monday, monday + Length::days(7));
        group.bench_function(id, |b| {
            b.iter_custom(|count| {
                bench.callers(1, count, async |_| {
                    let query = SpanQuery::new(calendar, week);
                    let page = PageRequest::first(1_000);
                    let found = store.overlapping(query, page).await.unwrap();
                    assert!(found.items.len() >= 21);
                })
            });
        });
    }
    group.bench_function("search_10k", |b| {
        b.iter_custom(|count| {
            bench.callers(1, count, async |number| {
                let text = format!("plan {}", number % 10_000);
                let query = SearchQuery::new(large, &text).unwrap();
                let found = store.search(query, PageRequest::first(20)).await.unwrap();
                assert!(!found.items.is_empty());
            })
        });
    });
    let token = bench.runtime.block_on(async {
        let before = store.collection(large).await.unwrap().unwrap().token;
        let changed = event(77).replace("round", "final round");
        let put = Put::new(large, name(77), changed);
        store.put(put, &cause()).await.unwrap();
        before
    });
    group.bench_function("changes", |b| {
        b.iter_custom(|count| {
            bench.callers(1, count, async |_| {
                let page = store.changes(large, Some(&token), 100).await.unwrap();
                assert_eq!(page.changes.len(), 1);
            })
        });
    });
}

fn operations(c: &mut Criterion, name: &str, mut bench: Bench) {
    let mut group = c.benchmark_group(name);
    group.sample_size(10);
    reads(&mut group, &mut bench);
    writes(&mut group, &mut bench);
    group.finish();
}

fn sqlite(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sqlite = runtime.block_on(Sqlite::open(folder.path().join("cal.db")));
    let bench = Bench::new(runtime, Store::new(sqlite.unwrap()));
    operations(c, "store/sqlite", bench);
}

fn postgres(c: &mut Criterion) {
    let Some(server) = server::Server::start() else {
        return;
    };
    let runtime = Runtime::new().unwrap();
    let postgres = runtime.block_on(async {
        let settings = server.database().await;
        Postgres::connect(&settings).await
    });
    let bench = Bench::new(runtime, Store::new(postgres.unwrap()));
    operations(c, "store/postgres", bench);
}

fn memory(c: &mut Criterion) {
    let bench = Bench::new(Runtime::new().unwrap(), Store::memory());
    operations(c, "store/memory", bench);
}

criterion_group!(benches, sqlite, postgres, memory);
criterion_main!(benches);
