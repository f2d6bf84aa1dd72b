//! Write locks.

use super::scene::{Scene, at, cause, event, ics};
use super::{Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    Cause, CollectionChanges, CollectionId, CollectionName, ContentType, Delete, Error, Lock,
    LockDepth, LockRoot, LockScope, LockToken, NewCollection, ObjectName, Overwrite, Place,
    PrincipalName, PropertyChanges, Put, Relocate, Relocation, Store,
};

/// What the checks do with one folder in the home.
struct Locking<'s> {
    scene: Scene<'s>,
    folder: CollectionId,
    child: CollectionId,
    file: ObjectName,
}

impl<'s> Locking<'s> {
    /// `folder/child/` and `folder/file`.
    async fn new(store: &'s Store) -> Result<Self, super::Broken> {
        let scene = Scene::new(store).await?;
        let folder = scene.folder("folder").await?;
        let child = NewCollection::plain(folder, CollectionName::new("child")?);
        let child = store.create_collection(child, &cause(0)).await?.id;
        let file = ObjectName::new("file")?;
        let locking = Self {
            scene,
            folder,
            child,
            file,
        };
        locking.put(folder, "file", "first", &[]).await?;
        Ok(locking)
    }

    fn store(&self) -> &'s Store {
        self.scene.store
    }

    /// A write of the principal with these tokens.
    fn with(&self, tokens: &[LockToken]) -> Cause {
        self.later(1, tokens)
    }

    fn later(&self, seconds: i64, tokens: &[LockToken]) -> Cause {
        cause(seconds)
            .with_principal(&self.scene.ada.name)
            .with_lock_tokens(tokens.to_vec())
    }

    /// A lock for a minute, from the first second on.
    fn of(&self, root: LockRoot) -> Lock {
        Lock::new(root, self.scene.ada.name.clone(), at(1), 60)
    }

    async fn place(&self, lock: Lock) -> Result<LockToken, Error> {
        let token = lock.token;
        self.store().lock(lock, &self.with(&[])).await?;
        Ok(token)
    }

    async fn put(
        &self,
        into: CollectionId,
        name: &str,
        body: &str,
        tokens: &[LockToken],
    ) -> Result<(), Error> {
        let body = body.as_bytes().to_vec();
        let put = Put::new(into, ObjectName::new(name)?, body)
            .with_content_type(ContentType::new("text/plain"));
        self.store().put(put, &self.with(tokens)).await.map(drop)
    }

    async fn delete(&self, tokens: &[LockToken]) -> Result<(), Error> {
        let delete = Delete::new(self.folder, self.file.clone());
        let deleted = self.store().delete(delete, &self.with(tokens)).await;
        deleted.map(drop)
    }

    fn member(&self) -> LockRoot {
        LockRoot::member(self.folder, self.file.clone())
    }

    /// How many locks are in force in the home.
    async fn count(&self) -> Result<usize, Error> {
        Ok(self.store().locks(self.scene.ada.id, at(1)).await?.len())
    }
}

pub(super) async fn keeps_others_from_writing(store: &Store) -> Outcome {
    let locking = Locking::new(store).await?;
    let lock = locking.of(locking.member()).with_owner("<me/>");
    let token = locking.place(lock.clone()).await?;
    let found = store.locks(locking.scene.ada.id, at(1)).await?;
    let found: Vec<_> = found.iter().map(|it| (&it.lock, it.path.len())).collect();
    ensure_eq!(found, [(&lock, 2)], "the lock that was made");

    for tokens in [vec![], vec![LockToken::random()]] {
        let refused = locking.put(locking.folder, "file", "second", &tokens).await;
        ensure_refused!(refused, Error::Locked { .. }, "a put without the token");
    }
    let same = locking.put(locking.folder, "file", "first", &[]).await;
    ensure_refused!(same, Error::Locked { .. }, "a put of the same bytes");
    let update = PropertyChanges::default();
    let refused = store
        .update_properties(locking.folder, &locking.file, update, &locking.with(&[]))
        .await;
    ensure_refused!(refused, Error::Locked { .. }, "other properties");
    ensure_refused!(
        locking.delete(&[]).await,
        Error::Locked { .. },
        "a deletion without the token"
    );
    let other = PrincipalName::new("eve")?;
    let put = Put::new(locking.folder, locking.file.clone(), "second")
        .with_content_type(ContentType::new("text/plain"));
    let cause = locking.with(&[token]).with_principal(&other);
    let refused = store.put(put, &cause).await;
    ensure_refused!(refused, Error::Locked { .. }, "the token of another");

    locking
        .put(locking.folder, "file", "second", &[token])
        .await?;
    locking.put(locking.folder, "beside", "it", &[]).await?;
    locking.delete(&[token]).await?;
    ensure_eq!(locking.count().await?, 0, "the locks of what was deleted");
    locking.put(locking.folder, "file", "again", &[]).await?;
    Ok(())
}

