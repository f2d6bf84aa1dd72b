//! The state in a folder.

use cal_sync::endpoint::Place;
use cal_sync::simulate::{Collection, Habit};
use cal_sync::{
    Body, Error, Half, Identity, ItemId, Journal, Link, Mapping, Pair, Record, State, StateStore,
    Uid, Version,
};

use crate::pair::{event, run};

fn link(number: usize, body: &str) -> Record {
    let half = |side: &str| Half {
        place: Place {
            id: ItemId::new(format!("{side}{number}")),
            version: Version::new(format!("\"{number}\"")),
        },
        base: Body::from(body),
    };
    let link = Link::new(Pair::new(half("a"), half("b")));
    Record::Link(Uid::new(number.to_string()), Box::new(link))
}

#[tokio::test]
async fn what_was_recorded_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    assert_eq!(journal.load().await.unwrap(), State::new());
    let identities = Pair::new(Identity::new("x"), Identity::new("y"));
    journal
        .record(vec![Record::Bind(identities.clone()), link(1, "one")])
        .await
        .unwrap();
    journal
        .record(vec![link(2, "two"), Record::Unlink(Uid::new("1"))])
        .await
        .unwrap();
    let state = Journal::open(folder.path()).unwrap().load().await.unwrap();
    assert_eq!(state.identities, Some(identities));
    assert_eq!(
        Vec::from_iter(state.links.keys().map(ToString::to_string)),
        ["2"]
    );
}

#[tokio::test]
async fn a_line_that_a_crash_cut_off_never_counted_and_spoils_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    journal.record(vec![link(1, "one")]).await.unwrap();
    let path = folder.path().join("journal.jsonl");
    let whole = std::fs::read(&path).unwrap();
    journal.record(vec![link(2, "two")]).await.unwrap();
    let longer = std::fs::read(&path).unwrap();
    for cut in whole.len()..longer.len() {
        std::fs::remove_file(folder.path().join("state.json")).ok();
        std::fs::write(&path, &longer[..cut]).unwrap();
        assert_eq!(journal.load().await.unwrap().links.len(), 1, "cut at {cut}");
        journal.record(vec![link(3, "three")]).await.unwrap();
        assert_eq!(journal.load().await.unwrap().links.len(), 2, "cut at {cut}");
    }
}

#[tokio::test]
async fn damage_is_an_error_and_not_an_empty_state() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    journal
        .record(vec![link(1, "one"), link(2, "two")])
        .await
        .unwrap();
    let path = folder.path().join("journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"link\"", "\"lin", 1)).unwrap();
    assert!(matches!(journal.load().await, Err(Error::State { .. })));
    std::fs::write(folder.path().join("state.json"), "").unwrap();
    assert!(matches!(journal.load().await, Err(Error::State { .. })));
}

#[tokio::test]
async fn a_journal_that_has_grown_is_folded_into_the_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let large = "x".repeat(2000);
    let records = (0..600).map(|number| link(number, &large)).collect();
    journal.record(records).await.unwrap();
    let state = journal.load().await.unwrap();
    let path = folder.path().join("journal.jsonl");
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
    journal
        .record(vec![Record::Unlink(Uid::new("7"))])
        .await
        .unwrap();
    let again = journal.load().await.unwrap();
    assert_eq!((state.links.len(), again.links.len()), (600, 599));
}

#[tokio::test]
async fn the_lock_holds_between_processes_and_is_given_up_when_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let one = Journal::open(folder.path()).unwrap();
    let other = Journal::open(folder.path()).unwrap();
    let lock = one.lock().await.unwrap();
    assert!(matches!(other.lock().await, Err(Error::Locked)));
    drop(lock);
    assert!(other.lock().await.is_ok());
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let mut record = link(1, "");
    if let Record::Link(_, link) = &mut record {
        let mut half = link.half(cal_sync::Side::A).clone();
        half.base = Body::from(vec![0xFF, 0x00, b'x']);
        **link = Link::new(Pair::new(half, link.half(cal_sync::Side::B).clone()));
    }
    journal.record(vec![record.clone()]).await.unwrap();
    let mut expected = State::new();
    expected.apply(record);
    assert_eq!(journal.load().await.unwrap(), expected);
}

#[tokio::test]
async fn a_mapping_goes_on_from_a_journal_as_from_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (
        Collection::new("a", Habit::Faithful),
        Collection::new("b", Habit::Faithful),
    );
    a.put("1", event("1", "SUMMARY:Old"));
    let sync = || async {
        let journal = Journal::open(folder.path()).unwrap();
        Mapping::new(a.clone(), b.clone())
            .run(&journal, &run())
            .await
            .unwrap()
            .writes()
    };
    assert_eq!((sync().await, sync().await), (1, 0));
    assert!(b.take("1"));
    assert_eq!((sync().await, sync().await), (1, 0));
    assert!(a.bodies().is_empty());
}
