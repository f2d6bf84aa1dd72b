//! Finding resources by the segments of a path.

use crate::{Backend, Collection, CollectionKey, Error, ObjectName, PrincipalName};

/// What a path below the home of a principal leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A collection.
    Collection(Box<Collection>),
    /// A name in a collection that is no collection: an object, or nothing
    /// yet. Which of the two is left to the read or write that follows.
    Member {
        /// The collection.
        parent: Box<Collection>,
        /// The name.
        name: ObjectName,
    },
    /// Nothing: a collection on the way is missing.
    Missing,
}

/// Walks down a path collection by collection.
pub(crate) async fn walk<B: Backend + ?Sized>(
    backend: &B,
    owner: &PrincipalName,
    path: &[ObjectName],
) -> Result<Location, Error> {
    let Some(principal) = backend.principal(owner.into()).await? else {
        return Ok(Location::Missing);
    };
    let home = CollectionKey::Home(principal.id);
    let Some(mut here) = backend.collection(home).await? else {
        return Ok(Location::Missing);
    };
    for (depth, name) in path.iter().enumerate() {
        let child = CollectionKey::Child(here.id, name.into());
        match backend.collection(child).await? {
            Some(collection) => here = collection,
            None if depth + 1 == path.len() => {
                return Ok(Location::Member {
                    parent: Box::new(here),
                    name: name.clone(),
                });
            }
            None => return Ok(Location::Missing),
        }
    }
    Ok(Location::Collection(Box::new(here)))
}
