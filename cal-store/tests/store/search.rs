//! The index finds what looking at every object finds.

use std::collections::BTreeMap;

use cal_core::{Calendar, PropertyKind};
use cal_store::{
    Category, CollectionId, Delete, Durability, Memory, PageRequest, Put, SearchQuery, Span,
    Sqlite, Store, Timestamp, Words,
};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::scene::{calendar, calendar_of_ada, cause, ics};

const WORDS: [&str; 6] = ["Café", "cafeteria", "Plan", "planning", "room", "東京"];
const CATEGORIES: [&str; 3] = ["Work", "Été", "C++"];

/// An object in few words.
#[derive(Debug, Clone)]
struct Draft {
    summary: Vec<usize>,
    location: Vec<usize>,
    categories: Vec<usize>,
    /// Hours from now to the start, and minutes from an alarm to it.
    start: i64,
    alarm: Option<i64>,
    is_series: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Put(usize, Draft),
    Delete(usize),
    Prune,
}

fn draft() -> impl Strategy<Value = Draft> {
    let words = || prop::collection::vec(0..WORDS.len(), 0..4);
    let categories = prop::collection::vec(0..CATEGORIES.len(), 0..3);
    let alarm = prop::option::of(0_i64..200);
    (
        words(),
        words(),
        categories,
        -72_i64..72,
        alarm,
        any::<bool>(),
    )
        .prop_map(
            |(summary, location, categories, start, alarm, is_series)| Draft {
                summary,
                location,
                categories,
                start,
                alarm,
                is_series,
            },
        )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..5_usize, draft()).prop_map(|(number, draft)| Step::Put(number, draft)),
        2 => (0..5_usize).prop_map(Step::Delete),
        1 => Just(Step::Prune),
    ]
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(cause().at.millis() + minutes * 60_000)
}

fn text(number: usize, draft: &Draft) -> String {
    let words = |words: &[usize]| {
        words
            .iter()
            .map(|it| WORDS[*it])
            .collect::<Vec<_>>()
            .join(", ")
    };
    let start = at(draft.start * 60).to_date_time().unwrap();
    let categories = draft.categories.iter().map(|it| CATEGORIES[*it]);
    let categories = categories
        .map(|it| format!("CATEGORIES:{it}\r\n"))
        .collect::<String>();
    let rule = if draft.is_series {
        "RRULE:FREQ=DAILY\r\n"
    } else {
        ""
    };
    let alarm = draft.alarm.map(|minutes| {
        format!("BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT{minutes}M\r\nEND:VALARM\r\n")
    });
    calendar(&format!(
        "BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260901T080000Z\r\nDTSTART:{}\r\n{rule}\
         SUMMARY:{}\r\nLOCATION:{}\r\n{categories}{}END:VEVENT\r\n",
        start.format("%Y%m%dT%H%M%SZ"),
        words(&draft.summary).replace(',', "\\,"),
        words(&draft.location).replace(',', "\\,"),
        alarm.unwrap_or_default(),
    ))
}

/// What a search finds, by looking at every text.
fn scan(bodies: &BTreeMap<String, String>, wanted: impl Fn(&Calendar) -> bool) -> Vec<String> {
    let found = bodies.iter();
    let found = found.filter(|(_, text)| wanted(&Calendar::read((*text).clone()).calendar));
    found.map(|(name, _)| name.clone()).collect()
}

fn has_words(calendar: &Calendar, wanted: &Words) -> bool {
    let event = calendar.events().next().unwrap();
    let texts = [PropertyKind::Summary, PropertyKind::Location].map(|kind| event.text(kind));
    let texts = texts.into_iter().flatten();
    let text = texts.fold(String::new(), |all, text| all + " " + &text);
    Words::of(&text).match_all(wanted)
}

fn has_category(calendar: &Calendar, wanted: &Category) -> bool {
    let event = calendar.events().next().unwrap();
    let mut categories = event.categories().into_iter();
    categories.any(|text| Category::of(&text).as_ref() == Some(wanted))
}

