//! Collections: homes, calendars, and plain folders for any file.

use crate::{
    CollectionId, CollectionName, Components, Error, IndexRow, PrincipalId, Properties,
    PropertyChanges, SyncToken, Timestamp,
};

/// A collection and what is known about it, without its members.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collection {
    /// The identity that never changes.
    pub id: CollectionId,
    /// Where it is; `None` for the home of a principal.
    pub parent: Option<CollectionId>,
    /// Whose it is.
    pub owner: PrincipalId,
    /// Its name in its parent. A home has its owner's id as name.
    pub name: CollectionName,
    /// What it holds.
    pub kind: CollectionKind,
    /// What people see of it.
    pub details: Details,
    /// All other properties.
    pub properties: Properties,
    /// When it was made.
    pub created: Timestamp,
    /// When a member or a property last changed.
    pub modified: Timestamp,
    /// Where its change log stands; also its `ctag`.
    pub token: SyncToken,
}

impl Collection {
    /// A collection of this place and kind, with nothing else known yet: for
    /// backends, which fill in the rest.
    #[must_use]
    pub fn new(
        token: SyncToken,
        owner: PrincipalId,
        name: CollectionName,
        kind: CollectionKind,
    ) -> Self {
        Self {
            id: token.collection(),
            parent: None,
            owner,
            name,
            kind,
            details: Details::default(),
            properties: Properties::new(),
            created: Timestamp::from_millis(0),
            modified: Timestamp::from_millis(0),
            token,
        }
    }
}

/// What a collection holds; fixed when it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum CollectionKind {
    /// The root of what a principal owns: any collections, any files.
    Home,
    /// A folder: any collections, any files.
    Plain,
    /// Calendar objects of these kinds, each with a UID of its own (RFC 4791 4.2).
    Calendar(Components),
    /// The managed attachments of what a principal has in calendars (RFC 8607):
    /// any files, no collections. See [`Store::attachments`](crate::Store::attachments).
    Attachments,
}

impl CollectionKind {
    /// Whether it may hold other collections: a calendar may not (RFC 4791 4.2),
    /// and there is nothing but files among attachments.
    #[must_use]
    pub const fn holds_collections(self) -> bool {
        matches!(self, Self::Home | Self::Plain)
    }

    /// Whether a member may have this name: the check that every backend makes
    /// of what is new.
    ///
    /// `inbox` and `outbox` in a home are for scheduling (RFC 6638 2.1, 2.2).
    ///
    /// # Errors
    ///
    /// [`Error::ReservedName`].
    pub fn admits(self, name: &str) -> Result<(), Error> {
        const RESERVED: [&str; 2] = ["inbox", "outbox"];
        match RESERVED.into_iter().find(|reserved| *reserved == name) {
            Some(name) if self == Self::Home => Err(Error::ReservedName { name }),
            _ => Ok(()),
        }
    }

    /// Whether an object with this index row may be in it: the check that every backend makes.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedComponent`] from a calendar that does not take the kind.
    pub fn accepts(self, index: Option<&IndexRow>) -> Result<(), Error> {
        let Self::Calendar(supported) = self else {
            return Ok(());
        };
        match index {
            Some(row) if supported.contains(row.component) => Ok(()),
            Some(row) => Err(Error::UnsupportedComponent {
                component: Some(row.component),
                supported,
            }),
            None => Err(Error::UnsupportedComponent {
                component: None,
                supported,
            }),
        }
    }
}

/// What people see of a collection, in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Details {
    /// How people call it.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its color as the client wrote it, commonly `#RRGGBB` or `#RRGGBBAA`.
    pub color: Option<String>,
    /// Its place among its siblings.
    pub order: Option<i64>,
    /// Its time zone as the client gave it: an iCalendar object with a `VTIMEZONE`.
    pub time_zone: Option<String>,
    /// Whether its events leave their owner free or busy (RFC 6638 9.1).
    pub transparency: Transparency,
}

