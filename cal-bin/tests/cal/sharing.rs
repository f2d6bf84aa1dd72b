//! Servers over the same calendars that share a Redis server.

#[path = "../../../cal-store/tests/store/redis/server.rs"]
mod redis_server;

use std::time::Duration;

use redis_server::Server as Redis;

use crate::running::{Home, calendar, event};
use crate::server::Server;

fn with_redis(url: &str) -> Home {
    let home = Home::new();
    home.file(".config/cal/config.toml", format!("redis = \"{url}\"\n"));
    home.add_user("ada", "engine");
    home
}

#[tokio::test]
async fn servers_over_the_same_calendars_listen_to_each_other() {
    let Some(redis) = Redis::start() else {
        return;
    };
    let home = with_redis(&redis.url());
    let _servers = [(); 2].map(|()| Server::start(&home));
    let mut client = redis.client().await;
    for _ in 0..1_000 {
        let channels: Vec<String> = redis::cmd("PUBSUB")
            .arg("CHANNELS")
            .arg("cal:*:news")
            .query_async(&mut client)
            .await
            .unwrap();
        if let [channel] = channels.as_slice() {
            let listening: Vec<(String, i64)> = redis::cmd("PUBSUB")
                .arg("NUMSUB")
                .arg(channel)
                .query_async(&mut client)
                .await
                .unwrap();
            if listening == [(channel.clone(), 2)] {
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the servers do not listen");
}

#[tokio::test]
async fn a_redis_server_that_is_away_takes_nothing_from_the_calendars() {
    let home = with_redis("redis+unix:///nowhere/redis.sock");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    let body = calendar(&event("lunch", 1, ""));
    let put = ada.put("lunch.ics", body.clone()).await.unwrap();
    assert_eq!(put.status(), 201);
    let got = ada.request("GET", &ada.object("lunch.ics")).send().await;
    assert_eq!(got.unwrap().text().await.unwrap(), body);
}

#[test]
fn an_address_that_is_none_is_a_mistake_and_is_told_without_its_password() {
    let home = Home::new();
    let refused = |url: &str, code: i32| {
        home.file("cal.toml", format!("redis = \"{url}\"\n"));
        let run = home.run(&["serve", "--config", "cal.toml"]);
        assert_eq!(run.code, code, "{run}");
        assert!(!run.stderr.contains("secret"), "{run}");
        run.stderr
    };
    assert_eq!(
        refused("localhost:6379", 2),
        "cal: configuration: redis: must be a URL, such as redis://localhost:6379\n"
    );
    let unknown = refused("redis://:secret@localhost:port", 1);
    assert!(
        unknown.starts_with("cal: redis://localhost:port: "),
        "{unknown}"
    );
}
