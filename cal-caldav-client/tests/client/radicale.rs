//! Against a real server.

use cal_caldav_client::{
    Access, Basic, Client, Error, NewCalendar, RemoteCalendar, Rung, SyncState, Version,
};
use cal_core::Calendar;
use cal_dav::report::{ComponentFilter, TimeRange};
use chrono::NaiveDate;

use crate::peer::Radicale;
use crate::server::local;

fn event(uid: &str, day: u32) -> Calendar {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//cal//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20260101T000000Z\r\nDTSTART:202603{day:02}T090000Z\r\nDTEND:202603{day:02}T100000Z\r\n\
         SUMMARY:Zo\u{eb} <{uid}> & more\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    text.parse().unwrap()
}

fn day(day: u32) -> chrono::NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 3, day)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap()
}

async fn ada(server: &Radicale) -> Client {
    let credentials = Basic::new("ada", "lovelace");
    Client::connect_with(&server.url, credentials, local())
        .await
        .unwrap()
}

async fn work(server: &Radicale) -> RemoteCalendar {
    let new = NewCalendar::new("work")
        .with_display_name("Work & play")
        .with_color("#63DA38")
        .with_components(&["VEVENT", "VTODO"]);
    let made = ada(server).await.make_calendar(new).await.unwrap();
    assert!(made.refused.is_empty(), "{made:?}");
    made.calendar
}

#[tokio::test]
async fn a_calendar_is_made_found_edited_and_deleted() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let mut made = work(&server).await;
    let client = ada(&server).await;
    let found = client.calendar("Work & play").await.unwrap();
    assert_eq!(found.url(), made.url());
    assert_eq!(found.access(), Access::Write);
    let properties = found.properties();
    assert!(properties.holds("VTODO") && !properties.holds("VJOURNAL"));
    assert!(properties.color.as_deref().unwrap().starts_with("#63DA38"));
    assert!(properties.ctag.is_some() && properties.sync_token.is_some());

    made.set_display_name("Work").await.unwrap();
    made.set_description("All of it").await.unwrap();
    let renamed = client.calendar("Work").await.unwrap();
    assert_eq!(
        renamed.properties().description.as_deref(),
        Some("All of it")
    );

    renamed.delete_calendar().await.unwrap();
    let gone = client.calendar("Work").await;
    assert!(matches!(gone, Err(Error::NoSuchCalendar(_))), "{gone:?}");
}

#[tokio::test]
async fn an_event_is_written_read_edited_and_deleted() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let work = work(&server).await;
    let mut booked = work.create(&event("review/1", 10)).await.unwrap();
    assert!(matches!(booked.version(), Version::ETag(_)));

    booked.edit(|event| {
        event.set_summary("Moved");
    });
    assert!(booked.is_edited());
    booked.save().await.unwrap();
    assert!(!booked.is_edited());

    let read = work.get(booked.href()).await.unwrap();
    let summary = read.calendar().events().next().unwrap().summary();
    assert_eq!(summary.as_deref(), Some("Moved"));
    assert_eq!(read.version(), booked.version());

    let href = booked.href().clone();
    booked.delete().await.unwrap();
    assert!(matches!(work.get(&href).await, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn a_change_by_someone_else_is_never_written_over() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let work = work(&server).await;
    let mut mine = work.create(&event("race", 10)).await.unwrap();
    let mut theirs = work.get(mine.href()).await.unwrap();
    theirs.edit(|event| {
        event.set_summary("Theirs");
    });
    theirs.save().await.unwrap();

    mine.edit(|event| {
        event.set_summary("Mine");
    });
    assert!(matches!(mine.save().await, Err(Error::Changed { .. })));
    let outcome = mine.clone().delete().await;
    assert!(matches!(outcome, Err(Error::Changed { .. })), "{outcome:?}");
    mine.reload().await.unwrap();
    let summary = mine.calendar().events().next().unwrap().summary();
    assert_eq!(summary.as_deref(), Some("Theirs"));
}

#[tokio::test]
async fn creating_the_same_object_again_finds_it() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let work = work(&server).await;
    let first = work.create(&event("twice", 10)).await.unwrap();
    let again = work.create(&event("twice", 10)).await.unwrap();
    assert_eq!(first.href(), again.href());
    let other = work.create(&event("twice", 11)).await;
    assert!(matches!(other, Err(Error::Changed { .. })), "{other:?}");
}

