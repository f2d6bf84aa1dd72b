//! Tokens in `If` (RFC 4918 section 10.4).

use super::{FILE, FOLDER, locked, put, world};

#[tokio::test]
async fn a_token_holds_where_its_lock_is_and_is_submitted_wherever_it_stands() {
    let world = world().await;
    let tag = world.request("GET", FILE).send().await.etag();
    let token = locked(&world, FILE, "0", "exclusive").await;
    let other = "<urn:uuid:11111111-1111-1111-1111-111111111111>";
    let none = "(Not <DAV:no-lock>)";
    for (field, status) in [
        (format!("({token})"), 204),
        (format!("({token} [{tag}])"), 204),
        (format!("<{FILE}> ({token})"), 204),
        (format!("(Not {other} {token})"), 204),
        (format!("({other}) ({token})"), 204),
        // Submitted in a list that does not hold, while another does.
        (format!("({token} [\"x\"]) {none}"), 204),
        (format!("<{FOLDER}> ({token}) (Not <DAV:no-lock>)"), 204),
        // Another list holds, and nothing is submitted.
        (none.to_owned(), 423),
        (format!("({other}) {none}"), 423),
        (format!("(Not {token}) {none}"), 423),
        // No list holds.
        (format!("({other})"), 412),
        (format!("(Not {token})"), 412),
        (format!("({token} [\"x\"])"), 412),
        (
            format!("({token} [\"x\"]) (Not <DAV:no-lock> [\"x\"])"),
            412,
        ),
        (format!("<{FOLDER}> ({token})"), 412),
        (format!("({token}"), 400),
    ] {
        let answer = put(&world, FILE).header("if", &field).send().await;
        assert_eq!(answer.status, status, "{field}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_lock_of_a_collection_is_a_state_of_all_below() {
    let world = world().await;
    let token = locked(&world, FOLDER, "infinity", "exclusive").await;
    let new = "/dav/calendars/ada/files/sub/new.txt";
    for path in [FILE, new] {
        let call = put(&world, path).header("if", &format!("({token})"));
        assert!(call.send().await.status.is_success(), "{path}");
    }
    let outside = put(&world, "/dav/calendars/ada/out.txt");
    let outside = outside.header("if", &format!("({token})"));
    assert_eq!(outside.status().await, 412);
}
