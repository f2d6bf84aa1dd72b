//! Expanded names: a namespace and a local name, whatever the prefix was
//! (Namespaces in XML 1.0).

pub mod apple;
pub mod cal;
pub mod caldav;
pub mod calendarserver;
pub mod dav;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::Error;

/// A namespace URI; [`Namespace::NONE`] for names without one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Namespace(Cow<'static, str>);

impl Namespace {
    /// No namespace.
    pub const NONE: Self = Self(Cow::Borrowed(""));
    /// WebDAV, `DAV:` (RFC 4918).
    pub const DAV: Self = Self(Cow::Borrowed("DAV:"));
    /// CalDAV (RFC 4791).
    pub const CALDAV: Self = Self(Cow::Borrowed("urn:ietf:params:xml:ns:caldav"));
    /// Apple's calendar server extensions, for example `getctag`.
    pub const CALENDARSERVER: Self = Self(Cow::Borrowed("http://calendarserver.org/ns/"));
    /// Apple's iCal client, for example `calendar-color`.
    pub const APPLE: Self = Self(Cow::Borrowed("http://apple.com/ns/ical/"));
    /// What is our own, for example the reason of a refusal.
    pub const CAL: Self = Self(Cow::Borrowed("https://github.com/cal-rs/cal/ns/"));
    /// The namespace of the `xml:` prefix.
    pub const XML: Self = Self(Cow::Borrowed("http://www.w3.org/XML/1998/namespace"));

    /// The namespace with this URI.
    #[must_use]
    pub fn new(uri: &str) -> Self {
        static KNOWN: [Namespace; 7] = [
            Namespace::DAV,
            Namespace::CALDAV,
            Namespace::CALENDARSERVER,
            Namespace::APPLE,
            Namespace::CAL,
            Namespace::XML,
            Namespace::NONE,
        ];
        let known = KNOWN.iter().find(|known| known.as_str() == uri);
        known
            .cloned()
            .unwrap_or_else(|| Self(Cow::Owned(uri.to_owned())))
    }

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The expanded name of an element or attribute.
///
/// Its text form is `{namespace}local`, which [`FromStr`] reads back.
///
/// ```
/// use cal_dav::name::{Name, dav};
///
/// let name: Name = "{DAV:}href".parse()?;
/// assert_eq!(name, dav::HREF);
/// assert_eq!(name.to_string(), "{DAV:}href");
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    namespace: Namespace,
    local: Cow<'static, str>,
}

impl Name {
    /// A name from its two parts.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] where `local` is not an XML name without colon.
    pub fn new(namespace: Namespace, local: &str) -> Result<Self, Error> {
        if !is_local_name(local) {
            return Err(Error::name(local));
        }
        Ok(Self {
            namespace,
            local: Cow::Owned(local.to_owned()),
        })
    }

    /// A name that is known to be one.
    pub(crate) const fn known(namespace: Namespace, local: &'static str) -> Self {
        Self {
            namespace,
            local: Cow::Borrowed(local),
        }
    }

    /// The namespace.
    #[must_use]
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// The name inside its namespace.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// Namespace URI and local name, to match on.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        (self.namespace.as_str(), &self.local)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace == Namespace::NONE {
            return formatter.write_str(&self.local);
        }
        write!(formatter, "{{{}}}{}", self.namespace, self.local)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Name {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text
            .strip_prefix('{')
            .and_then(|rest| rest.rsplit_once('}'))
        {
            Some((uri, local)) => Self::new(Namespace::new(uri), local),
            None => Self::new(Namespace::NONE, text),
        }
    }
}

/// Whether `text` is an `NCName`, so that it may be printed into markup.
pub(crate) fn is_local_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name)
}

fn starts_name(char: char) -> bool {
    matches!(char,
        'A'..='Z' | 'a'..='z' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(char: char) -> bool {
    starts_name(char)
        || matches!(char,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Declares the statics of one namespace.
macro_rules! names {
    ($namespace:ident: $($constant:ident = $local:literal,)*) => {
        $(
            #[doc = concat!("`", $local, "`")]
            pub static $constant: crate::name::Name =
                crate::name::Name::known(crate::name::Namespace::$namespace, $local);
        )*
    };
}
pub(crate) use names;
