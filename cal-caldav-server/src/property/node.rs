//! Properties of collections that belong to someone: homes, folders and calendars.

use std::borrow::Cow;

use cal_dav::name::caldav;
use cal_dav::property::{PropertyName, ResourceType};
use cal_dav::report::ReportKind;
use cal_dav::{Href, SyncToken, Writer};
use cal_store::{Collection, CollectionKind, Components, Properties, Timestamp, Transparency};

use super::value::Value;
use super::{Entity, container, dead, supported};
use crate::access::Access;
use crate::admission::{MAX_DATE_TIME, MIN_DATE_TIME};
use crate::conditional::http_date;
use crate::exchange::Exchange;
use crate::zone;

/// A collection.
pub(crate) struct Node<'a> {
    pub(crate) exchange: &'a Exchange,
    pub(crate) collection: &'a Collection,
    pub(crate) href: &'a Href,
}

const REPORTS: &[ReportKind] = &[
    ReportKind::AclPrincipalPropSet,
    ReportKind::CalendarMultiget,
    ReportKind::CalendarQuery,
    ReportKind::ExpandProperty,
    ReportKind::FreeBusyQuery,
    ReportKind::PrincipalMatch,
    ReportKind::SyncCollection,
];

/// Of every collection.
const NAMES: &[PropertyName] = &[
    PropertyName::ResourceType,
    PropertyName::DisplayName,
    PropertyName::CreationDate,
    PropertyName::GetLastModified,
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
    PropertyName::SyncToken,
    PropertyName::GetCTag,
    PropertyName::CalendarDescription,
    PropertyName::CalendarTimezone,
    PropertyName::CalendarTimezoneId,
    PropertyName::CalendarColor,
    PropertyName::CalendarOrder,
    PropertyName::ScheduleCalendarTransp,
    PropertyName::SupportedCalendarComponentSet,
    PropertyName::SupportedCalendarData,
    PropertyName::SupportedCollationSet,
    PropertyName::SupportedRscaleSet,
    PropertyName::TimezoneServiceSet,
    PropertyName::MaxResourceSize,
    PropertyName::MinDateTime,
    PropertyName::MaxDateTime,
    PropertyName::MaxAttendeesPerInstance,
    PropertyName::MaxAttachmentSize,
    PropertyName::MaxAttachmentsPerResource,
    PropertyName::ManagedAttachmentsServerUrl,
    PropertyName::AddMember,
];

/// The token of a collection as clients see it: a URI.
pub(crate) fn sync_token(token: cal_store::SyncToken) -> SyncToken {
    SyncToken::new(format!("{TOKEN_SCHEME}{token}"))
}

/// What the tokens of a collection begin with.
pub(crate) const TOKEN_SCHEME: &str = "data:,";

