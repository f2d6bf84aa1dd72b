//! Locks come to be, are seen, last longer and end.

use cal_dav::XmlElement;
use cal_dav::header::{Depth, Timeout};
use cal_dav::name::dav;
use cal_dav::property::{LockDiscovery, SupportedLock};
use cal_dav::request::LockScope;

use super::{FILE, FOLDER, discovered, info, locked, put, token, world};
use crate::world::prop;

#[tokio::test]
async fn a_lock_is_told_with_all_that_was_asked_for() {
    let world = world().await;
    let answer = world
        .request("LOCK", FILE)
        .header("timeout", "Second-600")
        .depth("0")
        .xml(&info("exclusive"))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let [lock] = &discovered(&answer).locks[..] else {
        panic!("not one lock: {}", answer.text());
    };
    assert_eq!(lock.scope, LockScope::Exclusive);
    assert_eq!(lock.depth, Depth::Zero);
    assert_eq!(lock.timeout, Timeout::Seconds(600));
    assert_eq!(lock.root.as_str(), FILE);
    let sent = lock.token.as_ref().unwrap().to_string();
    assert_eq!(sent, token(&answer));
    assert!(sent.starts_with("<urn:uuid:"), "{sent}");
    let owner = lock.owner.as_ref().unwrap();
    let who = owner.children().next().unwrap();
    assert_eq!((who.name().local(), who.text()), ("who", "me".to_owned()));
}

#[tokio::test]
async fn a_lock_lasts_no_longer_than_a_day() {
    let world = world().await;
    for (wish, seconds) in [
        ("Infinite, Second-4100000000", 86_400),
        ("Second-4100000000", 86_400),
        ("Second-0", 1),
        ("Extend", 3_600),
    ] {
        let answer = world
            .request("LOCK", FILE)
            .header("timeout", wish)
            .xml(&info("shared"))
            .send()
            .await;
        let locks = discovered(&answer).locks;
        let made = locks
            .iter()
            .find(|lock| lock.token.as_ref().map(ToString::to_string) == Some(token(&answer)));
        assert_eq!(made.unwrap().timeout, Timeout::Seconds(seconds), "{wish}");
    }
}

#[tokio::test]
async fn every_member_of_a_locked_collection_tells_of_its_lock() {
    let world = world().await;
    locked(&world, FOLDER, "infinity", "exclusive").await;
    let found = world
        .request("PROPFIND", FOLDER)
        .depth("1")
        .xml(&prop(&["D:lockdiscovery", "D:supportedlock"]))
        .send()
        .await
        .multistatus();
    assert_eq!(found.responses.len(), 3);
    for response in &found.responses {
        let discovery = response.property(&dav::LOCKDISCOVERY).unwrap();
        let discovery = LockDiscovery::read(discovery).unwrap();
        let roots: Vec<_> = discovery
            .locks
            .iter()
            .map(|lock| lock.root.as_str())
            .collect();
        assert_eq!(roots, [FOLDER], "{}", response.href.as_str());
        let supported = response.property(&dav::SUPPORTEDLOCK).unwrap();
        let supported = SupportedLock::read(supported).unwrap();
        assert_eq!(supported.scopes, [LockScope::Exclusive, LockScope::Shared]);
    }
    let home = world
        .request("PROPFIND", "/dav/calendars/ada/")
        .depth("0")
        .xml(&prop(&["D:lockdiscovery"]))
        .send()
        .await;
    assert_eq!(home.property(&dav::LOCKDISCOVERY).as_deref(), Some(""));
}

#[tokio::test]
async fn a_lock_of_nothing_makes_an_empty_file() {
    let world = world().await;
    let path = "/dav/calendars/ada/files/new.txt";
    let call = world.request("LOCK", path).xml(&info("exclusive"));
    let answer = call.send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let found = world.request("GET", path).send().await;
    assert_eq!((found.status.as_u16(), found.text().as_str()), (200, ""));
    assert_eq!(put(&world, path).status().await, 423);
    let missing = "/dav/calendars/ada/none/new.txt";
    let call = world.request("LOCK", missing).xml(&info("exclusive"));
    assert_eq!(call.status().await, 409);
}

