//! Whether what is stored is what was stored: every object against its ETag,
//! which is the hash of the bytes that it was made of.

use super::Store;
use crate::{CollectionId, ETag, Error, ObjectName, PageRequest, PrincipalName};

/// Objects that are read at a time.
const PAGE: usize = 200;

/// An object that cannot be read, or is not what was stored.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Unsound {
    /// Whose it is.
    pub owner: PrincipalName,
    /// The collection that it is in.
    pub collection: CollectionId,
    /// Its name there; none if already the collection could not be read.
    pub name: Option<ObjectName>,
    /// Why it cannot be read; none if other bytes are there than were stored.
    pub error: Option<Error>,
}

impl Store {
    /// Reads every object that is not in the trash and holds its bytes against
    /// its [`ETag`]. Answers how many are sound; `found` is told of the others.
    ///
    /// Writes go on meanwhile. It is not one snapshot: what comes or goes in
    /// the middle may be read or not.
    ///
    /// # Errors
    ///
    /// Where not even users and their collections can be read.
    pub async fn check_objects(&self, mut found: impl FnMut(Unsound)) -> Result<u64, Error> {
        let mut sound = 0;
        let mut page = PageRequest::first(PAGE);
        loop {
            let principals = self.principals(page).await?;
            for principal in principals.items {
                let home = self.home(principal.id).await?;
                let mut left = vec![home.id];
                while let Some(collection) = left.pop() {
                    left.extend(self.collections_in(collection).await?);
                    let mut found = |name, error| {
                        found(Unsound {
                            owner: principal.name.clone(),
                            collection,
                            name,
                            error,
                        });
                    };
                    sound += match self.check_collection(collection, &mut found).await {
                        Ok(sound) => sound,
                        // It went away meanwhile.
                        Err(Error::NotFound) => 0,
                        Err(error) => {
                            found(None, Some(error));
                            0
                        }
                    };
                }
            }
            match principals.next {
                Some(next) => page = PageRequest::after(next, PAGE),
                None => return Ok(sound),
            }
        }
    }

    async fn collections_in(&self, parent: CollectionId) -> Result<Vec<CollectionId>, Error> {
        let mut ids = Vec::new();
        let mut page = PageRequest::first(PAGE);
        loop {
            let children = match self.children(parent, page).await {
                Err(Error::NotFound) => return Ok(ids),
                children => children?,
            };
            ids.extend(children.items.iter().map(|child| child.id));
            match children.next {
                Some(next) => page = PageRequest::after(next, PAGE),
                None => return Ok(ids),
            }
        }
    }

    async fn check_collection(
        &self,
        collection: CollectionId,
        found: &mut impl FnMut(Option<ObjectName>, Option<Error>),
    ) -> Result<u64, Error> {
        let mut sound = 0;
        let mut page = PageRequest::first(PAGE);
        loop {
            let entries = self.entries(collection, page).await?;
            for entry in entries.items {
                match self.object(collection, &entry.name).await {
                    Ok(Some(object)) if object.entry.etag == ETag::of(&object.body) => sound += 1,
                    Ok(Some(_)) => found(Some(entry.name), None),
                    // It went away meanwhile.
                    Ok(None) => {}
                    Err(error) => found(Some(entry.name), Some(error)),
                }
            }
            match entries.next {
                Some(next) => page = PageRequest::after(next, PAGE),
                None => return Ok(sound),
            }
        }
    }
}
