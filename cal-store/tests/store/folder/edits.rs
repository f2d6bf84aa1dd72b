//! Files that others change, remove and add.

use std::fs;
use std::path::Path;

use cal_store::{
    CollectionId, Durability, Effect, Folder, ObjectName, PageRequest, Put, Store, Subject, Via,
};

use super::{calendar, open};
use crate::scene::{calendar_of_ada, cause, event, ics, put};

/// A store with two events, closed.
async fn two_events(root: &Path) {
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    for uid in ["a", "b"] {
        store
            .put(put(id, uid, "As it was"), &cause())
            .await
            .unwrap();
    }
}

async fn names(store: &Store, id: CollectionId) -> Vec<String> {
    let entries = store.entries(id, PageRequest::first(100)).await.unwrap();
    let names = entries
        .items
        .into_iter()
        .map(|entry| entry.name.to_string());
    names.collect()
}

async fn body(store: &Store, id: CollectionId, name: &ObjectName) -> String {
    let object = store.object(id, name).await.unwrap().unwrap();
    String::from_utf8(object.body.to_vec()).unwrap()
}

#[tokio::test]
async fn a_file_that_was_edited_while_the_store_was_closed_is_a_change_with_its_own_cause() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    fs::write(calendar(root).join("a.ics"), event("a", "By hand")).unwrap();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    assert!(body(&store, id, &ics("a")).await.contains("By hand"));
    let versions = store.versions(id, &ics("a"), PageRequest::first(9)).await;
    let versions = versions.unwrap().items;
    let ways: Vec<_> = versions.iter().map(|version| version.made.via).collect();
    assert_eq!(ways, [Via::Folder, Via::Dav]);
    assert_eq!(store.verify_audit(&[]).await.unwrap().broken, []);
}

#[tokio::test]
async fn a_file_that_is_edited_added_or_removed_while_the_store_is_open_is_noticed_and_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    let token = store.collection(id).await.unwrap().unwrap().token;
    let mut changes = store.subscribe();
    fs::remove_file(calendar(root).join("a.ics")).unwrap();
    fs::write(calendar(root).join("c.ics"), event("c", "New")).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(names(&store, id).await, ["b.ics", "c.ics"]);
    let page = store.changes(id, Some(&token), 10).await.unwrap();
    let changed: Vec<_> = page.changes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(changed, ["a.ics", "c.ics"]);
    let told = changes.try_recv().unwrap();
    assert_eq!(told.subject, Subject::Object(id, ics("a")));
    assert_eq!(
        (told.effect, told.cause.via),
        (Effect::Deleted, Via::Folder)
    );
}

#[tokio::test]
async fn an_empty_or_cut_off_file_is_neither_an_edit_nor_a_deletion() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    let whole = event("b", "Cut off");
    for cut in [0, 1, 40, whole.len() - 20] {
        fs::write(calendar(root).join("b.ics"), &whole.as_bytes()[..cut]).unwrap();
        let store = open(root).await;
        let id = calendar_of_ada(&store).await;
        assert!(
            body(&store, id, &ics("b")).await.contains("As it was"),
            "{cut}"
        );
        let versions = store.versions(id, &ics("b"), PageRequest::first(9)).await;
        assert_eq!(versions.unwrap().items.len(), 1, "{cut}");
    }
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    store
        .put(put(id, "b", "Whole again"), &cause())
        .await
        .unwrap();
    let file = fs::read_to_string(calendar(root).join("b.ics")).unwrap();
    assert_eq!(file, event("b", "Whole again"));
}

#[tokio::test]
async fn all_files_gone_at_once_are_a_mistake_and_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    fs::remove_dir_all(calendar(root)).unwrap();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    assert_eq!(names(&store, id).await, ["a.ics", "b.ics"]);
    for uid in ["a", "b"] {
        let file = fs::read_to_string(calendar(root).join(format!("{uid}.ics"))).unwrap();
        assert_eq!(file, event(uid, "As it was"));
    }
}

#[tokio::test]
async fn a_file_that_was_renamed_keeps_its_uid_under_the_new_name() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    fs::rename(calendar(root).join("a.ics"), calendar(root).join("z.ics")).unwrap();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    assert_eq!(names(&store, id).await, ["b.ics", "z.ics"]);
}

