//! Rooms and calendars that may not be busy twice at one time.

use cal_store::{PrincipalChanges, PrincipalKind, PrincipalName};

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
    let now = cal_store::Cause::new(cal_store::Via::System, crate::world::now().into());
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
