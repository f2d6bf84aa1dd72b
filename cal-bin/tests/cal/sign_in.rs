//! Who may come in to a running server.

use std::time::{Duration, Instant};

use crate::running::{Home, calendar, event};
use crate::server::{Server, client};

fn home() -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    home
}

#[tokio::test]
async fn who_is_not_known_is_challenged_the_same_way_everywhere() {
    let home = home();
    let server = Server::start(&home);
    let mut answers = Vec::new();
    for (name, password) in [
        ("ada", "wrong"),
        ("nobody", "engine"),
        ("a\u{1}b", "engine"),
        ("ada", ""),
    ] {
        for path in [
            "/dav/",
            "/dav/calendars/ada/calendar/",
            "/dav/calendars/none/x",
        ] {
            let request = server.user(name, password).request("PROPFIND", path);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 401, "{name} {path}");
            let challenge = response.headers()["www-authenticate"]
                .to_str()
                .unwrap()
                .to_owned();
            assert_eq!(challenge, "Basic realm=\"Cal\", charset=\"UTF-8\"");
            answers.push(response.text().await.unwrap());
        }
    }
    let method = reqwest::Method::from_bytes(b"PROPFIND").unwrap();
    let anonymous = client()
        .request(method, format!("{}/dav/", server.url))
        .send()
        .await
        .unwrap();
    assert_eq!(anonymous.status(), 401);
    answers.push(anonymous.text().await.unwrap());
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn a_changed_password_is_in_force_with_the_next_request() {
    let home = home();
    let server = Server::start(&home);
    let (old, new) = (server.user("ada", "engine"), server.user("ada", "loom"));
    assert_eq!((old.knock().await, new.knock().await), (207, 401));
    home.run_with(&["user", "passwd", "ada", "--password-stdin"], "loom")
        .expect_done();
    assert_eq!((old.knock().await, new.knock().await), (401, 207));
}

#[tokio::test]
async fn a_user_added_and_removed_while_the_server_runs_comes_and_goes() {
    let home = home();
    let server = Server::start(&home);
    let bob = server.user("bob", "x");
    assert_eq!(bob.knock().await, 401);
    home.add_user("bob", "x");
    assert_eq!(bob.knock().await, 207);
    home.run(&["user", "remove", "bob"]).expect_done();
    assert_eq!(bob.knock().await, 401);
}

#[tokio::test]
async fn an_app_password_opens_the_door_until_it_is_revoked() {
    let home = home();
    let server = Server::start(&home);
    let made = home.run(&["user", "token", "ada", "--json"]).json_lines();
    let token = made[0]["password"].as_str().unwrap();
    let spellings = [
        token.to_owned(),
        token.replace('-', ""),
        token.replace('-', " ").to_uppercase(),
    ];
    for spelling in &spellings {
        assert_eq!(
            server.user("ada", spelling).knock().await,
            207,
            "{spelling}"
        );
    }
    assert_eq!(server.user("ada", "engine").knock().await, 207);
    home.add_user("bob", "x");
    assert_eq!(server.user("bob", token).knock().await, 401);

    let id = made[0]["id"].as_str().unwrap();
    home.run(&["user", "token", "ada", "--revoke", id])
        .expect_done();
    for spelling in &spellings {
        assert_eq!(
            server.user("ada", spelling).knock().await,
            401,
            "{spelling}"
        );
    }
    assert_eq!(server.user("ada", "engine").knock().await, 207);
}

#[tokio::test]
async fn passwords_and_names_may_hold_anything_that_can_be_typed() {
    let home = home();
    let cases = [
        ("The King", "a:b:c"),
        ("a@b.c", " spaces "),
        ("Zoë", "pässwörd€"),
        ("cn=a,dc=b", "\"quoted\\ %20 #\""),
    ];
    for (name, password) in cases {
        home.add_user(name, password);
    }
    let server = Server::start(&home);
    for (name, password) in cases {
        assert_eq!(server.user(name, password).knock().await, 207, "{name}");
        assert_eq!(
            server
                .user(name, password.trim_end_matches('"'))
                .knock()
                .await
                == 207,
            !password.ends_with('"')
        );
    }
    // Older clients send Latin-1.
    home.add_user("lat", "café");
    let method = reqwest::Method::from_bytes(b"PROPFIND").unwrap();
    let request = client().request(method, format!("{}/dav/", server.url));
    let response = request
        .header("authorization", "Basic bGF0OmNhZuk=")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 207);
}

