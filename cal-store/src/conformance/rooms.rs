//! Rooms that have several calendars, and bookings years ahead.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::join_all;

use super::booking::{event, room, tuesday};
use super::scene::{at, cause, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    Cause, CollectionChanges, CollectionId, CollectionName, ComponentKind, Delete, Edit, Error,
    MoveCollection, NewCollection, PrincipalId, Put, Store, Transaction, Transparency,
};

/// A room with two calendars for events.
async fn two_calendars(store: &Store) -> Result<(PrincipalId, CollectionId, CollectionId), Broken> {
    let (first, room) = room(store).await?;
    let home = store.home(room).await?;
    let name = CollectionName::new("second")?;
    let new = NewCollection::calendar(home.id, name, [ComponentKind::Event]);
    let second = store.create_collection(new, &cause(0)).await?;
    Ok((room, first, second.id))
}

async fn book(
    store: &Store,
    calendar: CollectionId,
    (uid, lines): (&str, &str),
) -> Result<(), Error> {
    let put = Put::new(calendar, ics(uid)?, timed_event(uid, lines));
    store.put(put, &cause(1)).await.map(drop)
}

fn transparency(transparency: Transparency) -> CollectionChanges {
    CollectionChanges {
        transparency: Some(transparency),
        ..CollectionChanges::default()
    }
}

pub(super) async fn books_all_calendars_as_one(store: &Store) -> Outcome {
    let (_, one, two) = two_calendars(store).await?;
    let put = async |calendar, uid, times| {
        let put = event(calendar, uid, times)?;
        store.put(put, &cause(1)).await
    };
    put(one, "first", ("0900", "1000")).await?;
    let refused = put(two, "second", ("0930", "1030")).await;
    let Err(Error::DoubleBooking { holder, .. }) = refused else {
        return Err(Broken::new(format!("two meetings in a room: {refused:?}")));
    };
    let holder = holder.map(|uid| uid.to_string());
    ensure_eq!(holder, Some("first".to_owned()), "who holds it");
    // An object of the same name in another calendar is another object.
    let refused = put(two, "first", ("0930", "1030")).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "of the same name");
    put(two, "second", ("1000", "1030")).await?;
    let weekly = "DTSTART:20260915T101500Z\r\nDURATION:PT5M\r\nRRULE:FREQ=WEEKLY";
    let refused = book(store, one, ("weekly", weekly)).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "a series");

    // Within one transaction, too; and what moves from one to the other is not in its own way.
    let both = vec![
        Edit::Put(event(one, "a", ("1100", "1200"))?),
        Edit::Put(event(two, "b", ("1130", "1230"))?),
    ];
    let refused = store.write_all(both, &cause(1)).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "two at once");
    let moved = vec![
        Edit::Delete(Delete::new(one, ics("first")?)),
        Edit::Put(event(two, "first", ("0900", "1000"))?),
    ];
    store.write_all(moved, &cause(2)).await?;
    let refused = put(one, "late", ("0959", "1001")).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "where it went");

    // A hold of one is a hold of all.
    let (noon, hour) = (tuesday(12 * 60, 30), TimeDelta::hours(1));
    let hold = store.hold(one, noon, hour, &cause(3)).await?;
    let refused = store.hold(two, noon, hour, &cause(3)).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { holder: None, .. },
        "held twice"
    );
    let nine = tuesday(9 * 60, 30);
    let refused = store.hold(one, nine, hour, &cause(3)).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "held over an event");
    let refused = put(two, "noon", ("1200", "1230")).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { holder: None, .. },
        "over a hold"
    );
    let noon = event(one, "noon", ("1200", "1230"))?.with_hold(hold.token);
    store.put(noon, &cause(4)).await?;

    // One that is transparent takes no time of the room, and is refused none.
    let changes = transparency(Transparency::Transparent);
    store.update_collection(two, changes, &cause(5)).await?;
    put(one, "free", ("1000", "1030")).await?;
    put(two, "beside", ("1000", "1030")).await?;
    Ok(())
}

