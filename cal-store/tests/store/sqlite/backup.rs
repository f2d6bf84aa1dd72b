//! Online backup and integrity.

use cal_store::{Error, PageRequest, Sqlite, Store, TokenFault};

use crate::scene::{calendar_of_ada, cause, put};

#[tokio::test]
async fn a_backup_has_everything_and_an_epoch_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(folder.path().join("cal.db")).await.unwrap();
    let copy = folder.path().join("copy.db");
    // A second handle on the same file, since the store takes the first.
    let store = Store::new(Sqlite::open(sqlite.path()).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let stored = store.put(put(calendar, "a", "A"), &cause()).await.unwrap();
    sqlite.backup(&copy).await.unwrap();
    store.put(put(calendar, "b", "B"), &cause()).await.unwrap();

    let restored = Store::new(Sqlite::open(&copy).await.unwrap());
    let entries = restored.entries(calendar, PageRequest::first(9)).await;
    assert_eq!(entries.unwrap().items.len(), 1);
    let refused = restored.changes(calendar, Some(&stored.token), 9).await;
    let epoch = TokenFault::Epoch;
    assert!(matches!(refused, Err(Error::InvalidToken(fault)) if fault == epoch));
    assert!(matches!(sqlite.backup(&copy).await, Err(Error::Exists)));
}

#[tokio::test]
async fn a_sound_file_has_no_faults_and_a_broken_one_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let puts = (0..500).map(|number| put(calendar, &number.to_string(), "Event"));
    store.put_each(puts.collect(), &cause()).await;
    drop(store);
    let sqlite = Sqlite::open(&path).await.unwrap();
    assert_eq!(
        sqlite.check_integrity().await.unwrap(),
        Vec::<String>::new()
    );
    drop(sqlite);

    let mut bytes = std::fs::read(&path).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 2048].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    let sqlite = Sqlite::open(&path).await.unwrap();
    let found = sqlite.check_integrity().await;
    assert!(found.is_err() || !found.unwrap().is_empty());
}
