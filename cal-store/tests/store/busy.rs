//! The times that a store keeps are those of its objects.

use cal_core::Calendar;
use cal_freebusy::{Availability, Interval, Schedule};
use cal_store::{
    CollectionChanges, CollectionId, CollectionKind, CollectionName, Delete, Durability,
    EmailAddress, Memory, MoveCollection, NewPrincipal, PageRequest, PrincipalChanges, PrincipalId,
    PrincipalName, Put, Sqlite, Store, Transparency,
};
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::scene::{calendar, cause, ics};

#[derive(Debug, Clone)]
enum Step {
    Put { uid: u8, event: Event },
    Delete { uid: u8 },
    Transparency { is_transparent: bool },
    Trash,
    Restore,
    Address { is_hers: bool },
    Rebuild,
}

#[derive(Debug, Clone)]
struct Event {
    /// Hours after the day on which all begins; some are years from it.
    start: i32,
    minutes: u16,
    rule: &'static str,
    lines: &'static str,
}

fn event() -> impl Strategy<Value = Event> {
    let start = prop_oneof![0..2_000_i32, -20_000..30_000_i32];
    let rules = prop::sample::select(vec![
        "",
        "",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TH\r\n",
        "RRULE:FREQ=DAILY;INTERVAL=9;COUNT=30\r\n",
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR\r\n",
        "RDATE:20261005T070000Z,20270105T070000Z\r\n",
    ]);
    let lines = prop::sample::select(vec![
        "",
        "",
        "TRANSP:TRANSPARENT\r\n",
        "STATUS:TENTATIVE\r\n",
        "STATUS:CANCELLED\r\n",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com\r\n",
        "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com\r\n",
    ]);
    (start, 0..5_000_u16, rules, lines).prop_map(|(start, minutes, rule, lines)| Event {
        start,
        minutes,
        rule,
        lines,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..6_u8, event()).prop_map(|(uid, event)| Step::Put { uid, event }),
        3 => (0..6_u8).prop_map(|uid| Step::Delete { uid }),
        1 => any::<bool>().prop_map(|is_transparent| Step::Transparency { is_transparent }),
        1 => Just(Step::Trash),
        2 => Just(Step::Restore),
        1 => any::<bool>().prop_map(|is_hers| Step::Address { is_hers }),
        1 => Just(Step::Rebuild),
    ]
}

/// From a year back to two years ahead.
fn years() -> Interval {
    let instant = |days: i64| DateTime::from_timestamp(1_790_000_000 + days * 86_400, 0).unwrap();
    Interval::new(instant(-365), instant(730))
}

struct World {
    store: Store,
    ada: PrincipalId,
    home: CollectionId,
    calendar: CollectionId,
}

impl World {
    async fn new(store: Store) -> Self {
        let new = NewPrincipal::new(PrincipalName::new("ada").unwrap());
        let ada = store.create_principal(new, &cause()).await.unwrap().id;
        let home = store.home(ada).await.unwrap().id;
        let name = CollectionName::new("calendar").unwrap();
        let calendar = store.child(home, &name).await.unwrap().unwrap().id;
        Self {
            store,
            ada,
            home,
            calendar,
        }
    }

    /// Takes a step; one that cannot be taken changes nothing.
    async fn take(&self, step: &Step) {
        let (store, calendar) = (&self.store, self.calendar);
        match step {
            Step::Put { uid, event } => {
                let put = Put::new(calendar, ics(&uid.to_string()), event.text(*uid));
                drop(store.put(put, &cause()).await);
            }
            Step::Delete { uid } => {
                let delete = Delete::new(calendar, ics(&uid.to_string()));
                drop(store.delete(delete, &cause()).await);
            }
            Step::Transparency { is_transparent } => {
                let transparency = match is_transparent {
                    true => Transparency::Transparent,
                    false => Transparency::Opaque,
                };
                let changes = CollectionChanges {
                    transparency: Some(transparency),
                    ..CollectionChanges::default()
                };
                drop(store.update_collection(calendar, changes, &cause()).await);
            }
            Step::Trash => drop(store.delete_collection(calendar, &cause()).await),
            Step::Restore => {
                let back = MoveCollection {
                    id: calendar,
                    parent: self.home,
                    name: CollectionName::new("calendar").unwrap(),
                };
                drop(store.restore_collection(back, &cause()).await);
            }
            Step::Address { is_hers } => {
                let hers = EmailAddress::new("ada@example.com").unwrap();
                let changes = PrincipalChanges {
                    emails: Some(Some(hers).filter(|_| *is_hers).into_iter().collect()),
                    ..PrincipalChanges::default()
                };
                let changed = store.update_principal(self.ada, changes, &cause()).await;
                changed.unwrap();
            }
            Step::Rebuild => {
                store.rebuild_busy(self.ada, cause().at).await.unwrap();
            }
        }
    }

