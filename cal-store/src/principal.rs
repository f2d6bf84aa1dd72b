//! Principals: the users, groups, rooms and resources that own collections.

use std::fmt;
use std::str::FromStr;

use crate::name::{Fault, invalid};
use crate::{Error, PrincipalId, PrincipalName, Timestamp};

/// A user, group, room or resource.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Principal {
    /// The identity that never changes.
    pub id: PrincipalId,
    /// The name to sign in with and to use in URLs.
    pub name: PrincipalName,
    /// What it stands for.
    pub kind: PrincipalKind,
    /// What it may do beyond its own data.
    pub role: Role,
    /// How people call it.
    pub display_name: Option<String>,
    /// Its e-mail addresses, the preferred one first.
    pub emails: Vec<EmailAddress>,
    /// When it was made.
    pub created: Timestamp,
    /// Grows whenever a password or token is set or revoked, by any process:
    /// what was verified under another generation must be verified again.
    pub credential_generation: u64,
}

impl Principal {
    /// A principal of this identity and name, with nothing else known yet: for
    /// backends, which fill in the rest.
    #[must_use]
    pub fn new(id: PrincipalId, name: PrincipalName) -> Self {
        Self {
            id,
            name,
            kind: PrincipalKind::default(),
            role: Role::default(),
            display_name: None,
            emails: Vec::new(),
            created: Timestamp::from_millis(0),
            credential_generation: 0,
        }
    }
}

/// What a principal stands for (`CUTYPE`, RFC 5545 3.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum PrincipalKind {
    /// A person.
    #[default]
    Individual,
    /// A group of principals.
    Group,
    /// A room, which cannot hold two meetings at once.
    Room,
    /// Another thing that is reserved like a room.
    Resource,
}

impl PrincipalKind {
    const ALL: [Self; 4] = [Self::Individual, Self::Group, Self::Room, Self::Resource];

    /// Whether it is reserved, and so cannot be in two places at once.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        matches!(self, Self::Room | Self::Resource)
    }

    /// A short word for it, which [`FromStr`] reads back.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Group => "group",
            Self::Room => "room",
            Self::Resource => "resource",
        }
    }
}

impl FromStr for PrincipalKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| invalid("principal kind", Fault::Malformed))
    }
}

/// What a principal may do beyond its own data.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
pub enum Role {
    /// Nothing.
    #[default]
    Member,
    /// Administer the whole store.
    Admin,
}

/// An e-mail address, by which schedulers find a principal.
///
/// Two addresses that differ only in ASCII case are the same, and no two
/// principals have the same.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Takes `local@domain`, with or without `mailto:` before it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidName`] if there is no such form.
    pub fn new(text: &str) -> Result<Self, Error> {
        const NOUN: &str = "e-mail address";
        let bare = match text.split_once(':') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => rest,
            _ => text,
        };
        if bare.len() > 320 {
            return Err(invalid(NOUN, Fault::TooLong(320)));
        }
        if let Some(bad) = bare.chars().find(|c| c.is_control() || c.is_whitespace()) {
            return Err(invalid(NOUN, Fault::Character(bad)));
        }
        match bare.rsplit_once('@') {
            Some((local, domain)) if !local.is_empty() && !domain.is_empty() => {
                Ok(Self(bare.to_owned()))
            }
            _ => Err(invalid(NOUN, Fault::Malformed)),
        }
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two spellings of one address are equal.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// An address that was checked when it was stored.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }
}

impl FromStr for EmailAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// How to find one principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalKey {
    /// By its identity.
    Id(PrincipalId),
    /// By its name, byte for byte.
    Name(PrincipalName),
    /// By one of its e-mail addresses, in any ASCII case.
    Email(EmailAddress),
}

impl From<PrincipalId> for PrincipalKey {
    fn from(id: PrincipalId) -> Self {
        Self::Id(id)
    }
}

impl From<&PrincipalName> for PrincipalKey {
    fn from(name: &PrincipalName) -> Self {
        Self::Name(name.clone())
    }
}

impl From<&EmailAddress> for PrincipalKey {
    fn from(email: &EmailAddress) -> Self {
        Self::Email(email.clone())
    }
}

/// A principal to be made.
///
/// ```
/// use cal_store::{EmailAddress, NewPrincipal, PrincipalName};
///
/// let ada = NewPrincipal::new(PrincipalName::new("ada")?)
///     .with_display_name("Ada Lovelace")
///     .with_email(EmailAddress::new("ada@example.com")?);
/// # let _ = ada;
/// # Ok::<(), cal_store::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NewPrincipal {
    /// The identity it will have.
    pub id: PrincipalId,
    /// See [`Principal::name`].
    pub name: PrincipalName,
    /// See [`Principal::kind`].
    pub kind: PrincipalKind,
    /// See [`Principal::role`].
    pub role: Role,
    /// See [`Principal::display_name`].
    pub display_name: Option<String>,
    /// See [`Principal::emails`].
    pub emails: Vec<EmailAddress>,
}

impl NewPrincipal {
    /// A person of this name.
    #[must_use]
    pub fn new(name: PrincipalName) -> Self {
        Self {
            id: PrincipalId::random(),
            name,
            kind: PrincipalKind::default(),
            role: Role::default(),
            display_name: None,
            emails: Vec::new(),
        }
    }

    /// Standing for this.
    #[must_use]
    pub const fn with_kind(mut self, kind: PrincipalKind) -> Self {
        self.kind = kind;
        self
    }

    /// With this role.
    #[must_use]
    pub const fn with_role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Called so by people.
    #[must_use]
    pub fn with_display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// With one more address; the first is the preferred one.
    #[must_use]
    pub fn with_email(mut self, email: EmailAddress) -> Self {
        self.emails.push(email);
        self
    }
}

/// Changes to a principal; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct PrincipalChanges {
    /// A new name.
    pub name: Option<PrincipalName>,
    /// Another kind.
    pub kind: Option<PrincipalKind>,
    /// Another role.
    pub role: Option<Role>,
    /// Another display name, or none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::form::some"
    )]
    pub display_name: Option<Option<String>>,
    /// Other e-mail addresses, all of them.
    pub emails: Option<Vec<EmailAddress>>,
}
