//! Writing objects.

use bytes::Bytes;
use cal_core::Calendar;
use cal_dav::{ETag, Href};

use super::RemoteCalendar;
use crate::operation::{Body, Delete, Put, Stored, WriteCondition};
use crate::{Error, RemoteObject};

impl RemoteCalendar {
    /// Adds an object: a calendar with one UID. Its file is named for that.
    ///
    /// If an earlier attempt got through although it seemed to fail, its
    /// object is found and returned.
    ///
    /// # Errors
    ///
    /// [`Error::NotOneObject`]; [`Error::Changed`] where another object is in
    /// its place; [`Error::Refused`] for example where the server has the UID
    /// elsewhere in the calendar.
    pub async fn create(&self, calendar: &Calendar) -> Result<RemoteObject, Error> {
        let objects = calendar.objects();
        let [object] = &objects[..] else {
            return Err(Error::NotOneObject(objects.len()));
        };
        let href = self.href().member(&file_name(object.uid()));
        let bytes = calendar.to_bytes();
        match self.put(&href, bytes.clone(), WriteCondition::Absent).await {
            Ok(stored) => self.after_write(href, bytes, stored).await,
            Err(error @ (Error::Changed { .. } | Error::Refused { .. })) => {
                let there = self.get(&href).await;
                there
                    .ok()
                    .filter(|there| there.calendar().same_content(calendar))
                    .ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes an object under a condition.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where the condition does not hold,
    /// [`Error::Refused`] with the rule that the text breaks, or what kept the
    /// server from being asked.
    pub async fn put(
        &self,
        href: &Href,
        body: Bytes,
        condition: WriteCondition,
    ) -> Result<Stored, Error> {
        let write = Put {
            url: self.resolve(href)?,
            body,
            condition,
        };
        self.connection.run(&write).await
    }

    /// Deletes an object in a version; in any, where none is given.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where it is gone already, [`Error::Changed`] where
    /// it is another version, or what kept the server from being asked.
    pub async fn delete(&self, href: &Href, version: Option<&ETag>) -> Result<(), Error> {
        let deletion = Delete {
            url: self.resolve(href)?,
            condition: version.map_or(WriteCondition::Unconditional, |etag| {
                WriteCondition::Version(etag.clone())
            }),
        };
        self.connection.run(&deletion).await
    }

    /// The object that was written. A server that names no version may have
    /// changed the text (RFC 4791 section 5.3.4), so that it is read again.
    pub(crate) async fn after_write(
        &self,
        href: Href,
        bytes: Bytes,
        stored: Stored,
    ) -> Result<RemoteObject, Error> {
        if stored.etag.is_none() {
            return self.get(&href).await;
        }
        let body = Body {
            etag: stored.etag,
            schedule_tag: stored.schedule_tag,
            bytes,
        };
        Ok(RemoteObject::new(self.clone(), href, body))
    }
}

/// A file name for a UID: the UID itself where servers and file systems take
/// it, else a digest.
fn file_name(uid: &str) -> String {
    use sha2::{Digest, Sha256};
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
    if !uid.is_empty() && uid.len() <= 120 && !uid.starts_with('.') && uid.bytes().all(plain) {
        return format!("{uid}.ics");
    }
    let digest = Sha256::digest(uid.as_bytes());
    let hex: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{hex}.ics")
}
