//! Content of an object without what servers change on their own: for telling
//! whether two texts say the same.

use std::fmt;

use crate::{Calendar, Component, ComponentKind, Object, Property, PropertyKind};

/// A 128-bit digest of canonical content. Equal content has equal digests on
/// every machine and in every version that keeps this form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(u128);

impl ContentHash {
    /// The digest as a number.
    #[must_use]
    pub fn to_u128(self) -> u128 {
        self.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Object<'_> {
    /// The digest of what the object says: blind to the order of properties,
    /// parameters and components, to folding, letter case of names, default
    /// parameters, and to DTSTAMP, LAST-MODIFIED, CREATED, PRODID, `X-MOZ-`
    /// bookkeeping and alarm acknowledgements. VTIMEZONEs do not count.
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        let mut parts: Vec<u128> = self.components().iter().map(|part| digest(*part)).collect();
        parts.sort_unstable();
        let mut hash = Fnv::new();
        for part in parts {
            hash.write(&part.to_le_bytes());
        }
        ContentHash(hash.0)
    }
}

impl Component<'_> {
    /// The digest of this component alone; see [`Object::content_hash`].
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        ContentHash(digest(*self))
    }
}

impl Calendar {
    /// Whether both say the same, object by object; see [`Object::content_hash`].
    #[must_use]
    pub fn same_content(&self, other: &Calendar) -> bool {
        let digests = |calendar: &Calendar| {
            let objects = calendar.objects();
            let mut all: Vec<_> = objects.iter().map(Object::content_hash).collect();
            all.sort_unstable();
            all
        };
        digests(self) == digests(other)
    }
}

/// A UID for a component without one, from its content.
pub(super) fn synthetic_uid(component: Component<'_>) -> String {
    format!("{:032x}@synthetic.invalid", digest(component))
}

/// A component still to be digested after those inside it.
struct Pending<'a> {
    component: Component<'a>,
    rest: crate::Components<'a>,
    parts: Vec<u128>,
}

impl<'a> Pending<'a> {
    fn new(component: Component<'a>) -> Self {
        let parts = component.properties().filter_map(property_digest).collect();
        Pending {
            component,
            rest: component.components(),
            parts,
        }
    }

    fn finish(mut self) -> u128 {
        self.parts.sort_unstable();
        let mut hash = Fnv::new();
        hash.write(self.component.name().to_ascii_uppercase().as_bytes());
        for part in self.parts {
            hash.write(&part.to_le_bytes());
        }
        hash.0
    }
}

/// Digests a component and all inside it; a stack, because depth is up to the input.
fn digest(component: Component<'_>) -> u128 {
    let mut stack = vec![Pending::new(component)];
    loop {
        let Some(top) = stack.last_mut() else {
            return 0;
        };
        if let Some(inner) = top.rest.next() {
            if inner.kind() != ComponentKind::TimeZone {
                stack.push(Pending::new(inner));
            }
            continue;
        }
        let Some(done) = stack.pop().map(Pending::finish) else {
            return 0;
        };
        match stack.last_mut() {
            Some(outer) => outer.parts.push(done),
            None => return done,
        }
    }
}

/// Parameters that say what is so without them.
const DEFAULTS: &[(&str, &str)] = &[
    ("CUTYPE", "INDIVIDUAL"),
    ("ROLE", "REQ-PARTICIPANT"),
    ("PARTSTAT", "NEEDS-ACTION"),
    ("RSVP", "FALSE"),
    ("RELATED", "START"),
    ("RELTYPE", "PARENT"),
    ("FBTYPE", "BUSY"),
];

/// Properties that say what is so without them.
fn is_default(property: &Property<'_>) -> bool {
    let value = property.raw_value();
    match property.kind() {
        PropertyKind::Transp => value.eq_ignore_ascii_case("OPAQUE"),
        PropertyKind::Class => value.eq_ignore_ascii_case("PUBLIC"),
        PropertyKind::Sequence | PropertyKind::Priority => value.trim() == "0",
        PropertyKind::Summary | PropertyKind::Description | PropertyKind::Location => {
            value.is_empty()
        }
        _ => false,
    }
}

fn is_volatile(property: &Property<'_>) -> bool {
    match property.kind() {
        PropertyKind::DtStamp
        | PropertyKind::LastModified
        | PropertyKind::Created
        | PropertyKind::ProdId
        | PropertyKind::Acknowledged => true,
        PropertyKind::Other => {
            let name = property.name().to_ascii_uppercase();
            name.starts_with("X-MOZ-") || name == "X-LIC-ERROR"
        }
        _ => false,
    }
}

/// The digest of one property; `None` for one that does not count.
pub(crate) fn property_digest(property: Property<'_>) -> Option<u128> {
    if is_volatile(&property) || is_default(&property) {
        return None;
    }
    let mut parameters: Vec<String> = property
        .parameters()
        .filter(|parameter| {
            let value = parameter.value();
            !DEFAULTS
                .iter()
                .any(|(name, default)| parameter.is(name) && value.eq_ignore_ascii_case(default))
                && !says_default_type(&property, parameter)
        })
        .map(|parameter| {
            let values: Vec<_> = parameter.values().collect();
            format!(
                "{}={}",
                parameter.name().to_ascii_uppercase(),
                values.join("\u{1}")
            )
        })
        .collect();
    parameters.sort_unstable();
    let mut hash = Fnv::new();
    hash.write(property.name().to_ascii_uppercase().as_bytes());
    for parameter in parameters {
        hash.write(parameter.as_bytes());
    }
    hash.write(canonical_value(&property).as_bytes());
    Some(hash.0)
}

fn says_default_type(property: &Property<'_>, parameter: &crate::Parameter<'_>) -> bool {
    let default = property.kind().default_type();
    parameter.is("VALUE") && parameter.value().eq_ignore_ascii_case(default.as_str())
}

/// The value with whatever may be written in several ways written in one.
fn canonical_value(property: &Property<'_>) -> String {
    let sorted = |mut parts: Vec<String>, separator: &str| {
        parts.sort_unstable();
        parts.join(separator)
    };
    match property.kind() {
        PropertyKind::RRule | PropertyKind::ExRule => {
            let upper = property.raw_value().trim().to_ascii_uppercase();
            sorted(upper.split(';').map(str::to_owned).collect(), ";")
        }
        PropertyKind::Categories | PropertyKind::Resources => sorted(property.texts(), "\u{1}"),
        PropertyKind::ExDate | PropertyKind::RDate => {
            let raw = property.raw_value();
            sorted(
                raw.split(',').map(|part| part.trim().to_owned()).collect(),
                ",",
            )
        }
        PropertyKind::Duration => property.duration().map_or_else(
            |_| property.raw_value().into_owned(),
            |length| length.to_string(),
        ),
        _ => property.text().into_owned(),
    }
}

/// FNV-1a in 128 bits: stable, dependency-free, not for use against an adversary.
struct Fnv(u128);

impl Fnv {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;

    fn new() -> Self {
        Fnv(0x6C62_272E_07BB_0142_62B8_2175_6295_C58D)
    }

    /// Takes in some bytes and their length, so that neighbours cannot run together.
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes.iter().chain(&(bytes.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(Self::PRIME);
        }
    }
}
