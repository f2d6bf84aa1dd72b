//! `DAV:error` (RFC 4918 sections 14.5 and 16).

use super::Precondition;
use crate::name::{cal, dav};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a refusal: the conditions that were not met, and a reason for
/// people, which clients that do not know its element leave out of account.
///
/// ```
/// use cal_dav::XmlElement;
/// use cal_dav::response::{ErrorBody, Precondition};
///
/// let body = ErrorBody::from(Precondition::ValidCalendarData).with_reason("line 7: no colon");
/// let read = ErrorBody::parse(&body.to_bytes(), &cal_dav::Limits::RESPONSE)?;
/// assert_eq!(read.reason.as_deref(), Some("line 7: no colon"));
/// assert_eq!(read.conditions, [Precondition::ValidCalendarData]);
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ErrorBody {
    /// The conditions.
    pub conditions: Vec<Precondition>,
    /// What is wrong, and where, in plain text.
    pub reason: Option<String>,
}

impl ErrorBody {
    /// With a reason for people.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

impl From<Precondition> for ErrorBody {
    fn from(condition: Precondition) -> Self {
        Self {
            conditions: vec![condition],
            reason: None,
        }
    }
}

impl XmlElement for ErrorBody {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::ERROR)?;
        Ok(Self {
            conditions: element
                .children()
                .filter(|child| *child.name() != cal::REASON)
                .map(Precondition::read)
                .collect::<Result<_, _>>()?,
            reason: element.child(&cal::REASON).map(Element::text),
        })
    }

    fn write(&self, writer: &mut Writer) {
        let tag = writer.element(&dav::ERROR);
        if self.conditions.is_empty() && self.reason.is_none() {
            return tag.empty();
        }
        tag.content(|writer| {
            for condition in &self.conditions {
                condition.write(writer);
            }
            if let Some(reason) = &self.reason {
                writer.text_element(&cal::REASON, reason);
            }
        });
    }
}

impl ErrorBody {
    /// The conditions in the `DAV:error` of a response or propstat.
    pub(super) fn inside(parent: &Element) -> Result<Vec<Precondition>, Error> {
        let body = parent.child(&dav::ERROR).map(Self::read).transpose()?;
        Ok(body.unwrap_or_default().conditions)
    }

    /// Writes a `DAV:error`, where there are conditions.
    pub(super) fn write_inside(writer: &mut Writer, conditions: &[Precondition]) {
        if conditions.is_empty() {
            return;
        }
        writer.element(&dav::ERROR).content(|writer| {
            for condition in conditions {
                condition.write(writer);
            }
        });
    }
}
