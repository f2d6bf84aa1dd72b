//! A small HTTP server on loopback that says what a test wants it to say.

use std::sync::{Arc, Mutex};

use cal_caldav_client::{AddressPolicy, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(held, _)| held == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What it answers.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// A multistatus of these responses; their elements need no prefix for
    /// DAV, `C:` for CalDAV and `S:` for the calendar server's.
    pub(crate) fn multistatus(inside: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\"?><multistatus xmlns=\"DAV:\" \
             xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:S=\"http://calendarserver.org/ns/\">\
             {inside}</multistatus>"
        );
        Self::new(207, &body).with("content-type", "application/xml; charset=utf-8")
    }

    /// An error body with one condition, named with its prefix as above.
    pub(crate) fn error(status: u16, condition: &str) -> Self {
        let body = format!(
            "<error xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><{condition}/></error>"
        );
        Self::new(status, &body)
    }
}

/// A response whose properties are all there.
pub(crate) fn found(href: &str, properties: &str) -> String {
    format!(
        "<response><href>{href}</href><propstat><prop>{properties}</prop>\
         <status>HTTP/1.1 200 OK</status></propstat></response>"
    )
}

/// A response with a status as a whole.
pub(crate) fn status(href: &str, line: &str) -> String {
    format!("<response><href>{href}</href><status>HTTP/1.1 {line}</status></response>")
}

/// The server; it stops with the test's runtime.
pub(crate) struct Server {
    pub(crate) url: String,
    log: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    pub(crate) async fn start(
        answer: impl Fn(&Received) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let (answer, shared) = (Arc::new(answer), log.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, log) = (answer.clone(), shared.clone());
                tokio::spawn(async move {
                    let _closed = serve(stream, &*answer, &log).await;
                });
            }
        });
        Self { url, log }
    }

    /// The requests so far.
    pub(crate) fn log(&self) -> Vec<Received> {
        self.log.lock().unwrap().clone()
    }

    /// The methods and targets of the requests so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let log = self.log();
        log.iter()
            .map(|request| format!("{} {}", request.method, request.target))
            .collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: &(dyn Fn(&Received) -> Answer + Send + Sync),
    log: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let mut received = Received {
        method: words.next().unwrap_or_default().to_owned(),
        target: words.next().unwrap_or_default().to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
        body: String::new(),
    };
    let length = received.header("content-length").unwrap_or("0");
    let whole = head + 4 + length.parse::<usize>().unwrap();
    while bytes.len() < whole {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    }
    received.body = String::from_utf8_lossy(&bytes[head + 4..whole]).into_owned();
    log.lock().unwrap().push(received.clone());
    let answer = answer(&received);
    let mut reply = format!(
        "HTTP/1.1 {} Said\r\nconnection: close\r\ncontent-length: {}\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        reply.push_str(&format!("{name}: {value}\r\n"));
    }
    reply.push_str("\r\n");
    if received.method != "HEAD" {
        reply.push_str(&answer.body);
    }
    stream.write_all(reply.as_bytes()).await?;
    stream.shutdown().await
}

/// Settings under which a client may connect to this machine.
pub(crate) fn local() -> Options {
    Options::default().with_addresses(AddressPolicy::public().with_loopback())
}
