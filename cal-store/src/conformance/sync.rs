//! The log and its tokens.

use std::collections::BTreeMap;

use super::scene::{Scene, at, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionChanges, CollectionId, CollectionName, ETag, Epoch, Error, MemberState,
    NewCollection, PageRequest, Put, Store, SyncPage, SyncToken, TokenFault,
};

/// What a client that follows tokens knows.
#[derive(Debug, Default, PartialEq)]
struct Mirror(BTreeMap<String, ETag>);

impl Mirror {
    fn apply(&mut self, page: &SyncPage) {
        for change in &page.changes {
            match &change.state {
                MemberState::Object(entry) => {
                    self.0.insert(change.name.to_string(), entry.etag);
                }
                MemberState::Collection(_) | MemberState::Gone => {
                    self.0.remove(change.name.as_str());
                }
            }
        }
    }

    /// What a full listing tells.
    async fn listed(store: &Store, calendar: CollectionId) -> Result<Self, Broken> {
        let entries = store.entries(calendar, PageRequest::first(10_000)).await?;
        let entries = entries.items.into_iter();
        Ok(Self(
            entries
                .map(|entry| (entry.name.to_string(), entry.etag))
                .collect(),
        ))
    }
}

/// The names of a page, with a mark for those that are gone.
fn names(page: &SyncPage) -> Vec<String> {
    let names = page.changes.iter().map(|change| match change.state {
        MemberState::Gone => format!("-{}", change.name),
        MemberState::Object(_) | MemberState::Collection(_) => change.name.to_string(),
    });
    names.collect()
}

pub(super) async fn follows_tokens(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let start = scene.token().await?;
    scene.put("a", "A").await?;
    scene.put("b", "B").await?;
    scene.put("a", "A again").await?;
    let page = scene.changes(Some(&start)).await?;
    ensure_eq!(names(&page), ["b.ics", "a.ics"], "changes, each name once");
    ensure!(!page.more, "more changes than there are");
    ensure_eq!(
        page.token,
        scene.token().await?,
        "the token after all changes"
    );
    let middle = page.token;

    scene.put("c", "C").await?;
    scene.delete("c").await?;
    scene.delete("a").await?;
    scene.put("b", "B again").await?;
    let page = scene.changes(Some(&middle)).await?;
    ensure_eq!(
        names(&page),
        ["-c.ics", "-a.ics", "b.ics"],
        "deletions and a change"
    );
    scene.put("a", "A is back").await?;
    let page = scene.changes(Some(&middle)).await?;
    ensure_eq!(
        names(&page),
        ["-c.ics", "b.ics", "a.ics"],
        "what was deleted and made again"
    );
    let first = scene.changes(None).await?;
    ensure_eq!(
        names(&first),
        ["b.ics", "a.ics"],
        "everything, without what is gone"
    );
    ensure_eq!(first.token, page.token, "the token of a first listing");
    Ok(())
}

pub(super) async fn refuses_foreign_tokens(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let token = scene.put("a", "A").await?.token;
    let (epoch, id, sequence) = (store.epoch(), scene.calendar, token.sequence());
    let other_epoch = Epoch::from_raw(epoch.into_raw() ^ 1);
    let home = store.home(scene.ada.id).await?;
    let cases = [
        (SyncToken::new(other_epoch, id, sequence), TokenFault::Epoch),
        (SyncToken::new(epoch, home.id, 0), TokenFault::Collection),
        (SyncToken::new(epoch, id, sequence + 1), TokenFault::Future),
        (token.with_horizon(sequence + 1), TokenFault::Future),
        (SyncToken::new(epoch, id, u64::MAX), TokenFault::Future),
    ];
    for (token, expected) in cases {
        match store.changes(id, Some(&token), 10).await {
            Err(Error::InvalidToken(fault)) => ensure_eq!(fault, expected, "what is wrong"),
            other => return Err(Broken::new(format!("{expected:?} token: {other:?}"))),
        }
    }
    let gone = CollectionId::random();
    let refused = store.changes(gone, None, 10).await;
    ensure_refused!(refused, Error::NotFound, "changes of nothing");
    let read_back: SyncToken = token.to_string().parse()?;
    ensure_eq!(read_back, token, "a token read back from its text");
    Ok(())
}

pub(super) async fn moves_the_token_with_changes_only(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let mut seen = vec![scene.token().await?];
    for step in 0..6 {
        match step {
            0 | 1 => drop(scene.put("a", &format!("{step}")).await?),
            2 => drop(scene.delete("a").await?),
            3 => drop(scene.put("a", "again").await?),
            4 => drop(scene.put("b", "B").await?),
            _ => drop(scene.delete("b").await?),
        }
        let now = scene.token().await?;
        ensure!(
            !seen.contains(&now),
            "a change left the token as it was: {now}"
        );
        ensure_eq!(scene.token().await?, now, "the token without a change");
        let empty = scene.changes(Some(&now)).await?;
        ensure_eq!(empty.changes.len(), 0, "changes since the current token");
        ensure_eq!(empty.token, now, "the token of an empty page");
        seen.push(now);
    }
    let _ = scene.put("a", "again").await?;
    let _ = store
        .put(Put::new(scene.calendar, ics("x")?, "nonsense"), &cause(1))
        .await;
    let last = seen.last().copied();
    ensure_eq!(
        Some(scene.token().await?),
        last,
        "the token after nothing happened"
    );
    Ok(())
}

