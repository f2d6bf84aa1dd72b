//! Rooms, calendars that may not be busy twice, and holds.

use cal_freebusy::Interval;
use chrono::{DateTime, TimeDelta};
use futures::future::join_all;

use super::busy::MONDAY;
use super::scene::{Scene, at, cause, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    Cause, CollectionChanges, CollectionId, CollectionName, Delete, DoubleBooking, Edit, Error,
    MoveCollection, NewPrincipal, PrincipalId, PrincipalKind, PrincipalName, PropertyChanges, Put,
    Store, Stored, Transparency,
};

/// A calendar of a room, and the room.
pub(super) async fn room(store: &Store) -> Result<(CollectionId, PrincipalId), Broken> {
    let new = NewPrincipal::new(PrincipalName::new("room")?).with_kind(PrincipalKind::Room);
    let room = store.create_principal(new, &cause(0)).await?.id;
    let home = store.home(room).await?;
    let name = CollectionName::new("calendar")?;
    let calendar = store.child(home.id, &name).await?;
    let calendar = calendar.ok_or_else(|| Broken::new("a room without a calendar"))?;
    Ok((calendar.id, room))
}

/// An event of the Tuesday, from and to these times of the day.
pub(super) fn event(calendar: CollectionId, uid: &str, times: (&str, &str)) -> Result<Put, Error> {
    let lines = format!(
        "DTSTART:20260922T{}00Z\r\nDTEND:20260922T{}00Z",
        times.0, times.1
    );
    Ok(Put::new(calendar, ics(uid)?, timed_event(uid, &lines)))
}

async fn book(
    store: &Store,
    calendar: CollectionId,
    uid: &str,
    times: (&str, &str),
) -> Result<Stored, Error> {
    store.put(event(calendar, uid, times)?, &cause(1)).await
}

/// So many minutes of the Tuesday, from a minute of it on.
pub(super) fn tuesday(minute: i64, minutes: i64) -> Interval {
    let midnight = MONDAY + 86_400;
    let instant = |minute| DateTime::from_timestamp(midnight + minute * 60, 0).unwrap_or_default();
    Interval::new(instant(minute), instant(minute + minutes))
}

pub(super) async fn books_a_room_once(store: &Store) -> Outcome {
    let (calendar, _) = room(store).await?;
    book(store, calendar, "first", ("0900", "1000")).await?;
    let refused = book(store, calendar, "second", ("0959", "1100")).await;
    let Err(Error::DoubleBooking { holder, start, .. }) = refused else {
        return Err(Broken::new(format!("two meetings in a room: {refused:?}")));
    };
    ensure_eq!(
        holder.map(|uid| uid.to_string()),
        Some("first".to_owned()),
        "who holds it"
    );
    let nine = crate::Timestamp::from(tuesday(9 * 60, 1).start());
    ensure_eq!(start, nine, "since when");
    ensure!(
        store.object(calendar, &ics("second")?).await?.is_none(),
        "what was refused is there"
    );
    // Exact times count: what shares a quarter of an hour shares no time.
    book(store, calendar, "after", ("1000", "1005")).await?;
    book(store, calendar, "soon", ("1005", "1010")).await?;
    // An event is not in its own way.
    book(store, calendar, "first", ("0930", "1000")).await?;
    book(store, calendar, "early", ("0900", "0930")).await?;
    let delete = Delete::new(calendar, ics("first")?);
    store.delete(delete, &cause(2)).await?;
    book(store, calendar, "second", ("0930", "1000")).await?;
    Ok(())
}

pub(super) async fn books_a_room_for_series(store: &Store) -> Outcome {
    let (calendar, _) = room(store).await?;
    let put = |uid: &str, lines: &str| {
        Ok::<_, Error>(Put::new(calendar, ics(uid)?, timed_event(uid, lines)))
    };
    let weekly = "DTSTART:20260922T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY";
    store.put(put("weekly", weekly)?, &cause(1)).await?;
    let next_year = "DTSTART:20270921T093000Z\r\nDURATION:PT15M";
    let refused = store.put(put("once", next_year)?, &cause(1)).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { .. },
        "an instance of a series"
    );
    let daily = "DTSTART:20260923T093000Z\r\nDURATION:PT15M\r\nRRULE:FREQ=DAILY";
    let refused = store.put(put("daily", daily)?, &cause(1)).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "two series that meet");
    let thursdays = "DTSTART:20260924T093000Z\r\nDURATION:PT15M\r\nRRULE:FREQ=WEEKLY";
    store.put(put("thursdays", thursdays)?, &cause(1)).await?;
    // What takes no time is never in the way.
    for (uid, more) in [("free", "TRANSP:TRANSPARENT"), ("off", "STATUS:CANCELLED")] {
        let lines = format!("{weekly}\r\n{more}");
        store.put(put(uid, &lines)?, &cause(1)).await?;
    }
    Ok(())
}

