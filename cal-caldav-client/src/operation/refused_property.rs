//! Properties that a server would not set.

use cal_dav::name::Name;
use cal_dav::response::{Precondition, Propstat};
use http::StatusCode;

/// A property that was not set, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedProperty {
    /// The property.
    pub name: Name,
    /// What the server says of it; 424 where it was only left out because of
    /// another.
    pub status: StatusCode,
    /// The conditions that were not met.
    pub conditions: Vec<Precondition>,
}

impl RefusedProperty {
    /// Whether the property itself was the reason.
    #[must_use]
    pub fn is_cause(&self) -> bool {
        self.status != StatusCode::FAILED_DEPENDENCY
    }

    pub(super) fn among<'p>(propstats: impl IntoIterator<Item = &'p Propstat>) -> Vec<Self> {
        let failed = propstats
            .into_iter()
            .filter(|propstat| !propstat.status.is_success());
        failed
            .flat_map(|propstat| {
                propstat.properties.iter().map(|property| Self {
                    name: property.name().clone(),
                    status: propstat.status,
                    conditions: propstat.conditions.clone(),
                })
            })
            .collect()
    }
}