#[tokio::test]
async fn objects_are_listed_fetched_and_queried() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let options = local().with_batch(2);
    let made = work(&server).await;
    let url = made.url().as_str();
    let work = Client::open_calendar(url, Basic::new("ada", "lovelace"), options)
        .await
        .unwrap();
    for number in 1..=5 {
        work.create(&event(&format!("e{number}"), number * 2))
            .await
            .unwrap();
    }
    let listing = work.list().await.unwrap();
    assert_eq!(listing.objects.len(), 5);
    assert!(listing.objects.iter().all(|object| object.etag.is_some()));

    let mut hrefs: Vec<_> = listing
        .objects
        .iter()
        .map(|object| object.href.clone())
        .collect();
    hrefs.push(work.href().member("missing.ics"));
    let fetched = work.fetch(&hrefs).await.unwrap();
    assert_eq!(fetched.objects.len(), 5);
    assert_eq!(fetched.missing, hrefs[5..]);
    assert_eq!(fetched.failed, []);
    for object in &fetched.objects {
        let alone = work.get(object.href()).await.unwrap();
        assert!(alone.calendar().same_content(object.calendar()));
        assert_eq!(alone.version(), object.version());
    }

    let range = TimeRange::new(day(4), day(7)).unwrap();
    let found = work.between("VEVENT", range).await.unwrap();
    let mut names: Vec<_> = found
        .objects
        .iter()
        .map(|object| object.href().file_name().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["e2.ics", "e3.ics"]);
    let todos = work
        .query(ComponentFilter::exists("VTODO").in_calendar())
        .await
        .unwrap();
    assert!(todos.objects.is_empty());

    let busy = work.free_busy(range).await.unwrap();
    assert_eq!(busy.components().count(), 1);
}

#[tokio::test]
async fn changes_are_followed_by_token() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let work = work(&server).await;
    let kept = work.create(&event("kept", 1)).await.unwrap();
    let mut edited = work.create(&event("edited", 2)).await.unwrap();
    let dropped = work.create(&event("dropped", 3)).await.unwrap();

    let first = work.changes(&SyncState::default()).await.unwrap();
    assert_eq!(first.changed.len(), 3);
    assert_eq!(first.removed, []);
    assert_eq!(first.state.rung, Rung::SyncCollection);
    assert!(first.state.token.is_some());

    let nothing = work.changes(&first.state).await.unwrap();
    assert_eq!((nothing.changed.len(), nothing.removed.len()), (0, 0));

    edited.edit(|event| {
        event.set_summary("Edited");
    });
    edited.save().await.unwrap();
    let gone = dropped.href().clone();
    dropped.delete().await.unwrap();
    let second = work.changes(&nothing.state).await.unwrap();
    assert_eq!(second.changed.len(), 1);
    assert_eq!(second.changed[0].href, *edited.href());
    assert_eq!(second.changed[0].etag.as_ref(), edited.etag());
    assert_eq!(second.removed, [gone]);

    let mut stale = second.state.clone();
    stale.token = Some(cal_dav::SyncToken::new(
        "http://radicale.org/ns/sync/unknown".to_owned(),
    ));
    kept.delete().await.unwrap();
    let third = work.changes(&stale).await.unwrap();
    assert_eq!(third.changed, []);
    assert_eq!(third.removed.len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_told_apart() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let outcome = Client::connect_with(&server.url, Basic::new("ada", "wrong"), local()).await;
    assert!(
        matches!(outcome, Err(Error::Authentication { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn what_is_not_a_calendar_object_is_refused_with_a_reason() {
    let Some(server) = Radicale::start() else {
        return;
    };
    let work = work(&server).await;
    let empty: Calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
        .parse()
        .unwrap();
    assert!(matches!(
        work.create(&empty).await,
        Err(Error::NotOneObject(0))
    ));
}
