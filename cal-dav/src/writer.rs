//! Prints XML straight into a byte buffer.

use crate::attribute::Attribute;
use crate::element::{Element, Node};
use crate::name::{Name, Namespace};

/// The namespaces that every document declares on its root, and their prefixes.
static DECLARED: [(Namespace, &str); 4] = [
    (Namespace::DAV, "D"),
    (Namespace::CALDAV, "C"),
    (Namespace::CALENDARSERVER, "CS"),
    (Namespace::APPLE, "A"),
];

/// Writes one document.
///
/// Namespaces of the vocabulary are declared once, on the root; others where
/// they are first needed. Carriage returns are written as references, so that
/// iCalendar text arrives with its line ends; characters that XML 1.0 cannot
/// hold become U+FFFD.
///
/// ```
/// use cal_dav::{Writer, name::dav};
///
/// let mut writer = Writer::document();
/// writer.element(&dav::HREF).text("/a&b/");
/// let bytes = writer.into_bytes();
/// assert!(bytes.ends_with(b">/a&amp;b/</D:href>"));
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Qualified names of the open elements, one after another.
    open_names: Vec<u8>,
    /// Where each of them starts.
    open_starts: Vec<usize>,
    /// Foreign namespaces in scope.
    scopes: Vec<Scope>,
    root_written: bool,
}

#[derive(Debug)]
struct Scope {
    depth: usize,
    namespace: Namespace,
    prefix: String,
}

impl Writer {
    /// A document, which starts with its XML declaration.
    #[must_use]
    pub fn document() -> Self {
        Self {
            out: b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_vec(),
            ..Self::default()
        }
    }

    /// Starts an element; what is called on the answer says what it holds.
    pub fn element<'w>(&'w mut self, name: &Name) -> Tag<'w> {
        self.open(name);
        Tag { writer: self }
    }

    /// An element without attributes and content.
    pub fn empty(&mut self, name: &Name) {
        self.element(name).empty();
    }

    /// An element that holds text.
    pub fn text_element(&mut self, name: &Name, text: &str) {
        self.element(name).text(text);
    }

    /// An owned tree.
    pub fn tree(&mut self, element: &Element) {
        self.open(element.name());
        for Attribute { name, value } in element.attributes() {
            self.attribute(name, value);
        }
        if element.nodes().is_empty() {
            self.close_empty();
            return;
        }
        self.out.push(b'>');
        for node in element.nodes() {
            match node {
                Node::Element(child) => self.tree(child),
                Node::Text(text) => self.characters(text),
            }
        }
        self.close();
    }

    /// Takes what was written since the last time, to send it on.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// How many bytes wait to be taken.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.out.len()
    }

    /// The document, or what was not yet taken of it.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// `<prefix:local` with the declarations it needs.
    pub(crate) fn open(&mut self, name: &Name) {
        self.open_starts.push(self.open_names.len());
        let declare = self.qualify_element(name);
        let start = self.open_starts.last().copied().unwrap_or_default();
        self.out.push(b'<');
        self.out
            .extend_from_slice(self.open_names.get(start..).unwrap_or_default());
        if !std::mem::replace(&mut self.root_written, true) {
            for (namespace, prefix) in &DECLARED {
                self.declaration(prefix, namespace);
            }
        }
        if let Some((namespace, prefix)) = declare {
            self.declaration(&prefix, &namespace);
        }
    }

    /// Pushes the qualified name of an element on the stack of open ones and
    /// says which namespace must be declared for it.
    fn qualify_element(&mut self, name: &Name) -> Option<(Namespace, String)> {
        let mut declare = None;
        if *name.namespace() != Namespace::NONE {
            match prefix_of(name.namespace(), &self.scopes) {
                Some(prefix) => self.open_names.extend_from_slice(prefix.as_bytes()),
                None => {
                    let prefix = self.enter(name.namespace());
                    self.open_names.extend_from_slice(prefix.as_bytes());
                    declare = Some((name.namespace().clone(), prefix));
                }
            }
            self.open_names.push(b':');
        }
        self.open_names.extend_from_slice(name.local().as_bytes());
        declare
    }

    /// Brings a foreign namespace into scope under a prefix of its own.
    fn enter(&mut self, namespace: &Namespace) -> String {
        let prefix = format!("n{}", self.scopes.len());
        self.scopes.push(Scope {
            depth: self.open_starts.len(),
            namespace: namespace.clone(),
            prefix: prefix.clone(),
        });
        prefix
    }

    fn declaration(&mut self, prefix: &str, namespace: &Namespace) {
        self.out.extend_from_slice(b" xmlns:");
        self.out.extend_from_slice(prefix.as_bytes());
        self.out.extend_from_slice(b"=\"");
        escape_attribute(&mut self.out, namespace.as_str());
        self.out.push(b'"');
    }

    /// An attribute of the open start tag.
    pub(crate) fn attribute(&mut self, name: &Name, value: &str) {
        let mut prefix = None;
        if *name.namespace() != Namespace::NONE {
            prefix = prefix_of(name.namespace(), &self.scopes).map(str::to_owned);
            if prefix.is_none() {
                let entered = self.enter(name.namespace());
                self.declaration(&entered, name.namespace());
                prefix = Some(entered);
            }
        }
        self.out.push(b' ');
        if let Some(prefix) = prefix {
            self.out.extend_from_slice(prefix.as_bytes());
            self.out.push(b':');
        }
        self.out.extend_from_slice(name.local().as_bytes());
        self.out.extend_from_slice(b"=\"");
        escape_attribute(&mut self.out, value);
        self.out.push(b'"');
    }

    pub(crate) fn end_start_tag(&mut self) {
        self.out.push(b'>');
    }

    pub(crate) fn characters(&mut self, text: &str) {
        escape_text(&mut self.out, text);
    }

    pub(crate) fn close_empty(&mut self) {
        self.out.extend_from_slice(b"/>");
        self.leave();
    }

    pub(crate) fn close(&mut self) {
        let start = self.open_starts.last().copied().unwrap_or_default();
        self.out.extend_from_slice(b"</");
        self.out
            .extend_from_slice(self.open_names.get(start..).unwrap_or_default());
        self.out.push(b'>');
        self.leave();
    }

    fn leave(&mut self) {
        let depth = self.open_starts.len();
        while self.scopes.last().is_some_and(|scope| scope.depth == depth) {
            self.scopes.pop();
        }
        if let Some(start) = self.open_starts.pop() {
            self.open_names.truncate(start);
        }
    }
}

