//! Tampering with the file is found, and named.

use cal_store::{
    AuditChain, AuditFault, AuditReport, BrokenChain, Cause, CollectionId, Sqlite, Store,
    Timestamp, Via,
};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::scene::{calendar_of_ada, cause, put};

/// A store whose calendar has five audited changes, and a hand on its file.
struct Tampered {
    _folder: TempDir,
    store: Store,
    calendar: CollectionId,
    connection: Connection,
}

impl Tampered {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cal.db");
        let store = Store::new(Sqlite::open(&path).await.unwrap());
        let calendar = calendar_of_ada(&store).await;
        for text in ["One", "Two", "Three", "Four", "Five"] {
            let mut cause = cause().with_note(text);
            cause.via = Via::Api;
            store.put(put(calendar, "a", text), &cause).await.unwrap();
        }
        Self {
            _folder: folder,
            store,
            calendar,
            connection: Connection::open(&path).unwrap(),
        }
    }

    /// Runs statements about the calendar `:c` on the file itself.
    fn tamper(&self, sql: &str) {
        let id = self.calendar.into_raw().to_string();
        self.connection
            .execute_batch(&sql.replace(":c", &id))
            .unwrap();
    }

    async fn report(&self) -> AuditReport {
        self.store.verify_audit(&[]).await.unwrap()
    }

    /// The one thing that is found, in the chain of the calendar.
    async fn fault(&self) -> AuditFault {
        let report = self.report().await;
        let [BrokenChain { chain, fault }] = &*report.broken else {
            panic!("{report:?}");
        };
        assert_eq!(*chain, AuditChain::Collection(self.calendar));
        *fault
    }
}

#[tokio::test]
async fn chains_that_nobody_touched_hold() {
    let tampered = Tampered::new().await;
    let report = tampered.report().await;
    assert_eq!(report.broken, []);
    assert!(report.entries > 5 && report.chains >= 3, "{report:?}");
}

#[tokio::test]
async fn any_column_of_a_row_that_was_changed_is_found() {
    let changes = [
        "at = at - 1",
        "via = 'dav'",
        "via = 'unheard of'",
        "principal = 'bob'",
        "note = NULL",
        "note = ''",
        "action = 'delete'",
        "action = 'unheard of'",
        "subject = 7",
        "name = 'b.ics'",
        "before = NULL",
        "after = before",
        "hash = zeroblob(32)",
        "hash = x'00'",
    ];
    for change in changes {
        let tampered = Tampered::new().await;
        tampered.tamper(&format!(
            "UPDATE audit_entries SET {change} WHERE chain = :c AND number = 3"
        ));
        let fault = tampered.fault().await;
        assert_eq!(fault, AuditFault::Altered { number: 3 }, "{change}");
    }
}

#[tokio::test]
async fn rows_that_were_removed_are_found() {
    let cases = [
        ("number = 1", (1, 1)),
        ("number IN (2, 3)", (2, 3)),
        ("number = 5", (5, 5)),
        ("number >= 1", (1, 5)),
    ];
    for (which, (first, last)) in cases {
        let tampered = Tampered::new().await;
        tampered.tamper(&format!(
            "DELETE FROM audit_entries WHERE chain = :c AND {which}"
        ));
        let fault = tampered.fault().await;
        assert_eq!(fault, AuditFault::Removed { first, last }, "{which}");
    }
}

#[tokio::test]
async fn a_chain_that_was_cut_with_its_head_is_found_by_its_collection() {
    let tampered = Tampered::new().await;
    tampered.tamper(
        "DELETE FROM audit_entries WHERE chain = :c AND number > 3;
         UPDATE audit_chains SET number = 3, hash = (SELECT hash FROM audit_entries
         WHERE chain = :c AND number = 3) WHERE chain = :c",
    );
    let (number, sequence) = (3, 5);
    let expected = AuditFault::WrongSequence { number, sequence };
    assert_eq!(tampered.fault().await, expected);
}

#[tokio::test]
async fn a_chain_that_is_gone_is_found_by_its_collection() {
    let tampered = Tampered::new().await;
    tampered.tamper(
        "DELETE FROM audit_entries WHERE chain = :c; DELETE FROM audit_chains WHERE chain = :c",
    );
    let (number, sequence) = (0, 5);
    let expected = AuditFault::WrongSequence { number, sequence };
    assert_eq!(tampered.fault().await, expected);
}