    /// When she is busy, from the bytes of all her objects.
    async fn worked_out(&self) -> Availability {
        let page = || PageRequest::first(100);
        let ada = self.store.principal(self.ada).await.unwrap().unwrap();
        let mut objects = Vec::new();
        for collection in self.store.children(self.home, page()).await.unwrap().items {
            let is_calendar = matches!(collection.kind, CollectionKind::Calendar(_));
            if !is_calendar || collection.details.transparency == Transparency::Transparent {
                continue;
            }
            let entries = self.store.entries(collection.id, page()).await.unwrap();
            for entry in entries.items {
                let object = self.store.object(collection.id, &entry.name).await.unwrap();
                objects.push(Calendar::read(&object.unwrap().body).calendar);
            }
        }
        let schedule = objects.iter().fold(
            Schedule::new(cal_core::ZoneRules::utc()),
            Schedule::with_calendar,
        );
        let emails = ada.emails.iter();
        let schedule = emails.fold(schedule, |all, email| all.with_address(email.as_str()));
        Availability::of(&schedule, &years())
    }
}

impl Event {
    fn text(&self, uid: u8) -> String {
        let begin = DateTime::from_timestamp(1_789_948_800, 0).unwrap();
        let start = begin + TimeDelta::hours(i64::from(self.start));
        calendar(&format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\nDTSTART:{}\r\n\
             DURATION:PT{}M\r\n{}{}END:VEVENT\r\n",
            start.format("%Y%m%dT%H%M%SZ"),
            self.minutes,
            self.rule,
            self.lines
        ))
    }
}

async fn what_is_kept_is_worked_out(store: Store, steps: &[Step]) -> Result<(), TestCaseError> {
    let world = World::new(store).await;
    for step in steps {
        world.take(step).await;
        let worked_out = world.worked_out().await;
        prop_assert!(worked_out.faults().is_empty());
        let slots = world
            .store
            .busy_slots(world.ada, &years(), cause().at)
            .await;
        let slots = slots.unwrap();
        prop_assert_eq!(slots.known(), &years());
        prop_assert_eq!(slots.times(), worked_out.busy(), "after {:?}", step);
        prop_assert_eq!(slots.slots(), worked_out.slots());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn in_memory_what_is_kept_is_worked_out(steps in prop::collection::vec(step(), 1..40)) {
        let store = Store::new(Memory::new());
        Runtime::new().unwrap().block_on(what_is_kept_is_worked_out(store, &steps))?;
    }

    #[test]
    fn in_sqlite_what_is_kept_is_worked_out(steps in prop::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cal.db");
        Runtime::new().unwrap().block_on(async {
            let sqlite = Sqlite::open_with(path, Durability::Process).await.unwrap();
            what_is_kept_is_worked_out(Store::new(sqlite), &steps).await
        })?;
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn in_postgres_what_is_kept_is_worked_out(steps in prop::collection::vec(step(), 1..40)) {
        Runtime::new().unwrap().block_on(async {
            let Some(settings) = crate::postgres::server::database().await else {
                return Ok(());
            };
            let postgres = cal_store::Postgres::connect(&settings).await.unwrap();
            what_is_kept_is_worked_out(Store::new(postgres), &steps).await
        })?;
    }
}
