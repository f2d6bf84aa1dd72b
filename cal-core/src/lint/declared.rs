//! Properties without a value type of their own: VALUE must tell it.

use super::{Finding, fix};
use crate::{Property, PropertyKind, Rule};

/// IMAGE (RFC 7986 5.10) and CONFERENCE (RFC 7986 5.11) must have VALUE.
pub(super) fn check(property: &Property<'_>, findings: &mut Vec<Finding>) {
    let kind = property.kind();
    if !matches!(kind, PropertyKind::Image | PropertyKind::Conference)
        || property.parameter("VALUE").is_some()
    {
        return;
    }
    let mut finding = Finding::at(Rule::ValueNotDeclared, property);
    // Bytes in base64 are not taken for a URI.
    if property.parameter("ENCODING").is_none() && property.raw_value().contains(':') {
        finding.fix = fix::declared_uri(property);
    }
    findings.push(finding);
}
