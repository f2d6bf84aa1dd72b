//! Which alarms go off when, as a store tells it.

use cal_store::{
    CollectionChanges, Limits, Memory, PageRequest, Put, Reminder, Span, Store, Timestamp,
};

use crate::scene::{calendar, calendar_of_ada, cause, ics};

/// 2026-09-21T14:13:20Z, when the events are stored.
const NOW: i64 = 1_790_000_000_000;

/// What is stored, and what goes off in the 48 hours after: month, day and time in
/// UTC. `{T}` is an alarm with the trigger T.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "before the start",
        "DTSTART:20260922T090000Z\n{:-PT15M}",
        &["09-22T08:45"],
    ),
    (
        "after the end",
        "DTSTART:20260922T090000Z\nDURATION:PT1H\n{;RELATED=END:PT5M}",
        &["09-22T10:05"],
    ),
    (
        "at its own time",
        "DTSTART:20260922T090000Z\nRRULE:FREQ=DAILY\n{;VALUE=DATE-TIME:20260922T070000Z}",
        &["09-22T07:00"],
    ),
    (
        "a day before, on the wall clock",
        "DTSTART;TZID=Europe/Berlin:20260923T090000\n{:-P1D}",
        &["09-22T07:00"],
    ),
    (
        "each of a series",
        "DTSTART:20260901T090000Z\nRRULE:FREQ=DAILY\n{:-PT1H}",
        &["09-22T08:00", "09-23T08:00"],
    ),
    (
        "not of excluded instances",
        "DTSTART:20260901T090000Z\nRRULE:FREQ=DAILY\nEXDATE:20260922T090000Z\n{:-PT1H}",
        &["09-23T08:00"],
    ),
    (
        "as often as it repeats",
        "DTSTART:20260922T090000Z\n{:-PT15M\nREPEAT:2\nDURATION:PT5M}",
        &["09-22T08:45", "09-22T08:50", "09-22T08:55"],
    ),
    (
        "not what was acknowledged",
        "DTSTART:20260922T090000Z\n{:-PT15M\nREPEAT:2\nDURATION:PT5M\nACKNOWLEDGED:20260922T085000Z}",
        &["09-22T08:55"],
    ),
    (
        "not what waits for a place",
        "DTSTART:20260922T090000Z\n{:-PT15M\nPROXIMITY:ARRIVE}",
        &[],
    ),
    (
        "not of what is cancelled",
        "DTSTART:20260922T090000Z\nSTATUS:CANCELLED\n{:-PT15M}",
        &[],
    ),
    (
        "two alarms",
        "DTSTART:20260922T090000Z\n{:-PT15M}\n{:-PT30M}",
        &["09-22T08:30", "09-22T08:45"],
    ),
    (
        "no trigger that can be read",
        "DTSTART:20260922T090000Z\n{:soon}",
        &[],
    ),
    (
        "long before",
        "DTSTART:20270922T090000Z\nRRULE:FREQ=YEARLY\n{:-P365D}",
        &["09-22T09:00"],
    ),
];

/// An event, or several of one UID, with the alarms written out.
fn text(events: &[&str]) -> String {
    let events = events.iter().map(|lines| {
        let lines = lines
            .replace(
                '{',
                "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Soon\nTRIGGER",
            )
            .replace('}', "\nEND:VALARM");
        format!("BEGIN:VEVENT\nUID:1\nDTSTAMP:20260901T080000Z\n{lines}\nEND:VEVENT\n")
    });
    calendar(&events.collect::<String>().replace('\n', "\r\n"))
}

fn first() -> PageRequest {
    PageRequest::first(1_000)
}

/// All that is due in a span, read in pages of so many.
async fn in_pages(store: &Store, span: Span, limit: usize) -> Vec<Reminder> {
    let mut due = Vec::new();
    let mut page = Some(PageRequest::first(limit));
    while let Some(request) = page {
        let found = store.due(span, request).await.unwrap();
        assert!(found.items.len() <= limit);
        due.extend(found.items);
        page = found.next.map(|next| PageRequest::after(next, limit));
    }
    due
}