pub(super) async fn lets_one_booking_win_over_all_calendars(store: &Store) -> Outcome {
    let (_, one, two) = two_calendars(store).await?;
    for round in 0..6 {
        let attempts = (0..8).map(|writer| {
            let calendar = if writer % 2 == 0 { one } else { two };
            let uid = format!("{round}-{writer}");
            let (start, end) = (format!("{round:02}30"), format!("{round:02}59"));
            async move {
                let put = event(calendar, &uid, (&start, &end))?;
                store.put(put, &cause(1)).await
            }
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
    Ok(())
}

pub(super) async fn compares_what_is_years_ahead(store: &Store) -> Outcome {
    let (_, one, two) = two_calendars(store).await?;
    let once = "DTSTART:20320921T090000Z\r\nDURATION:PT1H";
    book(store, one, ("once", once)).await?;
    let meets = "DTSTART:20320921T093000Z\r\nDURATION:PT1H";
    for calendar in [one, two] {
        let refused = book(store, calendar, ("meets", meets)).await;
        let Err(Error::DoubleBooking { holder, start, .. }) = refused else {
            return Err(Broken::new(format!("twice in six years: {refused:?}")));
        };
        let holder = holder.map(|uid| uid.to_string());
        ensure_eq!(holder, Some("once".to_owned()), "who holds it");
        ensure_eq!(start.millis(), 1_979_370_000_000, "since when");
    }
    let after = "DTSTART:20320921T100000Z\r\nDURATION:PT1H";
    book(store, two, ("after", after)).await?;
    // It is not in its own way.
    book(
        store,
        one,
        ("once", "DTSTART:20320921T091500Z\r\nDURATION:PT45M"),
    )
    .await?;

    // Series, with an end and without, from now on.
    let daily = "DTSTART:20260923T093000Z\r\nDURATION:PT15M\r\nRRULE:FREQ=DAILY";
    for end in ["", ";UNTIL=20400101T000000Z"] {
        let lines = format!("{daily}{end}");
        let refused = book(store, two, ("daily", &lines)).await;
        ensure_refused!(
            refused,
            Error::DoubleBooking { .. },
            "a series that meets it"
        );
    }
    let weekly = "DTSTART:20260923T093000Z\r\nDURATION:PT15M\r\nRRULE:FREQ=WEEKLY";
    book(store, two, ("wednesdays", weekly)).await?;
    let wednesday = "DTSTART:20360924T094000Z\r\nDURATION:PT1H";
    let refused = book(store, one, ("wednesday", wednesday)).await;
    ensure_refused!(
        refused,
        Error::DoubleBooking { .. },
        "an instance in ten years"
    );

    // Each of many, and in one transaction, in order.
    let far =
        |uid: &str, lines: &str| Ok::<_, Error>(Put::new(one, ics(uid)?, timed_event(uid, lines)));
    let first = far("x", "DTSTART:20330920T090000Z\r\nDURATION:PT1H")?;
    let second = far("y", "DTSTART:20330920T093000Z\r\nDURATION:PT1H")?;
    let both = vec![Edit::Put(first.clone()), Edit::Put(second.clone())];
    let refused = store.write_all(both, &cause(1)).await;
    ensure_refused!(refused, Error::DoubleBooking { .. }, "two at once");
    let each = store.put_each(vec![first, second.clone()], &cause(1)).await;
    let [Ok(_), Err(Error::DoubleBooking { .. })] = &*each else {
        return Err(Broken::new(format!("one after the other: {each:?}")));
    };
    let instead = vec![Edit::Delete(Delete::new(one, ics("x")?)), Edit::Put(second)];
    store.write_all(instead, &cause(2)).await?;
    Ok(())
}

pub(super) async fn refuses_what_was_decided_before(store: &Store) -> Outcome {
    let (_, one, _) = two_calendars(store).await?;
    let sequence = async || {
        let calendar = store.collection(one).await?;
        let calendar = calendar.ok_or_else(|| Broken::new("the calendar is gone"))?;
        Ok::<_, Broken>(calendar.token.sequence())
    };
    let before = sequence().await?;
    book(
        store,
        one,
        ("a", "DTSTART:20260922T090000Z\r\nDURATION:PT1H"),
    )
    .await?;
    let commit = async |sequence| {
        let delete = crate::DeleteObject {
            collection: one,
            name: ics("a")?,
            precondition: crate::Precondition::None,
        };
        let transaction = Transaction {
            cause: Arc::new(Cause::new(crate::Via::System, at(2))),
            depth: 16,
            writes: vec![crate::Write::DeleteObject(delete)],
            submitted: crate::Submitted::default(),
            unmoved: vec![(one, sequence)],
        };
        store.backend().commit(transaction).await
    };
    let refused = commit(before).await;
    ensure_refused!(refused, Error::BusyOutdated { .. }, "a log that has moved");
    ensure!(
        store.object(one, &ics("a")?).await?.is_some(),
        "what was refused has happened"
    );
    commit(sequence().await?).await?;
    Ok(())
}

pub(super) async fn tells_what_is_booked_twice(store: &Store) -> Outcome {
    let (room, one, two) = two_calendars(store).await?;
    // Two series without an end that meet for the first time in four years: on
    // a leap day.
    let leap = "DTSTART:20240229T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY";
    book(store, one, ("leap", leap)).await?;
    let yearly = "DTSTART:20310228T093000Z\r\nDURATION:PT1H\r\n\
                  RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1";
    book(store, two, ("yearly", yearly)).await?;
    let found = store.double_bookings(room, at(1)).await?;
    ensure_eq!(found.len(), 0, "before anybody can know");
    let in_years = at(4 * 366 * 86_400);
    store.advance_busy(in_years).await?;
    let found = store.double_bookings(room, in_years).await?;
    let [pair] = &*found else {
        return Err(Broken::new(format!("not one pair: {found:?}")));
    };
    let (first, second) = (&pair.first, &pair.second);
    ensure_eq!(
        (first.calendar, second.calendar),
        (one, two),
        "where they are"
    );
    ensure_eq!(
        (first.uid.as_str(), second.uid.as_str()),
        ("leap", "yearly"),
        "which"
    );
    let start = pair.interval.start().to_rfc3339();
    ensure_eq!(start, "2032-02-29T09:30:00+00:00", "since when");

    // What comes back from the trash, too.
    let changes = transparency(Transparency::Transparent);
    store.update_collection(one, changes, &cause(3)).await?;
    let found = store.double_bookings(room, in_years).await?;
    ensure_eq!(found.len(), 0, "of what takes no time any more");
    store.delete_collection(two, &cause(4)).await?;
    let changes = transparency(Transparency::Opaque);
    store.update_collection(one, changes, &cause(5)).await?;
    let found = store.double_bookings(room, in_years).await?;
    ensure_eq!(found.len(), 0, "of what is in the trash");
    let place = MoveCollection {
        id: two,
        parent: store.home(room).await?.id,
        name: CollectionName::new("again")?,
    };
    let then = Cause::new(crate::Via::System, in_years);
    store.restore_collection(place, &then).await?;
    let found = store.double_bookings(room, in_years).await?;
    ensure_eq!(found.len(), 1, "of what came back");
    Ok(())
}
