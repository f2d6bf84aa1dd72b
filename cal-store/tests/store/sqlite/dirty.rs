//! What is stored is never judged again, whatever a stricter reader thinks of it.

use cal_store::{Effect, PageRequest, Place, Relocate, Relocation, Span, SpanQuery, Sqlite, Store};
use rusqlite::Connection;

use crate::scene::{calendar, calendar_of_ada, cause, ics, put};

/// Bodies that no calendar would take today.
fn dirty() -> Vec<String> {
    let event = |lines: &str| format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n");
    let start = "DTSTART:20260921T120000Z\r\n";
    vec![
        calendar(&event(&format!("METHOD:PUBLISH\r\nUID:a\r\n{start}")))
            .replace("PRODID", "METHOD"),
        calendar(&event("UID:no-start\r\n")),
        calendar(&event(start)),
        calendar(&(event(&format!("UID:one\r\n{start}")) + &event(&format!("UID:two\r\n{start}")))),
        calendar(&event(&format!("UID:cut\r\n{start}"))).replace("END:VCALENDAR\r\n", ""),
        calendar(&event(
            "UID:odd\r\nDTSTART:sometime\r\nRRULE:FREQ=NEVER\r\n",
        )),
    ]
}

#[tokio::test]
async fn dirty_objects_are_listed_found_read_moved_and_restored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let dirty = dirty();
    for number in 0..dirty.len() {
        let clean = put(calendar, &number.to_string(), "Clean");
        store.put(clean, &cause()).await.unwrap();
    }
    let connection = Connection::open(&path).unwrap();
    for (number, body) in dirty.iter().enumerate() {
        let soil = "UPDATE bodies SET body = ?1 WHERE body_id = \
             (SELECT body_id FROM objects WHERE name = ?2)";
        let name = format!("{number}.ics");
        connection.execute(soil, (body.as_bytes(), name)).unwrap();
    }
    let page = || PageRequest::first(100);
    assert_eq!(
        store.entries(calendar, page()).await.unwrap().items.len(),
        dirty.len()
    );
    let query = SpanQuery::new(calendar, Span::ALWAYS);
    assert_eq!(
        store.overlapping(query, page()).await.unwrap().items.len(),
        dirty.len()
    );
    for (number, body) in dirty.iter().enumerate() {
        let (name, moved) = (ics(&number.to_string()), ics(&format!("moved-{number}")));
        let object = store.object(calendar, &name).await.unwrap().unwrap();
        assert_eq!(object.body, *body);
        let place = |name| Place {
            collection: calendar,
            name,
        };
        let away = Relocate::new(Relocation::Move, place(name.clone()), place(moved.clone()));
        let effect = store.relocate(&away, &cause()).await.unwrap();
        assert_eq!(effect, Effect::Created, "{body}");
        let object = store.object(calendar, &moved).await.unwrap().unwrap();
        assert_eq!(object.body, *body);
        store
            .delete(cal_store::Delete::new(calendar, moved), &cause())
            .await
            .unwrap();
        let versions = store.versions(calendar, &name, page()).await.unwrap().items;
        let restored = store
            .restore(calendar, &name, versions[0].id, &cause())
            .await;
        assert_eq!(restored.unwrap().effect, Effect::Created, "{body}");
    }
}