pub(super) async fn pages_through_changes(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    for number in 0..25 {
        scene.put(&format!("{number:02}"), "First").await?;
    }
    scene.delete("03").await?;
    let mut mirror = Mirror::default();
    let mut token = None;
    let mut pages = 0;
    loop {
        let page = store.changes(scene.calendar, token.as_ref(), 4).await?;
        ensure!(page.changes.len() <= 4, "a page is longer than its limit");
        mirror.apply(&page);
        // The collection changes while it is read: before, at and after the place reached.
        match pages {
            1 => drop(scene.delete("00").await?),
            2 => drop(scene.put("01", "Changed behind").await?),
            3 => drop(scene.delete("24").await?),
            4 => drop(scene.put("new", "New").await?),
            _ => {}
        }
        pages += 1;
        ensure!(pages < 100, "paging does not end");
        // Tokens travel as text.
        token = Some(page.token.to_string().parse()?);
        if !page.more {
            break;
        }
    }
    let left = scene.changes(token.as_ref()).await?;
    mirror.apply(&left);
    ensure_eq!(
        mirror,
        Mirror::listed(store, scene.calendar).await?,
        "a mirror after paging"
    );
    Ok(())
}

pub(super) async fn replays_to_the_same_state(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let mut mirror = Mirror::default();
    let mut token = None;
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    for step in 0_u64..300 {
        // A xorshift generator: the same walk in every run.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let uid = format!("{}", state % 12);
        match state / 12 % 5 {
            0 if scene.names().await?.contains(&format!("{uid}.ics")) => {
                scene.delete(&uid).await?;
            }
            _ => drop(scene.put(&uid, &format!("{step}")).await?),
        }
        if (state / 60).is_multiple_of(3) {
            let limit = usize::try_from(1 + state / 180 % 4).unwrap_or(1);
            loop {
                let page = store.changes(scene.calendar, token.as_ref(), limit).await?;
                mirror.apply(&page);
                token = Some(page.token);
                if !page.more {
                    break;
                }
            }
            let listed = Mirror::listed(store, scene.calendar).await?;
            ensure_eq!(mirror, listed, "a mirror that follows tokens");
        }
    }
    Ok(())
}

pub(super) async fn logs_collections_in_their_parent(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let home = scene.home.id;
    let start = store.home(scene.ada.id).await?.token;
    let name = CollectionName::new("work")?;
    let work = NewCollection::plain(home, name.clone());
    let work = store.create_collection(work, &cause(1)).await?;
    let page = store.changes(home, Some(&start), 10).await?;
    ensure_eq!(names(&page), ["work"], "a collection that was made");
    let made = page.changes.first().map(|change| &change.state);
    ensure_eq!(made, Some(&MemberState::Collection(work.id)), "its state");
    let changes = CollectionChanges {
        display_name: Some(Some("Work".to_owned())),
        ..CollectionChanges::default()
    };
    store.update_collection(work.id, changes, &cause(2)).await?;
    let page = store.changes(home, Some(&page.token), 10).await?;
    ensure_eq!(names(&page), ["work"], "a collection that was changed");
    store.delete_collection(work.id, &cause(3)).await?;
    let page = store.changes(home, Some(&page.token), 10).await?;
    ensure_eq!(names(&page), ["-work"], "a collection that was deleted");
    let again = NewCollection::plain(home, name);
    store.create_collection(again, &cause(4)).await?;
    let page = store.changes(home, Some(&page.token), 10).await?;
    ensure_eq!(names(&page), ["work"], "a collection that was made again");
    let all = store.changes(home, None, 10).await?;
    ensure_eq!(
        names(&all),
        ["calendar", "tasks", "work"],
        "all collections"
    );
    Ok(())
}

pub(super) async fn expires_tokens_before_pruned_deletions(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let old = scene.put("a", "A").await?.token;
    scene.put("b", "B").await?;
    let deleted = scene.delete("a").await?;
    let pruned = store.prune(at(3), &cause(9)).await?;
    ensure_eq!(pruned.tombstones, 1, "deletions that were pruned");
    let refused = store.changes(scene.calendar, Some(&old), 10).await;
    let expired = TokenFault::Expired;
    match refused {
        Err(Error::InvalidToken(fault)) => ensure_eq!(fault, expired, "what is wrong"),
        other => return Err(Broken::new(format!("an old token: {other:?}"))),
    }
    let late = Put::new(scene.calendar, ics("c")?, event("c", "C"));
    store.put(late, &cause(10)).await?;
    let page = scene.changes(Some(&deleted)).await?;
    ensure_eq!(names(&page), ["c.ics"], "changes since the deletion");
    // A first listing goes over the pruned part in pages all the same.
    let first = store.changes(scene.calendar, None, 1).await?;
    ensure_eq!(names(&first), ["b.ics"], "the first page of everything");
    let rest = store.changes(scene.calendar, Some(&first.token), 1).await?;
    ensure_eq!(names(&rest), ["c.ics"], "the second page of everything");
    ensure!(!rest.more, "more than everything");
    Ok(())
}
