//! Two servers over one SQLite file: an operator may start the new one before the
//! old one has ended, or both for good.

use std::collections::BTreeSet;

use crate::running::{Home, calendar, event};
use crate::server::{Server, User};

/// Objects that each client stores.
const OBJECTS: u32 = 40;

/// Stores objects of one's own, and one that both servers' clients fight for.
async fn write(user: User, who: &'static str) -> u32 {
    let mut won = 0;
    for number in 0..OBJECTS {
        let name = format!("{who}-{number}");
        let body = calendar(&event(&name, 1 + number % 28, ""));
        let stored = user.put(&format!("{name}.ics"), body).await.unwrap();
        assert_eq!(stored.status(), 201, "{name}");
        let name = format!("shared-{number}");
        let claimed = user
            .request("PUT", &user.object(&format!("{name}.ics")))
            .header("content-type", "text/calendar; charset=utf-8")
            .header("if-none-match", "*")
            .body(calendar(&event(
                &name,
                1 + number % 28,
                &format!("COMMENT:{who}"),
            )))
            .send()
            .await
            .unwrap();
        match claimed.status().as_u16() {
            201 => won += 1,
            412 => {}
            other => panic!("{name}: {other}"),
        }
    }
    won
}

/// Follows one server by its own tokens until all is there.
async fn follow(user: User, mut token: String) -> (BTreeSet<String>, String) {
    let mut seen = BTreeSet::new();
    let all = usize::try_from(3 * OBJECTS).unwrap();
    while seen.len() < all {
        let changes = user.changes(&token).await;
        for name in changes.changed {
            assert!(seen.insert(name.clone()), "{name} is told twice");
        }
        token = changes.token;
    }
    (seen, token)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_file_write_at_once_and_tell_the_same() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let (one, other) = (Server::start(&home), Server::start(&home));
    let users = [one.user("ada", "engine"), other.user("ada", "engine")];
    let start = users[0].changes("").await.token;
    let [first, second] = users.clone();
    let writers = [
        tokio::spawn(write(first.clone(), "first")),
        tokio::spawn(write(second.clone(), "second")),
    ];
    let readers = [
        tokio::spawn(follow(first, start.clone())),
        tokio::spawn(follow(second, start)),
    ];
    let mut won = 0;
    for writer in writers {
        won += writer.await.unwrap();
    }
    assert_eq!(won, OBJECTS, "each shared name has one winner");
    let [(seen, token), (also, _)] = {
        let [first, second] = readers;
        [first.await.unwrap(), second.await.unwrap()]
    };
    assert_eq!(seen, also);
    // The token of one server is good at the other.
    let [_, second] = &users;
    let changes = second.changes(&token).await;
    assert!(changes.changed.is_empty() && changes.removed.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_changes_of_a_user_the_other_knows_at_once() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let (one, other) = (Server::start(&home), Server::start(&home));
    for server in [&one, &other] {
        assert_eq!(server.user("ada", "engine").knock().await, 207);
    }
    home.run_with(&["user", "passwd", "ada", "--password-stdin"], "difference")
        .expect_done();
    for server in [&one, &other] {
        assert_eq!(server.user("ada", "engine").knock().await, 401);
        assert_eq!(server.user("ada", "difference").knock().await, 207);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_backed_up_and_checked_beside_two_servers() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let (one, _other) = (Server::start(&home), Server::start(&home));
    let ada = one.user("ada", "engine");
    ada.put("1.ics", calendar(&event("1", 1, "")))
        .await
        .unwrap();
    let said = home.run(&["store", "check"]).expect_done();
    assert_eq!(said, "1 object as stored, 0 faults\n");
    let copy = home.path().join("copy.db");
    home.run(&["store", "backup", copy.to_str().unwrap()])
        .expect_done();
    home.add_user("bob", "bicycle");
}
