//! `cal serve`: what it says, answers, refuses, and how it ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::running::{Home, calendar, event};
use crate::server::{Server, client};

#[test]
fn an_empty_machine_gets_one_line_with_the_url_and_what_to_do_first() {
    let home = Home::new();
    let server = Server::start(&home);
    let data = home.data();
    let expected = format!(
        "Cal is ready at {}/, add the first user: cal user add NAME --data {}\n",
        server.url,
        data.display()
    );
    assert_eq!(server.ready, expected);
    home.add_user("ada", "engine");
    assert_eq!(server.stop().code, Some(0));

    let server = Server::start(&home);
    assert_eq!(server.ready, format!("Cal is ready at {}/\n", server.url));
}

#[tokio::test]
async fn status_says_what_runs_and_whether_all_is_well() {
    let home = Home::new();
    let server = Server::start(&home);
    let status = async || {
        let response = client()
            .get(format!("{}/status", server.url))
            .send()
            .await
            .unwrap();
        assert_eq!(response.headers()["content-type"], "application/json");
        serde_json::from_str::<serde_json::Value>(&response.text().await.unwrap()).unwrap()
    };
    let first = status().await;
    assert_eq!(first["status"], "needs_setup");
    assert_eq!(first["store"], "ok");
    assert_eq!(first["version"], env!("CARGO_PKG_VERSION"));
    assert!(first["uptime"].is_u64());
    assert!(first["tzdata"].as_str().unwrap().starts_with("20"));
    home.add_user("ada", "engine");
    assert_eq!(status().await["status"], "healthy");
}

#[tokio::test]
async fn each_place_answers_its_methods_and_no_dav_method_gets_html() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    let cases = [
        ("GET", "/", 200, "text/html"),
        ("HEAD", "/", 200, "text/html"),
        ("PROPFIND", "/", 207, "application/xml"),
        ("OPTIONS", "/", 200, ""),
        ("POST", "/", 405, "text/plain"),
        ("PROPFIND", "/principals/", 207, "application/xml"),
        ("PROPFIND", "/dav/", 207, "application/xml"),
        ("PROPFIND", "/dav/principals/ada/", 207, "application/xml"),
        ("PROPFIND", "/dav/calendars/ada/", 207, "application/xml"),
        ("GET", "/.well-known/caldav", 301, ""),
        ("PROPFIND", "/.well-known/caldav", 301, ""),
        ("PROPFIND", "/.well-known/carddav", 404, "text/plain"),
        ("GET", "/.well-known/carddav", 404, "text/plain"),
        ("PROPFIND", "/remote.php/dav", 404, "text/plain"),
        ("GET", "/nowhere", 404, "text/plain"),
        ("PUT", "/status", 405, "text/plain"),
    ];
    for (method, path, status, content_type) in cases {
        let response = ada
            .request(method, path)
            .header("depth", "0")
            .send()
            .await
            .unwrap();
        let found = response
            .headers()
            .get("content-type")
            .map(|value| value.to_str().unwrap());
        assert_eq!(response.status(), status, "{method} {path}");
        let found = found.unwrap_or_default();
        assert!(found.starts_with(content_type), "{method} {path}: {found}");
        if path == "/.well-known/caldav" {
            assert_eq!(response.headers()["location"], "/dav/");
        }
    }
}