/// Whether the events of a calendar take their owner's time (RFC 6638 9.1).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
pub enum Transparency {
    /// They do, as each says.
    #[default]
    Opaque,
    /// They do not.
    Transparent,
}

/// How to find one collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollectionKey {
    /// By its identity.
    Id(CollectionId),
    /// The home of this principal.
    Home(PrincipalId),
    /// By its name in its parent.
    Child(CollectionId, CollectionName),
}

impl From<CollectionId> for CollectionKey {
    fn from(id: CollectionId) -> Self {
        Self::Id(id)
    }
}

/// A collection to be made inside another.
///
/// ```
/// # use cal_store::{CollectionId, CollectionName, ComponentKind, NewCollection};
/// # fn example(home: CollectionId) -> Result<NewCollection, cal_store::Error> {
/// let work = NewCollection::calendar(home, CollectionName::new("work")?, [ComponentKind::Event])
///     .with_display_name("Work");
/// # Ok(work) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NewCollection {
    /// The identity it will have.
    pub id: CollectionId,
    /// Where it will be.
    pub parent: CollectionId,
    /// Its name there.
    pub name: CollectionName,
    /// What it will hold.
    pub kind: CollectionKind,
    /// What people see of it.
    pub details: Details,
    /// All other properties.
    pub properties: Properties,
}

impl NewCollection {
    /// A calendar for components of these kinds.
    #[must_use]
    pub fn calendar(
        parent: CollectionId,
        name: CollectionName,
        components: impl Into<Components>,
    ) -> Self {
        Self::of_kind(parent, name, CollectionKind::Calendar(components.into()))
    }

    /// A folder for any files and collections.
    #[must_use]
    pub fn plain(parent: CollectionId, name: CollectionName) -> Self {
        Self::of_kind(parent, name, CollectionKind::Plain)
    }

    /// A collection of this kind.
    #[must_use]
    pub fn of_kind(parent: CollectionId, name: CollectionName, kind: CollectionKind) -> Self {
        Self {
            id: CollectionId::random(),
            parent,
            name,
            kind,
            details: Details::default(),
            properties: Properties::new(),
        }
    }

    /// Called so by people.
    #[must_use]
    pub fn with_display_name(mut self, name: impl Into<String>) -> Self {
        self.details.display_name = Some(name.into());
        self
    }

    /// With these details.
    #[must_use]
    pub fn with_details(mut self, details: Details) -> Self {
        self.details = details;
        self
    }

    /// With these other properties.
    #[must_use]
    pub fn with_properties(mut self, properties: Properties) -> Self {
        self.properties = properties;
        self
    }
}

/// Changes to a collection, all or none; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct CollectionChanges {
    /// Another [display name](Details::display_name), or none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::form::some"
    )]
    pub display_name: Option<Option<String>>,
    /// Another [description](Details::description), or none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::form::some"
    )]
    pub description: Option<Option<String>>,
    /// Another [color](Details::color), or none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::form::some"
    )]
    pub color: Option<Option<String>>,
    /// Another [place](Details::order), or none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::form::some"
    )]
    pub order: Option<Option<i64>>,
    /// Another [time zone](Details::time_zone), or none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::form::some"
    )]
    pub time_zone: Option<Option<String>>,
    /// Another [transparency](Details::transparency).
    pub transparency: Option<Transparency>,
    /// Changes to all other properties.
    pub properties: PropertyChanges,
}

impl CollectionChanges {
    /// Makes the changes to `details`; the other properties are changed
    /// by [`PropertyChanges::apply`].
    pub fn apply(&self, details: &mut Details) {
        fn replace<T: Clone>(to: &mut T, from: Option<&T>) {
            if let Some(value) = from {
                *to = value.clone();
            }
        }
        replace(&mut details.display_name, self.display_name.as_ref());
        replace(&mut details.description, self.description.as_ref());
        replace(&mut details.color, self.color.as_ref());
        replace(&mut details.order, self.order.as_ref());
        replace(&mut details.time_zone, self.time_zone.as_ref());
        replace(&mut details.transparency, self.transparency.as_ref());
    }
}