#[tokio::test]
async fn what_is_another_users_is_as_if_it_were_not_there() {
    let home = home();
    home.add_user("bob", "x");
    let server = Server::start(&home);
    let (ada, bob) = (server.user("ada", "engine"), server.user("bob", "x"));
    assert_eq!(
        ada.put("1.ics", calendar(&event("1", 1, "")))
            .await
            .unwrap()
            .status(),
        201
    );
    for method in ["GET", "HEAD", "PROPFIND", "REPORT", "DELETE", "PROPPATCH"] {
        let answer = async |path: &str| {
            let response = bob
                .request(method, path)
                .header("depth", "0")
                .send()
                .await
                .unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        };
        let theirs = answer("/dav/calendars/ada/calendar/1.ics").await;
        let nobodys = answer("/dav/calendars/eve/calendar/1.ics").await;
        assert_eq!(theirs.0, 404, "{method}");
        assert_eq!(theirs.1.replace("ada", "eve"), nobodys.1, "{method}");
    }
    let put = bob
        .request("PUT", "/dav/calendars/ada/calendar/2.ics")
        .body("x")
        .send()
        .await
        .unwrap();
    assert!(
        matches!(put.status().as_u16(), 403 | 404 | 409),
        "{}",
        put.status()
    );
    assert_eq!(
        ada.request("GET", &ada.object("1.ics"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn guessing_is_slowed_down_and_does_not_lock_out_who_is_known() {
    let home = home();
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    assert_eq!(ada.knock().await, 207);
    let mut waits = Vec::new();
    for number in 0..8 {
        let guess = server.user("ada", &format!("guess {number}"));
        let response = guess.request("PROPFIND", "/dav/").send().await.unwrap();
        match response.status().as_u16() {
            401 => {}
            429 => {
                let wait = response.headers()["retry-after"].to_str().unwrap();
                waits.push(wait.parse::<u64>().unwrap());
            }
            other => panic!("{other}"),
        }
    }
    assert!(
        !waits.is_empty() && waits.iter().all(|wait| *wait >= 1),
        "{waits:?}"
    );
    // The device with the right password goes on, from the same address.
    assert_eq!(ada.knock().await, 207);
}

#[tokio::test]
async fn a_device_with_an_old_password_can_ask_for_ever_and_is_no_guesser() {
    let home = home();
    let server = Server::start(&home);
    let stale = server.user("ada", "old password");
    for _ in 0..50 {
        assert_eq!(stale.knock().await, 401);
    }
    assert_eq!(server.user("ada", "engine").knock().await, 207);
}

#[tokio::test]
async fn who_guesses_through_a_trusted_proxy_slows_down_only_themselves() {
    let home = home();
    home.file("c.toml", "trusted_proxies = [\"127.0.0.1\"]\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let knock = async |password: &str, from: &str| {
        let request = server.user("ada", password).request("PROPFIND", "/dav/");
        let response = request.header("x-forwarded-for", from).send();
        let response = response.await.unwrap();
        let wait = response.headers().get("retry-after");
        let wait = wait.map(|wait| wait.to_str().unwrap().parse::<u32>().unwrap());
        (response.status().as_u16(), wait)
    };
    // Waits grow with each guess that is heard: up to one that is not over
    // before the next request, however slow the machine is.
    let mut guesses = 0;
    while knock(&format!("guess {guesses}"), "203.0.113.7").await.1 < Some(4) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        guesses += 1;
        assert!(guesses < 600, "nobody has to wait");
    }
    assert_eq!(knock("engine", "203.0.113.7").await.0, 429);
    assert_eq!(knock("engine", "203.0.113.8").await.0, 207);
}

#[tokio::test]
async fn a_password_is_hashed_once_and_not_for_each_request() {
    let home = home();
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    let start = Instant::now();
    assert_eq!(ada.knock().await, 207);
    let first = start.elapsed();
    let start = Instant::now();
    for _ in 0..100 {
        assert_eq!(ada.knock().await, 207);
    }
    let hundred = start.elapsed();
    assert!(
        hundred < 100 * first / 2 + Duration::from_millis(200),
        "{first:?}, then {hundred:?}"
    );
}

#[tokio::test]
async fn an_unknown_user_takes_as_long_as_a_wrong_password() {
    let home = home();
    home.file("c.toml", "trusted_proxies = [\"127.0.0.1\"]\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let time = async |name: &str, number: u32| {
        let request = server
            .user(name, &format!("guess {number}"))
            .request("PROPFIND", "/dav/");
        let start = Instant::now();
        // Each from another address, so that nobody has to wait.
        let from = format!("203.0.113.{number}");
        let response = request
            .header("x-forwarded-for", from)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 401);
        start.elapsed()
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..15 {
        known.push(time("ada", number).await);
        unknown.push(time("nobody", 100 + number).await);
    }
    known.sort();
    unknown.sort();
    let (known, unknown) = (known[7], unknown[7]);
    assert!(
        unknown > known / 3 && known > unknown / 3,
        "known {known:?}, unknown {unknown:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_guesses_at_once_do_not_slow_down_who_is_known() {
    let home = home();
    home.file("c.toml", "trusted_proxies = [\"127.0.0.1\"]\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let ada = server.user("ada", "engine");
    assert_eq!(ada.knock().await, 207);
    let guesses: Vec<_> = (0..100)
        .map(|number| {
            let guess = server.user("ada", &format!("guess {number}"));
            let request = guess.request("PROPFIND", "/dav/");
            let from = format!("203.0.113.{number}");
            tokio::spawn(request.header("x-forwarded-for", from).send())
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        let start = Instant::now();
        assert_eq!(ada.knock().await, 207);
        slowest = slowest.max(start.elapsed());
    }
    for guess in guesses {
        assert_eq!(guess.await.unwrap().unwrap().status(), 401);
    }
    // A hundred hashes one after the other would take seconds.
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}
