//! LOCK (RFC 4918 sections 9.10 and 14.11).

use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a LOCK request; write locks are the only ones there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockInfo {
    /// Whether others may hold a lock too.
    pub scope: LockScope,
    /// Who asks, as `DAV:owner`, kept as it came.
    pub owner: Option<Element>,
}

/// Whether a lock shuts others out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockScope {
    /// One holder.
    Exclusive,
    /// Any number of holders.
    Shared,
}

impl LockScope {
    pub(crate) fn read(parent: &Element) -> Result<Self, Error> {
        let scope = parent
            .child(&dav::LOCKSCOPE)
            .ok_or_else(|| Error::missing(parent.name(), "lockscope"))?;
        if scope.child(&dav::EXCLUSIVE).is_some() {
            Ok(Self::Exclusive)
        } else if scope.child(&dav::SHARED).is_some() {
            Ok(Self::Shared)
        } else {
            Err(Error::missing(scope.name(), "exclusive or shared"))
        }
    }

    /// Writes the scope and the type of a write lock.
    pub(crate) fn write(self, writer: &mut Writer) {
        let scope = match self {
            Self::Exclusive => &dav::EXCLUSIVE,
            Self::Shared => &dav::SHARED,
        };
        writer
            .element(&dav::LOCKSCOPE)
            .content(|writer| writer.empty(scope));
        writer
            .element(&dav::LOCKTYPE)
            .content(|writer| writer.empty(&dav::WRITE));
    }
}

impl XmlElement for LockInfo {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::LOCKINFO)?;
        let kind = element
            .child(&dav::LOCKTYPE)
            .ok_or_else(|| Error::missing(element.name(), "locktype"))?;
        if kind.child(&dav::WRITE).is_none() {
            return Err(Error::missing(kind.name(), "write"));
        }
        Ok(Self {
            scope: LockScope::read(element)?,
            owner: element.child(&dav::OWNER).cloned(),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::LOCKINFO).content(|writer| {
            self.scope.write(writer);
            if let Some(owner) = &self.owner {
                writer.tree(owner);
            }
        });
    }
}
