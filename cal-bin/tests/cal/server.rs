//! A running `cal serve`, and a client of it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder, Response};

use crate::running::Home;

/// `cal serve` on a free port. It ends with the test.
pub(crate) struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`, with the prefix and without a final slash.
    pub(crate) url: String,
    pub(crate) ready: String,
    stderr: std::thread::JoinHandle<String>,
}

/// How a server ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
    pub(crate) after: Duration,
}

impl Server {
    pub(crate) fn start(home: &Home) -> Server {
        Server::start_with(home, &[])
    }

    /// Starts with further arguments and waits until it says that it is ready.
    pub(crate) fn start_with(home: &Home, arguments: &[&str]) -> Server {
        let mut child = home
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut ready = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut ready).unwrap();
        let Some(url) = ready
            .split([' ', ',', '\n'])
            .find(|word| word.starts_with("http://"))
        else {
            let _ = child.wait();
            panic!("not ready: {ready:?}\n{}", stderr.join().unwrap());
        };
        Server {
            url: url.trim_end_matches('/').to_owned(),
            child,
            ready,
            stderr,
        }
    }

    /// Where the server listens.
    pub(crate) fn address(&self) -> String {
        let rest = self.url.strip_prefix("http://").unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    /// Asks the server to stop, as systemd does.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Asks it to stop and waits.
    pub(crate) fn stop(self) -> Ended {
        self.terminate();
        self.wait()
    }

    /// Waits until it has stopped.
    pub(crate) fn wait(mut self) -> Ended {
        let start = Instant::now();
        let code = self.child.wait().unwrap().code();
        let after = start.elapsed();
        let stderr = std::mem::replace(&mut self.stderr, std::thread::spawn(String::new));
        Ended {
            code,
            stderr: stderr.join().unwrap(),
            after,
        }
    }

    /// Ends it at once and without a word, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A user of this server.
    pub(crate) fn user(&self, name: &str, password: &str) -> User {
        User {
            client: client(),
            url: self.url.clone(),
            name: name.to_owned(),
            password: password.to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A plain HTTP client.
pub(crate) fn client() -> Client {
    static PROVIDER: Once = Once::new();
    // reqwest wants one even for plain HTTP.
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap()
}

/// Somebody with a name and a password.
#[derive(Clone)]
pub(crate) struct User {
    client: Client,
    url: String,
    name: String,
    password: String,
}

impl User {
    /// A request to a path of the server.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client
            .request(method, format!("{}{path}", self.url))
            .basic_auth(&self.name, Some(&self.password))
    }

    /// The path of an object in the calendar that every user has.
    pub(crate) fn object(&self, name: &str) -> String {
        format!("/dav/calendars/{}/calendar/{name}", self.name)
    }

    /// Stores an object.
    pub(crate) async fn put(&self, name: &str, body: String) -> reqwest::Result<Response> {
        self.request("PUT", &self.object(name))
            .header("content-type", "text/calendar; charset=utf-8")
            .body(body)
            .send()
            .await
    }

    /// The status of a PROPFIND of the DAV root: whether this user may come in.
    pub(crate) async fn knock(&self) -> u16 {
        let response = self
            .request("PROPFIND", "/dav/")
            .header("depth", "0")
            .send();
        response.await.unwrap().status().as_u16()
    }

    /// What changed in the calendar since a token: the names that are there, the
    /// ones that are gone, and the next token.
    pub(crate) async fn changes(&self, token: &str) -> Changes {
        self.try_changes(token).await.unwrap()
    }

    /// The same, or nothing if the server is gone.
    pub(crate) async fn try_changes(&self, token: &str) -> Option<Changes> {
        let body = format!(
            r#"<?xml version="1.0"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>{token}</D:sync-token>
               <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"#
        );
        let path = self.object("");
        let response = self.request("REPORT", &path).body(body).send().await.ok()?;
        assert_eq!(response.status(), 207);
        Some(Changes::read(&response.text().await.ok()?))
    }
}

/// An answer to sync-collection.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) changed: Vec<String>,
    pub(crate) removed: Vec<String>,
    pub(crate) token: String,
}

impl Changes {
    fn read(xml: &str) -> Changes {
        let mut changes = Changes::default();
        for response in xml.split("<D:response>").skip(1) {
            let href = between(response, "<D:href>", "</D:href>");
            let name = href.rsplit('/').next().unwrap().to_owned();
            if response.contains("getetag") {
                changes.changed.push(name);
            } else {
                changes.removed.push(name);
            }
        }
        changes.token = between(xml, "<D:sync-token>", "</D:sync-token>").to_owned();
        changes
    }
}

/// The text between two others.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let inner = text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    inner.unwrap_or_else(|| panic!("no {before} in {text}")).0
}
