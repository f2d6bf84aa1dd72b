//! What makes a calendar text a calendar object resource (RFC 4791 4.1).

use crate::{Calendar, ComponentKind, Object, PropertyKind};

/// Why a calendar text cannot be kept as one object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceFault {
    /// There is not exactly one VCALENDAR, or something stands beside it.
    #[error("not exactly one VCALENDAR")]
    NotOneCalendar,
    /// The text is cut off.
    #[error("the text breaks off inside a {component}")]
    Incomplete {
        /// The component it breaks off in.
        component: Box<str>,
    },
    /// The VCALENDAR has a METHOD: it is a message, not an object.
    #[error("it has a METHOD")]
    Method,
    /// There is nothing in it but time zones.
    #[error("it holds no component")]
    Empty,
    /// Components of several types.
    #[error("it holds both {first} and {second}")]
    MixedComponents {
        /// The type of the first component.
        first: Box<str>,
        /// A type that differs from it.
        second: Box<str>,
    },
    /// A component has no UID.
    #[error("a {component} has no UID")]
    NoUid {
        /// The component's type.
        component: Box<str>,
    },
    /// Components with several UIDs.
    #[error("it holds several UIDs: {first:?} and {second:?}")]
    SeveralUids {
        /// The UID of the first component.
        first: Box<str>,
        /// A UID that differs from it.
        second: Box<str>,
    },
    /// Two components claim to be the same instance, or the master.
    #[error("two components stand for the same instance")]
    SameInstance,
}

/// The one object of a text that is to be a calendar object resource.
///
/// A METHOD is refused here; a store that takes objects from clients that leave
/// one in may choose to ignore [`ResourceFault::Method`].
///
/// # Errors
/// The first rule of RFC 4791 4.1 that the text breaks.
pub fn validate_resource(calendar: &Calendar) -> Result<Object<'_>, ResourceFault> {
    let mut roots = calendar.roots();
    let root = roots
        .next()
        .filter(|root| root.kind() == ComponentKind::Calendar);
    let (Some(root), None) = (root, roots.next()) else {
        return Err(ResourceFault::NotOneCalendar);
    };
    let cut = root.components().find(crate::Component::is_cut);
    if let Some(cut) = cut.or(Some(root).filter(crate::Component::is_cut)) {
        return Err(ResourceFault::Incomplete {
            component: cut.name().into(),
        });
    }
    if root.first(PropertyKind::Method).is_some() {
        return Err(ResourceFault::Method);
    }
    let objects = calendar.objects();
    let mut objects = objects.into_iter();
    let object = objects.next().ok_or(ResourceFault::Empty)?;
    if let Some(other) = objects.next() {
        return Err(several(&object, &other));
    }
    let kind = object.kind();
    if let Some(other) = object
        .components()
        .iter()
        .find(|found| found.kind() != kind)
    {
        return Err(mixed(&object, other.name()));
    }
    if object.is_uid_synthetic() {
        return Err(ResourceFault::NoUid {
            component: first_name(&object),
        });
    }
    distinct_instances(&object)?;
    Ok(object)
}

fn first_name(object: &Object<'_>) -> Box<str> {
    object
        .components()
        .first()
        .map_or("component", |found| found.name())
        .into()
}

fn mixed(object: &Object<'_>, second: &str) -> ResourceFault {
    ResourceFault::MixedComponents {
        first: first_name(object),
        second: second.into(),
    }
}

fn several(first: &Object<'_>, second: &Object<'_>) -> ResourceFault {
    if first.kind() != second.kind() {
        return mixed(first, &first_name(second));
    }
    if let Some(without) = [first, second]
        .into_iter()
        .find(|object| object.is_uid_synthetic())
    {
        return ResourceFault::NoUid {
            component: first_name(without),
        };
    }
    ResourceFault::SeveralUids {
        first: first.uid().into(),
        second: second.uid().into(),
    }
}

fn distinct_instances(object: &Object<'_>) -> Result<(), ResourceFault> {
    let distinct = object.superseded().is_empty();
    if distinct {
        Ok(())
    } else {
        Err(ResourceFault::SameInstance)
    }
}
