//! `cal rooms`.

use cal_store::{
    Cause, CollectionChanges, CollectionName, ComponentKind, NewCollection, ObjectName,
    PrincipalName, Put, Sqlite, Store, Timestamp, Transparency, Via,
};
use chrono::{Days, Utc};

use crate::running::{Home, calendar};

fn put_tomorrow(uid: &str, minute: u32) -> String {
    let day = (Utc::now() + Days::new(1)).format("%Y%m%d");
    calendar(&format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART:{day}T09{minute:02}00Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    ))
}

#[tokio::test]
async fn a_room_that_is_booked_twice_all_the_same_is_told_with_both_events() {
    let home = Home::new();
    let add = ["user", "add", "aula", "--kind", "room", "--password-stdin"];
    home.run_with(&add, "of the room\n").expect_done();
    let quiet = home.run(&["rooms"]).expect_done();
    assert_eq!(quiet, "");

    let store = Store::new(Sqlite::open(home.data().join("cal.db")).await.unwrap());
    let cause = Cause::new(Via::Command, Timestamp::from(Utc::now()));
    let name = PrincipalName::new("aula").unwrap();
    let room = store.principal(&name).await.unwrap().unwrap();
    let parent = store.home(room.id).await.unwrap().id;
    let transparency = |transparency| CollectionChanges {
        transparency: Some(transparency),
        ..CollectionChanges::default()
    };
    for (calendar, uid, minute) in [("one", "lecture", 0), ("two", "concert", 30)] {
        let name = CollectionName::new(calendar).unwrap();
        let new = NewCollection::calendar(parent, name, [ComponentKind::Event]);
        let made = store.create_collection(new, &cause).await.unwrap().id;
        let free = transparency(Transparency::Transparent);
        store.update_collection(made, free, &cause).await.unwrap();
        let name = ObjectName::new(format!("{uid}.ics")).unwrap();
        let put = Put::new(made, name, put_tomorrow(uid, minute));
        store.put(put, &cause).await.unwrap();
        let taken = transparency(Transparency::Opaque);
        store.update_collection(made, taken, &cause).await.unwrap();
    }
    let found = home.run(&["rooms", "--json"]);
    assert_eq!(found.code, 1, "{found}");
    let rows = found.json_lines();
    assert_eq!(rows.len(), 1, "{found}");
    assert_eq!(
        [&rows[0]["room"], &rows[0]["first"], &rows[0]["second"]],
        ["aula", "lecture", "concert"]
    );
    assert!(rows[0]["start"].as_str().unwrap().contains("T09:30:00"));
    let other = home.run(&["rooms", "nobody"]);
    assert!(other.stderr.contains("there is no user nobody"), "{other}");
}
