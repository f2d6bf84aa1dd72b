//! The promises of the schema: every question is answered by an index.

use cal_store::{Sqlite, Store};
use rusqlite::Connection;

use crate::scene::{calendar_of_ada, cause, put};

/// The questions of every request, with the index that must answer each.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "SELECT etag FROM objects WHERE collection_id = 1 AND name > 'a' ORDER BY name LIMIT 9",
        "PRIMARY KEY (collection_id=? AND name>?)",
    ),
    (
        "SELECT etag FROM objects WHERE collection_id = 1 AND sequence > 5 ORDER BY sequence LIMIT 9",
        "objects_by_sequence (collection_id=? AND sequence>?)",
    ),
    (
        "SELECT name FROM objects WHERE collection_id = 1 AND uid = 'x'",
        "objects_by_uid (collection_id=? AND uid=?)",
    ),
    (
        "SELECT name FROM objects WHERE collection_id = 1 AND span_class = 0 AND span_start >= 3 \
         AND span_start < 9 AND span_end >= 4 ORDER BY span_start, name LIMIT 9",
        "objects_by_span (collection_id=? AND span_class=? AND span_start>? AND span_start<?)",
    ),
    (
        "SELECT name FROM tombstones WHERE collection_id = 1 AND sequence > 5 ORDER BY sequence",
        "tombstones_by_sequence (collection_id=? AND sequence>?)",
    ),
    (
        "SELECT collection_id FROM collections WHERE parent_id = 1 AND name = 'x' \
         AND trashed_at IS NULL",
        "collections_by_name (parent_id=? AND name=?)",
    ),
    (
        "SELECT collection_id FROM collections WHERE owner_id = 1 AND parent_id IS NULL",
        "homes (owner_id=?)",
    ),
    (
        "SELECT name FROM versions WHERE collection_id = 1 AND name > 'a' AND made_at <= 3 \
         AND ended_at > 3 UNION ALL SELECT name FROM objects WHERE collection_id = 1 \
         AND name > 'a' AND modified <= 3 ORDER BY name LIMIT 9",
        "PRIMARY KEY (collection_id=? AND name>?)",
    ),
    (
        "SELECT collection_id FROM past_collections WHERE parent_id = 1",
        "past_collections_by_parent (parent_id=?)",
    ),
    (
        "SELECT hash FROM audit_entries WHERE workspace_id = 1 AND chain = 1 AND number > 5 \
         ORDER BY number LIMIT 9",
        "PRIMARY KEY (workspace_id=? AND chain=? AND number>?)",
    ),
    (
        "SELECT at FROM reminders WHERE kind = 0 AND at >= 3 AND at < 9 \
         ORDER BY at, collection_id, name LIMIT 9",
        "reminders_by_time (kind=? AND at>? AND at<?)",
    ),
    (
        "SELECT category, count(*) FROM object_categories WHERE collection_id = 1 \
         AND category > 'a' GROUP BY category ORDER BY category LIMIT 9",
        "PRIMARY KEY (collection_id=? AND category>?)",
    ),
    (
        "SELECT o.name FROM object_words w CROSS JOIN objects o ON o.body_id = w.rowid \
         WHERE object_words MATCH 'x' AND o.collection_id = 1 AND o.name > 'a'",
        "objects_by_body (body_id=?",
    ),
    (
        "SELECT o.name FROM object_categories k CROSS JOIN objects o \
         ON o.collection_id = k.collection_id AND o.name = k.name \
         WHERE k.collection_id = 1 AND k.category = 'x' AND k.name > 'a' \
         ORDER BY k.name LIMIT 9",
        "PRIMARY KEY (collection_id=? AND category=? AND name>?)",
    ),
];

#[tokio::test]
async fn no_question_of_a_request_scans_or_sorts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    store.put(put(calendar, "a", "A"), &cause()).await.unwrap();
    let connection = Connection::open(&path).unwrap();
    for (question, index) in QUESTIONS {
        let sql = format!("EXPLAIN QUERY PLAN {question}");
        let mut statement = connection.prepare(&sql).unwrap();
        let plan = statement
            .query_map([], |row| row.get::<_, String>(3))
            .unwrap();
        let plan = plan.map(Result::unwrap).collect::<Vec<_>>().join("\n");
        assert!(plan.contains(index), "{question}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{question}\n{plan}");
    }
}
