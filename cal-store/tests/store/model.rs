//! Memory is the model: the databases answer every sequence of writes the same.

use cal_store::{
    CollectionId, CollectionName, ComponentKind, Delete, Durability, Effect, Error, Folder, Memory,
    NewCollection, ObjectName, Overwrite, PageRequest, Place, Precondition, PropertyChanges,
    PropertyName, Put, Relocate, Relocation, Sqlite, Store, Timestamp,
};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::scene::{calendar_of_ada, cause, event};

/// A write, in terms of a few names in a few collections.
#[derive(Debug, Clone)]
enum Step {
    Put(usize, usize, usize, Condition),
    Delete(usize, usize, Condition),
    Relocate(Relocation, (usize, usize), (usize, usize), Overwrite),
    Make(usize, usize),
    Discard(usize, usize),
    Mark(usize, usize),
    Restore(usize, usize),
    Prune(i64),
}

#[derive(Debug, Clone, Copy)]
enum Condition {
    None,
    Absent,
    Present,
    Unchanged,
}

const NAMES: usize = 4;
const UIDS: usize = 4;
const PLACES: usize = 3;

fn step() -> impl Strategy<Value = Step> {
    let condition = prop::sample::select(vec![
        Condition::None,
        Condition::Absent,
        Condition::Present,
        Condition::Unchanged,
    ]);
    let how = prop::sample::select(vec![
        Relocation::Move,
        Relocation::Copy,
        Relocation::CopyShallow,
    ]);
    let overwrite = prop::sample::select(vec![Overwrite::Replace, Overwrite::Refuse]);
    let spot = || (0..PLACES, 0..NAMES);
    prop_oneof![
        6 => (spot(), 0..UIDS, condition.clone()).prop_map(|((p, n), u, c)| Step::Put(p, n, u, c)),
        3 => (spot(), condition).prop_map(|((p, n), c)| Step::Delete(p, n, c)),
        2 => (how, spot(), spot(), overwrite).prop_map(|(h, a, b, o)| Step::Relocate(h, a, b, o)),
        1 => spot().prop_map(|(p, n)| Step::Make(p, n)),
        1 => spot().prop_map(|(p, n)| Step::Discard(p, n)),
        1 => spot().prop_map(|(p, n)| Step::Mark(p, n)),
        1 => spot().prop_map(|(p, n)| Step::Restore(p, n)),
        1 => (-5_i64..60).prop_map(Step::Prune),
    ]
}

/// A store, and the collections that the steps are about: the home, a folder
/// and a calendar.
struct World {
    store: Store,
    places: [CollectionId; PLACES],
    clock: i64,
}

fn name(number: usize) -> ObjectName {
    ObjectName::new(format!("name-{number}")).unwrap()
}

impl World {
    async fn new(store: Store) -> Self {
        let calendar = calendar_of_ada(&store).await;
        let found = store.collection(calendar).await.unwrap().unwrap();
        let home = found.parent.unwrap();
        let folder = NewCollection::plain(home, CollectionName::new("folder").unwrap());
        let folder = store.create_collection(folder, &cause()).await.unwrap().id;
        Self {
            store,
            places: [home, folder, calendar],
            clock: 0,
        }
    }

    fn now(&mut self) -> cal_store::Cause {
        self.clock += 1;
        let mut now = cause();
        now.at = Timestamp::from_millis(now.at.millis() + self.clock * 1000);
        now
    }

    async fn precondition(&self, at: &Place, condition: Condition) -> Precondition {
        match condition {
            Condition::None => Precondition::None,
            Condition::Absent => Precondition::Absent,
            Condition::Present => Precondition::Present,
            Condition::Unchanged => {
                let there = self.store.object(at.collection, &at.name).await.unwrap();
                let etags = there.map(|object| object.entry.etag);
                Precondition::Matches(etags.into_iter().collect())
            }
        }
    }

    fn place(&self, place: usize, number: usize) -> Place {
        Place {
            collection: self.places[place],
            name: name(number),
        }
    }

