//! The audit chains.

use super::scene::{Scene, at, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq};
use crate::{
    AppToken, AuditAction, AuditChain, AuditEntry, AuditHead, AuditReport, CollectionChanges,
    CollectionName, MoveCollection, NewCollection, NewPrincipal, PageRequest, PasswordHash,
    Precondition, PrincipalChanges, PrincipalName, PropertyChanges, Put, Store, Timestamp,
    TokenHash, TokenId,
};

async fn entries(store: &Store, chain: AuditChain) -> Result<Vec<AuditEntry>, Broken> {
    let page = store.audit(chain, 0, 10_000).await?;
    Ok(page
        .records
        .into_iter()
        .map(|record| record.entry)
        .collect())
}

async fn verified(store: &Store) -> Result<AuditReport, Broken> {
    let report = store.verify_audit(&[]).await?;
    ensure!(report.broken.is_empty(), "a chain is broken: {report:?}");
    Ok(report)
}

pub(super) async fn chains_changes_of_members(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let chain = AuditChain::Collection(scene.calendar);
    let name = ics("a")?;
    let by_ada = cause(3).with_principal(&scene.ada.name).with_note("phone");
    let first = scene.put("a", "One").await?;
    // What changes nothing, or is refused, leaves no trace.
    scene.put("a", "One").await?;
    let absent = Put::new(scene.calendar, name.clone(), event("a", "No"))
        .with_precondition(Precondition::Absent);
    ensure!(store.put(absent, &cause(2)).await.is_err(), "not refused");
    let put = Put::new(scene.calendar, name.clone(), event("a", "Two"));
    let second = store.put(put, &by_ada).await?;
    store
        .update_properties(scene.calendar, &name, PropertyChanges::default(), &cause(4))
        .await?;
    let last = scene.delete("a").await?;

    let found = entries(store, chain).await?;
    let seen: Vec<_> = found
        .iter()
        .map(|entry| (entry.number, entry.action, entry.before, entry.after))
        .collect();
    let (one, two) = (Some(first.etag), Some(second.etag));
    let expected = [
        (1, AuditAction::Put, None, one),
        (2, AuditAction::Put, one, two),
        (3, AuditAction::ObjectProperties, two, two),
        (4, AuditAction::Delete, two, None),
    ];
    ensure_eq!(seen, expected, "the entries");
    ensure_eq!(last.sequence(), 4, "the sequence of the last change");
    let causes: Vec<_> = found.iter().map(|entry| (*entry.cause).clone()).collect();
    ensure_eq!(causes.get(1), Some(&by_ada), "who made a change");
    ensure!(
        found.iter().all(|entry| entry.name == "a.ics"),
        "entries have another name: {found:?}"
    );
    let page = store.audit(chain, 1, 2).await?;
    let numbers: Vec<_> = page.records.iter().map(|it| it.entry.number).collect();
    ensure_eq!(numbers, [2, 3], "a page of the chain");
    ensure!(page.more, "the page says that it is the last");
    verified(store).await.map(drop)
}

pub(super) async fn chains_changes_of_collections(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let home = scene.home.id;
    let before = entries(store, AuditChain::Collection(home)).await?.len();
    let folder = scene.folder("folder").await?;
    let new = NewCollection::plain(home, CollectionName::new("work")?);
    let id = new.id;
    store.create_collection(new, &cause(1)).await?;
    let place = |parent, name| {
        Ok::<_, crate::Error>(MoveCollection {
            id,
            parent,
            name: CollectionName::new(name)?,
        })
    };
    let details = CollectionChanges::default();
    store
        .update_collection(id, details.clone(), &cause(2))
        .await?;
    let moved = place(folder, "moved")?;
    store.move_collection(moved, &cause(3)).await?;
    store.delete_collection(id, &cause(4)).await?;
    let back = place(home, "back")?;
    store.restore_collection(back, &cause(5)).await?;
    store.update_collection(home, details, &cause(6)).await?;

    let of = |entry: &AuditEntry| (entry.action, entry.name.clone(), entry.subject);
    let subject = Some(id.into_raw());
    let in_home = entries(store, AuditChain::Collection(home)).await?;
    let in_home: Vec<_> = in_home.iter().skip(before + 1).map(of).collect();
    let expected = [
        (AuditAction::CreateCollection, "work".to_owned(), subject),
        (AuditAction::UpdateCollection, "work".to_owned(), subject),
        (AuditAction::CollectionLeft, "work".to_owned(), subject),
        (AuditAction::RestoreCollection, "back".to_owned(), subject),
    ];
    ensure_eq!(in_home, expected, "the entries of the home");
    let in_folder = entries(store, AuditChain::Collection(folder)).await?;
    let in_folder: Vec<_> = in_folder.iter().map(of).collect();
    let expected = [
        (AuditAction::CollectionArrived, "moved".to_owned(), subject),
        (AuditAction::TrashCollection, "moved".to_owned(), subject),
    ];
    ensure_eq!(in_folder, expected, "the entries of the folder");
    let of_store = entries(store, AuditChain::Store).await?;
    let last = of_store.last().map(|entry| (entry.action, entry.subject));
    let expected = Some((AuditAction::UpdateCollection, Some(home.into_raw())));
    ensure_eq!(last, expected, "the change of a home");
    verified(store).await.map(drop)
}