/// Minutes and names of what is due in a day, by counting.
fn due(drafts: &BTreeMap<usize, Draft>, from: i64) -> Vec<(i64, String)> {
    let mut due = Vec::new();
    for (number, draft) in drafts {
        let Some(alarm) = draft.alarm else { continue };
        let first = draft.start * 60 - alarm;
        let count = if draft.is_series { 1_000 } else { 1 };
        let times = (0..count).map(|day| first + day * 24 * 60);
        let inside = times.filter(|it| (from..from + 24 * 60).contains(it));
        due.extend(inside.map(|it| (it, format!("{number}.ics"))));
    }
    due.sort();
    due
}

async fn names(store: &Store, query: SearchQuery) -> Vec<String> {
    let found = store.search(query, PageRequest::first(100)).await.unwrap();
    let names = found.items.iter().map(|it| it.entry.name.to_string());
    names.collect()
}

async fn take(
    store: &Store,
    calendar: CollectionId,
    step: &Step,
    (bodies, drafts): (&mut BTreeMap<String, String>, &mut BTreeMap<usize, Draft>),
) {
    match step {
        Step::Put(number, draft) => {
            let body = text(*number, draft);
            let put = Put::new(calendar, ics(&number.to_string()), body.clone());
            store.put(put, &cause()).await.unwrap();
            bodies.insert(format!("{number}.ics"), body);
            drafts.insert(*number, draft.clone());
        }
        Step::Delete(number) => {
            let delete = Delete::new(calendar, ics(&number.to_string()));
            let deleted = store.delete(delete, &cause()).await.is_ok();
            assert_eq!(deleted, drafts.remove(number).is_some());
            bodies.remove(&format!("{number}.ics"));
        }
        Step::Prune => {
            store.prune(at(1), &cause()).await.unwrap();
        }
    }
}

async fn finds_what_a_scan_finds(store: Store, steps: &[Step]) -> Result<(), TestCaseError> {
    let calendar = calendar_of_ada(&store).await;
    let (mut bodies, mut drafts) = (BTreeMap::new(), BTreeMap::new());
    for step in steps {
        take(&store, calendar, step, (&mut bodies, &mut drafts)).await;
    }
    for text in ["cafe", "plan", "Planning room", "京", "cafe plan", "x"] {
        let query = SearchQuery::new(calendar, text).unwrap();
        let words = query.words.clone();
        let expected = scan(&bodies, |calendar| has_words(calendar, &words));
        prop_assert_eq!(names(&store, query).await, expected, "{}", text);
    }
    for text in CATEGORIES {
        let category = Category::of(text).unwrap();
        let query = SearchQuery::new(calendar, "").unwrap();
        let found = names(&store, query.with_category(category.clone())).await;
        let expected = scan(&bodies, |calendar| has_category(calendar, &category));
        prop_assert_eq!(found, expected, "{}", text);
    }
    for from in [-1_440, -700, 0, 1_440, 100_000] {
        let span = Span::new(at(from), at(from + 24 * 60));
        let found = store.due(span, PageRequest::first(1_000)).await.unwrap();
        prop_assert_eq!(&found.next, &None);
        let found = found.items.into_iter();
        let found = found.map(|it| {
            let minutes = (it.at.millis() - cause().at.millis()) / 60_000;
            (minutes, it.name.to_string())
        });
        prop_assert_eq!(found.collect::<Vec<_>>(), due(&drafts, from), "{}", from);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn memory_finds_what_a_scan_finds(steps in prop::collection::vec(step(), 1..30)) {
        let found = finds_what_a_scan_finds(Store::new(Memory::new()), &steps);
        Runtime::new().unwrap().block_on(found)?;
    }

    #[test]
    fn sqlite_finds_what_a_scan_finds(steps in prop::collection::vec(step(), 1..30)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cal.db");
        Runtime::new().unwrap().block_on(async {
            let sqlite = Sqlite::open_with(path, Durability::Process).await.unwrap();
            finds_what_a_scan_finds(Store::new(sqlite), &steps).await
        })?;
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn postgres_finds_what_a_scan_finds(steps in prop::collection::vec(step(), 1..30)) {
        Runtime::new().unwrap().block_on(async {
            let Some(settings) = crate::postgres::server::database().await else {
                return Ok(());
            };
            let postgres = cal_store::Postgres::connect(&settings).await.unwrap();
            finds_what_a_scan_finds(Store::new(postgres), &steps).await
        })?;
    }
}
