//! The service in a program of someone's own: under a prefix, behind a router, over TCP.

use std::time::Duration;

use axum::Router;
use cal_caldav_server::{CalDavServer, Discovery};
use cal_store::Store;
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{NamesArePasswords, World, event, now, prop};

#[tokio::test]
async fn every_href_has_the_prefix_of_the_deployment() {
    let world = World::new();
    for base in ["/x/y", "/x/y/", "x/y", "/with space"] {
        let dav = CalDavServer::builder(world.store.clone())
            .auth(NamesArePasswords)
            .base_path(base)
            .clock(now)
            .build();
        let prefix = format!("/{}", base.trim_matches('/').replace(' ', "%20"));
        // With the prefix, and with a router that took it off.
        for before in [prefix.as_str(), ""] {
            for path in [
                "/",
                "/principals/ada/",
                "/calendars/ada/",
                "/calendars/ada/calendar/",
            ] {
                let call = world
                    .request("PROPFIND", &format!("{before}{path}"))
                    .depth("1");
                let names = [
                    "D:current-user-principal",
                    "C:calendar-home-set",
                    "D:owner",
                    "D:principal-collection-set",
                    "D:add-member",
                    "D:acl",
                ];
                let answer = call.xml(&prop(&names)).send_to(dav.clone()).await;
                let text = answer.text();
                for href in text.split("<D:href>").skip(1) {
                    assert!(
                        href.starts_with(&format!("{prefix}/")),
                        "{base} {before}{path}: {text}"
                    );
                }
            }
        }
        let moved = world
            .request("GET", "/.well-known/caldav")
            .send_to(dav.discovery())
            .await;
        assert_eq!(
            moved.header("location"),
            Some(format!("{prefix}/").as_str())
        );
    }
}

#[tokio::test]
async fn discovery_takes_only_what_is_its_own() {
    let world = World::new();
    for (method, path, wanted) in [
        ("GET", "/", false),
        ("PROPFIND", "/", true),
        ("OPTIONS", "/", true),
        ("GET", "/.well-known/caldav", true),
        ("PROPFIND", "/principals/", true),
        ("REPORT", "/principals/ada/", true),
        ("GET", "/principals/", false),
        ("PROPFIND", "/calendars/", false),
        ("PROPFIND", "/other", false),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        assert_eq!(Discovery::wants(&method, path), wanted, "{method} {path}");
    }
    let outside = world
        .request("PROPFIND", "/calendars/ada/")
        .depth("0")
        .send_to(world.dav.discovery())
        .await;
    assert_eq!(outside.status, 404);
}

#[test]
fn the_example_of_embedding_is_forty_lines_at_most() {
    let example = include_str!("../../examples/embed.rs");
    assert!(example.lines().count() <= 40);
}

/// One exchange over a connection of its own, as text.
async fn raw(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let ended = tokio::time::timeout(Duration::from_secs(5), read).await;
    assert!(
        ended.is_ok(),
        "{request}: {}",
        String::from_utf8_lossy(&answer)
    );
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn it_serves_over_tcp_inside_an_axum_program() {
    let dav = CalDavServer::builder(Store::memory())
        .auth(NamesArePasswords)
        .base_path("/dav")
        .build();
    let app = Router::new()
        .route_service("/.well-known/caldav", dav.discovery())
        .nest_service("/dav", dav);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let auth = "host: localhost\r\nauthorization: Basic YWRhOmFkYQ==\r\nconnection: close\r\n";
    let body = event("a", &["DTSTART:20260301T000000Z"]);

    let moved = raw(
        address,
        &format!("PROPFIND /.well-known/caldav HTTP/1.1\r\n{auth}\r\n"),
    )
    .await;
    assert!(
        moved.starts_with("HTTP/1.1 301 ") && moved.contains("location: /dav/"),
        "{moved}"
    );
    let put = raw(address, &format!("PUT /dav/calendars/ada/calendar/a.ics HTTP/1.1\r\n{auth}content-type: text/calendar\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())).await;
    assert!(
        put.starts_with("HTTP/1.1 201 ") && put.contains("etag: \""),
        "{put}"
    );
    let head = raw(
        address,
        &format!("HEAD /dav/calendars/ada/calendar/a.ics HTTP/1.1\r\n{auth}\r\n"),
    )
    .await;
    assert!(
        head.starts_with("HTTP/1.1 200 ")
            && head.contains(&format!("content-length: {}", body.len()))
            && !head.contains("BEGIN"),
        "{head}"
    );
    let got = raw(
        address,
        &format!("GET /dav/calendars/ada/calendar/a.ics HTTP/1.1\r\n{auth}\r\n"),
    )
    .await;
    assert!(got.ends_with(&body), "{got}");
    let listed = raw(
        address,
        &format!("PROPFIND /dav/calendars/ada/calendar HTTP/1.1\r\n{auth}depth: 1\r\n\r\n"),
    )
    .await;
    assert!(
        listed.starts_with("HTTP/1.1 207 ") && listed.contains("/dav/calendars/ada/calendar/a.ics"),
        "{listed}"
    );
    // Refused without its body being wanted, and the connection is good for another request.
    let twice = raw(
        address,
        &format!(
            "PUT /dav/calendars/bob/x.ics HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\nhello\
             GET /dav/calendars/ada/calendar/a.ics HTTP/1.1\r\n{auth}\r\n"
        ),
    )
    .await;
    assert!(
        twice.starts_with("HTTP/1.1 401 ") && twice.ends_with(&body),
        "{twice}"
    );
    // Refused from its head alone: the body is never asked for.
    let large = raw(address, &format!("PUT /dav/calendars/ada/calendar/b.ics HTTP/1.1\r\n{auth}content-length: 99999999\r\nexpect: 100-continue\r\n\r\n")).await;
    assert!(
        large.starts_with("HTTP/1.1 403 ") && large.contains("max-resource-size"),
        "{large}"
    );
    server.abort();
}