pub(super) async fn chains_changes_of_principals(store: &Store) -> Outcome {
    let bob = NewPrincipal::new(PrincipalName::new("bob")?);
    let bob = store.create_principal(bob, &cause(1)).await?;
    let hash = PasswordHash::new("$argon2id$x");
    store.set_password(bob.id, Some(hash), &cause(2)).await?;
    let token = AppToken {
        id: TokenId::random(),
        principal: bob.id,
        label: "phone".to_owned(),
        hash: TokenHash::new(*b"token"),
        scope: String::new(),
        created: Timestamp::from_millis(0),
        expires: None,
    };
    store.add_token(token.clone(), &cause(3)).await?;
    store.revoke_token(bob.id, token.id, &cause(4)).await?;
    let changes = PrincipalChanges {
        name: Some(PrincipalName::new("rob")?),
        ..PrincipalChanges::default()
    };
    store.update_principal(bob.id, changes, &cause(5)).await?;
    store.remove_principal(bob.id, &cause(6)).await?;

    let found = entries(store, AuditChain::Store).await?;
    let seen: Vec<_> = found
        .iter()
        .map(|entry| (entry.action, &*entry.name, entry.subject))
        .collect();
    let (id, token) = (Some(bob.id.into_raw()), Some(token.id.into_raw()));
    let expected = [
        (AuditAction::CreatePrincipal, "bob", id),
        (AuditAction::Password, "bob", id),
        (AuditAction::AddToken, "phone", token),
        (AuditAction::RevokeToken, "phone", token),
        (AuditAction::UpdatePrincipal, "rob", id),
        (AuditAction::RemovePrincipal, "rob", id),
    ];
    ensure_eq!(seen, expected, "the entries");
    let numbers: Vec<_> = found.iter().map(|entry| entry.number).collect();
    ensure_eq!(numbers, [1, 2, 3, 4, 5, 6], "their numbers");
    // What the principal had is gone, but not the chains about it.
    let chains = store.audit_chains(PageRequest::first(100)).await?.items;
    ensure!(chains.len() >= 2, "chains went with their principal");
    verified(store).await.map(drop)
}

pub(super) async fn keeps_chains_whole_through_pruning(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let chain = AuditChain::Collection(scene.calendar);
    for (seconds, text) in [(10, "One"), (20, "Two"), (30, "Three")] {
        let put = Put::new(scene.calendar, ics("a")?, event("a", text));
        store.put(put, &cause(seconds)).await?;
    }
    let before = store.audit(chain, 0, 10).await?;
    let second = before.records.get(1).map(|record| record.hash);
    let pruned = store.prune(at(25), &cause(40)).await?;
    ensure!(
        pruned.audit_entries >= 2,
        "entries that were pruned: {pruned:?}"
    );
    let after = store.audit(chain, 0, 10).await?;
    let numbers: Vec<_> = after.records.iter().map(|it| it.entry.number).collect();
    ensure_eq!(numbers, [3], "entries that are left");
    ensure_eq!(after.head.pruned, 2, "up to where it was pruned");
    ensure_eq!(Some(after.head.anchor), second, "what it is anchored to");
    ensure_eq!(after.head.hash, before.head.hash, "where the chain stands");
    let last = entries(store, AuditChain::Store).await?.pop();
    let last = last.map(|entry| (entry.action, entry.name));
    let record = store.prunings(PageRequest::first(1)).await?.items.pop();
    let record = record.map(|record| (AuditAction::Prune, record.summary()));
    ensure_eq!(last, record, "the entry about the pruning");
    let report = verified(store).await?;
    ensure_eq!(
        report.pruned,
        pruned.audit_entries,
        "entries that were pruned"
    );

    // All of a chain may go; the next change goes on from its anchor.
    store.prune(at(35), &cause(50)).await?;
    verified(store).await?;
    let put = Put::new(scene.calendar, ics("a")?, event("a", "Four"));
    store.put(put, &cause(60)).await?;
    let after = store.audit(chain, 0, 10).await?;
    let numbers: Vec<_> = after.records.iter().map(|it| it.entry.number).collect();
    ensure_eq!(numbers, [4], "entries after the pruning");
    verified(store).await.map(drop)
}

pub(super) async fn proves_heads_that_were_noted(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let chain = AuditChain::Collection(scene.calendar);
    scene.put("a", "One").await?;
    let noted = store.audit(chain, 0, 1).await?.head;
    scene.put("a", "Two").await?;
    let report = store.verify_audit(&[noted]).await?;
    ensure!(report.broken.is_empty(), "a true head: {report:?}");
    let wrong = [
        AuditHead {
            hash: crate::AuditHash::from_bytes([7; 32]),
            ..noted
        },
        AuditHead {
            number: 99,
            ..noted
        },
        AuditHead {
            chain: AuditChain::Collection(crate::CollectionId::from_raw(1)),
            ..noted
        },
    ];
    for head in wrong {
        let report = store.verify_audit(&[head]).await?;
        let broken: Vec<_> = report.broken.iter().map(|broken| broken.chain).collect();
        ensure_eq!(
            broken,
            [head.chain],
            "chains without the head that was noted"
        );
    }
    Ok(())
}
