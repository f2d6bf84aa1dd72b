//! Following changes on servers that fail at it in many ways.

use cal_caldav_client::{Basic, Changes, Client, RemoteCalendar, Rung, SyncState};

use crate::server::{Answer, Received, Server, found, local, status};

const CALENDAR: &str = "<resourcetype><collection/><C:calendar/></resourcetype>\
    <C:supported-calendar-component-set><C:comp name='VEVENT'/></C:supported-calendar-component-set>";

async fn calendar(
    answer: impl Fn(&Received) -> Option<Answer> + Send + Sync + 'static,
) -> (Server, RemoteCalendar) {
    let server = Server::start(move |request| {
        answer(request).unwrap_or_else(|| {
            match (request.method.as_str(), request.header("depth")) {
                ("PROPFIND", Some("0")) => Answer::multistatus(&found("/cal/", CALENDAR)),
                ("PROPFIND", _) => {
                    Answer::multistatus(&(found("/cal/", CALENDAR) + &members(1..=3)))
                }
                _ => Answer::new(404, ""),
            }
        })
    })
    .await;
    let url = format!("{}/cal/", server.url);
    let options = local().with_batch(2);
    let calendar = Client::open_calendar(&url, Basic::new("a", "b"), options)
        .await
        .unwrap();
    (server, calendar)
}

fn member(number: u32) -> String {
    found(
        &format!("/cal/{number}.ics"),
        &format!("<getetag>\"{number}\"</getetag>"),
    )
}

fn members(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers.into_iter().map(member).collect()
}

fn token(text: &str) -> String {
    format!("<sync-token>{text}</sync-token>")
}

fn names(changes: &Changes) -> Vec<String> {
    let mut names: Vec<_> = changes
        .changed
        .iter()
        .map(|listed| listed.href.file_name().unwrap())
        .collect();
    names.sort();
    names
}

fn is_sync(request: &Received) -> bool {
    request.body.contains("sync-collection")
}

#[tokio::test]
async fn any_way_of_failing_leads_to_the_same_state() {
    let failures = [
        Answer::new(400, ""),
        Answer::new(403, ""),
        Answer::new(405, ""),
        Answer::new(415, ""),
        Answer::new(418, ""),
        Answer::new(500, ""),
        Answer::new(501, ""),
        Answer::new(507, ""),
        Answer::error(403, "supported-report"),
        Answer::error(403, "number-of-matches-within-limits"),
        Answer::new(200, "<html>"),
        Answer::multistatus(&members(1..=3)),
    ];
    for failure in failures {
        let shared = failure.clone();
        let (server, calendar) =
            calendar(move |request| is_sync(request).then(|| shared.clone())).await;
        let first = calendar.changes(&SyncState::default()).await.unwrap();
        assert_eq!(names(&first), ["1.ics", "2.ics", "3.ics"], "{failure:?}");
        assert_eq!(first.state.rung, Rung::Listing);
        let asked = server.log().len();
        assert!(asked <= 4, "{failure:?}: {:?}", server.lines());
        let second = calendar.changes(&first.state).await.unwrap();
        assert_eq!((second.changed.len(), second.removed.len()), (0, 0));
        assert_eq!(
            server.log().len(),
            asked + 1,
            "the way that works is remembered"
        );
    }
}

#[tokio::test]
async fn pages_are_read_to_the_end() {
    let (server, calendar) = calendar(|request| {
        is_sync(request).then(|| {
            let page = |from: u32, next: &str, cut: bool| {
                let cut = if cut {
                    status("/cal/", "507 Insufficient Storage")
                } else {
                    String::new()
                };
                Answer::multistatus(&(members(from..from + 2) + &cut + &token(next)))
            };
            match request.body.as_str() {
                body if body.contains("urn:2") => page(5, "urn:3", false),
                body if body.contains("urn:1") => page(3, "urn:2", true),
                _ => page(1, "urn:1", true),
            }
        })
    })
    .await;
    let all = calendar.changes(&SyncState::default()).await.unwrap();
    assert_eq!(all.changed.len(), 6);
    assert_eq!(all.state.token.as_ref().unwrap().as_str(), "urn:3");
    assert_eq!(server.log().len(), 4);
}