#[tokio::test]
async fn below_a_path_prefix_every_href_has_it_whether_the_proxy_takes_it_off_or_not() {
    let home = Home::new();
    home.add_user("ada", "engine");
    home.file("c.toml", "base_url = \"https://example.com/x/y/\"\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let origin = format!("http://{}", server.address());
    assert!(
        server
            .ready
            .contains("(seen from outside as https://example.com/x/y/)")
    );
    for prefix in ["", "/x/y"] {
        for path in ["/", "/dav/", "/dav/calendars/ada/", "/principals/"] {
            let url = format!("{origin}{prefix}{path}");
            let method = reqwest::Method::from_bytes(b"PROPFIND").unwrap();
            let request = client()
                .request(method, &url)
                .basic_auth("ada", Some("engine"));
            let body = request
                .header("depth", "1")
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap();
            let hrefs: Vec<&str> = body.split("<D:href>").skip(1).collect();
            assert!(!hrefs.is_empty(), "{url}: {body}");
            for href in hrefs {
                assert!(
                    href.starts_with("/x/y/dav/") || path == "/" || path == "/principals/",
                    "{url}: {href}"
                );
                assert!(href.starts_with("/x/y/"), "{url}: {href}");
            }
        }
        let url = format!("{origin}{prefix}/.well-known/caldav");
        let response = client().get(&url).send().await.unwrap();
        assert_eq!(response.headers()["location"], "/x/y/dav/", "{url}");
    }
}

#[tokio::test]
async fn behind_a_proxy_that_renames_the_host_a_destination_is_here_by_the_configured_name() {
    let home = Home::new();
    home.add_user("ada", "engine");
    home.file("c.toml", "base_url = \"https://example.com/x/y/\"\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let work = format!("http://{}/dav/calendars/ada/work/", server.address());
    let send = async |method: &str, url: String, destination: Option<&str>, body: String| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = client().request(method, url).body(body);
        if let Some(destination) = destination {
            request = request.header("destination", destination);
        }
        let request = request
            .header("content-type", "text/calendar")
            .basic_auth("ada", Some("engine"));
        request.send().await.unwrap().status().as_u16()
    };
    let made = client()
        .request(reqwest::Method::from_bytes(b"MKCALENDAR").unwrap(), &work)
        .basic_auth("ada", Some("engine"));
    assert_eq!(made.send().await.unwrap().status(), 201);
    let object = format!("{work}1.ics");
    let body = calendar(&event("1", 1, ""));
    assert_eq!(send("PUT", object.clone(), None, body).await, 201);
    for (host, status) in [("other.example", 502), ("example.com", 201)] {
        let destination = format!("https://{host}/x/y/dav/calendars/ada/work/2.ics");
        let answer = send("MOVE", object.clone(), Some(&destination), String::new()).await;
        assert_eq!(answer, status, "{host}");
    }
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_restart() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    let body = calendar(&event("1", 1, ""));
    assert_eq!(ada.put("1.ics", body.clone()).await.unwrap().status(), 201);
    let token = ada.changes("").await.token;
    assert_eq!(server.stop().code, Some(0));

    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    let response = ada
        .request("GET", &ada.object("1.ics"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.text().await.unwrap(), body);
    let changes = ada.changes(&token).await;
    assert!(
        changes.changed.is_empty() && changes.removed.is_empty(),
        "{changes:?}"
    );
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_server_stops() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let ada = server.user("ada", "engine");
    assert_eq!(ada.knock().await, 207);
    // The head is there and half of the body when the server is asked to stop.
    let body = calendar(&event("1", 1, ""));
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = format!(
        "PUT /dav/calendars/ada/calendar/1.ics HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YWRhOmVuZ2luZQ==\r\n\
         Content-Type: text/calendar\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let (first, second) = body.split_at(100);
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(first.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    server.terminate();
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let ended = server.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn a_client_that_never_finishes_does_not_hold_up_the_end() {
    let home = Home::new();
    home.file("c.toml", "[limits]\nshutdown_seconds = 1\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(b"PUT /dav/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let ended = server.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.after < Duration::from_secs(5), "{:?}", ended.after);
}

#[test]
fn who_asks_twice_does_not_wait_for_requests_in_flight() {
    let home = Home::new();
    home.file("c.toml", "[limits]\nshutdown_seconds = 60\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(b"PUT /dav/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    server.terminate();
    std::thread::sleep(Duration::from_millis(500));
    let ended = server.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.after < Duration::from_secs(20), "{:?}", ended.after);
    assert!(ended.stderr.contains("cut off"), "{}", ended.stderr);
}

#[test]
fn a_head_that_trickles_in_is_cut_off() {
    let home = Home::new();
    home.file("c.toml", "[limits]\nheader_seconds = 1\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").unwrap();
    let start = Instant::now();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_body_that_trickles_in_is_cut_off() {
    let home = Home::new();
    home.add_user("ada", "engine");
    home.file("c.toml", "[limits]\nrequest_seconds = 1\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = "PUT /dav/calendars/ada/calendar/1.ics HTTP/1.1\r\nHost: x\r\n\
                Authorization: Basic YWRhOmVuZ2luZQ==\r\nContent-Length: 1000\r\n\r\nBEGIN:";
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0_u8; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[test]
fn a_head_beyond_the_limit_is_refused() {
    let home = Home::new();
    let server = Server::start(&home);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
        "x".repeat(200_000)
    );
    // The server may hang up before it has read everything.
    let _ = stream.write_all(head.as_bytes());
    let mut answer = [0_u8; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
}

#[test]
fn connections_beyond_the_limit_wait_for_room() {
    let home = Home::new();
    home.file("c.toml", "[limits]\nconnections = 2\nheader_seconds = 2\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let idle: Vec<TcpStream> = (0..2)
        .map(|_| TcpStream::connect(server.address()).unwrap())
        .collect();
    let mut third = TcpStream::connect(server.address()).unwrap();
    third
        .write_all(b"GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    third
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let mut answer = [0_u8; 12];
    assert!(
        third.read_exact(&mut answer).is_err(),
        "there was room for a third"
    );
    // The idle ones are cut off in time, or go by themselves.
    drop(idle);
    third
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    third.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test]
async fn an_object_beyond_the_limit_is_refused_with_its_precondition() {
    let home = Home::new();
    home.add_user("ada", "engine");
    home.file("c.toml", "[limits]\nobject_bytes = 20000\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let ada = server.user("ada", "engine");
    let body = calendar(&event(
        "1",
        1,
        &format!("DESCRIPTION:{}", "x".repeat(30_000)),
    ));
    let response = ada.put("1.ics", body).await.unwrap();
    assert!(response.status().is_client_error());
    assert!(response.text().await.unwrap().contains("max-resource-size"));
}

#[test]
fn a_port_that_is_taken_is_said_and_exits_with_1() {
    let home = Home::new();
    let server = Server::start(&home);
    let address = server.address();
    let run = home.run(&["serve", "--listen", &address]);
    assert_eq!(run.code, 1, "{run}");
    let expected = format!("cal: cannot listen on {address}: ");
    assert!(
        run.stderr.lines().last().unwrap().starts_with(&expected),
        "{run}"
    );
}

#[test]
fn a_worker_listens_nowhere_and_stops_cleanly() {
    let home = Home::new();
    let mut child = home
        .command()
        .args(["serve", "--role", "worker"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    assert!(line.contains("does not listen"), "{line}");
    let id = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status()
        .unwrap();
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn logs_are_json_objects_on_standard_error_where_asked_for() {
    let home = Home::new();
    home.file("c.toml", "[log]\nformat = \"json\"\nlevel = \"info\"\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let _ = client()
        .get(format!("{}/status?secret=x", server.url))
        .send()
        .await
        .unwrap();
    let ended = server.stop();
    let lines: Vec<serde_json::Value> = ended
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let request = lines
        .iter()
        .find(|line| line["message"] == "request")
        .unwrap();
    assert_eq!(request["path"], "/status");
    assert_eq!(request["status"], 200);
    assert!(!ended.stderr.contains("secret"));
}