/// A start tag that is being written.
#[derive(Debug)]
#[must_use = "an element is written by saying what it holds"]
pub struct Tag<'w> {
    writer: &'w mut Writer,
}

impl Tag<'_> {
    /// Adds an attribute in no namespace.
    pub fn attribute(self, name: &'static str, value: &str) -> Self {
        self.writer
            .attribute(&Name::known(Namespace::NONE, name), value);
        self
    }

    /// Adds an attribute in no namespace, where there is a value.
    pub fn attribute_if(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// Adds `xml:lang`.
    pub fn language(self, tag: &str) -> Self {
        self.writer
            .attribute(&Name::known(Namespace::XML, "lang"), tag);
        self
    }

    /// The element holds nothing.
    pub fn empty(self) {
        self.writer.close_empty();
    }

    /// The element holds text.
    pub fn text(self, text: &str) {
        if text.is_empty() {
            return self.empty();
        }
        self.writer.end_start_tag();
        self.writer.characters(text);
        self.writer.close();
    }

    /// The element holds what the closure writes.
    pub fn content(self, write: impl FnOnce(&mut Writer)) {
        self.writer.end_start_tag();
        write(self.writer);
        self.writer.close();
    }
}

fn prefix_of<'s>(namespace: &Namespace, scopes: &'s [Scope]) -> Option<&'s str> {
    if *namespace == Namespace::XML {
        return Some("xml");
    }
    let declared = DECLARED.iter().find(|(known, _)| known == namespace);
    declared.map(|(_, prefix)| *prefix).or_else(|| {
        scopes
            .iter()
            .rev()
            .find(|scope| scope.namespace == *namespace)
            .map(|scope| scope.prefix.as_str())
    })
}

/// Copies runs of plain bytes at once and lets `replace` write the others.
fn escape(out: &mut Vec<u8>, text: &str, special: &[bool; 256], replace: fn(&mut Vec<u8>, u8)) {
    let mut rest = text.as_bytes();
    while let Some(at) = rest
        .iter()
        .position(|byte| special.get(usize::from(*byte)).copied().unwrap_or_default())
    {
        let (plain, tail) = rest.split_at(at);
        out.extend_from_slice(plain);
        if let Some((byte, tail)) = tail.split_first() {
            replace(out, *byte);
            rest = tail;
        }
    }
    out.extend_from_slice(rest);
}

/// Control characters, markup, and what a reader would normalise away.
const TEXT: [bool; 256] = table(b"&<>", b"\t\n");
const ATTRIBUTE: [bool; 256] = table(b"&<>\"", b"");

const fn table(markup: &[u8], plain_controls: &[u8]) -> [bool; 256] {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    let mut index = 0;
    while index < markup.len() {
        special[markup[index] as usize] = true;
        index += 1;
    }
    index = 0;
    while index < plain_controls.len() {
        special[plain_controls[index] as usize] = false;
        index += 1;
    }
    special
}

fn escape_text(out: &mut Vec<u8>, text: &str) {
    escape(out, text, &TEXT, write_reference);
}

fn escape_attribute(out: &mut Vec<u8>, text: &str) {
    escape(out, text, &ATTRIBUTE, write_reference);
}

fn write_reference(out: &mut Vec<u8>, byte: u8) {
    let reference: &[u8] = match byte {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'"' => b"&quot;",
        b'\t' => b"&#9;",
        b'\n' => b"&#10;",
        b'\r' => b"&#13;",
        _ => "\u{FFFD}".as_bytes(),
    };
    out.extend_from_slice(reference);
}
