//! The audit chains: one for a calendar, whoever writes it, and tampering is named.

use cal_store::{
    AuditAction, AuditChain, AuditFault, AuditReport, BrokenChain, Cause, CollectionId,
    NewPrincipal, PageRequest, Postgres, PrincipalName, Store, Timestamp,
};

use super::server::{client, database};
use crate::scene::{calendar_of_ada, cause, put};

async fn node(settings: &str) -> Store {
    Store::new(Postgres::connect(settings).await.unwrap())
}

async fn verified(store: &Store) -> AuditReport {
    let report = store.verify_audit(&[]).await.unwrap();
    assert_eq!(report.broken, [], "{report:?}");
    report
}

/// A cause so many seconds after that of the scene.
fn after(seconds: i64) -> Cause {
    let mut later = cause();
    later.at = Timestamp::from_millis(later.at.millis() + seconds * 1_000);
    later
}

/// Stores one object so many times, a second after the other.
async fn write(store: Store, calendar: CollectionId, uid: String, times: i64) {
    for step in 0..times {
        let put = put(calendar, &uid, &step.to_string());
        store.put(put, &after(step)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_two_nodes_write_into_one_calendar_is_one_chain_that_holds() {
    let Some(settings) = database().await else {
        return;
    };
    let (one, two) = (node(&settings).await, node(&settings).await);
    let calendar = calendar_of_ada(&one).await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = if writer % 2 == 0 { &one } else { &two };
            tokio::spawn(write(store.clone(), calendar, writer.to_string(), 20))
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    verified(&two).await;
    let chain = AuditChain::Collection(calendar);
    let page = one.audit(chain, 0, 1_000).await.unwrap();
    let numbers: Vec<_> = page.records.iter().map(|it| it.entry.number).collect();
    assert_eq!(numbers, (1..=160).collect::<Vec<_>>());
    assert_eq!(page.head.sequence, Some(160));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn principals_made_on_two_nodes_at_once_are_in_one_chain_that_holds() {
    let Some(settings) = database().await else {
        return;
    };
    let (one, two) = (node(&settings).await, node(&settings).await);
    let made: Vec<_> = (0..24)
        .map(|number| {
            let store = if number % 2 == 0 { &one } else { &two }.clone();
            let new = NewPrincipal::new(PrincipalName::new(format!("user-{number}")).unwrap());
            tokio::spawn(async move { store.create_principal(new, &cause()).await })
        })
        .collect();
    for principal in made {
        principal.await.unwrap().unwrap();
    }
    verified(&one).await;
    let page = two.audit(AuditChain::Store, 0, 1_000).await.unwrap();
    let created = |it: &cal_store::AuditRecord| it.entry.action == AuditAction::CreatePrincipal;
    assert_eq!(page.records.iter().filter(|it| created(it)).count(), 24);
    assert_eq!(page.head.number, 24);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn prunings_of_two_nodes_while_both_write_leave_every_chain_whole() {
    let Some(settings) = database().await else {
        return;
    };
    let (one, two) = (node(&settings).await, node(&settings).await);
    let calendar = calendar_of_ada(&one).await;
    let writers = [(&one, "a"), (&two, "b")]
        .map(|(store, uid)| tokio::spawn(write(store.clone(), calendar, uid.to_owned(), 60)));
    let prune = async |store: &Store| {
        for seconds in (5..60).step_by(5) {
            let before = after(seconds).at;
            store.prune(before, &after(seconds)).await.unwrap();
            verified(store).await;
        }
    };
    tokio::join!(prune(&one), prune(&two));
    for writer in writers {
        writer.await.unwrap();
    }
    let last = one.prune(after(55).at, &after(100)).await.unwrap();
    let report = verified(&two).await;
    assert!(report.pruned > 0, "{report:?}, {last:?}");
    // Each record is in the chain of the store, too.
    let prunings = two.prunings(PageRequest::first(100)).await.unwrap().items;
    let chain = one.audit(AuditChain::Store, 0, 1_000).await.unwrap();
    let told: Vec<_> = chain
        .records
        .iter()
        .filter(|it| it.entry.action == AuditAction::Prune)
        .map(|it| it.entry.name.clone())
        .collect();
    let kept: Vec<_> = prunings
        .iter()
        .rev()
        .map(cal_store::Pruning::summary)
        .collect();
    assert!(
        kept.ends_with(&told) && !told.is_empty(),
        "{kept:?} {told:?}"
    );
}

/// What is found after statements about the calendar `:c`, whose chain has five entries.
async fn fault(settings: &str, tamper: &str) -> AuditFault {
    let store = node(settings).await;
    let calendar = calendar_of_ada(&store).await;
    write(store.clone(), calendar, "a".to_owned(), 5).await;
    let tamper = tamper.replace(":c", &calendar.into_raw().to_string());
    client(settings).await.batch_execute(&tamper).await.unwrap();
    let report = store.verify_audit(&[]).await.unwrap();
    let [BrokenChain { chain, fault }] = &*report.broken else {
        panic!("{tamper}: {report:?}");
    };
    assert_eq!(*chain, AuditChain::Collection(calendar));
    *fault
}

#[tokio::test]
async fn tampering_with_the_tables_is_found_and_named() {
    const ENTRY: &str = "WHERE chain = :c AND number = 3";
    let altered = AuditFault::Altered { number: 3 };
    let sequence = 5;
    let cases = [
        (
            format!("UPDATE audit_entries SET at = at - 1 {ENTRY}"),
            altered,
        ),
        (
            format!("UPDATE audit_entries SET via = 'unheard of' {ENTRY}"),
            altered,
        ),
        (
            format!("UPDATE audit_entries SET action = 'unheard of' {ENTRY}"),
            altered,
        ),
        (
            format!("UPDATE audit_entries SET before = '\\x00' {ENTRY}"),
            altered,
        ),
        (
            format!("UPDATE audit_entries SET hash = '\\x00' {ENTRY}"),
            altered,
        ),
        (
            format!("DELETE FROM audit_entries {ENTRY}"),
            AuditFault::Removed { first: 3, last: 3 },
        ),
        (
            "UPDATE audit_chains SET hash = '\\x00' WHERE chain = :c".to_owned(),
            AuditFault::WrongEnd { number: 5 },
        ),
        (
            "DELETE FROM audit_entries WHERE chain = :c; \
             DELETE FROM audit_chains WHERE chain = :c"
                .to_owned(),
            AuditFault::WrongSequence {
                number: 0,
                sequence,
            },
        ),
        (
            "INSERT INTO audit_entries SELECT workspace_id, chain, 6, at, via, principal, note, \
             action, subject, name, before, after, hash FROM audit_entries \
             WHERE chain = :c AND number = 5"
                .to_owned(),
            AuditFault::Inserted { number: 6, last: 5 },
        ),
    ];
    for (tamper, expected) in cases {
        let Some(settings) = database().await else {
            return;
        };
        assert_eq!(fault(&settings, &tamper).await, expected, "{tamper}");
    }
}
