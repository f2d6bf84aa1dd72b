//! Reads a multistatus one response at a time.

use std::io::BufRead;

use super::Response;
use crate::name::dav;
use crate::reader::{Reader, Token};
use crate::{Element, Error, Limits, SyncToken, XmlElement};

/// Reads `DAV:multistatus` from a stream; only one response is in memory at a
/// time.
///
/// A response that cannot be understood is an error of its own, and reading
/// goes on after it; a document that is not well-formed, or ends early, is
/// the last item.
///
/// ```
/// use cal_dav::Limits;
/// use cal_dav::response::{MultistatusItem, MultistatusReader};
///
/// let body = br#"<multistatus xmlns="DAV:">
///   <response><href>/a.ics</href><status>HTTP/1.1 404 Not Found</status></response>
///   <sync-token>urn:token:2</sync-token>
/// </multistatus>"#;
/// for item in MultistatusReader::new(&body[..], Limits::RESPONSE) {
///     match item? {
///         MultistatusItem::Response(response) => assert_eq!(response.href.as_str(), "/a.ics"),
///         MultistatusItem::SyncToken(token) => assert_eq!(token.as_str(), "urn:token:2"),
///         _ => {}
///     }
/// }
/// # Ok::<(), cal_dav::Error>(())
/// ```
pub struct MultistatusReader<R> {
    reader: Reader<R>,
    state: State,
}

/// What a [`MultistatusReader`] comes upon.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MultistatusItem {
    /// What is said of a resource.
    Response(Box<Response>),
    /// The state that the report brings the client to.
    SyncToken(SyncToken),
    /// A text for people.
    Description(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    BeforeRoot,
    Inside,
    Done,
}

impl<R: BufRead> MultistatusReader<R> {
    /// Reads from a stream of UTF-8.
    pub fn new(source: R, limits: Limits) -> Self {
        Self {
            reader: Reader::new(source, limits),
            state: State::BeforeRoot,
        }
    }

    /// The next item, or an error after which reading can go on (the inner
    /// one) or cannot (the outer one).
    fn advance(&mut self) -> Result<Option<Result<MultistatusItem, Error>>, Error> {
        if self.state == State::BeforeRoot {
            self.enter_root()?;
            self.state = State::Inside;
        }
        loop {
            let tag = match self.reader.next()? {
                Token::Start(tag) => tag,
                Token::Text => continue,
                Token::End => {
                    return match self.reader.next()? {
                        Token::Eof => Ok(None),
                        _ => Err(self.reader.malformed("content after the root element")),
                    };
                }
                Token::Eof => return Err(self.reader.malformed("the document ends early")),
            };
            let element =
                Element::from_tag(tag.name, tag.attributes).read_content(&mut self.reader)?;
            if let Some(item) = item(&element) {
                return Ok(Some(item));
            }
        }
    }

    fn enter_root(&mut self) -> Result<(), Error> {
        match self.reader.next()? {
            Token::Start(tag) if tag.name == dav::MULTISTATUS => Ok(()),
            Token::Start(tag) => Err(Error::Root {
                expected: dav::MULTISTATUS.to_string(),
                found: tag.name,
            }),
            Token::End | Token::Text | Token::Eof => Err(self.reader.malformed("no element")),
        }
    }
}

fn item(element: &Element) -> Option<Result<MultistatusItem, Error>> {
    match element.name().parts() {
        ("DAV:", "response") => {
            let response = Response::read(element);
            Some(response.map(|response| MultistatusItem::Response(Box::new(response))))
        }
        ("DAV:", "sync-token") => {
            SyncToken::read_lenient(element).map(|token| Ok(MultistatusItem::SyncToken(token)))
        }
        ("DAV:", "responsedescription") => Some(Ok(MultistatusItem::Description(element.text()))),
        _ => None,
    }
}

impl<R: BufRead> Iterator for MultistatusReader<R> {
    type Item = Result<MultistatusItem, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Done {
            return None;
        }
        match self.advance() {
            Ok(Some(item)) => Some(item),
            Ok(None) => {
                self.state = State::Done;
                None
            }
            Err(error) => {
                self.state = State::Done;
                Some(Err(error))
            }
        }
    }
}