    /// Takes a step and answers, in words that do not depend on identities, what happened.
    async fn take(&mut self, step: &Step) -> String {
        let now = self.now();
        let outcome: Result<String, Error> = match step {
            Step::Put(place, number, uid, condition) => {
                let at = self.place(*place, *number);
                let condition = self.precondition(&at, *condition).await;
                let body = event(&uid.to_string(), &format!("Step {}", self.clock / 2));
                let put = Put::new(at.collection, at.name, body).with_precondition(condition);
                let stored = self.store.put(put, &now).await;
                stored.map(|stored| format!("{:?} {}", stored.effect, stored.token.sequence()))
            }
            Step::Delete(place, number, condition) => {
                let at = self.place(*place, *number);
                let condition = self.precondition(&at, *condition).await;
                let delete = Delete::new(at.collection, at.name).with_precondition(condition);
                let token = self.store.delete(delete, &now).await;
                token.map(|token| token.sequence().to_string())
            }
            Step::Relocate(how, from, to, overwrite) => {
                let (from, to) = (self.place(from.0, from.1), self.place(to.0, to.1));
                let relocate = Relocate::new(*how, from, to).with_overwrite(*overwrite);
                let effect = self.store.relocate(&relocate, &now).await;
                effect.map(|effect| format!("{effect:?}"))
            }
            Step::Make(place, number) => {
                let (at, name) = (self.places[*place], CollectionName::from(&name(*number)));
                let new = NewCollection::calendar(at, name, [ComponentKind::Event]);
                let made = self.store.create_collection(new, &now).await;
                made.map(|made| made.name.to_string())
            }
            Step::Discard(place, number) => self.discard(*place, *number, &now).await,
            Step::Mark(place, number) => {
                let at = self.place(*place, *number);
                let name = PropertyName::new("urn:x", "mark").unwrap();
                let value = self.clock.to_string();
                let changes = PropertyChanges {
                    set: [(name, value)].into(),
                    remove: Vec::new(),
                };
                let store = &self.store;
                let marked = store.update_properties(at.collection, &at.name, changes, &now);
                marked.await.map(|()| "marked".to_owned())
            }
            Step::Restore(place, number) => self.restore(*place, *number, &now).await,
            Step::Prune(seconds) => {
                let before = Timestamp::from_millis(cause().at.millis() + seconds * 1000);
                let pruned = self.store.prune(before, &now).await;
                pruned.map(|pruned| format!("{pruned:?}"))
            }
        };
        match outcome {
            Ok(what) => what,
            Err(error) => format!("{error:?}"),
        }
    }

    async fn discard(
        &self,
        place: usize,
        number: usize,
        now: &cal_store::Cause,
    ) -> Result<String, Error> {
        let name = CollectionName::from(&name(number));
        let found = self.store.child(self.places[place], &name).await?;
        let found = found.ok_or(Error::NotFound)?;
        self.store.delete_collection(found.id, now).await?;
        Ok(format!("{:?}", Effect::Deleted))
    }

    async fn restore(
        &self,
        place: usize,
        number: usize,
        now: &cal_store::Cause,
    ) -> Result<String, Error> {
        let at = self.place(place, number);
        let page = PageRequest::first(100);
        let versions = self.store.versions(at.collection, &at.name, page).await?;
        let oldest = versions.items.last().ok_or(Error::NotFound)?;
        let restored = self
            .store
            .restore(at.collection, &at.name, oldest.id, now)
            .await?;
        Ok(format!(
            "{:?} {}",
            restored.effect,
            restored.token.sequence()
        ))
    }

    /// Everything that can be seen, but for identities.
    async fn seen(&self) -> String {
        let mut seen = String::new();
        let page = || PageRequest::first(1_000);
        for id in self.places {
            let entries = self.store.entries(id, page()).await;
            seen += &format!("{entries:?}\n");
            let children = self.store.children(id, page()).await;
            let children = children.map(|children| {
                let children = children.items.into_iter();
                children
                    .map(|child| {
                        (
                            child.name,
                            child.kind,
                            child.modified,
                            child.token.sequence(),
                        )
                    })
                    .collect::<Vec<_>>()
            });
            seen += &format!("{children:?}\n");
            let log = self.store.changes(id, None, 1_000).await;
            let log = log.map(|log| {
                let names = log.changes.into_iter().map(|it| (it.name, it.sequence));
                (names.collect::<Vec<_>>(), log.token.sequence(), log.more)
            });
            seen += &format!("{log:?}\n");
            for number in 0..NAMES {
                let versions = self.store.versions(id, &name(number), page()).await;
                let properties = self.store.properties(id, &name(number)).await;
                seen += &format!("{versions:?} {properties:?}\n");
            }
        }
        seen
    }
}

/// Whether a store does in every step what memory does.
async fn does_what_memory_does(tested: Store, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut model = World::new(Store::new(Memory::new())).await;
    let mut tested = World::new(tested).await;
    for step in steps {
        let (expected, found) = (model.take(step).await, tested.take(step).await);
        prop_assert_eq!(found, expected, "{:?}", step);
        prop_assert_eq!(tested.seen().await, model.seen().await, "after {:?}", step);
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
    fn sqlite_does_what_memory_does(steps in prop::collection::vec(step(), 1..50)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cal.db");
        Runtime::new().unwrap().block_on(async {
            let sqlite = Sqlite::open_with(path, Durability::Process).await.unwrap();
            does_what_memory_does(Store::new(sqlite), &steps).await
        })?;
    }

    #[test]
    fn folder_does_what_memory_does(steps in prop::collection::vec(step(), 1..50)) {
        let folder = tempfile::tempdir().unwrap();
        Runtime::new().unwrap().block_on(async {
            let folder = Folder::open_with(folder.path(), Durability::Process).await;
            let folder = folder.unwrap();
            does_what_memory_does(Store::new(folder), &steps).await
        })?;
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn postgres_does_what_memory_does(steps in prop::collection::vec(step(), 1..50)) {
        Runtime::new().unwrap().block_on(async {
            let Some(settings) = crate::postgres::server::database().await else {
                return Ok(());
            };
            let postgres = cal_store::Postgres::connect(&settings).await.unwrap();
            does_what_memory_does(Store::new(postgres), &steps).await
        })?;
    }
}