pub(super) async fn covers_what_is_below(store: &Store) -> Outcome {
    let locking = Locking::new(store).await?;
    let (folder, child) = (locking.folder, locking.child);
    let token = locking
        .place(locking.of(LockRoot::collection(folder)))
        .await?;
    let make = |parent, name: &str| -> Result<NewCollection, Error> {
        Ok(NewCollection::plain(parent, CollectionName::new(name)?))
    };
    let none = locking.with(&[]);
    let deep = locking.put(child, "deep", "x", &[]).await;
    ensure_refused!(deep, Error::Locked { .. }, "a file below");
    let made = store.create_collection(make(child, "new")?, &none).await;
    ensure_refused!(made, Error::Locked { .. }, "a collection below");
    let changes = CollectionChanges::default();
    let updated = store.update_collection(child, changes, &none).await;
    ensure_refused!(updated, Error::Locked { .. }, "properties below");
    let deleted = store.delete_collection(child, &none).await;
    ensure_refused!(deleted, Error::Locked { .. }, "the deletion of one below");
    locking.put(child, "deep", "x", &[token]).await?;
    store
        .create_collection(make(child, "new")?, &locking.with(&[token]))
        .await?;
    store
        .create_collection(make(locking.scene.home.id, "beside")?, &none)
        .await?;
    store.unlock(token, &none).await?;

    let shallow = locking
        .of(LockRoot::collection(folder))
        .with_depth(LockDepth::Zero);
    let token = locking.place(shallow).await?;
    locking.put(folder, "file", "changed", &[]).await?;
    locking.put(child, "deep", "changed", &[]).await?;
    for refused in [
        locking.put(folder, "new", "x", &[]).await,
        locking.delete(&[]).await,
        store.delete_collection(child, &none).await.map(drop),
    ] {
        ensure_refused!(refused, Error::Locked { .. }, "other members");
    }
    store
        .delete_collection(folder, &locking.with(&[token]))
        .await?;
    ensure_eq!(locking.count().await?, 0, "the locks of what was deleted");
    Ok(())
}

pub(super) async fn shuts_out_other_locks(store: &Store) -> Outcome {
    let locking = Locking::new(store).await?;
    let folder = || locking.of(LockRoot::collection(locking.folder));
    let shared = |lock: Lock| lock.with_scope(LockScope::Shared);
    let file = locking.place(locking.of(locking.member())).await?;
    for lock in [
        locking.of(locking.member()),
        shared(locking.of(locking.member())),
        folder(),
        shared(folder()),
    ] {
        let refused = locking.place(lock).await;
        let expected = vec![locking.member()];
        ensure!(
            matches!(&refused, Err(Error::LockConflict { roots }) if *roots == expected),
            "a lock over an exclusive one: {refused:?}"
        );
    }
    let shallow = locking.place(folder().with_depth(LockDepth::Zero)).await?;
    for token in [file, shallow] {
        store.unlock(token, &locking.with(&[])).await?;
    }

    let first = locking.place(shared(locking.of(locking.member()))).await?;
    locking.place(shared(folder())).await?;
    let refused = locking.place(locking.of(locking.member())).await;
    ensure_refused!(
        refused,
        Error::LockConflict { .. },
        "an exclusive lock over shared ones"
    );
    let refused = locking.put(locking.folder, "file", "x", &[]).await;
    ensure_refused!(refused, Error::Locked { .. }, "a put under shared locks");
    locking.put(locking.folder, "file", "x", &[first]).await?;
    let nothing = LockRoot::member(locking.folder, ObjectName::new("nothing")?);
    let refused = locking.place(locking.of(nothing)).await;
    ensure_refused!(refused, Error::NotFound, "a lock of nothing");
    Ok(())
}

