//! The index in PostgreSQL: wiped and made again, it is what it was.

use cal_store::{Postgres, Put, Reindex, Store};
use tokio_postgres::Client;

use super::server::{client, database};
use crate::scene::{calendar, calendar_of_ada, cause, event, ics};

/// All that is made of bytes, row for row.
const INDEX: &[&str] = &[
    "SELECT (collection_id, name, component, uid, uid_hash, is_series, span_class, span_start, \
     span_end)::text FROM objects ORDER BY collection_id, name",
    "SELECT w::text FROM object_words w ORDER BY collection_id, name",
    "SELECT c::text FROM object_categories c ORDER BY collection_id, category, name",
    "SELECT r::text FROM reminders r ORDER BY collection_id, name, kind, at",
];

pub(super) async fn rows(client: &Client) -> Vec<Vec<String>> {
    let mut tables = Vec::new();
    for sql in INDEX {
        let rows = client.query(*sql, &[]).await.unwrap();
        tables.push(rows.iter().map(|row| row.get(0)).collect());
    }
    tables
}

#[tokio::test]
async fn a_wiped_index_is_made_again_row_for_row() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let id = calendar_of_ada(&store).await;
    for number in 0..20 {
        let uid = number.to_string();
        let body = match number % 2 {
            0 => event(&uid, "Plain"),
            _ => calendar(&format!(
                "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n\
                 DTSTART;TZID=Europe/Berlin:20260901T090000\r\nRRULE:FREQ=WEEKLY\r\n\
                 SUMMARY:Café 東京 {uid}\r\nCATEGORIES:Work,Été\r\nBEGIN:VALARM\r\n\
                 ACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
            )),
        };
        let put = Put::new(id, ics(&uid), body);
        store.put(put, &cause()).await.unwrap();
    }
    store.delete_collection(id, &cause()).await.unwrap();

    let client = client(&settings).await;
    let before = rows(&client).await;
    assert!(before.iter().all(|table| table.len() > 10));
    let wipe = "DELETE FROM object_words; DELETE FROM object_categories; DELETE FROM reminders; \
         UPDATE objects SET is_series = NULL, span_class = NULL, span_start = NULL, \
         span_end = NULL, uid = NULL, uid_hash = NULL";
    client.batch_execute(wipe).await.unwrap();
    assert_ne!(rows(&client).await, before);

    let report = store
        .reindex(Reindex::everything(cause().at))
        .await
        .unwrap();
    assert_eq!(report.unindexed.len(), 0);
    assert_eq!(rows(&client).await, before);
}
