//! The index in SQLite: wiped and made again, it is what it was.

use cal_store::{PageRequest, Put, Reindex, SearchQuery, Sqlite, Store};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::scene::{calendar, calendar_of_ada, cause, event, ics};

/// All that is made of bytes, row for row.
const INDEX: &[&str] = &[
    "SELECT collection_id, name, component, uid, is_series, span_class, span_start, span_end \
     FROM objects ORDER BY 1, 2",
    "SELECT term, doc FROM words ORDER BY 1, 2",
    "SELECT * FROM object_categories ORDER BY 1, 2, 3",
    "SELECT * FROM reminders ORDER BY 1, 2, 3, 4",
];

/// When calendars take time, row for row.
const BUSY: &[&str] = &["SELECT * FROM busy_times ORDER BY 1, 2, 3"];

fn rows(connection: &Connection, tables: &[&str]) -> Vec<Vec<Vec<Value>>> {
    const WORDS: &str = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words \
         USING fts5vocab(main, object_words, instance)";
    connection.execute_batch(WORDS).unwrap();
    let read = |sql: &&str| {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|it| row.get(it)).collect());
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    };
    tables.iter().map(read).collect()
}

/// Objects of all kinds, some of them replaced, deleted and in the trash.
async fn fill(store: &Store) {
    let id = calendar_of_ada(store).await;
    for number in 0..40 {
        let uid = number.to_string();
        let body = match number % 4 {
            0 => event(&uid, "Plain"),
            1 => calendar(&format!(
                "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n\
                 DTSTART;TZID=Europe/Berlin:20260901T090000\r\nRRULE:FREQ=WEEKLY\r\n\
                 SUMMARY:Café {uid}\r\nCATEGORIES:Work,Été\r\nBEGIN:VALARM\r\n\
                 ACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
            )),
            2 => calendar(&format!(
                "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n\
                 DTSTART;VALUE=DATE:20260925\r\nORGANIZER;CN=Ada:mailto:ada@example.com\r\n\
                 BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:PT9H\r\nEND:VALARM\r\nEND:VEVENT\r\n"
            )),
            _ => event(&uid, "Replaced"),
        };
        let put = Put::new(id, ics(&uid), body);
        store.put(put, &cause()).await.unwrap();
        if number % 4 == 3 {
            let put = Put::new(id, ics(&uid), event(&uid, "Replacement"));
            store.put(put, &cause()).await.unwrap();
        }
        if number % 8 == 4 {
            let delete = cal_store::Delete::new(id, ics(&uid));
            store.delete(delete, &cause()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_wiped_index_is_made_again_row_for_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let sqlite = Sqlite::open(&path).await.unwrap();
    let store = Store::new(sqlite);
    fill(&store).await;
    let id = calendar_of_ada(&store).await;
    store.delete_collection(id, &cause()).await.unwrap();

    let connection = Connection::open(&path).unwrap();
    let before = rows(&connection, INDEX);
    assert!(before.iter().all(|table| table.len() > 10));
    let wipe = "DELETE FROM object_words; DELETE FROM object_categories; DELETE FROM reminders; \
         UPDATE objects SET is_series = NULL, span_class = NULL, span_start = NULL, \
         span_end = NULL, uid = NULL";
    connection.execute_batch(wipe).unwrap();
    assert_ne!(rows(&connection, INDEX), before);

    let report = store
        .reindex(Reindex::everything(cause().at))
        .await
        .unwrap();
    assert_eq!(report.unindexed.len(), 0);
    assert_eq!(rows(&connection, INDEX), before);
}

#[tokio::test]
async fn wiped_times_of_calendars_are_made_again_row_for_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let id = calendar_of_ada(&store).await;
    for number in 0..8 {
        let weekly = calendar(&format!(
            "BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260901T080000Z\r\n\
             DTSTART;TZID=Europe/Berlin:2026090{}T090000\r\nDURATION:PT1H\r\n\
             RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n",
            number + 1
        ));
        let put = Put::new(id, ics(&number.to_string()), weekly);
        store.put(put, &cause()).await.unwrap();
    }
    let connection = Connection::open(&path).unwrap();
    let before = rows(&connection, BUSY);
    assert!(before[0].len() > 100);
    connection.execute("DELETE FROM busy_times", []).unwrap();
    let everything = Reindex::everything(cause().at);
    store.reindex(everything.dry_run()).await.unwrap();
    assert_eq!(rows(&connection, BUSY)[0].len(), 0);
    store.reindex(everything).await.unwrap();
    assert!(rows(&connection, BUSY) == before, "they are others");
}

#[tokio::test]
async fn the_index_is_whole_in_the_eyes_of_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let sqlite = Sqlite::open(&path).await.unwrap();
    fill(&Store::new(sqlite)).await;
    let sqlite = Sqlite::open(&path).await.unwrap();
    let faults = sqlite.check_integrity().await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn a_word_of_a_write_that_is_refused_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(folder.path().join("cal.db")).await.unwrap();
    let store = Store::new(sqlite);
    let id = calendar_of_ada(&store).await;
    let put = |name: &str, uid: &str, summary: &str| Put::new(id, ics(name), event(uid, summary));
    let puts = vec![
        put("a", "1", "Kept"),
        put("b", "1", "Refused"),
        put("c", "2", "Kept too"),
    ];
    let results = store.put_each(puts, &cause()).await;
    assert!(results[0].is_ok() && results[1].is_err() && results[2].is_ok());
    for (text, count) in [("kept", 2), ("refused", 0)] {
        let query = SearchQuery::new(id, text).unwrap();
        let found = store.search(query, PageRequest::first(9)).await.unwrap();
        assert_eq!(found.items.len(), count, "{text}");
    }
}
