//! Objects on servers that are odd.

use std::sync::atomic::{AtomicUsize, Ordering};

use cal_caldav_client::{Basic, Client, Error, RemoteCalendar, Version};
use cal_core::Calendar;
use cal_dav::Href;

use crate::server::{Answer, Received, Server, found, local, status};

const CALENDAR: &str = "<resourcetype><collection/><C:calendar/></resourcetype>";
const ICS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n\
    DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nSUMMARY:A\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

async fn calendar(
    answer: impl Fn(&Received) -> Option<Answer> + Send + Sync + 'static,
) -> (Server, RemoteCalendar) {
    let server = Server::start(move |request| {
        answer(request).unwrap_or_else(|| match request.method.as_str() {
            "PROPFIND" => Answer::multistatus(&found("/cal/", CALENDAR)),
            _ => Answer::new(404, ""),
        })
    })
    .await;
    let url = format!("{}/cal/", server.url);
    let calendar = Client::open_calendar(&url, Basic::new("a", "b"), local())
        .await
        .unwrap();
    (server, calendar)
}

fn hrefs(texts: &[&str]) -> Vec<Href> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn data(href: &str, etag: &str) -> String {
    let escaped = ICS.replace('\r', "");
    found(
        href,
        &format!("<getetag>{etag}</getetag><C:calendar-data>{escaped}</C:calendar-data>"),
    )
}

#[tokio::test]
async fn one_missing_object_does_not_keep_the_others_away() {
    let (server, calendar) = calendar(|request| {
        (request.method == "REPORT").then(|| {
            Answer::multistatus(
                &(data("/cal/a.ics", "\"1\"")
                    + &status("/cal/b.ics", "404 Not Found")
                    + &status("/cal/c.ics", "403 Forbidden")
                    + &data("/cal/d%20d.ics", "\"4\"")
                    + &data("/cal/never-asked.ics", "\"9\"")
                    + "<response><status>HTTP/1.1 200 OK</status></response>"),
            )
        })
    })
    .await;
    let asked = hrefs(&["/cal/a.ics", "/cal/b.ics", "/cal/c.ics", "/cal/%64%20d.ics"]);
    let fetched = calendar.fetch(&asked).await.unwrap();
    let got: Vec<_> = fetched
        .objects
        .iter()
        .map(|object| object.href().as_str())
        .collect();
    assert_eq!(got, ["/cal/a.ics", "/cal/%64%20d.ics"]);
    assert_eq!(fetched.missing, asked[1..2]);
    assert_eq!(fetched.failed.len(), 2);
    assert_eq!(fetched.failed[0].href.as_ref(), Some(&asked[2]));
    assert_eq!(fetched.objects[0].bytes().as_ref(), ICS.as_bytes());
    assert_eq!(server.log().len(), 2);
}

#[tokio::test]
async fn where_multiget_fails_objects_are_read_one_by_one() {
    for code in [404, 500, 501, 415] {
        let (_, calendar) = calendar(move |request| match request.method.as_str() {
            "REPORT" => Some(Answer::new(code, "")),
            "GET" if request.target == "/cal/a.ics" => {
                Some(Answer::new(200, ICS).with("etag", "\"1\""))
            }
            "GET" if request.target == "/cal/c.ics" => Some(Answer::new(500, "")),
            _ => None,
        })
        .await;
        let asked = hrefs(&["/cal/a.ics", "/cal/b.ics", "/cal/c.ics"]);
        let fetched = calendar.fetch(&asked).await.unwrap();
        assert_eq!(fetched.objects.len(), 1);
        assert_eq!(fetched.missing, asked[1..2]);
        assert_eq!(fetched.failed.len(), 1);
    }
}

#[tokio::test]
async fn what_multiget_leaves_out_is_asked_for_alone() {
    let (_, calendar) = calendar(|request| match request.method.as_str() {
        "REPORT" => Some(Answer::multistatus(&found(
            "/cal/a.ics",
            "<getetag>\"1\"</getetag>",
        ))),
        "GET" => Some(Answer::new(200, ICS).with("etag", "\"1\"")),
        _ => None,
    })
    .await;
    let fetched = calendar
        .fetch(&hrefs(&["/cal/a.ics", "/cal/b.ics"]))
        .await
        .unwrap();
    assert_eq!(fetched.objects.len(), 2);
}

#[tokio::test]
async fn hrefs_are_asked_for_with_the_bytes_they_came_with() {
    let odd = [
        "/cal/%15.ics",
        "/cal/x-apple-reminderkit%3A//REMCDReminder/1",
        "/cal/a%2fb%2Fc.ics",
        "/cal/%7Eada%7e.ics",
        "/cal/caf%c3%A9+.ics",
    ];
    let (server, calendar) = calendar(move |request| match request.method.as_str() {
        "PROPFIND" if request.header("depth") == Some("1") => {
            let all: String = odd
                .iter()
                .map(|href| found(href, "<getetag>\"1\"</getetag>"))
                .collect();
            Some(Answer::multistatus(
                &(all + &found("http%3A//localhost/b.ics", "") + &found("http://[bad/", "")),
            ))
        }
        "GET" => Some(Answer::new(200, ICS)),
        _ => None,
    })
    .await;
    let listing = calendar.list().await.unwrap();
    assert_eq!(listing.problems.len(), 1);
    let listed: Vec<_> = listing
        .objects
        .iter()
        .map(|object| object.href.as_str())
        .collect();
    assert_eq!(listed[..5], odd);
    for object in &listing.objects[..5] {
        calendar.get(&object.href).await.unwrap();
    }
    let asked: Vec<_> = server
        .log()
        .into_iter()
        .filter(|request| request.method == "GET")
        .collect();
    let targets: Vec<_> = asked
        .iter()
        .map(|request| request.target.as_str())
        .collect();
    assert_eq!(targets, odd);
}

