//! Properties of objects: calendar objects, and any other files.

use std::borrow::Cow;

use cal_dav::property::{PropertyName, ResourceType};
use cal_dav::report::ReportKind;
use cal_store::{Entry, Properties};

use super::node::rfc3339;
use super::value::Value;
use super::{Entity, container, dead};
use crate::access::Access;
use crate::conditional::{etag_header, http_date};
use crate::exchange::Exchange;

/// An object.
pub(crate) struct ObjectView<'a> {
    pub(crate) exchange: &'a Exchange,
    pub(crate) entry: &'a Entry,
    /// The properties kept with it, where they were asked for.
    pub(crate) dead: Option<&'a Properties>,
    /// What a report asks of its calendar data.
    pub(crate) data: Option<Cow<'a, str>>,
}

const REPORTS: &[ReportKind] = &[
    ReportKind::AclPrincipalPropSet,
    ReportKind::CalendarMultiget,
    ReportKind::CalendarQuery,
    ReportKind::ExpandProperty,
];

/// What an object has without reading what clients keep with it.
pub(crate) const NAMES: &[PropertyName] = &[
    PropertyName::ResourceType,
    PropertyName::GetETag,
    PropertyName::GetContentType,
    PropertyName::GetContentLength,
    PropertyName::GetLastModified,
    PropertyName::CreationDate,
    PropertyName::CurrentUserPrincipal,
    PropertyName::CurrentUserPrivilegeSet,
    PropertyName::Owner,
    PropertyName::Acl,
    PropertyName::AclRestrictions,
    PropertyName::InheritedAclSet,
    PropertyName::PrincipalCollectionSet,
    PropertyName::SupportedPrivilegeSet,
    PropertyName::SupportedReportSet,
    PropertyName::LockDiscovery,
    PropertyName::SupportedLock,
    PropertyName::ScheduleTag,
    PropertyName::CalendarData,
];

impl Entity for ObjectView<'_> {
    fn live(&self, property: PropertyName) -> Option<Value<'_>> {
        let entry = self.entry;
        match property {
            PropertyName::ResourceType => Some(Value::Type(ResourceType::plain())),
            PropertyName::GetETag => Some(Value::text(etag_header(entry.etag))),
            PropertyName::GetContentType => Some(Value::Text(content_type(entry))),
            PropertyName::GetContentLength => Some(Value::text(entry.size)),
            PropertyName::GetLastModified => entry
                .modified
                .to_date_time()
                .map(http_date)
                .map(Value::text),
            PropertyName::CreationDate => rfc3339(entry.created),
            PropertyName::ScheduleTag => entry.schedule_tag.map(etag_header).map(Value::text),
            PropertyName::CalendarData => self
                .data
                .as_deref()
                .map(|data| Value::Text(Cow::Borrowed(data))),
            PropertyName::SupportedReportSet => Some(Value::Reports(REPORTS)),
            // Set by clients, and kept as they were sent.
            PropertyName::DisplayName | PropertyName::GetContentLanguage => {
                dead::value(self.dead, property.name())
            }
            other => container::shared(self.exchange, Access::Own, other),
        }
    }

    fn live_names(&self) -> &'static [PropertyName] {
        NAMES
    }

    fn dead(&self) -> Option<&Properties> {
        self.dead
    }

    fn lockable(&self) -> Option<&Exchange> {
        Some(self.exchange)
    }
}

/// The media type of an object: of a calendar object with the kind of its components
/// (RFC 5545 section 8.1), of any other file as it was sent.
pub(crate) fn content_type(entry: &Entry) -> Cow<'_, str> {
    match entry.component {
        Some(component) => Cow::Owned(format!(
            "text/calendar; charset=utf-8; component={component}"
        )),
        None => Cow::Borrowed(entry.content_type.as_str()),
    }
}
