//! Properties of principals (RFC 3744 section 4, RFC 4791 section 6.2, RFC 6638 section 2.4).

use cal_dav::Href;
use cal_dav::name::dav;
use cal_dav::property::{PropertyName, ResourceType};
use cal_dav::report::ReportKind;
use cal_store::{Principal, PrincipalKind, Properties};

use super::value::Value;
use super::{Entity, container};
use crate::access::Access;
use crate::exchange::Exchange;
use crate::resource::Resource;

/// A principal.
pub(crate) struct PrincipalView<'a> {
    pub(crate) exchange: &'a Exchange,
    pub(crate) principal: &'a Principal,
}

const REPORTS: &[ReportKind] = &[
    ReportKind::AclPrincipalPropSet,
    ReportKind::ExpandProperty,
    ReportKind::PrincipalMatch,
    ReportKind::PrincipalPropertySearch,
    ReportKind::PrincipalSearchPropertySet,
];

const NAMES: &[PropertyName] = &[
    PropertyName::ResourceType,
    PropertyName::DisplayName,
    PropertyName::CurrentUserPrincipal,
    PropertyName::CurrentUserPrivilegeSet,
    PropertyName::Owner,
    PropertyName::Acl,
    PropertyName::AclRestrictions,
    PropertyName::InheritedAclSet,
    PropertyName::PrincipalCollectionSet,
    PropertyName::PrincipalUrl,
    PropertyName::AlternateUriSet,
    PropertyName::GroupMembership,
    PropertyName::GroupMemberSet,
    PropertyName::CalendarHomeSet,
    PropertyName::CalendarUserAddressSet,
    PropertyName::CalendarUserType,
    PropertyName::EmailAddressSet,
    PropertyName::SupportedPrivilegeSet,
    PropertyName::SupportedReportSet,
];

impl PrincipalView<'_> {
    fn href(&self) -> Href {
        self.exchange
            .collection_href(&Resource::principal(self.principal.name.as_str()))
    }

    /// The mail addresses, and the principal itself.
    fn addresses(&self) -> Vec<Href> {
        let mail = self
            .principal
            .emails
            .iter()
            .filter_map(|email| format!("mailto:{email}").parse().ok());
        mail.chain([self.href()]).collect()
    }
}

impl Entity for PrincipalView<'_> {
    fn live(&self, property: PropertyName) -> Option<Value<'_>> {
        let name = self.principal.name.as_str();
        match property {
            PropertyName::ResourceType => Some(Value::Type(
                ResourceType::principal().with(&dav::COLLECTION),
            )),
            PropertyName::DisplayName => Some(Value::text(
                self.principal.display_name.as_deref().unwrap_or(name),
            )),
            PropertyName::PrincipalUrl => Some(Value::href(self.href())),
            PropertyName::AlternateUriSet
            | PropertyName::GroupMembership
            | PropertyName::GroupMemberSet => Some(Value::Empty),
            PropertyName::CalendarHomeSet => Some(Value::href(
                self.exchange.collection_href(&Resource::home(name)),
            )),
            PropertyName::CalendarUserAddressSet => Some(Value::Hrefs(self.addresses())),
            PropertyName::CalendarUserType => Some(Value::text(user_type(self.principal.kind))),
            PropertyName::SupportedReportSet => Some(Value::Reports(REPORTS)),
            other => container::shared(self.exchange, Access::Itself, other),
        }
    }

    fn live_names(&self) -> &'static [PropertyName] {
        NAMES
    }

    fn dead(&self) -> Option<&Properties> {
        None
    }
}

/// `CUTYPE` values (RFC 5545 section 3.2.3).
fn user_type(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Individual => "INDIVIDUAL",
        PrincipalKind::Group => "GROUP",
        PrincipalKind::Room => "ROOM",
        PrincipalKind::Resource => "RESOURCE",
        _ => "UNKNOWN",
    }
}
