//! Rooms and calendars that may not be busy twice at one time.

use cal_freebusy::Interval;
use cal_store::{
    Cause, Collection, Location, ObjectName, PrincipalChanges, PrincipalKind, PrincipalName, Put,
    Timestamp, Via,
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::world::{Answer, World, event};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

async fn book(world: &World, uid: &str, start: &str, end: &str) -> Answer {
    let lines = [format!("DTSTART:{start}"), format!("DTEND:{end}")];
    let text = event(uid, &[&lines[0], &lines[1]]);
    let path = format!("{CALENDAR}{uid}.ics");
    world.request("PUT", &path).calendar(&text).send().await
}

#[tokio::test]
async fn a_room_that_is_taken_is_a_conflict_that_says_by_what_and_when() {
    let world = World::new();
    assert!(world.request("GET", CALENDAR).status().await < 300);
    let name = PrincipalName::new("ada").unwrap();
    let ada = world.store.principal(&name).await.unwrap().unwrap();
    let changes = PrincipalChanges {
        kind: Some(PrincipalKind::Room),
        ..PrincipalChanges::default()
    };
    let now = Cause::new(Via::System, crate::world::now().into());
    let changed = world.store.update_principal(ada.id, changes, &now).await;
    changed.unwrap();
    let first = book(&world, "first", "20260302T090000Z", "20260302T100000Z").await;
    assert_eq!(first.status, 201);
    let refused = book(&world, "second", "20260302T093000Z", "20260302T103000Z").await;
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.text(),
        "the time from 2026-03-02T09:00:00Z to 2026-03-02T10:00:00Z is taken by first\n"
    );
    let after = book(&world, "second", "20260302T100000Z", "20260302T103000Z").await;
    assert_eq!(after.status, 201);
}

#[tokio::test]
async fn a_calendar_refuses_double_booking_if_a_client_sets_the_property() {
    let world = World::new();
    let book = async |uid| book(&world, uid, "20260302T090000Z", "20260302T100000Z").await;
    assert_eq!(book("a").await.status, 201);
    assert_eq!(book("b").await.status, 201);
    let change = |how: &str| {
        format!(
            "<D:propertyupdate xmlns:D='DAV:'><D:{how}><D:prop>\
             <refuse-double-booking xmlns='https://github.com/cal-rs/cal/ns/'/>\
             </D:prop></D:{how}></D:propertyupdate>"
        )
    };
    let patch = async |how| {
        let request = world.request("PROPPATCH", CALENDAR).xml(&change(how));
        assert_eq!(request.status().await, 207);
    };
    patch("set").await;
    assert_eq!(book("c").await.status, 409);
    patch("remove").await;
    assert_eq!(book("c").await.status, 201);
}

/// The calendar of Ada, once there is one.
async fn calendar(world: &World) -> Collection {
    assert!(world.request("GET", CALENDAR).status().await < 300);
    let owner = PrincipalName::new("ada").unwrap();
    let names = [ObjectName::new("calendar").unwrap()];
    match world.store.locate(&owner, &names).await.unwrap() {
        Location::Collection(calendar) => *calendar,
        other => panic!("no calendar: {other:?}"),
    }
}

/// What the server says of when Ada is busy on 2026-03-02.
async fn busy(world: &World, path: &str) -> Vec<String> {
    let query = "<C:free-busy-query xmlns:C='urn:ietf:params:xml:ns:caldav'>\
                 <C:time-range start='20260302T000000Z' end='20260303T000000Z'/>\
                 </C:free-busy-query>";
    let report = world.request("REPORT", path).depth("infinity");
    let answer = report.xml(query).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let lines = text.lines().filter(|line| line.starts_with("FREEBUSY"));
    lines.map(str::to_owned).collect()
}

/// From an hour of 2026-03-02, for an hour.
fn hour(hour: u32) -> Interval {
    let start: DateTime<Utc> = format!("2026-03-02T{hour:02}:00:00Z").parse().unwrap();
    Interval::new(start, start + TimeDelta::hours(1))
}

fn at(minutes: i64) -> Cause {
    let at = crate::world::now() + TimeDelta::minutes(minutes);
    Cause::new(Via::Api, Timestamp::from(at))
}

#[tokio::test]
async fn a_held_time_is_busy_tentative_until_it_lapses_and_says_nothing_else() {
    let world = World::new();
    let calendar = calendar(&world).await.id;
    let minutes = TimeDelta::minutes(30);
    // The clock of the server stands: one of these lapses now, the other later.
    let hold = async |hours, cause: &Cause| {
        let held = world.store.hold(calendar, hour(hours), minutes, cause);
        held.await.unwrap()
    };
    hold(9, &at(-30)).await;
    hold(14, &at(-29)).await;
    let held = ["FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260302T140000Z/20260302T150000Z"];
    assert_eq!(busy(&world, CALENDAR).await, held);
    assert_eq!(busy(&world, "/dav/calendars/ada/").await, held);
}

#[tokio::test]
async fn a_held_time_is_told_beside_times_that_only_the_events_tell() {
    let world = World::new();
    let calendar = calendar(&world).await.id;
    let ticks = [
        "DTSTART:20260302T090000Z",
        "RRULE:FREQ=SECONDLY;COUNT=60000",
    ];
    world
        .put(&format!("{CALENDAR}ticks.ics"), &event("ticks", &ticks))
        .await;
    let tentative = |lines: &[String]| {
        let mut lines = lines.iter();
        lines.any(|line| line.ends_with("TENTATIVE:20260302T070000Z/20260302T080000Z"))
    };
    assert!(!tentative(&busy(&world, CALENDAR).await));
    let now = at(0);
    let held = world
        .store
        .hold(calendar, hour(7), TimeDelta::hours(1), &now);
    held.await.unwrap();
    assert!(tentative(&busy(&world, CALENDAR).await));
}

#[tokio::test]
async fn a_held_time_becomes_the_event_that_takes_it() {
    let world = World::new();
    let calendar = calendar(&world).await.id;
    let now = at(0);
    let held = world
        .store
        .hold(calendar, hour(9), TimeDelta::hours(1), &now);
    let held = held.await.unwrap();
    let text = event("mine", &["DTSTART:20260302T090000Z", "DURATION:PT1H"]);
    let put = Put::new(calendar, ObjectName::new("mine.ics").unwrap(), text);
    let put = world.store.put(put.with_hold(held.token), &now);
    put.await.unwrap();
    let taken = ["FREEBUSY:20260302T090000Z/20260302T100000Z"];
    assert_eq!(busy(&world, CALENDAR).await, taken);
}
