//! A bounded reader of XML with namespaces, on the events of quick-xml.

use std::io::BufRead;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error as XmlError, XmlVersion};

use crate::attribute::Attribute;
use crate::bounded::Bounded;
use crate::limits::Bound;
use crate::name::{Name, Namespace, is_local_name};
use crate::{Error, Limits};

/// What the reader hands out.
pub(crate) enum Token {
    Start(StartTag),
    End,
    /// Character data, which [`Reader::text`] holds.
    Text,
    Eof,
}

/// A start tag with its names expanded.
pub(crate) struct StartTag {
    pub(crate) name: Name,
    pub(crate) attributes: Vec<Attribute>,
}

/// A namespace declaration in force.
struct Binding {
    depth: usize,
    prefix: String,
    namespace: Namespace,
}

/// Reads tokens, checks well-formedness, expands names, counts.
pub(crate) struct Reader<R> {
    xml: quick_xml::Reader<Bounded<R>>,
    buffer: Vec<u8>,
    text: String,
    limits: Limits,
    bindings: Vec<Binding>,
    depth: usize,
    elements: usize,
    /// An empty-element tag was read and its end is still to be told.
    closing: bool,
    root_seen: bool,
}

impl<R: BufRead> Reader<R> {
    pub(crate) fn new(source: R, limits: Limits) -> Self {
        let mut xml = quick_xml::Reader::from_reader(Bounded::new(source, limits.bytes));
        xml.config_mut().check_end_names = true;
        Self {
            xml,
            buffer: Vec::new(),
            text: String::new(),
            limits,
            bindings: Vec::new(),
            depth: 0,
            elements: 0,
            closing: false,
            root_seen: false,
        }
    }