pub(super) async fn books_in_order_of_transactions(store: &Store) -> Outcome {
    let (calendar, _) = room(store).await?;
    let first = event(calendar, "first", ("0900", "1000"))?;
    let second = event(calendar, "second", ("0930", "1030"))?;
    let both = vec![Edit::Put(first.clone()), Edit::Put(second.clone())];
    let refused = store.write_all(both, &cause(1)).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "two at once");
    let each = store.put_each(vec![first, second.clone()], &cause(1)).await;
    let [Ok(_), Err(Error::DoubleBooking { .. })] = &*each else {
        return Err(Broken::new(format!("one after the other: {each:?}")));
    };
    let delete = Delete::new(calendar, ics("first")?);
    let instead = vec![Edit::Delete(delete), Edit::Put(second)];
    store.write_all(instead, &cause(2)).await?;
    let (name, page) = (ics("first")?, crate::PageRequest::first(9));
    let versions = store.versions(calendar, &name, page).await?;
    let version = versions.items.first().map(|version| version.id);
    let version = version.ok_or_else(|| Broken::new("no version of what was deleted"))?;
    let refused = store
        .restore(calendar, &ics("first")?, version, &cause(3))
        .await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "what comes back");
    Ok(())
}

pub(super) async fn lets_one_booking_win(store: &Store) -> Outcome {
    let (calendar, room) = room(store).await?;
    for round in 0..8 {
        let attempts = (0..8).map(|writer| {
            let uid = format!("{round}-{writer}");
            let (start, end) = (format!("{round:02}30"), format!("{round:02}59"));
            async move { book(store, calendar, &uid, (&start, &end)).await }
        });
        let outcomes = join_all(attempts).await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        ensure_eq!(won, 1, "the writers that won");
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            ensure_refused!(
                outcome,
                Error::DoubleBooking { .. },
                "the writers that lost"
            );
        }
    }
    let day = store.busy_slots(room, &tuesday(0, 1440), at(0)).await?;
    ensure_eq!(day.times().len(), 8, "the meetings of the day");
    Ok(())
}

pub(super) async fn refuses_double_booking_where_asked(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let calendar = scene.calendar;
    book(store, calendar, "a", ("0900", "1000")).await?;
    book(store, calendar, "b", ("0930", "1030")).await?;
    let refuse = |set| {
        let mut properties = PropertyChanges::default();
        match set {
            true => drop(
                properties
                    .set
                    .insert(DoubleBooking::property(), String::new()),
            ),
            false => properties.remove.extend([DoubleBooking::property()]),
        }
        CollectionChanges {
            properties,
            ..CollectionChanges::default()
        }
    };
    store
        .update_collection(calendar, refuse(true), &cause(2))
        .await?;
    let refused = book(store, calendar, "c", ("0915", "0920")).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "once it is asked for");
    let transparent = |transparency| CollectionChanges {
        transparency: Some(transparency),
        ..CollectionChanges::default()
    };
    let changes = transparent(Transparency::Transparent);
    store
        .update_collection(calendar, changes, &cause(3))
        .await?;
    book(store, calendar, "c", ("0915", "0920")).await?;
    let changes = transparent(Transparency::Opaque);
    store
        .update_collection(calendar, changes, &cause(4))
        .await?;
    let refused = book(store, calendar, "d", ("0915", "0920")).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { .. },
        "once it takes time again"
    );
    store
        .update_collection(calendar, refuse(false), &cause(5))
        .await?;
    book(store, calendar, "d", ("0915", "0920")).await?;
    Ok(())
}

/// A write so many minutes after the checks began, on the Monday.
fn minute(minutes: i64) -> Cause {
    cause(minutes * 60)
}

