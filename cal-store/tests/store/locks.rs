//! What locks keep from being written, and whether they outlive a process.

use cal_store::{
    Backend, Cause, CollectionChanges, CollectionId, CollectionName, ContentType, Durability,
    Error, Folder, Lock, LockDepth, LockRoot, LockScope, NewCollection, NewPrincipal, ObjectName,
    PrincipalName, Put, Sqlite, Store,
};
use proptest::prelude::*;

use crate::scene::cause;

/// A store with a locked home; the principal and the lock.
async fn locked(backend: impl Backend + 'static) -> (Store, cal_store::Principal, Lock) {
    let store = Store::new(backend);
    let new = NewPrincipal::new(PrincipalName::new("ada").unwrap());
    let ada = store.create_principal(new, &cause()).await.unwrap();
    let home = store.home(ada.id).await.unwrap();
    let root = LockRoot::collection(home.id);
    let lock = Lock::new(root, ada.name.clone(), cause().at, 60).with_owner("<me/>");
    let by_ada = cause().with_principal(&ada.name);
    store.lock(lock.clone(), &by_ada).await.unwrap();
    (store, ada, lock)
}

#[tokio::test]
async fn a_lock_outlives_the_process_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let (store, ada, lock) = locked(Sqlite::open(&path).await.unwrap()).await;
    drop(store);
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let found = store.locks(ada.id, cause().at).await.unwrap();
    assert_eq!(found.iter().map(|it| &it.lock).collect::<Vec<_>>(), [&lock]);
    let home = store.home(ada.id).await.unwrap();
    let calendar = CollectionName::new("calendar").unwrap();
    let calendar = store.child(home.id, &calendar).await.unwrap().unwrap();
    let refused = store.delete_collection(calendar.id, &cause()).await;
    assert!(matches!(refused, Err(Error::Locked { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_of_a_folder_ends_with_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let open = async || Folder::open_with(folder.path(), Durability::Process).await;
    let (store, ada, _) = locked(open().await.unwrap()).await;
    drop(store);
    let store = Store::new(open().await.unwrap());
    assert_eq!(store.locks(ada.id, cause().at).await.unwrap(), []);
}

/// The tree of the law: collections by their paths, each with a file `a`.
const FOLDERS: [&[&str]; 3] = [&[], &["f"], &["f", "g"]];

/// A lock of one of the folders, or of the file in it.
#[derive(Debug, Clone)]
struct Placed {
    folder: usize,
    of_file: bool,
    shared: bool,
    deep: bool,
    submitted: bool,
}

impl Placed {
    fn path(&self) -> Vec<&'static str> {
        let mut path = FOLDERS[self.folder].to_vec();
        path.extend(self.of_file.then_some("a"));
        path
    }

    fn covers(&self, path: &[&str]) -> bool {
        let root = self.path();
        root == path || (self.deep && path.starts_with(&root))
    }
}

fn placed() -> impl Strategy<Value = Placed> {
    (0..FOLDERS.len(), any::<[bool; 4]>()).prop_map(
        |(folder, [of_file, shared, deep, submitted])| Placed {
            folder,
            of_file,
            shared,
            deep,
            submitted,
        },
    )
}

/// Whether a resource may be changed under some locks.
fn is_open(locks: &[Placed], path: &[&str]) -> bool {
    let mut covering = locks.iter().filter(|lock| lock.covers(path)).peekable();
    covering.peek().is_none() || covering.any(|lock| lock.submitted)
}

/// Whether a collection may go: what is locked in it is open by a lock of its own.
fn may_go(locks: &[Placed], path: &[&str]) -> bool {
    let below = |lock: &&Placed| lock.path().starts_with(path) && lock.path() != path;
    let mut roots = locks.iter().filter(below).map(Placed::path);
    let own = |root: &[&str], lock: &&Placed| lock.path() == root && lock.submitted;
    is_open(locks, path)
        && is_open(locks, &path[..path.len() - 1])
        && roots.all(|root| locks.iter().any(|lock| own(&root, &lock)))
}

/// A store with the tree and the locks that can be beside each other.
struct Tree {
    store: Store,
    folders: Vec<CollectionId>,
    locks: Vec<Placed>,
    cause: Cause,
}

impl Tree {
    async fn new(wished: Vec<Placed>) -> Self {
        let store = Store::memory();
        let new = NewPrincipal::new(PrincipalName::new("ada").unwrap());
        let ada = store.create_principal(new, &cause()).await.unwrap();
        let mut folders = vec![store.home(ada.id).await.unwrap().id];
        for path in &FOLDERS[1..] {
            let name = CollectionName::new(path[path.len() - 1]).unwrap();
            let new = NewCollection::plain(folders[folders.len() - 1], name);
            folders.push(store.create_collection(new, &cause()).await.unwrap().id);
        }
        for folder in &folders {
            store.put(file(*folder, "a", ""), &cause()).await.unwrap();
        }
        let by_ada = cause().with_principal(&ada.name);
        let (mut locks, mut tokens) = (Vec::new(), Vec::new());
        for wish in wished {
            let collection = folders[wish.folder];
            let name = wish.of_file.then(|| ObjectName::new("a").unwrap());
            let root = LockRoot { collection, name };
            let lock = Lock::new(root, ada.name.clone(), cause().at, 60)
                .with_scope(if wish.shared {
                    LockScope::Shared
                } else {
                    LockScope::Exclusive
                })
                .with_depth(if wish.deep {
                    LockDepth::Infinity
                } else {
                    LockDepth::Zero
                });
            let token = lock.token;
            if store.lock(lock, &by_ada).await.is_ok() {
                tokens.extend(wish.submitted.then_some(token));
                locks.push(wish);
            }
        }
        let cause = by_ada.with_lock_tokens(tokens);
        Self {
            store,
            folders,
            locks,
            cause,
        }
    }
}

fn file(folder: CollectionId, name: &str, body: &str) -> Put {
    Put::new(folder, ObjectName::new(name).unwrap(), body.to_owned())
        .with_content_type(ContentType::new("text/plain"))
}

/// Whether a write was done; it may be refused for locks only.
fn is_done<T: std::fmt::Debug>(written: Result<T, Error>) -> bool {
    match written {
        Ok(_) => true,
        Err(Error::Locked { .. }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_write_is_done_where_each_resource_that_it_changes_is_open(
        wished in prop::collection::vec(placed(), 0..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let tree = Tree::new(wished).await;
            let (store, locks, cause) = (&tree.store, &tree.locks, &tree.cause);
            for (path, id) in FOLDERS.iter().zip(&tree.folders) {
                let a = [*path, &["a"]].concat();
                let put = store.put(file(*id, "a", "other"), cause).await;
                prop_assert_eq!(is_done(put), is_open(locks, &a), "{:?}", a);
                let new = [*path, &["new"]].concat();
                let put = store.put(file(*id, "new", "x"), cause).await;
                let open = is_open(locks, &new) && is_open(locks, path);
                prop_assert_eq!(is_done(put), open, "{:?}", new);
                let changes = CollectionChanges::default();
                let updated = store.update_collection(*id, changes, cause).await;
                prop_assert_eq!(is_done(updated), is_open(locks, path), "{:?}", path);
            }
            let deleted = store.delete_collection(tree.folders[1], cause).await;
            prop_assert_eq!(is_done(deleted), may_go(locks, FOLDERS[1]), "deletion");
            Ok(())
        })?;
    }
}