/// When something goes off in so many hours from `NOW` plus so many.
async fn due(store: &Store, from: i64, hours: i64) -> Vec<String> {
    let at = |hours: i64| Timestamp::from_millis(NOW + hours * 3_600_000);
    let due = store
        .due(Span::new(at(from), at(from + hours)), first())
        .await;
    let times = due
        .unwrap()
        .items
        .into_iter()
        .map(|it| it.at.to_date_time());
    times
        .map(|at| at.unwrap().format("%m-%dT%H:%M").to_string())
        .collect()
}

async fn stored(events: &[&str]) -> Store {
    let store = Store::memory();
    let calendar = calendar_of_ada(&store).await;
    let put = Put::new(calendar, ics("1"), text(events));
    store.put(put, &cause()).await.unwrap();
    store
}

#[tokio::test]
async fn alarms_go_off_as_their_triggers_say() {
    for (case, lines, expected) in CASES {
        let store = stored(&[lines]).await;
        assert_eq!(due(&store, 0, 48).await, *expected, "{case}");
    }
}

#[tokio::test]
async fn an_override_has_alarms_of_its_own() {
    let master = "DTSTART:20260901T090000Z\nRRULE:FREQ=DAILY\n{:-PT1H}";
    let moved = "RECURRENCE-ID:20260922T090000Z\nDTSTART:20260922T120000Z\n{:-PT10M}";
    let silent = "RECURRENCE-ID:20260923T090000Z\nDTSTART:20260923T100000Z";
    let store = stored(&[master, moved, silent]).await;
    let expected = ["09-22T11:50", "09-24T08:00"];
    assert_eq!(due(&store, 0, 72).await, expected);
}

#[tokio::test]
async fn a_series_goes_on_beyond_what_is_indexed_of_it() {
    let store = stored(&["DTSTART:20200101T090000Z\nRRULE:FREQ=DAILY\n{:-PT1H}"]).await;
    let in_ten_years = 3_650 * 24;
    assert_eq!(due(&store, in_ten_years, 24).await, ["09-19T08:00"]);
}

#[tokio::test]
async fn a_reminder_is_told_for_a_day_after_it_was_missed() {
    let series = "DTSTART:20200101T090000Z\nRRULE:FREQ=DAILY\n{:-PT1H}";
    let store = stored(&[series]).await;
    assert_eq!(due(&store, -24, 24).await, ["09-21T08:00"]);
}

#[tokio::test]
async fn reminders_are_indexed_on_before_they_run_out() {
    let memory = Memory::new();
    let (store, now) = (Store::new(memory), cause().at);
    let calendar = calendar_of_ada(&store).await;
    let daily = "DTSTART:20200101T090000Z\nRRULE:FREQ=DAILY\n{:-PT1H}";
    let put = Put::new(calendar, ics("1"), text(&[daily]));
    store.put(put, &cause()).await.unwrap();
    let days = |days: i64| Timestamp::from_millis(now.millis() + days * 86_400_000);
    let refreshed = async |now| store.refresh_reminders(now).await.unwrap();
    assert_eq!(refreshed(days(0)).await, 0, "sixteen days are indexed");
    assert_eq!(refreshed(days(12)).await, 1, "four days are left");
    assert_eq!(refreshed(days(12)).await, 0, "sixteen are again");
    assert_eq!(due(&store, 12 * 24, 24).await, ["10-04T08:00"]);
}

#[tokio::test]
async fn more_reminders_than_a_page_has_are_told_in_several() {
    let mut limits = Limits::default();
    limits.page_items = 10;
    let store = Store::with_limits(Memory::new(), limits);
    let calendar = calendar_of_ada(&store).await;
    for uid in 0..25 {
        let one = text(&["DTSTART:20260922T090000Z\n{:-PT15M}"]);
        let one = one.replace("UID:1\r\n", &format!("UID:{uid}\r\n"));
        let put = Put::new(calendar, ics(&uid.to_string()), one);
        store.put(put, &cause()).await.unwrap();
    }
    let at = |hours: i64| Timestamp::from_millis(NOW + hours * 3_600_000);
    let due = in_pages(&store, Span::new(at(0), at(24)), 10).await;
    let names: std::collections::BTreeSet<_> = due.iter().map(|it| it.name.clone()).collect();
    assert_eq!((due.len(), names.len()), (25, 25));
}

