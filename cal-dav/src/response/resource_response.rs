//! What a multistatus says of one resource (RFC 4918 section 14.24).

use http::StatusCode;

use super::error_body::ErrorBody;
use super::{Precondition, Propstat};
use crate::href::hrefs_in;
use crate::name::{Name, dav};
use crate::status::{parse_status_line, write_status};
use crate::xml::expect;
use crate::{Element, Error, Href, Writer, XmlElement};

/// What a multistatus says of a resource.
///
/// Only a status that belongs to the response itself speaks of the resource:
/// a propstat with 404 says that a property is absent, not that the resource
/// is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The resource.
    pub href: Href,
    /// Further resources with the same status.
    pub more_hrefs: Vec<Href>,
    /// What became of it.
    pub outcome: Outcome,
    /// The conditions that were not met.
    pub conditions: Vec<Precondition>,
    /// A text for people.
    pub description: Option<String>,
    /// Where to go in place of the resource.
    pub location: Option<Href>,
}

/// What became of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has this status as a whole.
    Status(StatusCode),
    /// Its properties have a status each.
    Properties(Vec<Propstat>),
}

impl Response {
    /// This status for a resource as a whole.
    #[must_use]
    pub fn status(href: Href, status: StatusCode) -> Self {
        Self::new(href, Outcome::Status(status))
    }

    /// These properties of a resource.
    #[must_use]
    pub fn properties(href: Href, propstats: Vec<Propstat>) -> Self {
        Self::new(href, Outcome::Properties(propstats))
    }

    fn new(href: Href, outcome: Outcome) -> Self {
        Self {
            href,
            more_hrefs: Vec::new(),
            outcome,
            conditions: Vec::new(),
            description: None,
            location: None,
        }
    }

    /// The value of a property that a successful propstat holds.
    #[must_use]
    pub fn property(&self, name: &Name) -> Option<&Element> {
        self.propstats()
            .iter()
            .filter(|propstat| propstat.status.is_success())
            .find_map(|propstat| propstat.property(name))
    }

    /// Its propstats; none where it has a status as a whole.
    #[must_use]
    pub fn propstats(&self) -> &[Propstat] {
        match &self.outcome {
            Outcome::Properties(propstats) => propstats,
            Outcome::Status(_) => &[],
        }
    }

    /// The status of the resource as a whole, where it has one that is no
    /// success.
    #[must_use]
    pub fn failure(&self) -> Option<StatusCode> {
        match self.outcome {
            Outcome::Status(status) if !status.is_success() => Some(status),
            Outcome::Status(_) | Outcome::Properties(_) => None,
        }
    }
}

impl XmlElement for Response {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::RESPONSE)?;
        let mut hrefs = hrefs_in(element).into_iter();
        let href = hrefs
            .next()
            .ok_or_else(|| Error::missing(element.name(), "href"))?;
        let propstats = element
            .children_named(&dav::PROPSTAT)
            .map(Propstat::read)
            .collect::<Result<Vec<_>, _>>()?;
        let status = element
            .child(&dav::STATUS)
            .map(|status| parse_status_line(&status.text()))
            .transpose()?;
        let outcome = match status {
            Some(status) if propstats.is_empty() || !status.is_success() => Outcome::Status(status),
            _ => Outcome::Properties(propstats),
        };
        let location = element.child(&dav::LOCATION);
        Ok(Self {
            href,
            more_hrefs: hrefs.collect(),
            outcome,
            conditions: ErrorBody::inside(element)?,
            description: element.child(&dav::RESPONSEDESCRIPTION).map(Element::text),
            location: location.and_then(|location| hrefs_in(location).into_iter().next()),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::RESPONSE).content(|writer| {
            self.href.write(writer);
            for href in &self.more_hrefs {
                href.write(writer);
            }
            match &self.outcome {
                Outcome::Status(status) => write_status(writer, *status),
                Outcome::Properties(propstats) => {
                    for propstat in propstats {
                        propstat.write(writer);
                    }
                }
            }
            ErrorBody::write_inside(writer, &self.conditions);
            if let Some(description) = &self.description {
                writer.text_element(&dav::RESPONSEDESCRIPTION, description);
            }
            if let Some(location) = &self.location {
                writer
                    .element(&dav::LOCATION)
                    .content(|writer| location.write(writer));
            }
        });
    }
}
