//! Locks beyond the life of a process.

use cal_store::{
    Backend, CollectionName, Durability, Error, Folder, Lock, LockRoot, NewPrincipal,
    PrincipalName, Sqlite, Store,
};

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