#[tokio::test]
async fn a_chain_that_is_gone_with_its_collection_is_found_by_the_head_that_was_noted() {
    let tampered = Tampered::new().await;
    let chain = AuditChain::Collection(tampered.calendar);
    let noted = tampered.store.audit(chain, 0, 1).await.unwrap().head;
    tampered.tamper(
        "DELETE FROM audit_entries WHERE chain = :c; DELETE FROM audit_chains WHERE chain = :c;
         DELETE FROM objects WHERE collection_id = :c;
         UPDATE collections SET sequence = 0 WHERE collection_id = :c",
    );
    assert_eq!(tampered.report().await.broken, [], "it holds by itself");
    let report = tampered.store.verify_audit(&[noted]).await.unwrap();
    let fault = AuditFault::Removed { first: 1, last: 5 };
    assert_eq!(report.broken, [BrokenChain { chain, fault }]);
}

#[tokio::test]
async fn a_row_that_was_inserted_is_found() {
    let copy = |number: u32| {
        format!(
            "INSERT INTO audit_entries SELECT workspace_id, chain, {number}, at, via, principal,
             note, action, subject, name, before, after, hash FROM audit_entries
             WHERE chain = :c AND number = 3"
        )
    };
    let tampered = Tampered::new().await;
    tampered.tamper(&copy(6));
    let (number, last) = (6, 5);
    let expected = AuditFault::Inserted { number, last };
    assert_eq!(tampered.fault().await, expected);

    let tampered = Tampered::new().await;
    tampered.tamper(&format!(
        "UPDATE audit_entries SET number = -number - 1 WHERE chain = :c AND number > 3;
         UPDATE audit_entries SET number = -number WHERE chain = :c AND number < 0; {};
         UPDATE audit_chains SET number = 6 WHERE chain = :c",
        copy(4)
    ));
    assert_eq!(tampered.fault().await, AuditFault::Altered { number: 4 });
}

#[tokio::test]
async fn rows_that_changed_places_are_found() {
    let tampered = Tampered::new().await;
    tampered.tamper(
        "UPDATE audit_entries SET number = -2 WHERE chain = :c AND number = 2;
         UPDATE audit_entries SET number = 2 WHERE chain = :c AND number = 3;
         UPDATE audit_entries SET number = 3 WHERE chain = :c AND number = -2",
    );
    assert_eq!(tampered.fault().await, AuditFault::Altered { number: 2 });
}

#[tokio::test]
async fn a_row_made_to_fit_the_one_before_it_is_found_by_the_one_after_it() {
    let tampered = Tampered::new().await;
    let chain = AuditChain::Collection(tampered.calendar);
    let page = tampered.store.audit(chain, 1, 2).await.unwrap();
    let [before, forged] = &*page.records else {
        panic!("{page:?}");
    };
    let mut entry = forged.entry.clone();
    entry.name = "b.ics".to_owned();
    let hash = entry.hash(&before.hash);
    let forge =
        "UPDATE audit_entries SET name = 'b.ics', hash = ?2 WHERE chain = ?1 AND number = 3";
    let row = (tampered.calendar.into_raw(), hash.as_bytes());
    tampered.connection.execute(forge, row).unwrap();
    assert_eq!(tampered.fault().await, AuditFault::Altered { number: 4 });
}

#[tokio::test]
async fn a_head_or_an_anchor_that_was_changed_is_found() {
    let tampered = Tampered::new().await;
    tampered.tamper("UPDATE audit_chains SET hash = zeroblob(32) WHERE chain = :c");
    assert_eq!(tampered.fault().await, AuditFault::WrongEnd { number: 5 });
    let tampered = Tampered::new().await;
    tampered.tamper("UPDATE audit_chains SET anchor = x'01' WHERE chain = :c");
    tampered.tamper("UPDATE audit_chains SET pruned = 2 WHERE chain = :c");
    assert_eq!(tampered.fault().await, AuditFault::Altered { number: 1 });
}

#[tokio::test]
async fn a_chain_whose_anchor_to_be_was_removed_stays_as_it_is_when_all_else_is_pruned() {
    let tampered = Tampered::new().await;
    tampered.tamper("DELETE FROM audit_entries WHERE chain = :c AND number = 5");
    let late = Timestamp::from_millis(cause().at.millis() + 1_000);
    let upkeep = Cause::new(Via::System, late);
    let pruned = tampered.store.prune(late, &upkeep).await.unwrap();
    assert_eq!(pruned.versions, 4);
    let fault = tampered.fault().await;
    assert_eq!(fault, AuditFault::Removed { first: 5, last: 5 });
    let chain = AuditChain::Collection(tampered.calendar);
    let page = tampered.store.audit(chain, 0, 10).await.unwrap();
    assert_eq!(page.records.len(), 4);
}
