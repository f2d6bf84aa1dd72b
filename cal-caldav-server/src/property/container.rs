//! Properties of the collections above what belongs to anyone, and those that all resources have.

use cal_dav::property::{PropertyName, ResourceType};
use cal_dav::report::ReportKind;
use cal_store::Properties;

use super::value::Value;
use super::{Entity, supported};
use crate::access::Access;
use crate::exchange::Exchange;
use crate::resource::Resource;

/// The root, the collection of principals, or that of homes.
pub(crate) struct Container<'a> {
    pub(crate) exchange: &'a Exchange,
}

const REPORTS: &[ReportKind] = &[
    ReportKind::AclPrincipalPropSet,
    ReportKind::ExpandProperty,
    ReportKind::PrincipalMatch,
    ReportKind::PrincipalPropertySearch,
    ReportKind::PrincipalSearchPropertySet,
];

impl Entity for Container<'_> {
    fn live(&self, property: PropertyName) -> Option<Value<'_>> {
        match property {
            PropertyName::ResourceType => Some(Value::Type(ResourceType::collection())),
            PropertyName::SupportedReportSet => Some(Value::Reports(REPORTS)),
            other => shared(self.exchange, Access::Browse, other),
        }
    }

    fn live_names(&self) -> &'static [PropertyName] {
        SHARED
    }

    fn dead(&self) -> Option<&Properties> {
        None
    }
}

/// The properties that every resource has.
pub(crate) const SHARED: &[PropertyName] = &[
    PropertyName::ResourceType,
    PropertyName::CurrentUserPrincipal,
    PropertyName::CurrentUserPrivilegeSet,
    PropertyName::Acl,
    PropertyName::AclRestrictions,
    PropertyName::InheritedAclSet,
    PropertyName::PrincipalCollectionSet,
    PropertyName::SupportedPrivilegeSet,
    PropertyName::SupportedReportSet,
];

/// A property that does not depend on what the resource is, only on who asks and with what right.
pub(crate) fn shared<'a>(
    exchange: &Exchange,
    access: Access,
    property: PropertyName,
) -> Option<Value<'a>> {
    match property {
        PropertyName::CurrentUserPrincipal => Some(Value::href(exchange.principal_href())),
        PropertyName::CurrentUserPrivilegeSet => Some(Value::Privileges(access.privileges())),
        PropertyName::PrincipalCollectionSet => {
            Some(Value::href(exchange.collection_href(&Resource::Principals)))
        }
        PropertyName::SupportedPrivilegeSet => Some(Value::Fixed(supported::privileges)),
        PropertyName::Owner if access == Access::Browse => None,
        PropertyName::Owner => Some(Value::href(exchange.principal_href())),
        PropertyName::Acl => Some(Value::Acl(access.acl(exchange.principal_href()))),
        PropertyName::AclRestrictions => Some(Value::Fixed(supported::acl_restrictions)),
        PropertyName::InheritedAclSet => Some(Value::Empty),
        _ => None,
    }
}
