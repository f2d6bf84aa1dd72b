//! An XML document as a tree of elements, within bounds.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{Error as XmlError, NsReader};

use super::NAMESPACE;
use crate::Error;

const BYTES: usize = 1 << 30;
const ELEMENTS: usize = 10_000_000;
/// Two levels for each of the components that a calendar nests, and some.
const DEPTH: usize = 600;
const ATTRIBUTES: usize = 64;
const NAMESPACES: usize = 256;

/// An element with all that is in it.
#[derive(Debug)]
pub(super) struct Element {
    /// The name without prefix.
    pub(super) name: String,
    /// Whether it is in the namespace of xCal.
    pub(super) is_xcal: bool,
    /// Whether it is in another namespace.
    pub(super) is_foreign: bool,
    /// The character data directly inside, put together.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
    /// Where it begins and ends in the document, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads a whole document; its root.
pub(super) fn parse(source: &str) -> Result<Element, Error> {
    if source.len() > BYTES {
        return Err(fault(source, 0, "more than 1 GiB"));
    }
    let mut xml = NsReader::from_str(source);
    xml.config_mut().check_end_names = true;
    xml.resolver_mut().set_max_namespace_bindings(NAMESPACES);
    let mut reading = Reading {
        source,
        open: Vec::new(),
        root: None,
        elements: 0,
    };
    loop {
        let at = offset(xml.buffer_position());
        let event = match xml.read_resolved_event() {
            Ok((namespace, event)) => (Space::of(&namespace), event),
            Err(error) => return Err(malformed(source, offset(xml.error_position()), &error)),
        };
        let end = offset(xml.buffer_position());
        match event {
            (Space::Unknown, _) => {
                return Err(fault(source, at, "a prefix is bound to no namespace"));
            }
            (space, event) => {
                if reading.take(space, event, (at, end))? == Step::Done {
                    break;
                }
            }
        }
    }
    reading
        .root
        .ok_or_else(|| fault(source, source.len(), "there is no element"))
}

/// An error with the place of a byte as line and column.
pub(super) fn fault(source: &str, at: usize, reason: &str) -> Error {
    let before = source.as_bytes().get(..at).unwrap_or(source.as_bytes());
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default())
        .chars()
        .count();
    Error::Xcal {
        place: format!("{line}:{}", column + 1).into(),
        reason: crate::fault::quoted(reason.as_bytes()),
    }
}

/// Whether XML 1.0 can hold a character.
pub(super) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The namespace of an element, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Xcal,
    Other,
    None,
    /// Its prefix is bound to none.
    Unknown,
}

impl Space {
    fn of(namespace: &ResolveResult<'_>) -> Self {
        match namespace {
            ResolveResult::Bound(Namespace(NAMESPACE)) => Space::Xcal,
            ResolveResult::Bound(_) => Space::Other,
            ResolveResult::Unbound => Space::None,
            ResolveResult::Unknown(_) => Space::Unknown,
        }
    }
}

fn malformed(source: &str, at: usize, error: &XmlError) -> Error {
    fault(source, at, &error.to_string())
}

#[derive(PartialEq, Eq)]
enum Step {
    More,
    Done,
}

struct Reading<'s> {
    source: &'s str,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Reading<'_> {
    fn take(
        &mut self,
        space: Space,
        event: Event<'_>,
        (at, end): (usize, usize),
    ) -> Result<Step, Error> {
        match event {
            Event::Start(tag) => self.begin(space, &tag, at)?,
            Event::Empty(tag) => {
                self.begin(space, &tag, at)?;
                self.close(end);
            }
            Event::End(_) => self.close(end),
            Event::Text(text) => self.text(&text.xml10_content(), at)?,
            Event::CData(data) => self.text(&data.xml10_content(), at)?,
            Event::GeneralRef(reference) => {
                let c = self.resolve(&reference, at)?;
                self.text(c.encode_utf8(&mut [0; 4]), at)?;
            }
            Event::DocType(_) => return Err(self.fault(at, "a document type is not accepted")),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if self.open.is_empty() => return Ok(Step::Done),
            Event::Eof => return Err(self.fault(at, "the document ends inside an element")),
        }
        Ok(Step::More)
    }

    fn fault(&self, at: usize, reason: &str) -> Error {
        fault(self.source, at, reason)
    }

    fn begin(&mut self, space: Space, tag: &BytesStart<'_>, at: usize) -> Result<(), Error> {
        if self.root.is_some() {
            return Err(self.fault(at, "more than one root element"));
        }
        self.elements += 1;
        if self.elements > ELEMENTS {
            return Err(self.fault(at, "more than ten million elements"));
        }
        if self.open.len() >= DEPTH {
            return Err(self.fault(at, "elements nested deeper than 600 levels"));
        }
        for (index, attribute) in tag.attributes().with_checks(false).enumerate() {
            if index >= ATTRIBUTES {
                return Err(self.fault(at, "more than 64 attributes"));
            }
            attribute.map_err(|error| self.fault(at, &error.to_string()))?;
        }
        self.open.push(Element {
            name: tag.local_name().as_ref().to_owned(),
            is_xcal: space == Space::Xcal,
            is_foreign: space == Space::Other,
            text: String::new(),
            children: Vec::new(),
            start: at,
            end: at,
        });
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let Some(mut element) = self.open.pop() else {
            return;
        };
        element.end = end;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), Error> {
        if !text.chars().all(is_xml_char) {
            return Err(self.fault(at, "a character that XML does not have"));
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim_start_matches('\u{feff}').trim().is_empty() => {}
            None => return Err(self.fault(at, "text outside the root element")),
        }
        Ok(())
    }

    fn resolve(&self, reference: &BytesRef<'_>, at: usize) -> Result<char, Error> {
        let resolved = match &**reference {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => reference.resolve_char_ref().ok().flatten(),
        };
        resolved.ok_or_else(|| self.fault(at, "unknown entity or character reference"))
    }
}
