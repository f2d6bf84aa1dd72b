//! What a lock keeps those without its token from.

use super::{FILE, FOLDER, info, locked, put, world};
use crate::world::{Call, World, event};

const PATCH: &str = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><x xmlns='urn:x'>1</x>\
                     </D:prop></D:set></D:propertyupdate>";

/// A request is refused for the lock at `root`, and done with its token.
async fn is_guarded(call: Call<'_>, root: &str, token: &str) {
    let refused = call.clone().send().await;
    assert_eq!(
        (refused.status.as_u16(), refused.conditions()),
        (423, vec!["lock-token-submitted".to_owned()]),
        "{}",
        refused.text()
    );
    let href = format!("<D:href>{root}</D:href>");
    assert!(refused.text().contains(&href), "{}", refused.text());
    let done = call.header("if", &format!("<{root}> ({token})"));
    let done = done.send().await;
    assert!(done.status.is_success(), "{}: {}", done.status, done.text());
}

async fn file(world: &World) -> String {
    locked(world, FILE, "0", "exclusive").await
}

#[tokio::test]
async fn a_locked_file_is_written_with_the_token_only() {
    let world = world().await;
    let token = file(&world).await;
    is_guarded(put(&world, FILE), FILE, &token).await;
    is_guarded(world.request("PROPPATCH", FILE).xml(PATCH), FILE, &token).await;
    let from = put(&world, "/dav/calendars/ada/files/b.txt");
    assert_eq!(from.status().await, 201, "others are free");
    let copy = world.request("COPY", "/dav/calendars/ada/files/b.txt");
    is_guarded(copy.header("destination", FILE), FILE, &token).await;
    is_guarded(world.request("DELETE", FILE), FILE, &token).await;
    assert_eq!(put(&world, FILE).status().await, 201, "the lock went too");
}

#[tokio::test]
async fn reading_and_copying_from_are_free() {
    let world = world().await;
    locked(&world, FOLDER, "infinity", "exclusive").await;
    assert_eq!(world.request("GET", FILE).status().await, 200);
    assert_eq!(world.request("PROPFIND", FOLDER).status().await, 207);
    let copy = world.request("COPY", FILE);
    let copy = copy.header("destination", "/dav/calendars/ada/copy.txt");
    assert_eq!(copy.status().await, 201);
    let copy = put(&world, "/dav/calendars/ada/copy.txt");
    assert_eq!(copy.status().await, 204, "the copy is not locked");
}

#[tokio::test]
async fn what_is_moved_leaves_its_lock_behind() {
    let world = world().await;
    let token = file(&world).await;
    let moved = "/dav/calendars/ada/files/moved.txt";
    let call = world.request("MOVE", FILE).header("destination", moved);
    is_guarded(call, FILE, &token).await;
    assert_eq!(put(&world, moved).status().await, 204);
    assert_eq!(put(&world, FILE).status().await, 201);
}

#[tokio::test]
async fn what_comes_into_a_locked_collection_is_locked_with_it() {
    let world = world().await;
    let token = locked(&world, FOLDER, "infinity", "exclusive").await;
    assert_eq!(put(&world, "/dav/calendars/ada/b.txt").status().await, 201);
    let inside = "/dav/calendars/ada/files/sub/b.txt";
    let call = world.request("MOVE", "/dav/calendars/ada/b.txt");
    is_guarded(call.header("destination", inside), FOLDER, &token).await;
    is_guarded(put(&world, inside), FOLDER, &token).await;
    let mkcol = world.request("MKCOL", "/dav/calendars/ada/files/new/");
    is_guarded(mkcol, FOLDER, &token).await;
    let calendar = world.request("MKCALENDAR", "/dav/calendars/ada/files/cal/");
    is_guarded(calendar, FOLDER, &token).await;
    let post = world
        .request("POST", "/dav/calendars/ada/files/cal/")
        .calendar(&event("e", &["DTSTART:20260302T090000Z"]));
    is_guarded(post, FOLDER, &token).await;
}

#[tokio::test]
async fn a_shallow_lock_of_a_collection_is_about_its_members_and_properties() {
    let world = world().await;
    let token = locked(&world, FOLDER, "0", "exclusive").await;
    assert_eq!(put(&world, FILE).status().await, 204);
    let sub = "/dav/calendars/ada/files/sub/b.txt";
    assert_eq!(put(&world, sub).status().await, 201);
    let new = "/dav/calendars/ada/files/new.txt";
    is_guarded(put(&world, new), FOLDER, &token).await;
    is_guarded(world.request("DELETE", new), FOLDER, &token).await;
    is_guarded(
        world.request("PROPPATCH", FOLDER).xml(PATCH),
        FOLDER,
        &token,
    )
    .await;
}

#[tokio::test]
async fn a_collection_with_a_locked_member_stays_whole() {
    let world = world().await;
    let token = file(&world).await;
    let answer = world.request("DELETE", FOLDER).send().await.multistatus();
    let answers = answer.responses.iter();
    let answers: Vec<_> = answers
        .map(|it| (it.href.as_str(), it.failure().map(|status| status.as_u16())))
        .collect();
    assert_eq!(answers, [(FILE, Some(423))]);
    assert_eq!(world.request("GET", FILE).status().await, 200);
    let call = world.request("MOVE", FOLDER);
    let call = call.header("destination", "/dav/calendars/ada/moved/");
    is_guarded(call, FILE, &token).await;
}

#[tokio::test]
async fn calendars_and_their_objects_are_locked_like_files() {
    let world = world().await;
    let calendar = "/dav/calendars/ada/calendar/";
    let object = "/dav/calendars/ada/calendar/e.ics";
    let body = event("e", &["DTSTART:20260302T090000Z"]);
    world.put(object, &body).await;
    let token = locked(&world, object, "0", "exclusive").await;
    let changed = event("e", &["DTSTART:20260303T090000Z"]);
    let call = world.request("PUT", object).calendar(&changed);
    is_guarded(call, object, &token).await;
    let unlock = world.request("UNLOCK", object).header("lock-token", &token);
    assert_eq!(unlock.status().await, 204);
    let token = locked(&world, calendar, "infinity", "exclusive").await;
    is_guarded(world.request("DELETE", object), calendar, &token).await;
    is_guarded(world.request("DELETE", calendar), calendar, &token).await;
    let again = world.request("LOCK", calendar).xml(&info("exclusive"));
    assert_eq!(again.status().await, 403, "a lock makes no collection");
}
