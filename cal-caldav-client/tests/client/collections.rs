//! Calendars and their properties on servers that are odd.

use std::sync::atomic::{AtomicBool, Ordering};

use cal_caldav_client::{Access, Basic, Client, Error, NewCalendar};
use cal_dav::name::{apple, caldav};

use crate::server::{Answer, Server, found, local};

async fn access(privileges: &'static str) -> Access {
    let server = Server::start(move |_| {
        let kind = "<resourcetype><collection/><C:calendar/></resourcetype>";
        Answer::multistatus(&format!(
            "<response><href>/cal/</href><propstat><prop>{kind}</prop><status>HTTP/1.1 200 OK</status></propstat>\
             {privileges}</response>"
        ))
    })
    .await;
    let url = format!("{}/cal/", server.url);
    let calendar = Client::open_calendar(&url, Basic::new("a", "b"), local()).await;
    calendar.unwrap().access()
}

#[tokio::test]
async fn privileges_that_are_absent_leave_the_access_unknown() {
    let unknown = access("").await;
    let not_found = access(
        "<propstat><prop><current-user-privilege-set/></prop><status>HTTP/1.1 404 Not Found</status></propstat>",
    );
    let all = access(
        "<propstat><prop><current-user-privilege-set><privilege><all/></privilege>\
         </current-user-privilege-set></prop><status>HTTP/1.1 200 OK</status></propstat>",
    );
    let read = access(
        "<propstat><prop><current-user-privilege-set><privilege><read/></privilege>\
         </current-user-privilege-set></prop><status>HTTP/1.1 200 OK</status></propstat>",
    );
    assert_eq!(
        (unknown, not_found.await, all.await, read.await),
        (
            Access::Unknown,
            Access::Unknown,
            Access::Write,
            Access::Read
        )
    );
}

const HOME: &str = "<C:calendar-home-set><href>/home/</href></C:calendar-home-set>";
const CALENDAR: &str = "<resourcetype><collection/><C:calendar/></resourcetype>";

async fn make(server: &Server) -> Result<cal_caldav_client::Made, Error> {
    let client = Client::connect_with(&server.url, Basic::new("a", "b"), local()).await?;
    let new = NewCalendar::new("my work")
        .with_display_name("Work")
        .with_color("#63DA38")
        .with_components(&["VEVENT"]);
    client.make_calendar(new).await
}

fn made_or_home(target: &str) -> Answer {
    match target {
        "/" => Answer::multistatus(&found("/", HOME)),
        "/home/my%20work/" => Answer::multistatus(&found("/home/my%20work/", CALENDAR)),
        _ => Answer::new(404, ""),
    }
}

#[tokio::test]
async fn a_calendar_is_made_without_a_property_that_is_refused() {
    let bodies = [
        Answer::multistatus(
            "<response><href>/home/my%20work/</href>\
             <propstat><prop><A:calendar-color xmlns:A='http://apple.com/ns/ical/'/></prop><status>HTTP/1.1 403 Forbidden</status></propstat>\
             <propstat><prop><displayname/></prop><status>HTTP/1.1 424 Failed Dependency</status></propstat></response>",
        ),
        Answer::new(
            403,
            "<C:mkcalendar-response xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
             <propstat><prop><A:calendar-color xmlns:A='http://apple.com/ns/ical/'/></prop><status>HTTP/1.1 403 Forbidden</status></propstat>\
             </C:mkcalendar-response>",
        ),
    ];
    for refusal in bodies {
        let server = Server::start(move |request| match request.method.as_str() {
            "MKCALENDAR" if request.body.contains("calendar-color") => refusal.clone(),
            "MKCALENDAR" => Answer::new(201, ""),
            _ => made_or_home(&request.target),
        })
        .await;
        let made = make(&server).await.unwrap();
        assert_eq!(made.refused.len(), 1);
        assert_eq!(made.refused[0].name, apple::CALENDAR_COLOR);
        let last = server
            .log()
            .into_iter()
            .rfind(|request| request.method == "MKCALENDAR")
            .unwrap();
        assert!(last.body.contains("displayname") && last.body.contains("VEVENT"));
    }
}

#[tokio::test]
async fn a_calendar_is_not_made_for_other_components_than_asked() {
    let server = Server::start(|request| match request.method.as_str() {
        "MKCALENDAR" => Answer::new(
            403,
            "<C:mkcalendar-response xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><propstat>\
             <prop><C:supported-calendar-component-set/></prop><status>HTTP/1.1 403 Forbidden</status></propstat></C:mkcalendar-response>",
        ),
        _ => made_or_home(&request.target),
    })
    .await;
    let outcome = make(&server).await;
    let Err(Error::PropertiesRefused { refused, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(refused[0].name, caldav::SUPPORTED_CALENDAR_COMPONENT_SET);
}

#[tokio::test]
async fn mkcol_is_used_where_mkcalendar_is_not_known() {
    let server = Server::start(|request| match request.method.as_str() {
        "MKCALENDAR" => Answer::new(405, ""),
        "MKCOL" => Answer::new(201, ""),
        _ => made_or_home(&request.target),
    })
    .await;
    make(&server).await.unwrap();
    let mkcol = server
        .log()
        .into_iter()
        .find(|request| request.method == "MKCOL")
        .unwrap();
    assert!(
        mkcol
            .body
            .contains("<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"),
        "{}",
        mkcol.body
    );
}

#[tokio::test]
async fn a_refused_property_is_named() {
    let patched = AtomicBool::new(false);
    let server = Server::start(move |request| match request.method.as_str() {
        "PROPPATCH" if patched.swap(true, Ordering::SeqCst) => Answer::new(200, ""),
        "PROPPATCH" => Answer::multistatus(
            "<response><href>/cal/</href><propstat><prop><displayname/></prop><status>HTTP/1.1 403 Forbidden</status>\
             <error><cannot-modify-protected-property/></error></propstat></response>",
        ),
        _ => Answer::multistatus(&found("/cal/", CALENDAR)),
    })
    .await;
    let url = format!("{}/cal", server.url);
    let mut calendar = Client::open_calendar(&url, Basic::new("a", "b"), local())
        .await
        .unwrap();
    let outcome = calendar.set_display_name("New").await;
    let Err(Error::PropertiesRefused { refused, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(refused[0].status.as_u16(), 403);
    assert_eq!(refused[0].conditions.len(), 1);
    assert_eq!(calendar.name(), "cal");
    calendar.set_display_name("New").await.unwrap();
    assert_eq!(calendar.name(), "New");
}
