//! Locks as properties (RFC 4918 sections 14.1, 15.8 and 15.10).

use crate::header::{Depth, LockToken, Timeout};
use crate::href::hrefs_in;
use crate::name::dav;
use crate::request::LockScope;
use crate::xml::expect;
use crate::{Element, Error, Href, Writer, XmlElement};

/// `DAV:lockdiscovery`: the locks a resource is under.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LockDiscovery {
    /// The locks.
    pub locks: Vec<ActiveLock>,
}

/// A write lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveLock {
    /// Whether others may hold a lock too.
    pub scope: LockScope,
    /// How deep it goes: zero or infinity.
    pub depth: Depth,
    /// Who asked for it, as `DAV:owner`.
    pub owner: Option<Element>,
    /// When it ends.
    pub timeout: Timeout,
    /// What names it.
    pub token: Option<LockToken>,
    /// Where it was asked for.
    pub root: Href,
}

/// `DAV:supportedlock`: the kinds of write lock a resource takes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SupportedLock {
    /// The scopes.
    pub scopes: Vec<LockScope>,
}

impl ActiveLock {
    fn read(element: &Element) -> Result<Self, Error> {
        let child = |name: &'static crate::name::Name| {
            element
                .child(name)
                .ok_or_else(|| Error::missing(element.name(), name.local()))
        };
        let root = child(&dav::LOCKROOT)?;
        let timeout = element.child(&dav::TIMEOUT).map(Element::text);
        let token = element
            .child(&dav::LOCKTOKEN)
            .and_then(|token| hrefs_in(token).into_iter().next());
        Ok(Self {
            scope: LockScope::read(element)?,
            depth: child(&dav::DEPTH)?.text().parse()?,
            owner: element.child(&dav::OWNER).cloned(),
            timeout: timeout.map_or(Ok(Timeout::Infinite), |text| text.parse())?,
            token: token
                .map(|href| LockToken::new(href.as_str()))
                .transpose()?,
            root: hrefs_in(root)
                .into_iter()
                .next()
                .ok_or_else(|| Error::missing(root.name(), "href"))?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::ACTIVELOCK).content(|writer| {
            self.scope.write(writer);
            writer.text_element(&dav::DEPTH, self.depth.as_str());
            if let Some(owner) = &self.owner {
                writer.tree(owner);
            }
            writer.text_element(&dav::TIMEOUT, &self.timeout.to_string());
            if let Some(token) = &self.token {
                writer
                    .element(&dav::LOCKTOKEN)
                    .content(|writer| writer.text_element(&dav::HREF, token.as_str()));
            }
            writer
                .element(&dav::LOCKROOT)
                .content(|writer| self.root.write(writer));
        });
    }
}

impl XmlElement for LockDiscovery {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::LOCKDISCOVERY)?;
        Ok(Self {
            locks: element
                .children_named(&dav::ACTIVELOCK)
                .map(ActiveLock::read)
                .collect::<Result<_, _>>()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::LOCKDISCOVERY).content(|writer| {
            for lock in &self.locks {
                lock.write(writer);
            }
        });
    }
}

impl XmlElement for SupportedLock {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::SUPPORTEDLOCK)?;
        Ok(Self {
            scopes: element
                .children_named(&dav::LOCKENTRY)
                .map(LockScope::read)
                .collect::<Result<_, _>>()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::SUPPORTEDLOCK).content(|writer| {
            for scope in &self.scopes {
                writer
                    .element(&dav::LOCKENTRY)
                    .content(|writer| scope.write(writer));
            }
        });
    }
}