#[tokio::test]
async fn a_lock_is_made_only_where_its_conditions_hold() {
    let world = world().await;
    let new = "/dav/calendars/ada/files/new.txt";
    for (path, name, value) in [
        (FILE, "if-none-match", "*"),
        (FILE, "if-match", "\"other\""),
        (new, "if-match", "*"),
        (FOLDER, "if-match", "\"other\""),
    ] {
        let call = world.request("LOCK", path).header(name, value);
        let call = call.xml(&info("exclusive"));
        assert_eq!(call.status().await, 412, "{path} {name}: {value}");
    }
    assert_eq!(put(&world, FILE).status().await, 204, "nothing was locked");
    let call = world.request("LOCK", new).header("if-none-match", "*");
    assert_eq!(call.xml(&info("exclusive")).status().await, 201);
}

#[tokio::test]
async fn a_client_says_no_more_of_itself_than_is_kept() {
    let world = world().await;
    let body = info("exclusive").replace(">me<", &format!(">{}<", "x".repeat(10_000)));
    assert_eq!(world.request("LOCK", FILE).xml(&body).status().await, 413);
    assert_eq!(put(&world, FILE).status().await, 204);
}

#[tokio::test]
async fn an_empty_object_is_not_made_in_a_calendar() {
    let world = world().await;
    let path = "/dav/calendars/ada/calendar/new.ics";
    let call = world.request("LOCK", path).xml(&info("exclusive"));
    let answer = call.send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.conditions()),
        (403, vec!["valid-calendar-data".to_owned()])
    );
    assert_eq!(world.request("GET", path).status().await, 404);
}

#[tokio::test]
async fn a_lock_is_refreshed_by_its_token_alone() {
    let world = world().await;
    let token = locked(&world, FOLDER, "infinity", "exclusive").await;
    let refresh = |path| {
        world
            .request("LOCK", path)
            .header("timeout", "Second-7200")
            .header("if", &format!("({token})"))
    };
    let answer = refresh(FILE).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("lock-token"), None);
    assert_eq!(discovered(&answer).locks[0].timeout, Timeout::Seconds(7200));
    let elsewhere = refresh("/dav/calendars/ada/calendar/");
    assert_eq!(elsewhere.status().await, 412);
    assert_eq!(world.request("LOCK", FILE).status().await, 412);
}

#[tokio::test]
async fn a_lock_ends_by_its_token_at_what_it_covers() {
    let world = world().await;
    let held = locked(&world, FOLDER, "infinity", "exclusive").await;
    let unlock = |path, token: &str| world.request("UNLOCK", path).header("lock-token", token);
    let elsewhere = unlock("/dav/calendars/ada/calendar/", &held).send().await;
    assert_eq!(
        (elsewhere.status.as_u16(), elsewhere.conditions()),
        (409, vec!["lock-token-matches-request-uri".to_owned()])
    );
    assert_eq!(unlock(FOLDER, "<urn:uuid:1>").status().await, 409);
    assert_eq!(unlock(FOLDER, "urn:uuid:1").status().await, 400);
    assert_eq!(world.request("UNLOCK", FOLDER).status().await, 400);
    assert_eq!(put(&world, FILE).status().await, 423);
    assert_eq!(unlock(FILE, &held).status().await, 204);
    assert_eq!(put(&world, FILE).status().await, 204);
    assert_eq!(unlock(FILE, &held).status().await, 409);
}

#[tokio::test]
async fn a_lock_that_cannot_be_says_which_are_in_its_way() {
    let world = world().await;
    locked(&world, FILE, "0", "shared").await;
    locked(&world, FILE, "0", "shared").await;
    let over = world.request("LOCK", FILE).xml(&info("exclusive"));
    let over = over.send().await;
    assert_eq!(
        (over.status.as_u16(), over.conditions()),
        (423, vec!["no-conflicting-lock".to_owned()])
    );
    assert!(over.text().contains(FILE), "{}", over.text());
    let above = world.request("LOCK", FOLDER).xml(&info("exclusive"));
    let above = above.send().await.multistatus();
    let answers = above.responses.iter();
    let answers: Vec<_> = answers
        .map(|it| (it.href.as_str(), it.failure().map(|status| status.as_u16())))
        .collect();
    assert_eq!(answers, [(FILE, Some(423)), (FOLDER, Some(424))]);
    let broken = world.request("LOCK", FOLDER).depth("1");
    assert_eq!(broken.xml(&info("exclusive")).status().await, 400);
}