pub(super) async fn ends_with_its_time_or_root(store: &Store) -> Outcome {
    let locking = Locking::new(store).await?;
    let token = locking.place(locking.of(locking.member())).await?;
    let stranger = locking
        .with(&[])
        .with_principal(&PrincipalName::new("eve")?);
    let refused = store.unlock(token, &stranger).await;
    ensure_refused!(refused, Error::NotFound, "another's release");
    let refused = store.refresh_lock(token, at(900), &stranger).await;
    ensure_refused!(refused, Error::NotFound, "another's refreshing");
    store
        .refresh_lock(token, at(120), &locking.with(&[]))
        .await?;
    let put = |body: &'static str| {
        Put::new(locking.folder, locking.file.clone(), body)
            .with_content_type(ContentType::new("text/plain"))
    };
    let refused = store.put(put("x"), &locking.later(119, &[])).await;
    ensure_refused!(refused, Error::Locked { .. }, "a put before it ends");
    store.put(put("x"), &locking.later(120, &[])).await?;
    let refused = store
        .refresh_lock(token, at(900), &locking.later(120, &[]))
        .await;
    ensure_refused!(refused, Error::NotFound, "refreshing what has ended");
    let late = Lock::new(
        locking.member(),
        locking.scene.ada.name.clone(),
        at(121),
        60,
    );
    store.lock(late, &locking.later(121, &[])).await?;

    let locking = Locking {
        scene: locking.scene,
        folder: locking.child,
        ..locking
    };
    locking.put(locking.folder, "file", "x", &[]).await?;
    let token = locking.place(locking.of(locking.member())).await?;
    let place = |name: &str| -> Result<Place, Error> {
        Ok(Place {
            collection: locking.folder,
            name: ObjectName::new(name)?,
        })
    };
    let relocate = Relocate::new(Relocation::Move, place("file")?, place("moved")?)
        .with_overwrite(Overwrite::Refuse);
    let refused = store.relocate(&relocate, &locking.with(&[])).await;
    ensure_refused!(refused, Error::Locked { .. }, "a move without the token");
    store.relocate(&relocate, &locking.with(&[token])).await?;
    locking.put(locking.folder, "moved", "y", &[]).await?;
    locking.put(locking.folder, "file", "y", &[]).await?;
    Ok(())
}

pub(super) async fn locks_what_it_makes_or_nothing(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let by_ada = cause(1).with_principal(&scene.ada.name);
    let of = |name: ObjectName| {
        let root = LockRoot::member(scene.calendar, name);
        Lock::new(root, scene.ada.name.clone(), at(1), 60)
    };
    let refused = store
        .put_locked(
            Put::new(scene.calendar, ics("a")?, "nothing"),
            of(ics("a")?),
            &by_ada,
        )
        .await;
    ensure_refused!(refused, Error::InvalidObject(_), "what no calendar holds");
    ensure_eq!(
        store.locks(scene.ada.id, at(1)).await?.len(),
        0,
        "locks of what was not made"
    );
    let put = || Ok::<_, Error>(Put::new(scene.calendar, ics("a")?, event("a", "A")));
    let lock = of(ics("a")?);
    store.put_locked(put()?, lock.clone(), &by_ada).await?;
    let refused = store.put(put()?, &by_ada).await;
    ensure_refused!(refused, Error::Locked { .. }, "a put over what is locked");
    let huge = of(ics("a")?).with_owner("x".repeat(Lock::MAX_OWNER_BYTES + 1));
    let refused = store.lock(huge, &by_ada).await;
    ensure_refused!(refused, Error::TooLarge { .. }, "too long an owner");
    for _ in 1..Lock::MAX {
        let shallow = Lock::new(
            LockRoot::collection(scene.home.id),
            scene.ada.name.clone(),
            at(1),
            60,
        );
        let shallow = shallow
            .with_depth(LockDepth::Zero)
            .with_scope(LockScope::Shared);
        store.lock(shallow, &by_ada).await?;
    }
    let more = Lock::new(
        LockRoot::collection(scene.tasks().await?),
        scene.ada.name.clone(),
        at(1),
        60,
    );
    let refused = store.lock(more, &by_ada).await;
    ensure_refused!(refused, Error::Limit { .. }, "more than there may be");
    Ok(())
}
