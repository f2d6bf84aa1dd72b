//! Requests made to harm: bounded time, the right status, no panic.

use std::time::{Duration, Instant};

use cal_caldav_server::Limits;
use proptest::prelude::*;

use crate::world::{World, event};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

#[tokio::test]
async fn names_that_climb_or_lie_lead_nowhere() {
    let world = World::new();
    let paths = [
        "/dav/calendars/ada/../bob/calendar/",
        "/dav/calendars/ada/%2e%2e/bob/",
        "/dav/calendars/ada/..%2fbob/",
        "/dav/calendars/ada/..%5cbob/",
        "/dav/calendars/ada/calendar/%00.ics",
        "/dav/calendars/ada/calendar/%0d%0aset-cookie:x",
        "/dav/calendars/ada/calendar/%c0%ae%c0%ae/",
        "/dav/calendars/ada/calendar/%zz",
        "/dav/calendars/ada/calendar/%ff.ics",
        "/dav/calendars/ada%2fcalendar/",
        "/dav/calendars/ada/a%2fb.ics",
        "/dav/calendars/ADA/calendar/",
        "/dav/remote.php/dav/",
        "/dav/calendars//bob/",
    ];
    let long = format!("/dav/calendars/ada/calendar/{}", "x".repeat(5000));
    let deep = format!("/dav/calendars/ada{}", "/x".repeat(500));
    for path in paths.into_iter().chain([long.as_str(), deep.as_str()]) {
        for method in ["GET", "PROPFIND", "DELETE", "PUT", "MKCOL"] {
            let call = world
                .request(method, path)
                .depth("0")
                .calendar(&event("a", &["DTSTART:20260301T000000Z"]));
            let status = call
                .body(if method == "PUT" {
                    event("a", &["DTSTART:20260301T000000Z"])
                } else {
                    String::new()
                })
                .status()
                .await;
            assert!(
                matches!(status, 400 | 404 | 409),
                "{method} {path}: {status}"
            );
        }
    }
    let home = world
        .request("PROPFIND", "/dav/calendars/ada/")
        .depth("1")
        .send()
        .await;
    assert_eq!(home.hrefs().len(), 3, "nothing was made");
}

#[tokio::test]
async fn documents_with_a_type_or_beyond_the_bounds_are_refused_quickly() {
    let world = World::new();
    let bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
         <propfind xmlns='DAV:'><prop><displayname>&b;</displayname></prop></propfind>";
    let external = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><propfind xmlns='DAV:'><prop>&a;</prop></propfind>";
    let deep = format!(
        "{}{}",
        "<a xmlns='DAV:'>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    let attributes = format!(
        "<propfind xmlns='DAV:' {}/>",
        (0..100_000)
            .map(|n| format!("a{n}='x' "))
            .collect::<String>()
    );
    let namespaces = format!(
        "<propfind xmlns='DAV:' {}/>",
        (0..100_000)
            .map(|n| format!("xmlns:a{n}='x' "))
            .collect::<String>()
    );
    let bodies = [
        bomb.to_owned(),
        external.to_owned(),
        deep,
        attributes,
        namespaces,
        "<propfind".to_owned(),
        "not xml".to_owned(),
        "<a/><b/>".to_owned(),
        "\u{0}".to_owned(),
    ];
    for body in &bodies {
        for method in ["PROPFIND", "REPORT", "PROPPATCH", "MKCALENDAR", "MKCOL"] {
            let path = if method.starts_with("MK") {
                "/dav/calendars/ada/new/"
            } else {
                CALENDAR
            };
            let started = Instant::now();
            let answer = world
                .request(method, path)
                .depth("0")
                .xml(body)
                .send()
                .await;
            assert!(
                matches!(answer.status.as_u16(), 400 | 415),
                "{method}: {} {}",
                answer.status,
                answer.text()
            );
            assert!(started.elapsed() < Duration::from_secs(2), "{method}");
            assert!(!answer.text().contains("root:"));
        }
    }
}

