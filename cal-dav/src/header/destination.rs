//! `Destination` (RFC 4918 section 10.3).

use std::str::FromStr;

use crate::{Error, Href};

/// Where COPY and MOVE go: an absolute URI or an absolute path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination(Href);

impl Destination {
    /// The target as it was sent.
    #[must_use]
    pub fn href(&self) -> &Href {
        &self.0
    }
}

impl FromStr for Destination {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let href: Href = text
            .parse()
            .map_err(|_| Error::value("Destination", "not a URI", text))?;
        if !href.path().starts_with('/') || href.as_str().contains(['#', ' ']) {
            return Err(Error::value(
                "Destination",
                "not an absolute URI or path without fragment and spaces",
                text,
            ));
        }
        Ok(Self(href))
    }
}