    /// The text of the last token, where it was one.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn malformed(&self, reason: &str) -> Error {
        Error::Malformed {
            offset: self.xml.buffer_position(),
            reason: reason.to_owned(),
        }
    }

    /// The next start tag, end, text or the end of the document. Text outside
    /// the root element is an error unless it is white space, which is skipped.
    pub(crate) fn next(&mut self) -> Result<Token, Error> {
        if std::mem::take(&mut self.closing) {
            self.leave();
            return Ok(Token::End);
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let token = loop {
            buffer.clear();
            let event = match self.xml.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => break Err(self.translate(&error)),
            };
            match self.token(event) {
                Ok(None) => {}
                Ok(Some(token)) => break Ok(token),
                Err(error) => break Err(error),
            }
        };
        self.buffer = buffer;
        token
    }

    fn token(&mut self, event: Event<'_>) -> Result<Option<Token>, Error> {
        match event {
            Event::Start(tag) => self.start(&tag).map(|tag| Some(Token::Start(tag))),
            Event::Empty(tag) => {
                let tag = self.start(&tag)?;
                self.closing = true;
                Ok(Some(Token::Start(tag)))
            }
            Event::End(_) => {
                self.leave();
                Ok(Some(Token::End))
            }
            Event::Text(text) => {
                let content = text.xml10_content();
                if content.contains("]]>") {
                    return Err(self.malformed("]]> in text"));
                }
                self.take_text(&content)
            }
            Event::CData(data) => self.take_text(&data.xml10_content()),
            Event::GeneralRef(reference) => {
                let char = self.resolve(&reference)?;
                self.take_text(char.encode_utf8(&mut [0; 4]))
            }
            Event::DocType(_) => Err(Error::DocumentType {
                offset: self.xml.buffer_position(),
            }),
            Event::Decl(declaration) => {
                if let Some(Ok(label)) = declaration.encoding() {
                    crate::encoding::check_declared(&label)?;
                }
                Ok(None)
            }
            Event::Comment(_) | Event::PI(_) => Ok(None),
            Event::Eof if self.depth > 0 => {
                Err(self.malformed("the document ends inside an element"))
            }
            Event::Eof => Ok(Some(Token::Eof)),
        }
    }

    fn take_text(&mut self, text: &str) -> Result<Option<Token>, Error> {
        if self.depth == 0 {
            return if text.chars().all(|char| char.is_ascii_whitespace()) {
                Ok(None)
            } else {
                Err(self.malformed("text outside the root element"))
            };
        }
        self.check_chars(text)?;
        self.text.clear();
        self.text.push_str(text);
        Ok(Some(Token::Text))
    }

    /// XML 1.0 has no control characters but tab, line feed and return.
    fn check_chars(&self, text: &str) -> Result<(), Error> {
        if text
            .bytes()
            .any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'))
        {
            return Err(self.malformed("control character"));
        }
        Ok(())
    }

    fn resolve(&self, reference: &BytesRef<'_>) -> Result<char, Error> {
        let resolved = match &**reference {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => reference.resolve_char_ref().ok().flatten(),
        };
        resolved.ok_or_else(|| self.malformed("unknown entity or character reference"))
    }

    fn leave(&mut self) {
        while self
            .bindings
            .last()
            .is_some_and(|binding| binding.depth == self.depth)
        {
            self.bindings.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<StartTag, Error> {
        if self.depth == 0 && std::mem::replace(&mut self.root_seen, true) {
            return Err(self.malformed("more than one root element"));
        }
        self.depth += 1;
        self.elements += 1;
        check(Bound::Depth, self.depth, self.limits.depth)?;
        check(Bound::Elements, self.elements, self.limits.elements)?;
        let raw = self.raw_attributes(tag)?;
        for (key, value) in &raw {
            self.declare(key, value)?;
        }
        let tag_name = tag.name();
        let name = self.expand(tag_name.as_ref(), Default::Applies)?;
        let mut attributes = Vec::new();
        for (key, value) in raw {
            if is_declaration(key) {
                continue;
            }
            let name = self.expand(key, Default::Ignored)?;
            if attributes.iter().any(|held: &Attribute| held.name == name) {
                return Err(self.malformed("an attribute is given twice"));
            }
            attributes.push(Attribute { name, value });
        }
        Ok(StartTag { name, attributes })
    }

    fn raw_attributes<'t>(&self, tag: &'t BytesStart<'_>) -> Result<Vec<(&'t str, String)>, Error> {
        let mut raw = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.malformed(&error.to_string()))?;
            check(Bound::Attributes, raw.len() + 1, self.limits.attributes)?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.malformed(&error.to_string()))?;
            self.check_chars(&value)?;
            raw.push((attribute.key.into_inner(), value.into_owned()));
        }
        Ok(raw)
    }

    fn declare(&mut self, key: &str, value: &str) -> Result<(), Error> {
        let prefix = match key.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) => match rest.strip_prefix(':') {
                Some(prefix) => prefix,
                None => return Ok(()),
            },
            None => return Ok(()),
        };
        let named = !prefix.is_empty() || key.ends_with(':');
        if named && (!is_local_name(prefix) || value.is_empty()) {
            return Err(self.malformed("a prefix must be a name bound to a namespace"));
        }
        if prefix == "xmlns" || (prefix == "xml") != (value == Namespace::XML.as_str()) {
            return Err(self.malformed("a reserved prefix or namespace is bound"));
        }
        check(
            Bound::Namespaces,
            self.bindings.len() + 1,
            self.limits.namespaces,
        )?;
        self.bindings.push(Binding {
            depth: self.depth,
            prefix: prefix.to_owned(),
            namespace: Namespace::new(value),
        });
        Ok(())
    }

    fn expand(&self, qualified: &str, default: Default) -> Result<Name, Error> {
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let bound = match (prefix, default) {
            ("", Default::Ignored) => Some(Namespace::NONE),
            ("", Default::Applies) => Some(self.lookup("").unwrap_or(Namespace::NONE)),
            ("xml", _) => Some(Namespace::XML),
            _ => self.lookup(prefix),
        };
        let namespace = bound.ok_or_else(|| self.malformed("a prefix is bound to no namespace"))?;
        if qualified.starts_with(':') {
            return Err(self.malformed("a name starts with a colon"));
        }
        Name::new(namespace, local).map_err(|error| self.malformed(&error.to_string()))
    }

    fn lookup(&self, prefix: &str) -> Option<Namespace> {
        self.bindings
            .iter()
            .rev()
            .find(|binding| binding.prefix == prefix)
            .map(|binding| binding.namespace.clone())
    }

    fn translate(&self, error: &XmlError) -> Error {
        let offset = self.xml.error_position();
        match error {
            XmlError::Io(_) if self.xml.get_ref().is_exhausted() => Error::Limit {
                bound: Bound::Bytes,
                limit: self.limits.bytes,
            },
            XmlError::Io(error) => Error::Read(error.to_string()),
            XmlError::Syntax(quick_xml::errors::SyntaxError::UnclosedDoctype) => {
                Error::DocumentType { offset }
            }
            XmlError::IllFormed(quick_xml::errors::IllFormedError::MissingDoctypeName) => {
                Error::DocumentType { offset }
            }
            other => Error::Malformed {
                offset,
                reason: other.to_string(),
            },
        }
    }
}

/// Whether the default namespace counts for a name without prefix.
#[derive(Clone, Copy)]
enum Default {
    Applies,
    Ignored,
}

fn is_declaration(key: &str) -> bool {
    key == "xmlns" || key.starts_with("xmlns:")
}

fn check(bound: Bound, count: usize, limit: usize) -> Result<(), Error> {
    if count > limit {
        return Err(Error::Limit {
            bound,
            limit: limit as u64,
        });
    }
    Ok(())
}