#[tokio::test]
async fn a_server_that_names_no_version_is_read_after_each_write() {
    let changed = ICS.replace("SUMMARY:A", "SUMMARY:A\r\nX-SERVER:was here");
    let kept = changed.clone();
    let (server, calendar) = calendar(move |request| match request.method.as_str() {
        "PUT" => Some(Answer::new(201, "")),
        "GET" => Some(Answer::new(200, &changed).with("etag", "\"after\"")),
        _ => None,
    })
    .await;
    let created = calendar.create(&ICS.parse().unwrap()).await.unwrap();
    assert_eq!(created.bytes().as_ref(), kept.as_bytes());
    assert_eq!(created.etag().unwrap().as_str(), "\"after\"");
    assert!(!created.is_edited());
    assert_eq!(server.lines()[1..], ["PUT /cal/1.ics", "GET /cal/1.ics"]);
}

#[tokio::test]
async fn an_object_without_etag_is_known_by_its_content() {
    let puts = AtomicUsize::new(0);
    let (server, calendar) = calendar(move |request| match request.method.as_str() {
        "PUT" => {
            puts.fetch_add(1, Ordering::SeqCst);
            Some(Answer::new(204, ""))
        }
        "GET" if puts.load(Ordering::SeqCst) == 0 => Some(Answer::new(200, ICS)),
        "GET" => Some(Answer::new(200, &ICS.replace("SUMMARY:A", "SUMMARY:B"))),
        _ => None,
    })
    .await;
    let href: Href = "/cal/1.ics".parse().unwrap();
    let mut first = calendar.get(&href).await.unwrap();
    let mut second = calendar.get(&href).await.unwrap();
    assert!(matches!(first.version(), Version::Content(_)));
    assert_eq!(first.version(), second.version());
    for object in [&mut first, &mut second] {
        object.edit(|event| {
            event.set_summary("B");
        });
    }
    first.save().await.unwrap();
    let outcome = second.save().await;
    assert!(matches!(outcome, Err(Error::Changed { .. })), "{outcome:?}");
    assert_eq!(
        server
            .lines()
            .iter()
            .filter(|line| line.starts_with("PUT"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_weakened_etag_is_sent_back_strong() {
    let (server, calendar) = calendar(|request| match request.method.as_str() {
        "GET" => Some(Answer::new(200, ICS).with("etag", "W/\"h\"")),
        "DELETE" => Some(Answer::new(204, "")),
        _ => None,
    })
    .await;
    let object = calendar.get(&"/cal/1.ics".parse().unwrap()).await.unwrap();
    object.delete().await.unwrap();
    let log = server.log();
    assert_eq!(log.last().unwrap().header("if-match"), Some("\"h\""));
}

#[tokio::test]
async fn an_interrupted_creation_is_adopted_and_another_object_is_not() {
    let (_, calendar) = calendar(|request| match request.method.as_str() {
        "PUT" => Some(Answer::new(412, "")),
        "GET" => Some(
            Answer::new(200, &ICS.replace("DTSTAMP:2026", "DTSTAMP:2027")).with("etag", "\"1\""),
        ),
        _ => None,
    })
    .await;
    let same: Calendar = ICS.parse().unwrap();
    let adopted = calendar.create(&same).await.unwrap();
    assert_eq!(adopted.etag().unwrap().as_str(), "\"1\"");
    let other: Calendar = ICS.replace("SUMMARY:A", "SUMMARY:B").parse().unwrap();
    assert!(matches!(
        calendar.create(&other).await,
        Err(Error::Changed { .. })
    ));
}

#[tokio::test]
async fn files_are_named_for_the_uid_where_that_is_safe() {
    let (server, calendar) = calendar(|request| {
        (request.method == "PUT").then(|| Answer::new(201, "").with("etag", "\"1\""))
    })
    .await;
    for uid in ["a@b.c", "../../etc", ".hidden", "sp ace", "Zo\u{eb}"] {
        let text = ICS.replace("UID:1", &format!("UID:{uid}"));
        calendar.create(&text.parse().unwrap()).await.unwrap();
    }
    let puts = server
        .log()
        .into_iter()
        .filter(|request| request.method == "PUT");
    let names: Vec<_> = puts
        .map(|request| {
            assert_eq!(request.header("if-none-match"), Some("*"));
            request.target
        })
        .collect();
    assert_eq!(names[0], "/cal/a@b.c.ics");
    for name in &names[1..] {
        let digest = name
            .strip_prefix("/cal/")
            .unwrap()
            .strip_suffix(".ics")
            .unwrap();
        assert!(
            digest.len() == 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_query_that_is_cut_short_is_an_error() {
    let (_, calendar) = calendar(|request| {
        (request.method == "REPORT").then(|| {
            Answer::multistatus(
                &(data("/cal/a.ics", "\"1\"") + &status("/cal/", "507 Insufficient Storage")),
            )
        })
    })
    .await;
    let filter = cal_dav::report::ComponentFilter::exists("VEVENT").in_calendar();
    let outcome = calendar.query(filter).await;
    assert!(
        matches!(outcome, Err(Error::Malformed { .. })),
        "{outcome:?}"
    );
}
