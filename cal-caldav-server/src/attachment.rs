//! Managed attachments (RFC 8607): files that belong to calendar objects, brought by POST, kept in
//! a collection of their own and named in the objects.

pub(crate) mod action;
pub(crate) mod disposition;
pub(crate) mod edit;
pub(crate) mod known;

use bytes::Bytes;
use cal_core::{NewProperty, PropertyKind};
use cal_dav::name::dav;
use cal_dav::response::Precondition as Condition;
use cal_dav::{Element, Href};
use cal_store::{
    Collection, CollectionId, CollectionKind, ContentType, ObjectName, Properties, Put, Store,
    managed_id,
};
use http::header;

use crate::admission::Unfit;
use crate::exchange::Exchange;
use crate::incoming::{Incoming, Unreadable};
use crate::property::dead;
use crate::refusal::Refusal;
use crate::resource::Resource;

/// A file that is to be attached.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its `MANAGED-ID`, by which it is stored.
    pub(crate) id: String,
    name: Option<String>,
    content_type: ContentType,
    body: Bytes,
}

impl File {
    /// Reads the body of a request, within the limit for attachments.
    pub(crate) async fn read(exchange: &Exchange, body: &mut Incoming) -> Result<Self, Refusal> {
        exchange.check_content_encoding()?;
        let read = body.read(exchange.site.limits.attachment_size).await;
        let body = read.map_err(|error| match error {
            Unreadable::TooLarge { .. } => Unfit {
                condition: Condition::MaxAttachmentSize,
                reason: error.to_string(),
            }
            .into(),
            other @ Unreadable::Broken(_) => Refusal::Body(other),
        })?;
        let sent = exchange.header(header::CONTENT_TYPE.as_str());
        let disposition = exchange.headers.get(header::CONTENT_DISPOSITION);
        Ok(Self {
            id: managed_id(),
            name: disposition.and_then(|field| disposition::file_name(field.as_bytes())),
            content_type: ContentType::new(sent.unwrap_or_default()),
            body,
        })
    }

    /// Where it will be.
    pub(crate) fn href(&self, exchange: &Exchange) -> Href {
        let user = exchange.principal.name.as_str().to_owned();
        let names = vec![Store::ATTACHMENTS.to_owned(), self.id.clone()];
        exchange.site.base.object(&Resource::Tree { user, names })
    }

    /// The property that names it in an object (RFC 8607 section 4).
    pub(crate) fn property(&self, exchange: &Exchange) -> NewProperty {
        let media_type = self.content_type.as_str().split(';').next();
        let href = self.href(exchange);
        let origin = exchange.origin.as_deref().unwrap_or_default();
        let property = NewProperty::of(PropertyKind::Attach)
            .with_parameter("MANAGED-ID", &self.id)
            .with_parameter("FMTTYPE", media_type.unwrap_or_default().trim());
        let property = match &self.name {
            Some(name) => property.with_parameter("FILENAME", name),
            None => property,
        };
        property
            .with_parameter("SIZE", &self.body.len().to_string())
            .with_raw_value(&format!("{origin}{href}"))
    }

    /// How it is stored among the attachments of its owner.
    pub(crate) fn put(&self, attachments: CollectionId) -> Result<Put, Refusal> {
        let mut properties = Properties::new();
        if let Some(name) = &self.name {
            let element = Element::new(dav::DISPLAYNAME.clone()).with_text(name);
            properties.insert(dead::key(&dav::DISPLAYNAME)?, dead::text(&element));
        }
        let name = ObjectName::new(&self.id)?;
        Ok(Put::new(attachments, name, self.body.clone())
            .with_content_type(self.content_type.clone())
            .with_precondition(cal_store::Precondition::Absent)
            .with_properties(properties))
    }
}

/// The name that an attachment had when it was brought.
pub(crate) fn file_name(kept: &Properties) -> Option<String> {
    let name = dead::value(Some(kept), &dav::DISPLAYNAME)?;
    Some(name.element(&dav::DISPLAYNAME)?.text())
}

/// Refuses a name in a home that is kept for its attachments.
pub(crate) fn check_name(parent: &Collection, name: &str) -> Result<(), Refusal> {
    match parent.kind == CollectionKind::Home && name == Store::ATTACHMENTS {
        true => Err(Condition::CalendarCollectionLocationOk.into()),
        false => Ok(()),
    }
}
