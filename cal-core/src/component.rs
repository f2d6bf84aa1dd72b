//! A component: what stands between a BEGIN and its END (RFC 5545 3.6).

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use bytes::Bytes;

use crate::tree::Tree;
use crate::tree::decode::decode;
use crate::tree::node::{Ending, Node};
use crate::{ComponentKind, Error, Property, PropertyKind};

/// A component of a [`Calendar`](crate::Calendar), borrowed from it and cheap to copy.
#[derive(Clone, Copy)]
pub struct Component<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) index: u32,
}

impl<'a> Component<'a> {
    fn node(&self) -> Node {
        self.tree.node(self.index)
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> ComponentKind {
        self.node().kind
    }

    /// Its name: as the specification writes it, or as the text does if it is unknown.
    #[must_use]
    pub fn name(&self) -> &'a str {
        let node = self.node();
        node.kind.name().unwrap_or_else(|| {
            let value = match self.tree.value(self.tree.line(node.begin)) {
                Cow::Borrowed(value) => value,
                Cow::Owned(_) => &[],
            };
            std::str::from_utf8(value).unwrap_or_default().trim()
        })
    }

    /// Physical line of its BEGIN, from 1; 0 if it was added after reading.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.tree.line(self.node().begin).number
    }

    /// Whether the input ends inside of it.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.node().ending == Ending::Cut
    }

    /// The component around it.
    #[must_use]
    pub fn parent(&self) -> Option<Component<'a>> {
        let parent = self.node().parent;
        (parent != self.index).then_some(Component {
            tree: self.tree,
            index: parent,
        })
    }

    /// The components directly inside, in the order of the text.
    #[must_use]
    pub fn components(&self) -> Components<'a> {
        Components {
            tree: self.tree,
            at: self.index + 1,
            end: self.node().next,
        }
    }

    /// Its own properties, in the order of the text.
    #[must_use]
    pub fn properties(&self) -> Properties<'a> {
        let node = self.node();
        Properties {
            tree: self.tree,
            at: node.begin + 1,
            end: node.end,
            child: self.index + 1,
            next: node.next,
        }
    }

    /// Its first property with this name, in any case of letters.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Property<'a>> {
        self.properties_named(name).next()
    }

    /// All its properties with this name, in any case of letters.
    pub fn properties_named<'n>(
        &self,
        name: &'n str,
    ) -> impl Iterator<Item = Property<'a>> + use<'a, 'n> {
        let kind = PropertyKind::of(name);
        self.properties().filter(move |property| {
            property.kind() == kind
                && (kind != PropertyKind::Other || property.name().eq_ignore_ascii_case(name))
        })
    }

    /// Its first property of this kind.
    #[must_use]
    pub fn first(&self, kind: PropertyKind) -> Option<Property<'a>> {
        self.all(kind).next()
    }

    /// All its properties of this kind.
    pub fn all(&self, kind: PropertyKind) -> impl Iterator<Item = Property<'a>> + use<'a> {
        self.properties()
            .filter(move |property| property.kind() == kind)
    }

    /// The unescaped text of its first property of this kind.
    #[must_use]
    pub fn text(&self, kind: PropertyKind) -> Option<Cow<'a, str>> {
        self.first(kind).map(|property| property.text())
    }

    /// Whether it has a property of this name with this text, in any case of letters.
    #[must_use]
    pub fn text_is(&self, name: &str, text: &str) -> bool {
        self.properties_named(name)
            .any(|property| property.text().eq_ignore_ascii_case(text))
    }

    /// Its text from BEGIN to END, as it stands in the calendar.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = Vec::new();
        self.print_into(&mut out);
        out.into()
    }

    pub(crate) fn print_into(&self, out: &mut Vec<u8>) {
        let node = self.node();
        self.tree
            .print_lines(node.begin as usize, node.after() as usize, out);
    }

    pub(crate) fn required(&self, kind: PropertyKind) -> Result<Property<'a>, Error> {
        self.first(kind).ok_or_else(|| Error::Missing {
            component: self.name().into(),
            property: kind.name().unwrap_or_default(),
        })
    }
}

impl PartialEq for Component<'_> {
    /// Whether both are the same component of the same calendar value.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl Eq for Component<'_> {}

impl Hash for Component<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl fmt::Display for Component<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decode(Cow::Owned(self.to_bytes().into())))
    }
}

impl fmt::Debug for Component<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component")
            .field("name", &self.name())
            .field("line", &self.line())
            .finish()
    }
}

/// Iterator over components; see [`Component::components`].
#[derive(Clone)]
pub struct Components<'a> {
    tree: &'a Tree,
    at: u32,
    end: u32,
}

impl<'a> Components<'a> {
    pub(crate) fn roots(tree: &'a Tree) -> Self {
        let end = u32::try_from(tree.nodes.len()).unwrap_or(u32::MAX);
        Components { tree, at: 0, end }
    }
}

impl<'a> Iterator for Components<'a> {
    type Item = Component<'a>;

    fn next(&mut self) -> Option<Component<'a>> {
        if self.at >= self.end {
            return None;
        }
        let component = Component {
            tree: self.tree,
            index: self.at,
        };
        self.at = component.node().next.max(self.at + 1);
        Some(component)
    }
}

/// Iterator over the properties of one component; see [`Component::properties`].
#[derive(Clone)]
pub struct Properties<'a> {
    tree: &'a Tree,
    at: u32,
    end: u32,
    /// The next component inside, whose lines are to be stepped over.
    child: u32,
    next: u32,
}

impl<'a> Iterator for Properties<'a> {
    type Item = Property<'a>;

    fn next(&mut self) -> Option<Property<'a>> {
        while self.at < self.end {
            if self.child < self.next {
                let child = self.tree.node(self.child);
                if child.begin == self.at {
                    self.at = child.after();
                    self.child = child.next;
                    continue;
                }
            }
            let index = self.at;
            self.at += 1;
            if self.tree.line(index).is_property() {
                return Some(Property {
                    tree: self.tree,
                    index,
                });
            }
        }
        None
    }
}
