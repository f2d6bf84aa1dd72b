//! A server with two users, and a client that writes exchanges down.

use std::fmt::Write as _;

use bytes::Bytes;
use cal_caldav_server::{Attempt, Authenticator, CalDavServer, Error, Limits, User};
use cal_store::{EmailAddress, PrincipalName, Store};
use chrono::{DateTime, TimeZone, Utc};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::{Service, ServiceExt};

/// Everyone whose password is their name.
pub struct NamesArePasswords;

#[async_trait::async_trait]
impl Authenticator for NamesArePasswords {
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
        let basic = attempt.basic().ok_or(Error::Unauthenticated)?;
        if basic.user() != basic.password() {
            return Err(Error::Unauthenticated);
        }
        let user = User::new(PrincipalName::new(basic.user())?);
        Ok(
            match EmailAddress::new(&format!("{}@example.com", basic.user())) {
                Ok(email) => user.with_email(email),
                Err(_) => user,
            },
        )
    }
}

pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap()
}

pub struct World {
    pub dav: CalDavServer,
    pub store: Store,
}

impl World {
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    pub fn with_limits(limits: Limits) -> Self {
        let store = Store::memory();
        let dav = CalDavServer::builder(store.clone())
            .auth(NamesArePasswords)
            .base_path("/dav")
            .limits(limits)
            .clock(now)
            .build();
        Self { dav, store }
    }

    pub fn request(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            world: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            user: Some("ada".to_owned()),
            body: Bytes::new(),
        }
    }

    /// Stores an object of ada's and expects it to be new.
    pub async fn put(&self, path: &str, body: &str) -> Answer {
        let answer = self.request("PUT", path).calendar(body).send().await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        answer
    }
}

/// A request in the making.
#[derive(Clone)]
pub struct Call<'w> {
    world: &'w World,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    user: Option<String>,
    body: Bytes,
}

impl Call<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn depth(self, depth: &str) -> Self {
        self.header("depth", depth)
    }

    pub fn user(mut self, name: &str) -> Self {
        self.user = Some(name.to_owned());
        self
    }

    pub fn anonymous(mut self) -> Self {
        self.user = None;
        self
    }

    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub fn xml(self, body: &str) -> Self {
        self.header("content-type", "application/xml")
            .body(body.to_owned())
    }

    pub fn calendar(self, body: &str) -> Self {
        self.header("content-type", "text/calendar; charset=utf-8")
            .body(body.to_owned())
    }

    pub fn into_http(self) -> Request<Full<Bytes>> {
        let mut request = Request::builder()
            .method(Method::from_bytes(self.method.as_bytes()).unwrap())
            .uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(user) = &self.user {
            use base64::Engine as _;
            let token = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{user}"));
            request = request.header("authorization", format!("Basic {token}"));
        }
        request.body(Full::new(self.body)).unwrap()
    }

    pub async fn send(self) -> Answer {
        let dav = self.world.dav.clone();
        self.send_to(dav).await
    }

    pub async fn send_to<S>(self, service: S) -> Answer
    where
        S: Service<
                Request<Full<Bytes>>,
                Response = http::Response<cal_caldav_server::Body>,
                Error = std::convert::Infallible,
            >,
    {
        let written = format!("{} {}", self.method, self.path);
        let response = service.oneshot(self.into_http()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer {
            written,
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub async fn status(self) -> u16 {
        self.send().await.status.as_u16()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    written: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn etag(&self) -> String {
        self.header("etag").expect("an ETag").to_owned()
    }

    /// The hrefs of all responses of a multistatus.
    pub fn hrefs(&self) -> Vec<String> {
        let multistatus = self.multistatus();
        multistatus
            .responses
            .iter()
            .map(|response| response.href.as_str().to_owned())
            .collect()
    }

    pub fn multistatus(&self) -> cal_dav::response::Multistatus {
        use cal_dav::XmlElement;
        assert_eq!(self.status, 207, "{}: {}", self.written, self.text());
        cal_dav::response::Multistatus::parse(&self.body, &cal_dav::Limits::RESPONSE)
            .expect("a multistatus")
    }

    /// The value of a property of the first response, as text.
    pub fn property(&self, name: &cal_dav::name::Name) -> Option<String> {
        let multistatus = self.multistatus();
        Some(multistatus.responses.first()?.property(name)?.text())
    }

    /// The names of the conditions in a `DAV:error` body.
    pub fn conditions(&self) -> Vec<String> {
        use cal_dav::XmlElement;
        match cal_dav::response::ErrorBody::parse(&self.body, &cal_dav::Limits::RESPONSE) {
            Ok(error) => error
                .conditions
                .iter()
                .map(|found| found.name().local().to_owned())
                .collect(),
            Err(_) => Vec::new(),
        }
    }

    /// The exchange as a snapshot holds it: what is random in a store is numbered.
    pub fn transcript(&self) -> String {
        let mut out = format!("{}\n\n{}\n", self.written, self.status);
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort();
        for header in headers {
            writeln!(out, "{header}").unwrap();
        }
        writeln!(out, "\n{}", pretty(&self.text())).unwrap();
        without_tokens(&out)
    }
}

/// One element a line.
fn pretty(xml: &str) -> String {
    if !xml.starts_with("<?xml") {
        return xml.to_owned();
    }
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut rest = xml;
    let mut opened = false;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        let end = start + rest[start..].find('>').unwrap_or(rest.len() - start - 1) + 1;
        let tag = &rest[start..end];
        rest = &rest[end..];
        let closes = tag.starts_with("</");
        if !text.trim().is_empty() {
            out.push_str(&text.replace("&#13;", "").replace("&#xD;", ""));
        }
        if closes {
            depth = depth.saturating_sub(1);
        }
        if !(closes && opened) {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&"  ".repeat(depth));
        }
        out.push_str(tag);
        opened = !closes && !tag.ends_with("/>") && !tag.starts_with("<?");
        if opened {
            depth += 1;
        }
    }
    out
}

/// Numbers the sync tokens, and the ETags that are made of them.
fn without_tokens(text: &str) -> String {
    let mut seen: Vec<String> = Vec::new();
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("data:,") {
        let (before, after) = rest.split_at(start + "data:,".len());
        let end = after
            .find(|c: char| !c.is_ascii_hexdigit() && c != '-')
            .unwrap_or(after.len());
        let token = after[..end].to_owned();
        let number = seen
            .iter()
            .position(|known| *known == token)
            .unwrap_or_else(|| {
                seen.push(token);
                seen.len() - 1
            });
        out.push_str(before);
        write!(out, "TOKEN-{number}").unwrap();
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// An event with these lines besides UID and DTSTAMP.
pub fn event(uid: &str, lines: &[&str]) -> String {
    component("VEVENT", uid, lines)
}

pub fn component(kind: &str, uid: &str, lines: &[&str]) -> String {
    let mut text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Client//EN\r\nBEGIN:{kind}\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n"
    );
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text.push_str(&format!("END:{kind}\r\nEND:VCALENDAR\r\n"));
    text
}

/// A PROPFIND body that asks for these properties of namespace and local name.
pub fn prop(names: &[&str]) -> String {
    let mut body = String::from(
        "<D:propfind xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav' \
         xmlns:CS='http://calendarserver.org/ns/' xmlns:A='http://apple.com/ns/ical/'><D:prop>",
    );
    for name in names {
        write!(body, "<{name}/>").unwrap();
    }
    body.push_str("</D:prop></D:propfind>");
    body
}
