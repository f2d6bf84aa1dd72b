//! Finding calendars on servers of many shapes.

use cal_caldav_client::{Basic, Client, Error};

use crate::server::{Answer, Received, Server, found, local};

const CALENDAR: &str =
    "<resourcetype><collection/><C:calendar/></resourcetype><displayname>Work</displayname>";
const COLLECTION: &str = "<resourcetype><collection/></resourcetype>";
const HOME: &str = "<C:calendar-home-set><href>/dav/home/</href></C:calendar-home-set>";
const PRINCIPAL: &str = "<current-user-principal><href>/dav/me/</href></current-user-principal>";

async fn connect(server: &Server, path: &str) -> Result<Client, Error> {
    let url = format!("{}{path}", server.url);
    Client::connect_with(&url, Basic::new("ada", "secret"), local()).await
}

/// The home answers with itself and one calendar.
fn home(request: &Received) -> Option<Answer> {
    let inside = match (request.target.as_str(), request.header("depth")) {
        ("/dav/home/", Some("1")) => {
            found("/dav/home/", COLLECTION)
                + &found("/dav/home/work/", CALENDAR)
                + &found(
                    "/dav/home/inbox/",
                    "<resourcetype><collection/><C:schedule-inbox/></resourcetype>",
                )
        }
        ("/dav/home/", _) => found("/dav/home/", COLLECTION),
        ("/dav/home/work/", _) => found("/dav/home/work/", CALENDAR),
        _ => return None,
    };
    Some(Answer::multistatus(&inside))
}

fn missing() -> Answer {
    Answer::new(404, "<html>no such page")
}

async fn finds_work(server: &Server, path: &str) {
    let client = connect(server, path).await.unwrap();
    let calendars = client.calendars().await.unwrap();
    let urls: Vec<_> = calendars
        .iter()
        .map(|calendar| calendar.url().path())
        .collect();
    assert_eq!(urls, ["/dav/home/work/"], "{:?}", server.lines());
    assert!(client.calendar("Work").await.is_ok());
}

#[tokio::test]
async fn well_known_is_followed_by_every_kind_of_redirect() {
    for code in [301, 302, 303, 307, 308] {
        let server = Server::start(move |request| match request.target.as_str() {
            "/.well-known/caldav" => Answer::new(code, "").with("location", "/dav/"),
            "/dav/" => Answer::multistatus(&found("/dav/", PRINCIPAL)),
            "/dav/me/" => Answer::multistatus(&found("/dav/me/", HOME)),
            _ => home(request).unwrap_or_else(missing),
        })
        .await;
        finds_work(&server, "").await;
        let log = server.log();
        assert!(log.iter().all(|request| request.method == "PROPFIND"));
        assert!(log.iter().all(|request| request.body.contains("propfind")));
    }
}

#[tokio::test]
async fn a_server_may_answer_at_its_root_without_well_known() {
    let server = Server::start(|request| match request.target.as_str() {
        "/" => Answer::multistatus(&found("/", PRINCIPAL)),
        "/dav/me/" => Answer::multistatus(&found("/dav/me/", HOME)),
        _ => home(request).unwrap_or_else(missing),
    })
    .await;
    finds_work(&server, "").await;
    assert!(
        !server
            .lines()
            .iter()
            .any(|line| line.contains("well-known"))
    );
    finds_work(&server, "/no/such/page").await;
}

#[tokio::test]
async fn a_failing_first_page_does_not_end_the_search() {
    for code in [403, 405, 500, 200] {
        let server = Server::start(move |request| match request.target.as_str() {
            "/" => Answer::new(code, "<!DOCTYPE html><html>"),
            "/.well-known/caldav" => Answer::multistatus(&found("/dav/", PRINCIPAL)),
            "/dav/me/" => Answer::multistatus(&found("/dav/me/", HOME)),
            _ => home(request).unwrap_or_else(missing),
        })
        .await;
        finds_work(&server, "/").await;
    }
}

#[tokio::test]
async fn the_url_of_a_principal_a_home_or_a_calendar_will_do() {
    let server = Server::start(|request| match request.target.as_str() {
        "/dav/me/" => Answer::multistatus(&found(
            "/dav/me/",
            &format!("<resourcetype><principal/></resourcetype>{HOME}"),
        )),
        _ => home(request).unwrap_or_else(missing),
    })
    .await;
    for path in ["/dav/me/", "/dav/home/", "/dav/home/work/"] {
        finds_work(&server, path).await;
    }
}

#[tokio::test]
async fn a_principal_that_names_no_home_is_a_step_that_is_missing() {
    let server = Server::start(|request| match request.target.as_str() {
        "/dav/me/" => Answer::new(403, ""),
        "/dav/home/" if request.header("depth") == Some("0") => {
            Answer::multistatus(&found("/dav/home/", PRINCIPAL))
        }
        _ => home(request).unwrap_or_else(missing),
    })
    .await;
    finds_work(&server, "/dav/home/").await;
}

#[tokio::test]
async fn a_home_at_another_origin_gets_no_credentials() {
    let partition = Server::start(|request| home(request).unwrap_or_else(missing)).await;
    let elsewhere = partition.url.clone();
    let server = Server::start(move |_| {
        let set = format!(
            "<C:calendar-home-set><href>{elsewhere}/dav/home/</href></C:calendar-home-set>"
        );
        Answer::multistatus(&found("/", &set))
    })
    .await;
    let client = connect(&server, "/").await.unwrap();
    assert_eq!(client.calendars().await.unwrap().len(), 1);
    let sent = |server: &Server| server.log()[0].header("authorization").is_some();
    assert!(sent(&server) && !sent(&partition));

    let closed = Server::start(|_| Answer::new(401, "")).await;
    let elsewhere = closed.url.clone();
    let server = Server::start(move |_| Answer::new(301, "").with("location", &elsewhere)).await;
    let outcome = connect(&server, "/").await;
    assert!(
        matches!(outcome, Err(Error::CredentialsWithheld { .. })),
        "{outcome:?}"
    );
    assert!(
        closed
            .log()
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}

#[tokio::test]
async fn a_server_without_calendars_says_so() {
    let server = Server::start(|_| missing()).await;
    let outcome = connect(&server, "/").await;
    assert!(
        matches!(outcome, Err(Error::NoCalendars { .. })),
        "{outcome:?}"
    );
    let failing = Server::start(|_| Answer::new(503, "").with("retry-after", "7")).await;
    let outcome = connect(&failing, "/").await;
    let Err(Error::Server { retry_after, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(retry_after.unwrap().as_secs(), 7);
}

#[tokio::test]
async fn texts_that_are_no_server_are_refused_without_showing_secrets() {
    for text in [
        "",
        "ftp://example.com",
        "http://",
        "mailto:ada@example.com",
        "https://ada:secret@example.com/",
    ] {
        let outcome = Client::connect(text, Basic::new("ada", "secret")).await;
        let Err(error @ Error::Url(_)) = outcome else {
            panic!("{text}: {outcome:?}")
        };
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