#[tokio::test]
async fn bodies_beyond_their_limit_are_refused_by_what_they_are() {
    let world = World::with_limits(Limits {
        resource_size: 10_000,
        xml_size: 10_000,
        ..Limits::default()
    });
    let large = "x".repeat(10_001);
    assert_eq!(
        world
            .request("PROPFIND", CALENDAR)
            .depth("0")
            .xml(&large)
            .status()
            .await,
        413
    );
    let put = world
        .request("PUT", &format!("{CALENDAR}a.ics"))
        .calendar(&large)
        .send()
        .await;
    assert_eq!(
        (put.status.as_u16(), put.conditions()),
        (403, vec!["max-resource-size".to_owned()])
    );
    assert_eq!(
        world
            .request("PUT", "/dav/calendars/ada/a.txt")
            .body(large)
            .status()
            .await,
        413
    );
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_at_the_limit() {
    use tower::ServiceExt;
    let world = World::new();
    let endless = futures::stream::repeat_with(|| {
        Ok::<_, std::io::Error>(http_body::Frame::data(bytes::Bytes::from(vec![
            b'x';
            65536
        ])))
    });
    let request = world
        .request("PUT", &format!("{CALENDAR}a.ics"))
        .into_http()
        .map(|_| http_body_util::StreamBody::new(endless));
    let response = world.dav.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn a_listing_of_many_members_is_streamed_and_whole() {
    let world = World::new();
    let home = world.request("PROPFIND", CALENDAR).depth("0").send().await;
    assert_eq!(home.status, 207);
    for n in 0..1500 {
        world
            .put(
                &format!("{CALENDAR}{n:04}.ics"),
                &event(&format!("u{n}"), &["DTSTART:20260301T000000Z"]),
            )
            .await;
    }
    let listing = world.request("PROPFIND", CALENDAR).depth("1").send().await;
    assert_eq!(listing.hrefs().len(), 1501);
    assert!(listing.header("content-length").is_none());
    let query = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'/></C:comp-filter></C:filter></C:calendar-query>";
    let found = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(query)
        .send()
        .await;
    assert_eq!(found.hrefs().len(), 1500);
    let sync = "<D:sync-collection xmlns:D='DAV:'><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>";
    assert_eq!(
        world
            .request("REPORT", CALENDAR)
            .xml(sync)
            .send()
            .await
            .hrefs()
            .len(),
        1500
    );
    let export = world.request("GET", CALENDAR).send().await;
    assert_eq!(export.text().matches("BEGIN:VEVENT").count(), 1500);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_that_take_long_leave_the_threads_that_answer_free() {
    use std::sync::{Arc, Mutex};
    use tower::ServiceExt;
    let world = World::new();
    for n in 0..4 {
        let lines = [
            "DTSTART:20260101T000000Z",
            "DURATION:PT1S",
            "RRULE:FREQ=MINUTELY",
        ];
        let body = event(&format!("u{n}"), &lines);
        world.put(&format!("{CALENDAR}{n}.ics"), &body).await;
    }
    let range = "start='20260301T000000Z' end='20260318T000000Z'";
    let caldav = "xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'";
    let busy = format!("<C:free-busy-query {caldav}><C:time-range {range}/></C:free-busy-query>");
    let expand = format!("<D:prop><C:calendar-data><C:expand {range}/></C:calendar-data></D:prop>");
    let query = format!(
        "<C:calendar-query {caldav}>{expand}<C:filter><C:comp-filter name='VCALENDAR'>\
         <C:comp-filter name='VEVENT'><C:time-range {range}/></C:comp-filter></C:comp-filter>\
         </C:filter></C:calendar-query>"
    );
    let hrefs: String = (0..4)
        .map(|n| format!("<D:href>{CALENDAR}{n}.ics</D:href>"))
        .collect();
    let multiget = format!("<C:calendar-multiget {caldav}>{expand}{hrefs}</C:calendar-multiget>");
    for report in [busy, query, multiget] {
        let ended = Arc::new(Mutex::new(Vec::new()));
        let start = |name: &'static str, request| {
            let (dav, ended) = (world.dav.clone(), Arc::clone(&ended));
            tokio::spawn(async move {
                let answer = dav.oneshot(request).await.unwrap();
                ended.lock().unwrap().push(name);
                answer.status().as_u16()
            })
        };
        let dear = || {
            start(
                "dear",
                world.request("REPORT", CALENDAR).xml(&report).into_http(),
            )
        };
        let dear = [dear(), dear(), dear(), dear()];
        let cheap = world.request("OPTIONS", "/dav/").into_http();
        assert_eq!(start("cheap", cheap).await.unwrap(), 200);
        assert_eq!(*ended.lock().unwrap(), ["cheap"], "{report}");
        for dear in dear {
            assert!(matches!(dear.await.unwrap(), 200 | 207));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_path_is_answered_with_a_fault_of_ours(path in "/(dav/)?(calendars|principals|x)?/?[ -~&&[^?#\"<>\\\\^`{|}]]{0,40}") {
        let world = World::new();
        if path.parse::<http::Uri>().is_ok() {
            runtime().block_on(async {
                for method in ["GET", "PROPFIND", "PUT", "MKCOL", "DELETE", "OPTIONS"] {
                    let answer = world.request(method, &path).depth("0").send().await;
                    assert!(answer.status.as_u16() < 500, "{method} {path}: {}", answer.status);
                }
            });
        }
    }

    #[test]
    fn no_header_is_answered_with_a_fault_of_ours(value in "[ -~]{0,40}") {
        let world = World::new();
        runtime().block_on(async {
            for name in ["depth", "destination", "overwrite", "if-match", "if-none-match", "if-modified-since", "prefer", "authorization", "content-type"] {
                for method in ["COPY", "PROPFIND", "PUT", "GET"] {
                    let answer = world.request(method, &format!("{CALENDAR}a.ics")).header(name, &value).send().await;
                    let status = answer.status.as_u16();
                    assert!(status < 500 || status == 502, "{method} {name}: {value}: {status}");
                }
            }
        });
    }

    #[test]
    fn an_object_of_any_name_is_found_under_the_href_it_is_listed_by(name in "[^/\\\\\\x00-\\x1f\\x7f-\\x9f]{1,20}") {
        prop_assume!(!matches!(name.as_str(), "." | ".."));
        let world = World::new();
        let href = cal_dav::Href::from_collection_segments(["dav", "calendars", "ada", "calendar"]).member(&name);
        runtime().block_on(async {
            let body = event("a", &["DTSTART:20260301T000000Z"]);
            world.put(href.as_str(), &body).await;
            let listing = world.request("PROPFIND", CALENDAR).depth("1").send().await;
            assert_eq!(listing.hrefs()[1], href.as_str());
            assert_eq!(world.request("GET", href.as_str()).send().await.text(), body);
        });
    }
}