#[tokio::test]
async fn an_edit_made_just_before_a_write_is_not_overwritten_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    let seen = store
        .object(id, &ics("a"))
        .await
        .unwrap()
        .unwrap()
        .entry
        .etag;
    fs::write(calendar(root).join("a.ics"), event("a", "By hand")).unwrap();
    let late = put(id, "a", "By a client");
    let late = late.with_precondition(cal_store::Precondition::Matches(vec![seen]));
    assert!(store.put(late, &cause()).await.is_err());
    assert!(body(&store, id, &ics("a")).await.contains("By hand"));
}

#[tokio::test]
async fn a_file_with_the_uid_of_another_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    fs::write(calendar(root).join("copy.ics"), event("a", "A copy")).unwrap();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    assert_eq!(names(&store, id).await, ["a.ics", "b.ics"]);
    assert!(calendar(root).join("copy.ics").exists());
}

#[tokio::test]
async fn what_vdir_readers_call_a_calendar_is_its_name_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    let changes = cal_store::CollectionChanges {
        display_name: Some(Some("Work".to_owned())),
        color: Some(Some("#aabbcc".to_owned())),
        ..Default::default()
    };
    store
        .update_collection(id, changes, &cause())
        .await
        .unwrap();
    drop(store);
    let file = |name| calendar(root).join(name);
    assert_eq!(fs::read_to_string(file("displayname")).unwrap(), "Work");
    assert_eq!(fs::read_to_string(file("color")).unwrap(), "#aabbcc");
    fs::write(file("displayname"), "Play\n").unwrap();
    fs::write(file("color"), "").unwrap();
    let store = open(root).await;
    let details = store.collection(id).await.unwrap().unwrap().details;
    assert_eq!(details.display_name.as_deref(), Some("Play"));
    assert_eq!(details.color.as_deref(), Some("#aabbcc"));
}

/// somebody who writes halves while the store is read.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_of_halves_corrupts_nothing_and_deletes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    let backend = Folder::open_with(root, Durability::Process).await.unwrap();
    let file = calendar(root).join("a.ics");
    let writer = std::thread::spawn(move || {
        for round in 0..200 {
            let whole = event("a", &format!("Round {round}"));
            let half = whole.len() / 2;
            fs::write(&file, &whole.as_bytes()[..half]).unwrap();
            fs::write(&file, &whole).unwrap();
        }
    });
    while !writer.is_finished() {
        backend.rescan().await.unwrap();
    }
    writer.join().unwrap();
    backend.rescan().await.unwrap();
    let store = Store::new(backend);
    let id = calendar_of_ada(&store).await;
    assert_eq!(body(&store, id, &ics("a")).await, event("a", "Round 199"));
    let versions = store
        .versions(id, &ics("a"), PageRequest::first(1000))
        .await;
    for version in versions.unwrap().items {
        let found = store.version(id, &ics("a"), version.id).await.unwrap();
        let text = String::from_utf8(found.unwrap().body.to_vec()).unwrap();
        assert!(text.ends_with("END:VCALENDAR\r\n"), "{text}");
    }
}

#[tokio::test]
async fn a_calendar_that_is_renamed_takes_its_files_along_and_a_deleted_one_takes_them_away() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    two_events(root).await;
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    let home = store.collection(id).await.unwrap().unwrap().parent.unwrap();
    let from = cal_store::Place {
        collection: home,
        name: ObjectName::new("calendar").unwrap(),
    };
    let to = cal_store::Place {
        collection: home,
        name: ObjectName::new("renamed").unwrap(),
    };
    let relocate = cal_store::Relocate::new(cal_store::Relocation::Move, from, to);
    store.relocate(&relocate, &cause()).await.unwrap();
    assert!(!calendar(root).exists());
    assert_eq!(
        fs::read_to_string(root.join("ada/renamed/a.ics")).unwrap(),
        event("a", "As it was")
    );
    fs::write(root.join("ada/renamed/notes.txt"), "mine").unwrap();
    store.delete_collection(id, &cause()).await.unwrap();
    assert!(!root.join("ada/renamed").exists());
    let left = root.join(".cal/left").join(id.to_string());
    assert_eq!(fs::read_to_string(left.join("notes.txt")).unwrap(), "mine");
    drop(store);
    let store = open(root).await;
    let put = Put::new(home, ObjectName::new("renamed").unwrap(), "a file");
    store.put(put, &cause()).await.unwrap();
    assert_eq!(
        fs::read_to_string(root.join("ada/renamed")).unwrap(),
        "a file"
    );
}