#[tokio::test]
async fn a_server_that_cannot_answer_at_once_is_asked_in_pages() {
    let (server, calendar) = calendar(|request| {
        is_sync(request).then(|| {
            if !request.body.contains("nresults") {
                return Answer::error(403, "number-of-matches-within-limits");
            }
            Answer::multistatus(&(members(1..=2) + &token("urn:1")))
        })
    })
    .await;
    let changes = calendar.changes(&SyncState::default()).await.unwrap();
    assert_eq!(changes.state.rung, Rung::PagedSyncCollection);
    assert!(
        server
            .log()
            .last()
            .unwrap()
            .body
            .contains("<D:nresults>2</D:nresults>")
    );
}

#[tokio::test]
async fn pages_that_never_end_are_not_read_for_ever() {
    let (server, calendar) = calendar(|request| {
        is_sync(request).then(|| {
            Answer::multistatus(
                &(members(1..=2) + &status("/cal/", "507 Insufficient Storage") + &token("urn:1")),
            )
        })
    })
    .await;
    let changes = calendar.changes(&SyncState::default()).await.unwrap();
    assert_eq!(changes.state.rung, Rung::Listing);
    assert!(server.log().len() < 6);
}

#[tokio::test]
async fn a_calendar_that_cannot_be_listed_is_listed_by_spans_of_time() {
    let (server, calendar) = calendar(|request| {
        if is_sync(request) {
            return Some(Answer::new(501, ""));
        }
        if request.method == "PROPFIND" && request.header("depth") == Some("1") {
            return Some(Answer::new(507, ""));
        }
        // Object n starts in January of 2020 + n; the server tells of two at a time.
        request.body.contains("calendar-query").then(|| {
            let year = |side: &str| {
                let (_, rest) = request.body.split_once(&format!("{side}=\""))?;
                rest.split_at(4).0.parse::<u32>().ok()
            };
            if request.body.contains("is-not-defined") {
                return Answer::multistatus("");
            }
            let (start, end) = (year("start").unwrap_or(0), year("end").unwrap_or(9999));
            let inside: Vec<u32> = (1..=12)
                .filter(|n| (start..=end).contains(&(2020 + n)))
                .collect();
            if inside.len() > 2 {
                return Answer::error(403, "number-of-matches-within-limits");
            }
            Answer::multistatus(&members(inside))
        })
    })
    .await;
    let changes = calendar.changes(&SyncState::default()).await.unwrap();
    assert_eq!(changes.state.rung, Rung::Windows);
    assert_eq!(changes.changed.len(), 12);
    assert!(server.log().len() < 60, "{}", server.log().len());
    let asked = server.log().len();
    let second = calendar.changes(&changes.state).await.unwrap();
    assert_eq!((second.changed.len(), second.removed.len()), (0, 0));
    assert!(
        server.lines()[asked..]
            .iter()
            .all(|line| line.starts_with("REPORT"))
    );
}

#[tokio::test]
async fn a_missing_property_is_no_missing_object() {
    let (_, calendar) = calendar(|request| {
        is_sync(request).then(|| {
            let first = !request.body.contains("urn:1");
            let lacking = "<response><href>/cal/2.ics</href><propstat><prop><getetag/></prop>\
                <status>HTTP/1.1 404 Not Found</status></propstat></response>";
            let body = if first {
                members(1..=3) + &token("urn:1")
            } else {
                status("/cal/1.ics", "404 Not Found") + lacking + &token("urn:2")
            };
            Answer::multistatus(&body)
        })
    })
    .await;
    let first = calendar.changes(&SyncState::default()).await.unwrap();
    let second = calendar.changes(&first.state).await.unwrap();
    let removed: Vec<_> = second.removed.iter().map(cal_dav::Href::as_str).collect();
    assert_eq!(removed, ["/cal/1.ics"]);
    assert_eq!(names(&second), ["2.ics"]);
    assert_eq!(second.state.members.len(), 2);
}

