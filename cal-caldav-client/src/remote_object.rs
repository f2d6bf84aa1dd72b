//! An object on a server, held with its href and version.

use bytes::Bytes;
use cal_core::{Calendar, ComponentMut};
use cal_dav::{ETag, Href};
use sha2::{Digest, Sha256};

use crate::operation::{Body, WriteCondition};
use crate::{Error, RemoteCalendar};

/// A calendar object: what the server has, and what was edited of it since.
///
/// Saving writes over the version that was read and no other: a change that
/// someone else made meanwhile is never lost.
#[derive(Clone, Debug)]
pub struct RemoteObject {
    home: RemoteCalendar,
    href: Href,
    version: Version,
    schedule_tag: Option<ETag>,
    bytes: Bytes,
    calendar: Calendar,
}

/// Which version of an object this is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// The server's name for it.
    ETag(ETag),
    /// The SHA-256 of its text, where the server has no name for it.
    Content([u8; 32]),
}

impl Version {
    /// The version of a text that a server may have named.
    #[must_use]
    pub fn of(etag: Option<ETag>, bytes: &[u8]) -> Self {
        etag.map_or_else(|| Self::Content(Sha256::digest(bytes).into()), Self::ETag)
    }
}

impl RemoteObject {
    pub(crate) fn new(home: RemoteCalendar, href: Href, body: Body) -> Self {
        let schedule_tag = body.schedule_tag;
        Self {
            schedule_tag,
            ..Self::from_parts(home, href, body.etag, body.bytes)
        }
    }

    pub(crate) fn from_parts(
        home: RemoteCalendar,
        href: Href,
        etag: Option<ETag>,
        bytes: Bytes,
    ) -> Self {
        Self {
            home,
            href,
            version: Version::of(etag, &bytes),
            schedule_tag: None,
            calendar: Calendar::read(&bytes).calendar,
            bytes,
        }
    }

    /// Where it is.
    #[must_use]
    pub fn href(&self) -> &Href {
        &self.href
    }

    /// The version that was read.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The server's name for that version, where it has one.
    #[must_use]
    pub fn etag(&self) -> Option<&ETag> {
        match &self.version {
            Version::ETag(etag) => Some(etag),
            Version::Content(_) => None,
        }
    }

    /// Its version as far as scheduling is concerned (RFC 6638 section 3.2.10).
    #[must_use]
    pub fn schedule_tag(&self) -> Option<&ETag> {
        self.schedule_tag.as_ref()
    }

    /// The text that was read, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What it says, edits included. Broken texts are read as far as can be.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The same, for any edit at all.
    pub fn calendar_mut(&mut self) -> &mut Calendar {
        &mut self.calendar
    }

    /// Edits its event, to-do or journal entry: of a series, the master.
    /// Returns what the closure does; `None` where there is no component.
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut ComponentMut<'_>) -> R) -> Option<R> {
        let objects = self.calendar.objects();
        let object = objects.first()?;
        let component = object.master().or(object.components().first().copied())?;
        let id = component.id();
        let mut component = self.calendar.component_mut(id)?;
        Some(change(&mut component))
    }

    /// Whether there are edits that are not saved.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.calendar.to_bytes() != self.bytes
    }

    /// Writes the edits, if there are any.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where the server has another version by now: read
    /// it, edit it again. [`Error::Refused`] with the rule that the edited text
    /// breaks, or what kept the server from being asked.
    pub async fn save(&mut self) -> Result<(), Error> {
        if !self.is_edited() {
            return Ok(());
        }
        let bytes = self.calendar.to_bytes();
        let condition = self.condition().await?;
        let home = &self.home;
        let stored = home.put(&self.href, bytes.clone(), condition).await?;
        let saved = home.after_write(self.href.clone(), bytes, stored).await?;
        *self = saved;
        Ok(())
    }

    /// Deletes it, if it is still the version that was read.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`], [`Error::NotFound`], or what kept the server from
    /// being asked.
    pub async fn delete(self) -> Result<(), Error> {
        let condition = self.condition().await?;
        let version = match &condition {
            WriteCondition::Version(etag) => Some(etag),
            WriteCondition::Unconditional | WriteCondition::Absent => None,
        };
        self.home.delete(&self.href, version).await
    }

    /// Reads it again, which drops edits that are not saved.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], or what kept the server from being asked.
    pub async fn reload(&mut self) -> Result<(), Error> {
        *self = self.home.get(&self.href).await?;
        Ok(())
    }

    /// The condition under which to write. For a server without versions, the
    /// text is compared right before, which is the most that can be done.
    async fn condition(&self) -> Result<WriteCondition, Error> {
        if let Version::ETag(etag) = &self.version {
            return Ok(WriteCondition::Version(etag.clone()));
        }
        let current = self.home.get(&self.href).await?;
        if current.bytes != self.bytes {
            return Err(Error::Changed {
                url: self.home.resolve(&self.href)?,
            });
        }
        Ok(match current.version {
            Version::ETag(etag) => WriteCondition::Version(etag),
            Version::Content(_) => WriteCondition::Unconditional,
        })
    }
}
