//! Our own client, and our own sync engine, against a running server.

use cal_caldav_client::{
    AddressPolicy, Basic, Client, NewCalendar, Options, RemoteCalendar, SyncState,
};
use cal_core::Calendar;
use cal_store::{Cause, CollectionKey, CollectionName, NewPrincipal, Put, Store, Timestamp, Via};
use cal_sync::endpoint::{CalDavCalendar, StoreCalendar};
use cal_sync::{Mapping, Memory, Run, Status};
use chrono::{DateTime, Utc};

use crate::running::{Home, calendar, event};
use crate::server::Server;

fn home() -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    home
}

/// A client that is told the bare address only.
async fn connect(server: &Server) -> Client {
    crate::server::client();
    let options = Options::default().with_addresses(AddressPolicy::public().with_loopback());
    Client::connect_with(&server.url, Basic::new("ada", "engine"), options)
        .await
        .unwrap()
}

fn parsed(uid: &str, day: u32) -> Calendar {
    calendar(&event(uid, day, "")).parse().unwrap()
}

#[tokio::test]
async fn our_client_finds_makes_writes_follows_and_deletes() {
    let home = home();
    let server = Server::start(&home);
    let client = connect(&server).await;
    let mut names: Vec<String> = client
        .calendars()
        .await
        .unwrap()
        .iter()
        .map(RemoteCalendar::name)
        .collect();
    names.sort();
    assert_eq!(names, ["Calendar", "Tasks"]);

    let new = NewCalendar::new("work")
        .with_display_name("Work & play")
        .with_components(&["VEVENT"]);
    let made = client.make_calendar(new).await.unwrap();
    assert!(made.refused.is_empty(), "{made:?}");
    let work = client.calendar("Work & play").await.unwrap();
    assert_eq!(work.url(), made.calendar.url());

    let first = work.changes(&SyncState::default()).await.unwrap();
    assert!(first.changed_hrefs().is_empty());
    let mut booked = work.create(&parsed("review/1", 10)).await.unwrap();
    let second = work.changes(&first.state).await.unwrap();
    assert_eq!(second.changed_hrefs(), [booked.href().clone()]);
    assert_eq!(second.state.rung, first.state.rung);

    booked.edit(|event| {
        event.set_summary("Moved");
    });
    booked.save().await.unwrap();
    let found = work.get(booked.href()).await.unwrap();
    assert_eq!(
        found
            .calendar()
            .events()
            .next()
            .unwrap()
            .summary()
            .as_deref(),
        Some("Moved")
    );

    work.delete(found.href(), found.etag()).await.unwrap();
    let third = work.changes(&second.state).await.unwrap();
    assert_eq!(third.removed, [found.href().clone()]);
    work.delete_calendar().await.unwrap();
}

#[tokio::test]
async fn someone_elses_change_is_not_written_over() {
    let home = home();
    let server = Server::start(&home);
    let client = connect(&server).await;
    let work = client.calendar("Calendar").await.unwrap();
    let mut mine = work.create(&parsed("1", 1)).await.unwrap();
    let mut theirs = work.get(mine.href()).await.unwrap();
    for (object, summary) in [(&mut mine, "Mine"), (&mut theirs, "Theirs")] {
        object.edit(|event| {
            event.set_summary(summary);
        });
    }
    mine.save().await.unwrap();
    let refused = theirs.save().await.unwrap_err();
    assert!(
        matches!(refused, cal_caldav_client::Error::Changed { .. }),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_store_and_the_server_are_kept_the_same_and_a_second_run_writes_nothing() {
    let home = home();
    let server = Server::start(&home);
    let remote = connect(&server).await.calendar("Calendar").await.unwrap();
    for number in 1..=5 {
        remote
            .create(&parsed(&format!("remote-{number}"), number))
            .await
            .unwrap();
    }
    let store = Store::memory();
    let cause = Cause::new(Via::Command, Timestamp::from_millis(0));
    let new = NewPrincipal::new("ada".parse().unwrap());
    let ada = store.create_principal(new, &cause).await.unwrap();
    let home_folder = store.home(ada.id).await.unwrap();
    let key = CollectionKey::Child(home_folder.id, CollectionName::new("calendar").unwrap());
    let local = store.collection(key).await.unwrap().unwrap();
    for number in 1..=5 {
        let uid = format!("local-{number}");
        let name = format!("{uid}.ics").parse().unwrap();
        let put = Put::new(local.id, name, calendar(&event(&uid, 10 + number, "")));
        store.put(put, &cause).await.unwrap();
    }

    let mapping = Mapping::new(
        StoreCalendar::new(store.clone(), local.id),
        CalDavCalendar::new(remote.clone()),
    );
    let state = Memory::new();
    let at = |minute: i64| {
        Run::new(
            format!("run {minute}"),
            DateTime::<Utc>::from_timestamp(60 * minute, 0).unwrap(),
        )
    };
    let first = mapping.run(&state, &at(1)).await.unwrap();
    assert_eq!(
        (first.status(), first.writes()),
        (Status::Success, 10),
        "{first}"
    );
    let second = mapping.run(&state, &at(2)).await.unwrap();
    assert_eq!(
        (second.status(), second.writes()),
        (Status::Success, 0),
        "{second}"
    );

    // An edit here, a deletion there.
    let listing = remote.list().await.unwrap();
    let gone = listing
        .objects
        .iter()
        .find(|entry| entry.href.as_str().contains("local-1"))
        .unwrap();
    remote.delete(&gone.href, None).await.unwrap();
    let name = "local-2.ics".parse().unwrap();
    let put = Put::new(
        local.id,
        name,
        calendar(&event("local-2", 20, "SEQUENCE:1")),
    );
    store.put(put, &cause).await.unwrap();
    let third = mapping.run(&state, &at(3)).await.unwrap();
    assert_eq!(
        (third.status(), third.writes()),
        (Status::Success, 2),
        "{third}"
    );
    assert_eq!(remote.list().await.unwrap().objects.len(), 9);
    let fourth = mapping.run(&state, &at(4)).await.unwrap();
    assert_eq!(fourth.writes(), 0, "{fourth}");
}
