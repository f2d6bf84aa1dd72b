//! Writes a multistatus one response at a time.

use http::StatusCode;

use super::error_body::ErrorBody;
use super::{Precondition, Response};
use crate::name::dav;
use crate::status::write_status;
use crate::{Href, SyncToken, Writer, XmlElement};

/// Writes `DAV:multistatus` straight into a buffer, which may be taken and
/// sent at any time between two responses.
///
/// ```
/// use cal_dav::name::{caldav, dav};
/// use cal_dav::response::MultistatusWriter;
/// use cal_dav::{Href, SyncToken};
/// use http::StatusCode;
///
/// let mut multistatus = MultistatusWriter::new();
/// let href = Href::from_segments(["dav", "work", "1.ics"]);
/// multistatus.properties(&href, |response| {
///     response.propstat(StatusCode::OK, |prop| {
///         prop.text_element(&dav::GETETAG, "\"e1\"");
///         prop.text_element(&caldav::CALENDAR_DATA, "BEGIN:VCALENDAR...");
///     });
///     response.propstat(StatusCode::NOT_FOUND, |prop| prop.empty(&dav::OWNER));
/// });
/// let first_chunk = multistatus.take();
/// let last_chunk = multistatus.finish(Some(&SyncToken::new("urn:token:7".to_owned())));
/// assert!(first_chunk.ends_with(b"</D:response>"));
/// assert!(last_chunk.ends_with(b"</D:multistatus>"));
/// ```
#[derive(Debug)]
pub struct MultistatusWriter {
    writer: Writer,
}

impl Default for MultistatusWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl MultistatusWriter {
    /// Starts the document.
    #[must_use]
    pub fn new() -> Self {
        let mut writer = Writer::document();
        writer.open(&dav::MULTISTATUS);
        writer.end_start_tag();
        Self { writer }
    }

    /// A resource with its properties, propstat by propstat.
    pub fn properties(&mut self, href: &Href, write: impl FnOnce(&mut PropstatWriter<'_>)) {
        self.writer.element(&dav::RESPONSE).content(|writer| {
            href.write(writer);
            write(&mut PropstatWriter { writer });
        });
    }

    /// A resource with a status as a whole.
    pub fn status(&mut self, href: &Href, status: StatusCode) {
        self.failure(href, status, &[]);
    }

    /// A resource with a status as a whole and the conditions not met.
    pub fn failure(&mut self, href: &Href, status: StatusCode, conditions: &[Precondition]) {
        self.writer.element(&dav::RESPONSE).content(|writer| {
            href.write(writer);
            write_status(writer, status);
            ErrorBody::write_inside(writer, conditions);
        });
    }

    /// A response that was put together before.
    pub fn response(&mut self, response: &Response) {
        response.write(&mut self.writer);
    }

    /// How many bytes wait to be taken.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.writer.pending()
    }

    /// Takes what was written since the last time, to send it on.
    pub fn take(&mut self) -> Vec<u8> {
        self.writer.take()
    }

    /// Ends the document and returns what was not yet taken of it.
    #[must_use]
    pub fn finish(mut self, token: Option<&SyncToken>) -> Vec<u8> {
        if let Some(token) = token {
            token.write(&mut self.writer);
        }
        self.writer.close();
        self.writer.into_bytes()
    }
}

/// Writes the propstats of one response.
#[derive(Debug)]
pub struct PropstatWriter<'w> {
    writer: &'w mut Writer,
}

impl PropstatWriter<'_> {
    /// The properties that the closure writes, with this status.
    pub fn propstat(&mut self, status: StatusCode, properties: impl FnOnce(&mut Writer)) {
        self.refused(status, &[], properties);
    }

    /// The properties that the closure writes, with this status and the
    /// conditions not met.
    pub fn refused(
        &mut self,
        status: StatusCode,
        conditions: &[Precondition],
        properties: impl FnOnce(&mut Writer),
    ) {
        self.writer.element(&dav::PROPSTAT).content(|writer| {
            writer.element(&dav::PROP).content(properties);
            write_status(writer, status);
            ErrorBody::write_inside(writer, conditions);
        });
    }
}