#[tokio::test]
async fn an_object_with_more_reminders_than_a_page_is_told_to_its_end() {
    let each_second = "DTSTART:20260922T000000Z\nRRULE:FREQ=SECONDLY;COUNT=3000\n{:PT0S}\n{:PT0S}";
    let store = stored(&[each_second]).await;
    let at = |hours: i64| Timestamp::from_millis(NOW + hours * 3_600_000);
    let due = in_pages(&store, Span::new(at(0), at(48)), 999).await;
    assert_eq!(due.len(), 6_000);
    assert!(due.is_sorted_by_key(|reminder| reminder.at));
}

#[tokio::test]
async fn a_day_begins_in_the_zone_of_its_calendar() {
    let store = stored(&["DTSTART;VALUE=DATE:20260923\n{:-PT1H}"]).await;
    assert_eq!(due(&store, 0, 48).await, ["09-22T23:00"]);
    let id = calendar_of_ada(&store).await;
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Pacific/Auckland\r\nBEGIN:STANDARD\r\n\
         DTSTART:19700101T000000\r\nTZOFFSETFROM:+1200\r\nTZOFFSETTO:+1200\r\n\
         END:STANDARD\r\nEND:VTIMEZONE\r\n";
    let changes = CollectionChanges {
        time_zone: Some(Some(calendar(zone))),
        ..CollectionChanges::default()
    };
    store
        .update_collection(id, changes, &cause())
        .await
        .unwrap();
    // In Auckland midnight is twelve hours earlier than in Greenwich.
    assert_eq!(due(&store, 0, 48).await, ["09-22T11:00"]);
}

#[tokio::test]
async fn a_reminder_tells_what_it_is_about() {
    let lines = "DTSTART;TZID=Europe/Berlin:20260901T090000\nRRULE:FREQ=DAILY\n\
         SUMMARY:Stand-up\n{:-PT1H}";
    let store = stored(&[lines]).await;
    let at = |hours: i64| Timestamp::from_millis(NOW + hours * 3_600_000);
    let due = store.due(Span::new(at(0), at(24)), first()).await.unwrap();
    let [reminder] = &*due.items else {
        panic!("{due:?}");
    };
    assert_eq!(reminder.summary.as_deref(), Some("Stand-up"));
    assert_eq!(reminder.recurrence_id.as_deref(), Some("20260922T090000"));
    assert_eq!(reminder.action, "DISPLAY");
    let later = reminder.start.unwrap().millis() - reminder.at.millis();
    assert_eq!(later, 3_600_000);
}

#[tokio::test]
async fn an_event_with_alarms_beyond_measure_keeps_no_other_from_being_told() {
    let store = Store::memory();
    let id = calendar_of_ada(&store).await;
    let each_second = "DTSTART:20260901T090000Z\nRRULE:FREQ=SECONDLY\n{:-PT1H}".to_owned();
    let repeated = "{;VALUE=DATE-TIME:20260922T083000Z\nREPEAT:1000\nDURATION:PT1S}\n";
    let repeated = format!("DTSTART:20260922T090000Z\n{}", repeated.repeat(200));
    let one = "DTSTART:20260922T090000Z\n{:-PT15M}".to_owned();
    for (uid, lines) in [
        ("second", each_second),
        ("repeated", repeated),
        ("one", one),
    ] {
        let text = text(&[&lines]).replace("UID:1\r\n", &format!("UID:{uid}\r\n"));
        let put = Put::new(id, ics(uid), text);
        store.put(put, &cause()).await.unwrap();
    }
    let at = |minutes: i64| Some(Timestamp::from_millis(1_790_066_700_000 + minutes * 60_000));
    let (start, end) = (at(0), at(1));
    let due = in_pages(&store, Span { start, end }, 1_000).await;
    let names: Vec<_> = due.iter().map(|reminder| reminder.name.clone()).collect();
    assert!(names.contains(&ics("one")), "{names:?}");
}
