//! An owned XML tree: dead properties, and the middle step of reading a
//! typed element.

use crate::attribute::Attribute;
use crate::name::{Name, Namespace};
use crate::reader::{Reader, Token};
use crate::{Error, Limits, Writer};

/// An element with everything that RFC 4918 section 4.3 asks a server to
/// keep of a dead property: names, attributes and content, in order.
///
/// Comments and processing instructions are not kept; text, CDATA sections
/// and references next to each other are one text.
///
/// ```
/// use cal_dav::{Element, Limits};
///
/// let note = Element::parse(b"<x:note xmlns:x='urn:x' xml:lang='de'>Gr&#252;n</x:note>", &Limits::REQUEST)?;
/// assert_eq!(note.name().local(), "note");
/// assert_eq!(note.text(), "Gr\u{fc}n");
/// assert_eq!(note.language(), Some("de"));
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    name: Name,
    attributes: Vec<Attribute>,
    children: Vec<Node>,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Character data.
    Text(String),
}

impl Element {
    /// An empty element.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    /// Reads a document of one element.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], [`Error::DocumentType`], [`Error::Encoding`],
    /// [`Error::Limit`].
    pub fn parse(document: &[u8], limits: &Limits) -> Result<Self, Error> {
        let text = crate::encoding::decode(document)?;
        let mut reader = Reader::new(text.as_bytes(), *limits);
        let root = match reader.next()? {
            Token::Start(tag) => {
                Self::from_tag(tag.name, tag.attributes).read_content(&mut reader)?
            }
            Token::End | Token::Text | Token::Eof => return Err(reader.malformed("no element")),
        };
        match reader.next()? {
            Token::Eof => Ok(root),
            Token::Start(_) | Token::End | Token::Text => {
                Err(reader.malformed("content after the root element"))
            }
        }
    }

    pub(crate) fn from_tag(name: Name, attributes: Vec<Attribute>) -> Self {
        Self {
            name,
            attributes,
            children: Vec::new(),
        }
    }

    /// Reads up to the end tag of this element, whose start tag was read.
    pub(crate) fn read_content<R: std::io::BufRead>(
        self,
        reader: &mut Reader<R>,
    ) -> Result<Self, Error> {
        let mut current = self;
        let mut open = Vec::new();
        loop {
            match reader.next()? {
                Token::Start(tag) => {
                    let child = Self::from_tag(tag.name, tag.attributes);
                    open.push(std::mem::replace(&mut current, child));
                }
                Token::Text => current.push_text(reader.text()),
                Token::End => match open.pop() {
                    None => return Ok(current),
                    Some(mut parent) => {
                        parent.children.push(Node::Element(current));
                        current = parent;
                    }
                },
                Token::Eof => return Err(reader.malformed("the document ends inside an element")),
            }
        }
    }

    /// The same element with an attribute in no namespace added.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] where `name` is not a name.
    pub fn with_attribute(mut self, name: &str, value: &str) -> Result<Self, Error> {
        self.set_attribute(Name::new(Namespace::NONE, name)?, value);
        Ok(self)
    }

    /// The same element with text added to the end.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        self.push_text(text);
        self
    }

    /// The same element with a child added to the end.
    #[must_use]
    pub fn with_child(mut self, child: Self) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// Sets or replaces an attribute.
    pub fn set_attribute(&mut self, name: Name, value: &str) {
        match self.attributes.iter_mut().find(|held| held.name == name) {
            Some(held) => value.clone_into(&mut held.value),
            None => self.attributes.push(Attribute {
                name,
                value: value.to_owned(),
            }),
        }
    }

    fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.children.last_mut() {
            Some(Node::Text(last)) => last.push_str(text),
            _ => self.children.push(Node::Text(text.to_owned())),
        }
    }

    /// Its expanded name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its attributes in document order, namespace declarations apart.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The value of an attribute in no namespace.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.parts() == ("", name))
            .map(|attribute| attribute.value.as_str())
    }

    /// The value of its own `xml:lang`.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.is_language())
            .map(|attribute| attribute.value.as_str())
    }

    /// Gives it the language of the place it was taken from, where it has none
    /// of its own.
    pub(crate) fn inherit_language(&mut self, language: Option<&str>) {
        if let (None, Some(tag)) = (self.language(), language) {
            self.attributes.push(Attribute::language(tag));
        }
    }

    /// Elements and text in document order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.children
    }

    /// Its child elements in document order.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Its first child element of this name.
    #[must_use]
    pub fn child(&self, name: &Name) -> Option<&Self> {
        self.children().find(|child| child.name == *name)
    }

    /// All child elements of this name.
    pub fn children_named(&self, name: &Name) -> impl Iterator<Item = &Self> {
        self.children().filter(move |child| child.name == *name)
    }

    /// Its own character data, that of its children left out.
    #[must_use]
    pub fn text(&self) -> String {
        self.children
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                Node::Element(_) => None,
            })
            .collect()
    }

    /// Prints it as a document.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::document();
        writer.tree(self);
        writer.into_bytes()
    }
}
