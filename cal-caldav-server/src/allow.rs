//! Which methods a resource has: what `Allow` says and what is done are one table.
//!
//! `Allow` lists the methods of the resource itself (RFC 9110 section 10.2.1). MKCOL and MKCALENDAR
//! are methods of a name that nothing has yet, so that a home lacks them although they work below.

use cal_store::CollectionKind;

use crate::exchange::Target;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::verb::Verb::{
    self, Acl, Copy, Delete, Get, Head, Lock, Mkcalendar, Mkcol, Move, Options, Post, Propfind,
    Proppatch, Put, Report, Unlock,
};

const LISTING: &[Verb] = &[Options, Propfind, Report, Acl];
const ROOT: &[Verb] = &[Options, Get, Head, Propfind, Report, Acl];
const PRINCIPAL: &[Verb] = &[Options, Propfind, Proppatch, Report, Acl];
const HOME: &[Verb] = &[Options, Propfind, Proppatch, Report, Acl, Lock, Unlock];
const PLAIN: &[Verb] = &[
    Options, Delete, Propfind, Proppatch, Report, Copy, Move, Acl, Lock, Unlock,
];
const CALENDAR: &[Verb] = &[
    Options, Get, Head, Post, Delete, Propfind, Proppatch, Report, Copy, Move, Acl, Lock, Unlock,
];
pub(crate) const OBJECT: &[Verb] = &[
    Options, Get, Head, Put, Delete, Propfind, Proppatch, Report, Copy, Move, Acl, Lock, Unlock,
];
const CALENDAR_OBJECT: &[Verb] = &[
    Options, Get, Head, Put, Post, Delete, Propfind, Proppatch, Report, Copy, Move, Acl, Lock,
    Unlock,
];
/// Attachments come, change and go with the objects that name them (RFC 8607 section 3).
const ATTACHMENT: &[Verb] = &[Options, Get, Head, Propfind, Report, Acl];
const PLACE: &[Verb] = &[
    Options, Get, Head, Put, Delete, Propfind, Proppatch, Report, Copy, Move, Acl, Mkcol,
    Mkcalendar, Lock, Unlock,
];

/// The methods of what is at a path.
pub(crate) fn allowed(target: &Target) -> &'static [Verb] {
    match target {
        Target::Root => ROOT,
        Target::Principals | Target::Homes => LISTING,
        Target::Principal => PRINCIPAL,
        Target::Collection(collection) => match collection.kind {
            CollectionKind::Calendar(_) => CALENDAR,
            CollectionKind::Home => HOME,
            CollectionKind::Attachments => LISTING,
            _ => PLAIN,
        },
        Target::Member { parent, .. } if parent.kind.holds_collections() => PLACE,
        Target::Member { parent, .. } => of_object(parent.kind),
        Target::Missing => &[],
    }
}

/// The methods of an object that is in a collection of this kind.
pub(crate) fn of_object(holder: CollectionKind) -> &'static [Verb] {
    match holder {
        CollectionKind::Calendar(_) => CALENDAR_OBJECT,
        CollectionKind::Attachments => ATTACHMENT,
        _ => OBJECT,
    }
}

/// What a path of this shape may have, told to whoever has not said who they are: it says
/// nothing about what is there.
pub(crate) fn by_shape(resource: Option<&Resource>) -> &'static [Verb] {
    match resource {
        Some(Resource::Tree { names, .. }) if names.is_empty() => HOME,
        Some(Resource::Tree { .. }) => PLACE,
        Some(Resource::Principal { .. }) => PRINCIPAL,
        Some(Resource::Root) => ROOT,
        _ => LISTING,
    }
}

/// What to say to a method that the target does not have.
pub(crate) fn refusal(verb: Verb, target: &Target) -> Refusal {
    match (verb, target) {
        // Only its parent could be made first.
        (Put | Mkcol | Mkcalendar | Lock, Target::Missing) => Refusal::Conflict,
        (_, Target::Missing) => Refusal::NotFound,
        _ => Refusal::MethodNotAllowed {
            allowed: allowed(target),
        },
    }
}

/// The methods as the value of `Allow`.
pub(crate) fn header_value(verbs: &[Verb]) -> String {
    let names: Vec<&str> = verbs.iter().map(|verb| verb.as_str()).collect();
    names.join(", ")
}