#[tokio::test]
async fn an_unknown_token_leads_to_a_full_comparison() {
    for refusal in [
        Answer::error(403, "valid-sync-token"),
        Answer::error(412, "valid-sync-token"),
        Answer::new(409, ""),
        Answer::new(410, ""),
        Answer::new(412, ""),
    ] {
        let (_, calendar) = calendar(move |request| {
            is_sync(request).then(|| {
                if request.body.contains("urn:old") {
                    return refusal.clone();
                }
                Answer::multistatus(&(members([1, 3, 4]) + &token("urn:new")))
            })
        })
        .await;
        let mut known = SyncState {
            token: Some(cal_dav::SyncToken::new("urn:old".to_owned())),
            ..SyncState::default()
        };
        for number in 1..=3 {
            let etag = format!("\"{number}\"").parse().unwrap();
            known
                .members
                .insert(format!("/cal/{number}%2Eics"), Some(etag));
        }
        let changes = calendar.changes(&known).await.unwrap();
        assert_eq!(names(&changes), ["4.ics"]);
        assert_eq!(changes.removed.len(), 1);
        assert_eq!(changes.removed[0].as_str(), "/cal/2%2Eics");
        assert_eq!(changes.state.token.unwrap().as_str(), "urn:new");
    }
}

#[tokio::test]
async fn nothing_is_taken_for_gone_when_part_of_the_answer_is_not_understood() {
    let (_, calendar) = calendar(|request| {
        if is_sync(request) {
            return Some(Answer::new(501, ""));
        }
        (request.header("depth") == Some("1")).then(|| {
            Answer::multistatus(
                &(member(1) + "<response><href>/cal/2.ics</href><status>odd</status></response>"),
            )
        })
    })
    .await;
    let mut known = SyncState::default();
    for number in 1..=3 {
        let etag = format!("\"{number}\"").parse().unwrap();
        known
            .members
            .insert(format!("/cal/{number}.ics"), Some(etag));
    }
    let changes = calendar.changes(&known).await.unwrap();
    assert_eq!(changes.removed, []);
    assert_eq!(changes.changed, []);
    assert_eq!(changes.problems.len(), 1);
    assert_eq!(changes.state.members.len(), 3);
}

#[tokio::test]
async fn a_login_page_or_a_failure_never_removes_anything() {
    let answers = [
        Answer::new(200, "<html><body>Log in</body></html>"),
        Answer::new(200, ""),
        Answer::new(401, ""),
        Answer::new(403, ""),
        Answer::new(404, ""),
        Answer::new(503, ""),
    ];
    for answer in answers {
        let shared = answer.clone();
        let first = std::sync::atomic::AtomicBool::new(true);
        let (server, calendar) = calendar(move |_| {
            let is_first = first.swap(false, std::sync::atomic::Ordering::SeqCst);
            (!is_first).then(|| shared.clone())
        })
        .await;
        let mut known = SyncState::default();
        known.members.insert("/cal/1.ics".to_owned(), None);
        let outcome = calendar.changes(&known).await;
        assert!(outcome.is_err(), "{answer:?}: {outcome:?}");
        assert!(server.log().len() < 8, "{:?}", server.lines());
    }
}

#[tokio::test]
async fn objects_without_version_are_changed_each_time() {
    let (_, calendar) = calendar(|request| {
        if is_sync(request) {
            return Some(Answer::new(501, ""));
        }
        (request.header("depth") == Some("1"))
            .then(|| Answer::multistatus(&(found("/cal/1.ics", "<resourcetype/>") + &member(2))))
    })
    .await;
    let first = calendar.changes(&SyncState::default()).await.unwrap();
    assert_eq!(names(&first), ["1.ics", "2.ics"]);
    let second = calendar.changes(&first.state).await.unwrap();
    assert_eq!(names(&second), ["1.ics"]);
    assert_eq!(second.changed[0].etag, None);
}

#[tokio::test]
async fn a_report_that_the_server_does_not_have_is_not_asked_for() {
    let (server, calendar) = calendar(|request| {
        (request.header("depth") == Some("0")).then(|| {
            let reports = "<supported-report-set><supported-report><report><C:calendar-query/></report>\
                </supported-report></supported-report-set>";
            Answer::multistatus(&found("/cal/", &format!("{CALENDAR}{reports}")))
        })
    })
    .await;
    let changes = calendar.changes(&SyncState::default()).await.unwrap();
    assert_eq!(changes.state.rung, Rung::Listing);
    assert!(!server.log().iter().any(is_sync));
}
