//! `sync-collection`: what has changed since a token, all of it, once.

use cal_caldav_server::Limits;
use cal_dav::response::Outcome;

use crate::world::{Answer, World, event};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";

fn request(token: &str, extra: &str) -> String {
    format!(
        "<D:sync-collection xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <D:sync-token>{token}</D:sync-token>{extra}<D:prop><D:getetag/></D:prop></D:sync-collection>"
    )
}

const LEVEL: &str = "<D:sync-level>1</D:sync-level>";

async fn sync(world: &World, token: &str) -> (Answer, String) {
    let answer = world
        .request("REPORT", CALENDAR)
        .xml(&request(token, LEVEL))
        .send()
        .await;
    let token = answer
        .multistatus()
        .sync_token
        .expect("a token")
        .to_string();
    (answer, token)
}

async fn put(world: &World, name: &str) {
    let body = event(name, &["DTSTART:20260301T000000Z"]);
    world.put(&format!("{CALENDAR}{name}.ics"), &body).await;
}

#[tokio::test]
async fn a_token_brings_what_changed_and_what_is_gone() {
    let world = World::new();
    put(&world, "a").await;
    put(&world, "b").await;
    let (first, token) = sync(&world, "").await;
    insta::assert_snapshot!("first", first.transcript());
    let (nothing, same) = sync(&world, &token).await;
    assert_eq!((nothing.hrefs().len(), &same), (0, &token));
    put(&world, "c").await;
    assert_eq!(
        world
            .request("DELETE", &format!("{CALENDAR}a.ics"))
            .status()
            .await,
        204
    );
    let (changed, _) = sync(&world, &token).await;
    insta::assert_snapshot!("changed", changed.transcript());
}

#[tokio::test]
async fn any_depth_that_means_one_level_gets_the_same_answer() {
    let world = World::new();
    put(&world, "a").await;
    let plain = world.request("REPORT", CALENDAR).xml(&request("", LEVEL));
    let expected = plain.clone().send().await.text();
    for depth in ["0", "1"] {
        assert_eq!(
            plain.clone().depth(depth).send().await.text(),
            expected,
            "{depth}"
        );
    }
    assert_eq!(plain.depth("infinity").status().await, 400);
    let older = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&request("", ""));
    assert_eq!(older.send().await.text(), expected);
    let bare = request("", "").replace("<D:getetag/>", "");
    let bare = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&bare)
        .send()
        .await;
    assert_eq!(bare.hrefs(), [format!("{CALENDAR}a.ics")]);
}

#[tokio::test]
async fn tokens_that_were_never_given_are_refused() {
    let world = World::new();
    let (_, token) = sync(&world, "").await;
    let other = world
        .request("REPORT", "/dav/calendars/ada/tasks/")
        .xml(&request(&token, LEVEL))
        .send()
        .await;
    assert_eq!(
        (other.status.as_u16(), other.conditions()),
        (403, vec!["valid-sync-token".into()])
    );
    for token in [
        "garbage",
        "data:,garbage",
        "http://example.com/1",
        "data:,1-2-3",
        &format!("{token}5"),
    ] {
        let answer = world
            .request("REPORT", CALENDAR)
            .xml(&request(token, LEVEL))
            .send()
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["valid-sync-token".into()]),
            "{token}"
        );
    }
}

#[tokio::test]
async fn a_limit_cuts_the_answer_with_507_and_a_token_that_resumes() {
    let world = World::new();
    for n in 0..7 {
        put(&world, &format!("e{n}")).await;
    }
    world
        .request("DELETE", &format!("{CALENDAR}e3.ics"))
        .send()
        .await;
    for limited in [true, false] {
        let world = &world;
        let limit = if limited {
            "<D:limit><D:nresults>2</D:nresults></D:limit>"
        } else {
            ""
        };
        let mut token = String::new();
        let mut seen = Vec::new();
        loop {
            let body = request(&token, &format!("{LEVEL}{limit}"));
            let answer = world.request("REPORT", CALENDAR).xml(&body).send().await;
            let multistatus = answer.multistatus();
            token = multistatus.sync_token.unwrap().to_string();
            let (cut, members): (Vec<_>, Vec<_>) = multistatus
                .responses
                .into_iter()
                .partition(|response| response.href.as_str() == CALENDAR);
            seen.extend(members.iter().map(|response| response.href.to_string()));
            match cut.first() {
                None => break,
                Some(response) => {
                    assert!(matches!(response.outcome, Outcome::Status(status) if status == 507));
                    assert_eq!(response.conditions.len(), 1);
                    assert_eq!(members.len(), 2);
                }
            }
        }
        seen.sort();
        let expected: Vec<_> = [0, 1, 2, 4, 5, 6]
            .iter()
            .map(|n| format!("{CALENDAR}e{n}.ics"))
            .collect();
        assert_eq!(seen, expected, "limited: {limited}");
    }
}

#[tokio::test]
async fn the_servers_own_limit_cuts_in_the_same_way() {
    let world = World::with_limits(Limits {
        changes: 3,
        ..Limits::default()
    });
    for n in 0..5 {
        put(&world, &format!("e{n}")).await;
    }
    let (first, token) = sync(&world, "").await;
    assert_eq!(first.hrefs().len(), 4);
    assert!(first.text().contains("507 Insufficient Storage"));
    let (rest, _) = sync(&world, &token).await;
    assert_eq!(rest.hrefs().len(), 2);
}

#[tokio::test]
async fn a_home_tells_of_its_collections() {
    let world = World::new();
    let home = "/dav/calendars/ada/";
    let first = world
        .request("REPORT", home)
        .xml(&request("", LEVEL))
        .send()
        .await;
    assert_eq!(
        first.hrefs(),
        ["/dav/calendars/ada/calendar/", "/dav/calendars/ada/tasks/"]
    );
    let token = first.multistatus().sync_token.unwrap().to_string();
    assert_eq!(
        world
            .request("MKCALENDAR", "/dav/calendars/ada/new/")
            .status()
            .await,
        201
    );
    let second = world
        .request("REPORT", home)
        .xml(&request(&token, LEVEL))
        .send()
        .await;
    assert_eq!(second.hrefs(), ["/dav/calendars/ada/new/"]);
    let deep = "<D:sync-level>infinite</D:sync-level>";
    let refused = world
        .request("REPORT", home)
        .xml(&request("", deep))
        .send()
        .await;
    assert_eq!(refused.conditions(), ["sync-traversal-supported"]);
}
