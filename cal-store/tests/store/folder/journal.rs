//! The journal: what a crash may do to it, and that it does not grow for ever.

use std::fs;
use std::io::Write as _;

use cal_store::{Error, Folder, PageRequest, Timestamp};

use super::{calendar, open};
use crate::scene::{calendar_of_ada, cause, event, ics, put};

#[tokio::test]
async fn a_half_written_end_is_dropped_and_what_was_acknowledged_stays() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    store.put(put(id, "a", "Kept"), &cause()).await.unwrap();
    drop(store);
    let journal = root.join(".cal/journal");
    let whole = fs::read(&journal).unwrap();
    for end in [
        &b"0123"[..],
        b"0123456789abcdef {\"Commit\":",
        b"\0\0\0\0\n\0\0",
    ] {
        let mut file = fs::OpenOptions::new().append(true).open(&journal).unwrap();
        file.write_all(end).unwrap();
        drop(file);
        let store = open(root).await;
        assert!(store.object(id, &ics("a")).await.unwrap().is_some());
        drop(store);
        assert!(fs::read(&journal).unwrap().starts_with(&whole));
    }
}

#[tokio::test]
async fn a_line_in_the_middle_that_does_not_hold_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    store.put(put(id, "a", "Kept"), &cause()).await.unwrap();
    drop(store);
    let journal = root.join(".cal/journal");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("\"ada\"", "\"bob\"", 1)).unwrap();
    let opened = Folder::open(root).await;
    let Err(Error::Backend(source)) = opened else {
        panic!("{opened:?}");
    };
    assert!(source.to_string().contains("line 2"), "{source}");
}

#[tokio::test]
async fn a_second_opening_is_refused_while_the_first_lasts() {
    let folder = tempfile::tempdir().unwrap();
    let first = Folder::open(folder.path()).await.unwrap();
    let second = Folder::open(folder.path()).await;
    assert!(matches!(second, Err(Error::InUse)), "{second:?}");
    drop(first);
    assert!(Folder::open(folder.path()).await.is_ok());
}

#[tokio::test]
async fn a_pruning_leaves_nothing_of_what_it_forgot_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    store
        .put(put(id, "a", "Forgotten"), &cause())
        .await
        .unwrap();
    store
        .put(put(id, "a", "Remembered"), &cause())
        .await
        .unwrap();
    let after = Timestamp::from_millis(cause().at.millis() + 1);
    store.prune(after, &cause()).await.unwrap();
    drop(store);
    let journal = fs::read_to_string(root.join(".cal/journal")).unwrap();
    assert!(!journal.contains("Forgotten") && journal.contains("Remembered"));
    let store = open(root).await;
    let versions = store.versions(id, &ics("a"), PageRequest::first(9)).await;
    assert_eq!(versions.unwrap().items.len(), 1);
    assert_eq!(store.verify_audit(&[]).await.unwrap().broken, []);
}

#[tokio::test]
async fn a_journal_that_is_mostly_past_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    let long = "x".repeat(1 << 20);
    for round in 0..12 {
        let text = format!("{round} {long}");
        store.put(put(id, "a", &text), &cause()).await.unwrap();
        let before = Timestamp::from_millis(cause().at.millis() - 1);
        store.prune(before, &cause()).await.unwrap();
        store
            .delete(cal_store::Delete::new(id, ics("a")), &cause())
            .await
            .unwrap();
        let after = Timestamp::from_millis(cause().at.millis() + 1);
        store.prune(after, &cause()).await.unwrap();
    }
    let length = fs::metadata(root.join(".cal/journal")).unwrap().len();
    assert!(length < 1 << 20, "{length}");
}

#[tokio::test]
async fn files_that_a_killed_process_did_not_write_are_written_when_the_store_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    store.put(put(id, "a", "Before"), &cause()).await.unwrap();
    store.put(put(id, "a", "After"), &cause()).await.unwrap();
    drop(store);
    // As if the process had ended between the journal and the file.
    let journal = root.join(".cal/journal");
    let text = fs::read_to_string(&journal).unwrap();
    let (lines, last) = text.trim_end().rsplit_once('\n').unwrap();
    assert!(last.contains("Settled"));
    fs::write(&journal, format!("{lines}\n")).unwrap();
    fs::write(calendar(root).join("a.ics"), event("a", "Before")).unwrap();
    let store = open(root).await;
    let file = fs::read_to_string(calendar(root).join("a.ics")).unwrap();
    assert_eq!(file, event("a", "After"));
    let versions = store.versions(id, &ics("a"), PageRequest::first(9)).await;
    assert_eq!(versions.unwrap().items.len(), 2);
}
