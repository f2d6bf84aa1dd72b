//! A whole multistatus in memory (RFC 4918 section 13).

use super::Response;
use crate::name::dav;
use crate::xml::expect;
use crate::{Element, Error, SyncToken, Writer, XmlElement};

/// `DAV:multistatus`, all of it. [`MultistatusWriter`](super::MultistatusWriter)
/// and [`MultistatusReader`](super::MultistatusReader) do the same one response
/// at a time.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Multistatus {
    /// The responses.
    pub responses: Vec<Response>,
    /// A text for people.
    pub description: Option<String>,
    /// The state a sync-collection report brought the client to.
    pub sync_token: Option<SyncToken>,
}

impl XmlElement for Multistatus {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::MULTISTATUS)?;
        Ok(Self {
            responses: element
                .children_named(&dav::RESPONSE)
                .map(Response::read)
                .collect::<Result<_, _>>()?,
            description: element.child(&dav::RESPONSEDESCRIPTION).map(Element::text),
            sync_token: element
                .child(&dav::SYNC_TOKEN)
                .and_then(SyncToken::read_lenient),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::MULTISTATUS).content(|writer| {
            for response in &self.responses {
                response.write(writer);
            }
            if let Some(description) = &self.description {
                writer.text_element(&dav::RESPONSEDESCRIPTION, description);
            }
            if let Some(token) = &self.sync_token {
                token.write(writer);
            }
        });
    }
}
