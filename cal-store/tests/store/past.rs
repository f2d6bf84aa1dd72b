//! What a store tells of an instant is what it was at that instant.

use std::collections::BTreeMap;

use cal_store::{
    Backend, Cause, CollectionId, Delete, Durability, Error, MemberState, Memory, ObjectName,
    Overwrite, PageRequest, Place, Put, Relocate, Relocation, Sqlite, Store, SyncToken, Timestamp,
};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::scene::{calendar_of_ada, cause, event};

/// A step, after so many milliseconds.
#[derive(Debug, Clone)]
enum Step {
    Put(usize, usize, u8),
    Delete(usize),
    Move(usize, usize),
    /// Back to the instant that is this part of all the time so far, in percent.
    Restore(i64),
}

const NAMES: usize = 4;

fn step() -> impl Strategy<Value = (i64, Step)> {
    let name = || 0..NAMES;
    let step = prop_oneof![
        5 => (name(), name(), any::<u8>()).prop_map(|(n, u, t)| Step::Put(n, u, t)),
        2 => name().prop_map(Step::Delete),
        2 => (name(), name()).prop_map(|(from, to)| Step::Move(from, to)),
        1 => (0..=100_i64).prop_map(Step::Restore),
    ];
    (0..3_i64, step)
}

/// The bodies of a calendar by name.
type State = BTreeMap<ObjectName, Vec<u8>>;

struct World {
    store: Store,
    calendar: CollectionId,
    clock: i64,
    /// What there was after each instant at which something happened.
    past: BTreeMap<i64, State>,
}

fn name(number: usize) -> ObjectName {
    ObjectName::new(format!("name-{number}")).unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(cause().at.millis() + millis)
}

impl World {
    async fn new(store: Store) -> Self {
        let calendar = calendar_of_ada(&store).await;
        Self {
            store,
            calendar,
            clock: 0,
            past: [(0, State::new())].into(),
        }
    }

    fn now(&self) -> Cause {
        let mut now = cause();
        now.at = at(self.clock);
        now
    }

    fn place(&self, number: usize) -> Place {
        Place {
            collection: self.calendar,
            name: name(number),
        }
    }

    /// What the model says of an instant.
    fn then(&self, millis: i64) -> State {
        let then = self.past.range(..=millis).next_back();
        then.map(|(_, state)| state.clone()).unwrap_or_default()
    }

    async fn take(&mut self, (wait, step): &(i64, Step)) -> Result<(), TestCaseError> {
        self.clock += wait;
        let (store, now) = (self.store.clone(), self.now());
        // Steps that are refused change nothing: the model is what is there.
        let taken = match step {
            Step::Put(number, uid, text) => {
                let body = event(&uid.to_string(), &text.to_string());
                let put = Put::new(self.calendar, name(*number), body);
                store.put(put, &now).await.map(drop)
            }
            Step::Delete(number) => {
                let delete = Delete::new(self.calendar, name(*number));
                store.delete(delete, &now).await.map(drop)
            }
            Step::Move(from, to) => {
                let (from, to) = (self.place(*from), self.place(*to));
                let relocate =
                    Relocate::new(Relocation::Move, from, to).with_overwrite(Overwrite::Replace);
                store.relocate(&relocate, &now).await.map(drop)
            }
            Step::Restore(percent) => {
                let millis = self.clock * percent / 100;
                let then = self.then(millis);
                let plan = store.plan_restore(self.calendar, at(millis)).await;
                store.restore_to(&plan.unwrap(), &now).await.unwrap();
                prop_assert_eq!(self.seen().await, then, "restored to {}", millis);
                Ok(())
            }
        };
        let is_refusal = matches!(
            taken,
            Err(Error::NotFound
                | Error::UidConflict { .. }
                | Error::OtherUid { .. }
                | Error::WrongPlace)
        );
        prop_assert!(taken.is_ok() || is_refusal, "{:?}: {:?}", step, taken);
        let seen = self.seen().await;
        self.past.insert(self.clock, seen);
        Ok(())
    }

    async fn seen(&self) -> State {
        let page = PageRequest::first(100);
        let entries = self.store.entries(self.calendar, page).await.unwrap();
        let names: Vec<_> = entries.items.into_iter().map(|entry| entry.name).collect();
        let objects = self.store.objects(self.calendar, &names).await.unwrap();
        let objects = objects.into_iter().flatten();
        objects
            .map(|object| (object.entry.name, object.body.to_vec()))
            .collect()
    }

    /// What the store says of an instant, page by page.
    async fn seen_at(&self, millis: i64) -> State {
        let mut seen = State::new();
        let mut page = Some(PageRequest::first(2));
        while let Some(request) = page {
            let then = self.store.collection_at(self.calendar, at(millis), request);
            let entries = then.await.unwrap().unwrap().entries;
            for entry in entries.items {
                let version = self
                    .store
                    .version(self.calendar, &entry.name, entry.version.id);
                let body = version.await.unwrap().unwrap().body.to_vec();
                assert!(seen.insert(entry.name, body).is_none(), "a name twice");
            }
            page = entries.next.map(|next| PageRequest::after(next, 2));
        }
        seen
    }

    /// Follows the log from a token, and answers where it stands.
    async fn follow(&self, state: &mut State, token: &SyncToken) -> SyncToken {
        let page = self.store.changes(self.calendar, Some(token), 100);
        let page = page.await.unwrap();
        for change in page.changes {
            state.remove(&change.name);
            if let MemberState::Object(entry) = change.state {
                let object = self.store.object(self.calendar, &entry.name).await.unwrap();
                state.insert(entry.name, object.unwrap().body.to_vec());
            }
        }
        page.token
    }
}

async fn holds(store: Store, steps: &[(i64, Step)]) -> Result<(), TestCaseError> {
    let mut world = World::new(store).await;
    let start = world.store.collection(world.calendar).await.unwrap();
    let (mut token, mut followed) = (start.unwrap().token, State::new());
    for step in steps {
        world.take(step).await?;
        token = world.follow(&mut followed, &token).await;
        prop_assert_eq!(&followed, &world.seen().await, "followed past {:?}", step);
    }
    for millis in 0..=world.clock + 1 {
        let seen = world.seen_at(millis).await;
        prop_assert_eq!(seen, world.then(millis), "at {}", millis);
    }
    let report = world.store.verify_audit(&[]).await.unwrap();
    prop_assert_eq!(report.broken, []);
    Ok(())
}

fn check(backend: impl Backend + 'static, steps: &[(i64, Step)]) -> Result<(), TestCaseError> {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(holds(Store::new(backend), steps))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn memory_tells_what_was_and_goes_back_to_it(steps in prop::collection::vec(step(), 1..40)) {
        check(Memory::new(), &steps)?;
    }

    #[test]
    fn sqlite_tells_what_was_and_goes_back_to_it(steps in prop::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cal.db");
        let open = Sqlite::open_with(path, Durability::Process);
        let sqlite = Runtime::new().unwrap().block_on(open).unwrap();
        check(sqlite, &steps)?;
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn postgres_tells_what_was_and_goes_back_to_it(steps in prop::collection::vec(step(), 1..40)) {
        Runtime::new().unwrap().block_on(async {
            let Some(settings) = crate::postgres::server::database().await else {
                return Ok(());
            };
            let postgres = cal_store::Postgres::connect(&settings).await.unwrap();
            holds(Store::new(postgres), &steps).await
        })?;
    }
}
