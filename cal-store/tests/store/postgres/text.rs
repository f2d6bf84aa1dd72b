//! Text: any that PostgreSQL holds, in the order of bytes.

use cal_store::{
    CollectionName, Error, NewCollection, ObjectName, PageRequest, Postgres, Put, Store,
};

use super::server::{database, shared};
use crate::scene::{calendar_of_ada, cause, event, ics};

#[tokio::test]
async fn names_are_ordered_byte_by_byte_in_a_database_of_any_locale() {
    let Some(server) = shared() else {
        return;
    };
    let locale = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'";
    let settings = server.database_with(locale).await;
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let mut names = ["b", "B", "a", "A", "é", "e", "_", "z", "Z", "\u{1F35D}"];
    for name in names {
        let put = Put::new(
            calendar,
            ObjectName::new(name).unwrap(),
            event(name, "Event"),
        );
        store.put(put, &cause()).await.unwrap();
    }
    names.sort_unstable();
    let mut listed = Vec::new();
    let mut page = PageRequest::first(3);
    loop {
        let found = store.entries(calendar, page).await.unwrap();
        listed.extend(found.items.iter().map(|entry| entry.name.to_string()));
        match found.next {
            Some(next) => page = PageRequest::after(next, 3),
            None => break,
        }
    }
    assert_eq!(listed, names);
}

#[tokio::test]
async fn free_text_with_a_nul_is_refused_by_name() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let found = store.collection(calendar).await.unwrap().unwrap();
    let name = CollectionName::new("folder").unwrap();
    let folder = NewCollection::plain(found.parent.unwrap(), name).with_display_name("a\0b");
    let refused = store.create_collection(folder, &cause()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        r"the display name holds the character '\0'"
    );
    // Bodies hold anything.
    let note = cause().with_note("\0");
    let put = Put::new(calendar, ics("a"), event("a", "Event"));
    let refused = store.put(put.clone(), &note).await;
    assert!(
        matches!(refused, Err(Error::InvalidName { .. })),
        "{refused:?}"
    );
    store.put(put, &cause()).await.unwrap();
}

#[tokio::test]
async fn a_uid_longer_than_an_index_holds_is_unique_all_the_same() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    // Nothing that could be compressed to fit.
    let mut state = 1_u64;
    let mut digit = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap())
    };
    let uid: String = (0..4096).map(|_| digit()).collect();
    let uid = uid.replace([':', ';', ',', '\\', '"'], "x");
    let body = event(&uid, "Event");
    let put = |name: &str| Put::new(calendar, ics(name), body.clone());
    store.put(put("a"), &cause()).await.unwrap();
    let refused = store.put(put("b"), &cause()).await;
    assert!(
        matches!(refused, Err(Error::UidConflict { .. })),
        "{refused:?}"
    );
}
