//! The time that calendars take.

use std::collections::BTreeMap;

use cal_freebusy::{BusyTimes, Interval};
use chrono::DateTime;

use super::scene::{BEGINNING, Scene, at, cause, component, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq};
use crate::{
    BusySlots, CollectionChanges, CollectionId, CollectionName, ComponentKind, EmailAddress,
    MoveCollection, NewCollection, NewPrincipal, PrincipalChanges, PrincipalId, PrincipalName, Put,
    Store, Transparency,
};

/// The Monday of the checks: 2026-09-21T00:00:00Z, in seconds since 1970 began.
pub(super) const MONDAY: i64 = 1_789_948_800;

fn week() -> Interval {
    window(0, 7 * 86_400)
}

/// A window that begins so many seconds after the Monday.
fn window(after: i64, length: i64) -> Interval {
    let instant = |seconds| DateTime::from_timestamp(MONDAY + seconds, 0).unwrap_or_default();
    Interval::new(instant(after), instant(after + length))
}

async fn slots(store: &Store, principal: PrincipalId) -> Result<BusySlots, Broken> {
    Ok(store.busy_slots(principal, &week(), at(100)).await?)
}

/// When a principal is busy in the week, as text.
async fn times(store: &Store, principal: PrincipalId) -> Result<Vec<String>, Broken> {
    let slots = slots(store, principal).await?;
    Ok(words(slots.times()))
}

fn words(times: &BusyTimes) -> Vec<String> {
    let words = times.iter().map(|time| {
        let (start, end) = (time.interval.start(), time.interval.end());
        let form = "%d %H:%M";
        format!(
            "{}-{} {:?}",
            start.format(form),
            end.format("%H:%M"),
            time.busy_type
        )
    });
    words.collect()
}

async fn put(store: &Store, calendar: CollectionId, uid: &str, lines: &str) -> Outcome {
    let put = Put::new(calendar, ics(uid)?, timed_event(uid, lines));
    store.put(put, &cause(1)).await?;
    Ok(())
}

const MEETING: &str = "DTSTART:20260922T090000Z\r\nDTEND:20260922T100000Z";

pub(super) async fn knows_what_takes_time(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let ada = scene.ada.id;
    ensure_eq!(times(store, ada).await?, [""; 0], "of an empty calendar");
    put(store, scene.calendar, "a", MEETING).await?;
    let daily = "DTSTART:20260901T120000Z\r\nDTEND:20260901T121500Z\r\nRRULE:FREQ=DAILY;COUNT=23";
    put(store, scene.calendar, "daily", daily).await?;
    let free = format!("{MEETING}\r\nTRANSP:TRANSPARENT");
    put(store, scene.calendar, "free", &free).await?;
    let all = [
        "21 12:00-12:15 Busy",
        "22 09:00-10:00 Busy",
        "22 12:00-12:15 Busy",
        "23 12:00-12:15 Busy",
    ];
    ensure_eq!(times(store, ada).await?, all, "of some events");
    // A change moves what was there, a deletion takes it away.
    let moved = "DTSTART:20260923T150000Z\r\nDTEND:20260923T160000Z\r\nSTATUS:TENTATIVE";
    put(store, scene.calendar, "a", moved).await?;
    scene.delete("daily").await?;
    let left = ["23 15:00-16:00 Tentative"];
    ensure_eq!(times(store, ada).await?, left, "after changes");
    ensure_eq!(
        slots(store, ada).await?.slots().len(),
        4,
        "the slots of an hour"
    );
    // Properties of an object are no matter of time.
    let mut changes = crate::PropertyChanges::default();
    let mood = crate::PropertyName::new("urn:x", "mood")?;
    changes.set.insert(mood, "fine".to_owned());
    store
        .update_properties(scene.calendar, &ics("a")?, changes, &cause(3))
        .await?;
    ensure_eq!(
        times(store, ada).await?,
        left,
        "after a change of properties"
    );
    let refused = store
        .busy_slots(PrincipalId::random(), &week(), at(0))
        .await;
    super::ensure_refused!(refused, crate::Error::NotFound, "of nobody");
    Ok(())
}

pub(super) async fn follows_collections(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let ada = scene.ada.id;
    let bob = NewPrincipal::new(PrincipalName::new("bob")?);
    let bob = store.create_principal(bob, &cause(0)).await?;
    put(store, scene.calendar, "a", MEETING).await?;
    let folder = scene.folder("folder").await?;
    let kinds = [ComponentKind::Event];
    let new = NewCollection::calendar(folder, CollectionName::new("deep")?, kinds);
    let deep = store.create_collection(new, &cause(0)).await?.id;
    let other = "DTSTART:20260923T090000Z\r\nDTEND:20260923T100000Z";
    put(store, deep, "b", other).await?;
    let (first, second) = ("22 09:00-10:00 Busy", "23 09:00-10:00 Busy");
    ensure_eq!(
        times(store, ada).await?,
        [first, second],
        "of two calendars"
    );

    let transparent = |transparency| CollectionChanges {
        transparency: Some(transparency),
        ..CollectionChanges::default()
    };
    let changes = transparent(Transparency::Transparent);
    store.update_collection(deep, changes, &cause(2)).await?;
    ensure_eq!(
        times(store, ada).await?,
        [first],
        "without a transparent one"
    );
    let changes = transparent(Transparency::Opaque);
    store.update_collection(deep, changes, &cause(3)).await?;
    ensure_eq!(times(store, ada).await?, [first, second], "with it again");

    store.delete_collection(folder, &cause(4)).await?;
    ensure_eq!(times(store, ada).await?, [first], "without the trash");
    let back = MoveCollection {
        id: folder,
        parent: scene.home.id,
        name: CollectionName::new("back")?,
    };
    store.restore_collection(back, &cause(5)).await?;
    ensure_eq!(
        times(store, ada).await?,
        [first, second],
        "out of the trash"
    );

    let home = store.home(bob.id).await?.id;
    let given = MoveCollection {
        id: folder,
        parent: home,
        name: CollectionName::new("given")?,
    };
    store.move_collection(given, &cause(6)).await?;
    ensure_eq!(times(store, ada).await?, [first], "of who gave it away");
    ensure_eq!(times(store, bob.id).await?, [second], "of who got it");
    Ok(())
}

