//! Redirects, bounds, timeouts, credentials, hostile answers.

use std::time::{Duration, Instant};

use cal_caldav_client::{Basic, Bearer, Client, Credentials, Error, Options, RemoteCalendar};
use cal_dav::response::Precondition;

use crate::server::{Answer, Server, found, local};

const CALENDAR: &str = "<resourcetype><collection/><C:calendar/></resourcetype>";

async fn open(
    server: &Server,
    credentials: impl Into<Credentials>,
    options: Options,
) -> Result<RemoteCalendar, Error> {
    Client::open_calendar(&format!("{}/cal/", server.url), credentials, options).await
}

async fn ask(answer: Answer, options: Options) -> Error {
    let server = Server::start(move |_| answer.clone()).await;
    open(&server, Basic::new("ada", "secret"), options)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn credentials_are_sent_but_never_shown() {
    let server = Server::start(|_| Answer::multistatus(&found("/cal/", CALENDAR))).await;
    let basic = open(&server, Basic::new("ada", "pass:w\u{f6}rd"), local())
        .await
        .unwrap();
    let bearer = open(&server, Bearer::new("token"), local()).await.unwrap();
    let sent: Vec<_> = server
        .log()
        .iter()
        .map(|request| request.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(sent, ["Basic YWRhOnBhc3M6d8O2cmQ=", "Bearer token"]);
    let shown = format!(
        "{basic:?} {bearer:?} {:?}",
        Credentials::from(Basic::new("ada", "s3cret"))
    );
    assert!(!shown.contains("s3cret") && !shown.contains("YWRh") && !shown.contains("token\""));
}

#[tokio::test]
async fn credentials_do_not_follow_a_redirect_to_another_origin() {
    let thief = Server::start(|_| Answer::multistatus(&found("/cal/", CALENDAR))).await;
    let target = format!("{}/cal/", thief.url);
    let server = Server::start(move |_| Answer::new(302, "").with("location", &target)).await;
    open(&server, Basic::new("ada", "secret"), local())
        .await
        .unwrap();
    assert!(server.log()[0].header("authorization").is_some());
    assert!(thief.log()[0].header("authorization").is_none());
}

#[tokio::test]
async fn a_change_is_not_redirected_to_another_origin() {
    let thief = Server::start(|_| Answer::new(201, "")).await;
    let target = format!("{}/x", thief.url);
    let server = Server::start(move |request| match request.method.as_str() {
        "PROPFIND" => Answer::multistatus(&found("/cal/", CALENDAR)),
        _ => Answer::new(307, "").with("location", &target),
    })
    .await;
    let calendar = open(&server, Basic::new("ada", "secret"), local())
        .await
        .unwrap();
    let href = calendar.href().member("a.ics");
    let outcome = calendar.delete(&href, None).await;
    assert!(
        matches!(outcome, Err(Error::Redirect { .. })),
        "{outcome:?}"
    );
    assert!(thief.log().is_empty());
}

#[tokio::test]
async fn endless_redirects_end() {
    let server = Server::start(|request| {
        Answer::new(302, "").with("location", &format!("{}x/", request.target))
    })
    .await;
    let outcome = open(&server, Basic::new("a", "b"), local().with_max_redirects(3)).await;
    assert!(
        matches!(outcome, Err(Error::Redirect { .. })),
        "{outcome:?}"
    );
    assert_eq!(server.log().len(), 4);
    for location in ["", "mailto:a@b.c", "file:///etc/passwd", "http://"] {
        let error = ask(
            Answer::new(302, "").with("location", location),
            local().with_max_redirects(1),
        )
        .await;
        assert!(
            matches!(error, Error::Redirect { .. }),
            "{location}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_redirect_to_a_refused_address_is_not_followed() {
    let target = "http://169.254.169.254/latest/";
    let error = ask(Answer::new(302, "").with("location", target), local()).await;
    assert!(matches!(error, Error::AddressRefused { .. }), "{error:?}");
}

#[tokio::test]
async fn answers_are_bounded() {
    let large = Answer::multistatus(&" ".repeat(100_000));
    let error = ask(large, local().with_max_body(10_000)).await;
    assert!(
        matches!(error, Error::TooLarge { limit: 10_000, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_in_time() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let options = local().with_timeout(Duration::from_millis(200));
    let started = Instant::now();
    let outcome = Client::connect_with(&url, Basic::new("a", "b"), options).await;
    let Err(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        matches!(error, Error::Timeout { .. }) && error.is_transient(),
        "{error:?}"
    );
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_transport_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let outcome = Client::connect_with(&url, Basic::new("a", "b"), local()).await;
    assert!(
        matches!(outcome, Err(Error::Transport { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn hostile_and_broken_xml_is_a_typed_error() {
    for body in [
        "<!DOCTYPE a [<!ENTITY b 'c'>]><multistatus xmlns='DAV:'>&b;</multistatus>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><multistatus xmlns='DAV:'/>",
        "<multistatus xmlns='DAV:'><response>",
        "<html><body>Log in</body></html>",
        "not xml",
        "",
    ] {
        let error = ask(Answer::new(207, body), local()).await;
        assert!(
            matches!(error, Error::Malformed { .. }),
            "{body}: {error:?}"
        );
    }
    let deep = format!("<multistatus xmlns='DAV:'>{}", "<a>".repeat(10_000));
    let error = ask(Answer::new(207, &deep), local()).await;
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn statuses_become_errors_that_say_what_to_do() {
    let status = |code| ask(Answer::new(code, "<html>a secret page"), local());
    assert!(matches!(status(401).await, Error::Authentication { .. }));
    assert!(matches!(status(403).await, Error::Forbidden { .. }));
    assert!(matches!(status(404).await, Error::NotFound { .. }));
    assert!(matches!(status(410).await, Error::NotFound { .. }));
    assert!(matches!(status(412).await, Error::Changed { .. }));
    assert!(matches!(status(418).await, Error::Status { .. }));
    assert!(status(429).await.is_transient());
    assert!(status(503).await.is_transient());
    let refused = ask(Answer::error(403, "C:max-resource-size"), local()).await;
    assert!(
        refused.breaks(&Precondition::MaxResourceSize),
        "{refused:?}"
    );
    assert!(
        refused
            .to_string()
            .ends_with("refused with status 403 Forbidden: max-resource-size")
    );
    assert!(!status(500).await.to_string().contains("secret page"));
}