pub(super) async fn holds_times(store: &Store) -> Outcome {
    let (calendar, room) = room(store).await?;
    book(store, calendar, "a", ("0900", "1000")).await?;
    let (nine, ten) = (tuesday(9 * 60, 30), tuesday(10 * 60, 30));
    let ten_minutes = TimeDelta::minutes(10);
    let refused = store.hold(calendar, nine, ten_minutes, &minute(0)).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { .. },
        "of a time that is taken"
    );
    let hold = store.hold(calendar, ten, ten_minutes, &minute(0)).await?;
    let refused = store.hold(calendar, ten, ten_minutes, &minute(9)).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { holder: None, .. },
        "of a time that is held"
    );

    // It counts as busy for others, until it lapses.
    let busy = async |minutes| {
        let at = minute(minutes).at;
        let slots = store.busy_slots(room, &ten, at).await;
        slots.map(|slots| slots.slots().len())
    };
    ensure_eq!(busy(9).await?, 2, "the slots that are held");
    ensure_eq!(busy(10).await?, 0, "the slots that are held no longer");
    let theirs = event(calendar, "theirs", ("1015", "1045"))?;
    let refused = store.put(theirs.clone(), &minute(9)).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { holder: None, .. },
        "an event of others"
    );

    // Its holder books it, once.
    let mine = event(calendar, "mine", ("1000", "1030"))?.with_hold(hold.token);
    store.put(mine, &minute(9)).await?;
    let twice = event(calendar, "twice", ("1100", "1130"))?.with_hold(hold.token);
    let refused = store.put(twice, &minute(9)).await;
    ensure_refused!(refused, Error::HoldLapsed, "a hold that was used");
    ensure_eq!(busy(9).await?, 2, "the slots of the event");
    let refused = store.put(theirs, &minute(11)).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking {
            holder: Some(_),
            ..
        },
        "beside the event"
    );
    lapses_and_is_released(store, calendar).await
}

async fn lapses_and_is_released(store: &Store, calendar: CollectionId) -> Outcome {
    let ten_minutes = TimeDelta::minutes(10);
    let noon = tuesday(12 * 60, 30);
    let lapsed = store.hold(calendar, noon, ten_minutes, &minute(0)).await?;
    let late = event(calendar, "late", ("1200", "1230"))?.with_hold(lapsed.token);
    let refused = store.put(late.clone(), &minute(10)).await;
    ensure_refused!(refused, Error::HoldLapsed, "a hold that has lapsed");
    let next = store.hold(calendar, noon, ten_minutes, &minute(10)).await?;
    let refused = store.put(late, &minute(5)).await;
    ensure_refused!(refused, Error::HoldLapsed, "a hold that was forgotten");
    let released = store
        .release_hold(calendar, next.token, &minute(11))
        .await?;
    ensure!(released, "a hold in force was none");
    let again = store
        .release_hold(calendar, next.token, &minute(11))
        .await?;
    ensure!(!again, "a hold was released twice");
    book(store, calendar, "late", ("1200", "1230")).await?;
    for (interval, length) in [
        (tuesday(0, 0), ten_minutes),
        (tuesday(-7 * 1440, 30), ten_minutes),
        (tuesday(0, 30), TimeDelta::zero()),
        (tuesday(0, 30), TimeDelta::minutes(1441)),
        (tuesday(10 * 366 * 1440, 30), ten_minutes),
    ] {
        let refused = store.hold(calendar, interval, length, &minute(0)).await;
        ensure_refused!(
            refused,
            Error::InvalidHold { .. },
            "a hold that makes no sense"
        );
    }
    let nowhere = CollectionId::random();
    let refused = store.hold(nowhere, noon, ten_minutes, &minute(0)).await;
    ensure_refused!(refused, Error::NotFound, "a hold of nothing");
    Ok(())
}

pub(super) async fn keeps_holds_out_of_the_trash(store: &Store) -> Outcome {
    let (calendar, room) = room(store).await?;
    book(store, calendar, "a", ("0900", "1000")).await?;
    let (ten, day) = (tuesday(10 * 60, 30), TimeDelta::days(1));
    let hold = store.hold(calendar, ten, day, &minute(0)).await?;
    store.delete_collection(calendar, &minute(1)).await?;
    let refused = book(store, calendar, "b", ("0930", "1030")).await;
    ensure_refused!(refused, Error::ParentMissing, "an event in the trash");
    let refused = store.hold(calendar, ten, day, &minute(1)).await;
    ensure_refused!(refused, Error::NotFound, "a hold in the trash");
    let slots = store.busy_slots(room, &ten, at(120)).await?;
    ensure!(slots.is_free(&ten), "the trash takes time");

    let place = MoveCollection {
        id: calendar,
        parent: store.home(room).await?.id,
        name: CollectionName::new("again")?,
    };
    store.restore_collection(place, &minute(3)).await?;
    let refused = book(store, calendar, "b", ("1000", "1030")).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { holder: None, .. },
        "beside a hold that came back"
    );
    let mine = event(calendar, "mine", ("1000", "1030"))?.with_hold(hold.token);
    store.put(mine, &minute(4)).await?;
    Ok(())
}