impl<'a> Node<'a> {
    fn of_calendar(&self, components: Components, property: PropertyName) -> Option<Value<'a>> {
        let details = &self.collection.details;
        match property {
            PropertyName::SupportedCalendarComponentSet => Some(Value::Components(components)),
            PropertyName::SupportedCalendarData => Some(Value::Fixed(supported::calendar_data)),
            PropertyName::SupportedCollationSet => Some(Value::Fixed(supported::collations)),
            PropertyName::MaxResourceSize => {
                Some(Value::text(self.exchange.site.limits.resource_size))
            }
            PropertyName::MinDateTime => Some(Value::Text(Cow::Borrowed(MIN_DATE_TIME))),
            PropertyName::MaxDateTime => Some(Value::Text(Cow::Borrowed(MAX_DATE_TIME))),
            PropertyName::MaxAttendeesPerInstance => {
                Some(Value::text(self.exchange.site.limits.attendees))
            }
            PropertyName::AddMember => Some(Value::href(self.href.clone())),
            PropertyName::ScheduleCalendarTransp => {
                Some(Value::Fixed(match details.transparency {
                    Transparency::Opaque => opaque,
                    Transparency::Transparent => transparent,
                }))
            }
            _ => None,
        }
    }

    /// Whether what is in it can have attachments.
    fn has_attachments(&self) -> bool {
        let kind = self.collection.kind;
        matches!(kind, CollectionKind::Home | CollectionKind::Calendar(_))
    }

    /// A text with its language, if the client that set it said one and nobody has changed the
    /// text since by another way.
    fn text(&self, property: PropertyName, text: Option<&'a str>) -> Option<Value<'a>> {
        let text = text?;
        let kept = dead::value(Some(&self.collection.properties), property.name());
        kept.filter(|kept| kept.is_text(text))
            .or_else(|| Some(borrowed(text)))
    }

    fn of_any(&self, property: PropertyName) -> Option<Value<'a>> {
        let details = &self.collection.details;
        match property {
            PropertyName::ResourceType => Some(Value::Type(match self.collection.kind {
                CollectionKind::Calendar(_) => ResourceType::calendar(),
                _ => ResourceType::collection(),
            })),
            PropertyName::DisplayName => self.text(property, details.display_name.as_deref()),
            PropertyName::CalendarDescription => {
                self.text(property, details.description.as_deref())
            }
            PropertyName::CalendarColor => details.color.as_deref().map(borrowed),
            PropertyName::CalendarTimezone => details.time_zone.as_deref().map(borrowed),
            PropertyName::CalendarTimezoneId => details
                .time_zone
                .as_deref()
                .and_then(zone::iana_id)
                .map(Value::text),
            PropertyName::CalendarOrder => details.order.map(Value::text),
            PropertyName::CreationDate => rfc3339(self.collection.created),
            PropertyName::GetLastModified => self
                .collection
                .modified
                .to_date_time()
                .map(http_date)
                .map(Value::text),
            PropertyName::SyncToken | PropertyName::GetCTag => {
                Some(Value::text(sync_token(self.collection.token)))
            }
            PropertyName::SupportedReportSet => Some(Value::Reports(REPORTS)),
            PropertyName::SupportedRscaleSet => Some(Value::Fixed(supported::rule_calendars)),
            PropertyName::MaxAttachmentSize if self.has_attachments() => {
                Some(Value::text(self.exchange.site.limits.attachment_size))
            }
            PropertyName::MaxAttachmentsPerResource if self.has_attachments() => {
                Some(Value::text(self.exchange.site.limits.attachments))
            }
            // They are where the calendars are, under whichever name a client knows that.
            PropertyName::ManagedAttachmentsServerUrl if self.has_attachments() => {
                Some(Value::Empty)
            }
            // The server has the zones itself and names no service for them.
            PropertyName::TimezoneServiceSet => Some(Value::Empty),
            _ => None,
        }
    }
}

impl Entity for Node<'_> {
    fn live(&self, property: PropertyName) -> Option<Value<'_>> {
        let of_kind = match self.collection.kind {
            CollectionKind::Calendar(components) => self.of_calendar(components, property),
            _ => None,
        };
        of_kind
            .or_else(|| self.of_any(property))
            .or_else(|| container::shared(self.exchange, Access::Own, property))
    }

    fn live_names(&self) -> &'static [PropertyName] {
        NAMES
    }

    fn dead(&self) -> Option<&Properties> {
        Some(&self.collection.properties)
    }

    fn lockable(&self) -> Option<&Exchange> {
        Some(self.exchange)
    }
}

fn borrowed(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

/// `DAV:creationdate` (RFC 4918 section 15.1).
pub(crate) fn rfc3339<'a>(at: Timestamp) -> Option<Value<'a>> {
    let date = at.to_date_time()?;
    Some(Value::text(date.format("%Y-%m-%dT%H:%M:%SZ")))
}

fn opaque(writer: &mut Writer) {
    writer.empty(&caldav::OPAQUE);
}

fn transparent(writer: &mut Writer) {
    writer.empty(&caldav::TRANSPARENT);
}