pub(super) async fn follows_addresses_and_zones(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let ada = scene.ada.id;
    let declined = format!("{MEETING}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com");
    put(store, scene.calendar, "a", &declined).await?;
    put(
        store,
        scene.calendar,
        "floating",
        "DTSTART:20260924T090000\r\nDURATION:PT1H",
    )
    .await?;
    let (met, floating) = ("22 09:00-10:00 Busy", "24 09:00-10:00 Busy");
    ensure_eq!(
        times(store, ada).await?,
        [met, floating],
        "of no one that is asked"
    );
    let changes = PrincipalChanges {
        emails: Some(vec![EmailAddress::new("Ada@Example.com")?]),
        ..PrincipalChanges::default()
    };
    store.update_principal(ada, changes, &cause(2)).await?;
    ensure_eq!(
        times(store, ada).await?,
        [floating],
        "once the answer is hers"
    );
    let zone = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VTIMEZONE\r\n\
         TZID:east\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0200\r\n\
         TZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";
    let changes = CollectionChanges {
        time_zone: Some(Some(zone.to_owned())),
        ..CollectionChanges::default()
    };
    store
        .update_collection(scene.calendar, changes, &cause(3))
        .await?;
    // A write comes first: it meets what was worked out for the other zone.
    put(
        store,
        scene.calendar,
        "b",
        "DTSTART:20260925T090000\r\nDURATION:PT1H",
    )
    .await?;
    let east = ["24 07:00-08:00 Busy", "25 07:00-08:00 Busy"];
    ensure_eq!(
        times(store, ada).await?,
        east,
        "in the zone of the calendar"
    );
    Ok(())
}

pub(super) async fn shows_as_busy_what_cannot_be_worked_out(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let ada = scene.ada.id;
    let hours = component(
        "VAVAILABILITY",
        "hours",
        "BEGIN:AVAILABLE\r\nUID:x\r\nDTSTAMP:20260901T080000Z\r\n\
         DTSTART:20260901T090000Z\r\nDTEND:20260901T170000Z\r\nRRULE:FREQ=DAILY\r\nEND:AVAILABLE",
    );
    let kinds = [ComponentKind::Event, ComponentKind::Availability];
    let new = NewCollection::calendar(scene.home.id, CollectionName::new("hours")?, kinds);
    let calendar = store.create_collection(new, &cause(0)).await?.id;
    store
        .put(Put::new(calendar, ics("hours")?, hours), &cause(1))
        .await?;
    let found = slots(store, ada).await?;
    ensure!(found.times().is_empty(), "usual hours among the times");
    ensure!(found.has_usual_hours(), "usual hours were overlooked");
    ensure!(!found.is_free(&week()), "free in spite of usual hours");
    let endless = "DTSTART:20260922T000000Z\r\nDTEND:20260922T000001Z\r\nRRULE:FREQ=SECONDLY";
    put(store, scene.calendar, "endless", endless).await?;
    let all = ["22 00:00-00:00 Busy"];
    ensure_eq!(
        times(store, ada).await?,
        all,
        "of what is too much to look at"
    );
    Ok(())
}

/// What is kept of the calendars of a principal, exactly.
async fn kept(store: &Store, principal: PrincipalId) -> Result<BusyTimes, Broken> {
    let years = window(-365 * 86_400, 3 * 365 * 86_400);
    let slots = store.busy_slots(principal, &years, at(100)).await?;
    ensure_eq!(*slots.known(), years, "the time that is known");
    Ok(slots.times().clone())
}

pub(super) async fn equals_what_is_worked_out_anew(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let mut expected: BTreeMap<u64, ()> = BTreeMap::new();
    // A plain sequence of numbers: what matters is that writes cross.
    let mut number: u64 = 7;
    for step in 0..60 {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695);
        let uid = (number >> 33) % 7;
        let (day, hour) = (1 + (number >> 40) % 28, (number >> 48) % 24);
        let rule = match (number >> 56) % 3 {
            0 => "\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH",
            1 => "\r\nRRULE:FREQ=DAILY;INTERVAL=11;COUNT=40",
            _ => "",
        };
        if step % 5 == 4 && expected.remove(&uid).is_some() {
            scene.delete(&uid.to_string()).await?;
        } else {
            let lines = format!("DTSTART:202609{day:02}T{hour:02}1000Z\r\nDURATION:PT7H{rule}");
            put(store, scene.calendar, &uid.to_string(), &lines).await?;
            expected.insert(uid, ());
        }
        if step % 20 == 19 {
            let before = kept(store, scene.ada.id).await?;
            let calendars = store.rebuild_busy(scene.ada.id, at(0)).await?;
            ensure_eq!(calendars, 2, "the calendars that were worked out anew");
            ensure_eq!(kept(store, scene.ada.id).await?, before, "what is kept");
        }
    }
    // What was written long ago still tells the years ahead of a later day.
    let later = crate::Timestamp::from_millis(BEGINNING + 3 * 366 * 86_400_000);
    ensure_eq!(
        store.advance_busy(later).await?,
        2,
        "the calendars that moved on"
    );
    ensure_eq!(
        store.advance_busy(later).await?,
        0,
        "those that moved on again"
    );
    Ok(())
}
