//! `DAV:error` (RFC 4918 sections 14.5 and 16).

use super::Precondition;
use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// The body of a refusal: the conditions that were not met, nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ErrorBody {
    /// The conditions.
    pub conditions: Vec<Precondition>,
}

impl From<Precondition> for ErrorBody {
    fn from(condition: Precondition) -> Self {
        Self {
            conditions: vec![condition],
        }
    }
}

impl XmlElement for ErrorBody {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::ERROR)?;
        Ok(Self {
            conditions: element
                .children()
                .map(Precondition::read)
                .collect::<Result<_, _>>()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        let tag = writer.element(&dav::ERROR);
        if self.conditions.is_empty() {
            return tag.empty();
        }
        tag.content(|writer| {
            for condition in &self.conditions {
                condition.write(writer);
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
