//! The serialised form of values: what a journal keeps of them, and what a
//! [record](crate::Record) says in a canonical listing.
//!
//! Names and tags are text; what was stored once is not judged again.

use bytes::Bytes;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    AuditAction, AuditChain, AuditHash, Category, CollectionId, CollectionName, ComponentKind,
    Components, ContentType, ETag, EmailAddress, Envelope, HoldToken, JobId, JobKey, JobKind,
    ObjectName, PrincipalId, PrincipalKind, PrincipalName, PropertyName, ScheduleTag, SourceId,
    TokenHash, TokenId, Uid, Via, Words,
};

/// What `as_str` or `Display` writes and `FromStr` reads back.
macro_rules! textual {
    ($($name:ty),+ $(,)?) => {
        $(
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(D::Error::custom)
                }
            }
        )+
    };
}

textual! {
    AuditAction, AuditChain, AuditHash, CollectionId, ComponentKind, Components, ETag,
    HoldToken, JobId, PrincipalId, ScheduleTag, TokenId, Via,
}

/// What `as_str` writes and a function takes back.
macro_rules! stored {
    ($($name:ty => $from:expr),+ $(,)?) => {
        $(
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    let from: fn(&str) -> Option<$name> = $from;
                    from(&text).ok_or_else(|| D::Error::custom("no such word"))
                }
            }
        )+
    };
}

stored! {
    Category => |text| Some(Category::from_stored(text)),
    CollectionName => |text| Some(CollectionName::from_stored(text)),
    ContentType => |text| Some(ContentType::new(text)),
    EmailAddress => |text| Some(EmailAddress::from_stored(text.to_owned())),
    Envelope => |text| Some(Envelope::from_stored(text)),
    JobKey => |text| Some(JobKey::from_stored(text)),
    JobKind => |text| Some(JobKind::from_stored(text)),
    ObjectName => |text| Some(ObjectName::from_stored(text)),
    PrincipalKind => |text| text.parse().ok(),
    PrincipalName => |text| Some(PrincipalName::from_stored(text)),
    SourceId => |text| Some(SourceId::from_stored(text)),
    Uid => |text| Some(Uid::from_stored(text)),
    Words => |text| Some(Words::from_stored(text)),
}

/// The length of the namespace in bytes, a colon, the namespace and the local
/// name: one text, so that it can be a key, and no two names have the same.
impl Serialize for PropertyName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (namespace, local) = (self.namespace(), self.local());
        serializer.collect_str(&format_args!("{}:{namespace}{local}", namespace.len()))
    }
}

impl<'de> Deserialize<'de> for PropertyName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split_once(':').and_then(|(length, rest)| {
            let (namespace, local) = rest.split_at_checked(length.parse().ok()?)?;
            Some((namespace.to_owned(), local.to_owned()))
        });
        let (namespace, local) = parts.ok_or_else(|| D::Error::custom("no property name"))?;
        Ok(Self::from_stored(namespace, local))
    }
}

impl Serialize for TokenHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Base64(self.as_bytes().to_vec()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TokenHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Base64::deserialize(deserializer).map(|bytes| Self::new(bytes.0))
    }
}

/// Bytes in a text.
struct Base64(Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine as _;
        serializer.serialize_str(&base64::engine::general_purpose::STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::Engine as _;
        let text = String::deserialize(deserializer)?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(text);
        bytes.map(Self).map_err(D::Error::custom)
    }
}

/// The inside of an option of an option: a null is a value that is none, and
/// only what is missing is no value.
pub(crate) fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Bytes of an object: as text where they are text, which nearly all are, so
/// that people can read a journal.
pub(crate) mod body {
    use super::{Base64, Bytes, Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Bytes { base64: Base64 },
    }

    pub(crate) fn serialize<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(body) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let base64 = Base64(body.to_vec());
                Form::Bytes { base64 }.serialize(serializer)
            }
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Bytes, D::Error> {
        Form::deserialize(deserializer).map(|form| match form {
            Form::Text(text) => text.into(),
            Form::Bytes { base64 } => base64.0.into(),
        })
    }
}
