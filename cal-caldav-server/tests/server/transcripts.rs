//! What real clients send, replayed: account set-up, first sync, edit, move,
//! delete, and an edit made offline while somebody else was faster.
//!
//! The requests are written in `transcripts/*.http` after what the clients'
//! documentation, source and logs in public bug reports say of them. A file is
//! a list of exchanges with `---` between them:
//!
//! ```text
//! # what the client is about to do
//! PROPFIND /dav/calendars/ada/
//! Depth: 1
//!
//! <the body/>
//! > 207
//! > holds some text of the answer
//! > lacks some text
//! > header DAV calendar-access
//! > save etag first
//! ```
//!
//! `save` keeps the ETag header (`etag`), or what an element of the answer
//! holds (`sync-token`, `getetag` ...), and `{first}` stands for it from then
//! on. `Authorization: none` sends no credentials. A `text/calendar` body has
//! the line breaks of iCalendar.

use std::collections::HashMap;
use std::path::Path;

use crate::world::{Answer, Call, World};

async fn replay(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/server/transcripts")
        .join(name);
    let script = std::fs::read_to_string(&path).unwrap();
    let world = World::new();
    let mut kept: HashMap<String, String> = HashMap::new();
    let mut exchanges = 0;
    for exchange in script.split("\n---\n") {
        Exchange::parse(exchange, &kept)
            .run(&world, &mut kept)
            .await;
        exchanges += 1;
    }
    assert!(
        exchanges > 10,
        "{name} goes through the whole life of an event"
    );
}

/// One request with what its answer must be.
struct Exchange {
    /// What the client is about to do.
    intent: String,
    request: String,
    headers: Vec<(String, String)>,
    body: String,
    expected: Vec<String>,
}

impl Exchange {
    fn parse(text: &str, kept: &HashMap<String, String>) -> Self {
        let text = kept.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        });
        let is_expected = |line: &&str| line.starts_with("> ");
        let intent = text.lines().filter_map(|line| line.strip_prefix("# "));
        let sent = text
            .lines()
            .filter(|line| !line.starts_with("# ") && !is_expected(line));
        let mut sent = sent.skip_while(|line| line.is_empty());
        let request = sent.next().expect("a request line").to_owned();
        let mut headers = Vec::new();
        for line in sent.by_ref().take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").expect("a header");
            headers.push((name.to_owned(), value.to_owned()));
        }
        let is_calendar = headers
            .iter()
            .any(|(name, value)| name == "Content-Type" && value.starts_with("text/calendar"));
        let end = if is_calendar { "\r\n" } else { "\n" };
        let expected = text.lines().filter(is_expected);
        Self {
            intent: intent.collect::<Vec<_>>().join(" "),
            request,
            headers,
            body: sent.map(|line| format!("{line}{end}")).collect(),
            expected: expected.map(|line| line[2..].to_owned()).collect(),
        }
    }

    async fn run(self, world: &World, kept: &mut HashMap<String, String>) {
        let (method, path) = self.request.split_once(' ').expect("a method and a path");
        let call = world.request(method, path).body(self.body);
        let call = self.headers.iter().fold(call, with_header);
        let answer = if path.starts_with("/dav/") {
            call.send().await
        } else {
            call.send_to(world.dav.discovery()).await
        };
        assert!(!self.expected.is_empty(), "{}: no expectation", self.intent);
        for expected in &self.expected {
            assert!(
                holds(expected, &answer, kept),
                "{} ({}): expected {expected}\n{} {:?}\n{}",
                self.intent,
                self.request,
                answer.status,
                answer.headers,
                answer.text()
            );
        }
    }
}

fn with_header<'w>(call: Call<'w>, (name, value): &(String, String)) -> Call<'w> {
    match (name.as_str(), value.as_str()) {
        ("Authorization", "none") => call.anonymous(),
        _ => call.header(name, value),
    }
}

/// Whether the answer is as a line says; what it wants kept is kept.
fn holds(expected: &str, answer: &Answer, kept: &mut HashMap<String, String>) -> bool {
    let (verb, rest) = expected.split_once(' ').unwrap_or((expected, ""));
    match verb {
        "holds" => answer.text().contains(rest),
        "lacks" => !answer.text().contains(rest),
        "header" => {
            let (name, value) = rest.split_once(' ').expect("a name and a value");
            answer
                .header(name)
                .is_some_and(|found| found.contains(value))
        }
        "without" => answer.header(rest).is_none(),
        "save" => {
            let (from, name) = rest.split_once(' ').expect("where from and a name");
            let value = match from {
                "etag" => answer.header("etag").map(str::to_owned),
                element => inner(&answer.text(), element),
            };
            value
                .map(|value| kept.insert(name.to_owned(), value))
                .is_some()
        }
        status => {
            let status: u16 = status.parse().expect("a status");
            answer.status == status
        }
    }
}

/// The text of the last element of this local name: in a list of resources the
/// first is their collection.
fn inner(xml: &str, name: &str) -> Option<String> {
    let end = xml.rfind(&format!(":{name}>"))?;
    let end = xml[..end].rfind("</")?;
    let start = xml[..end].rfind('>')? + 1;
    Some(xml[start..end].replace("&quot;", "\""))
}

#[tokio::test]
async fn ios() {
    replay("ios.http").await;
}

#[tokio::test]
async fn macos() {
    replay("macos.http").await;
}

#[tokio::test]
async fn thunderbird() {
    replay("thunderbird.http").await;
}

#[tokio::test]
async fn davx5() {
    replay("davx5.http").await;
}

#[tokio::test]
async fn evolution() {
    replay("evolution.http").await;
}

#[tokio::test]
async fn outlook_caldav_synchronizer() {
    replay("outlook_caldav_synchronizer.http").await;
}

#[tokio::test]
async fn gnome_online_accounts() {
    replay("gnome_online_accounts.http").await;
}

#[tokio::test]
async fn em_client() {
    replay("em_client.http").await;
}

#[tokio::test]
async fn vdirsyncer() {
    replay("vdirsyncer.http").await;
}
