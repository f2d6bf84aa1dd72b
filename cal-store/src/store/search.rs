//! Finding objects by words and categories, in a calendar and in all of a principal.

use super::Store;
use crate::{
    CategoryCount, Collection, CollectionId, CollectionKind, Cursor, Error, Object, Page,
    PageRequest, PrincipalId, SearchQuery,
};

/// An object of a principal, with the calendar it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The calendar.
    pub collection: CollectionId,
    /// The object.
    pub object: Object,
}

impl Store {
    /// The objects of a calendar that a question is about, by name. What asks
    /// for neither words nor a category finds nothing.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a collection; [`Error::InvalidCursor`].
    pub async fn search(
        &self,
        query: SearchQuery,
        page: PageRequest,
    ) -> Result<Page<Object>, Error> {
        let page = self.bounded(page);
        if query.words.is_empty() && query.category.is_none() {
            let known = self.collection(query.collection).await?;
            known.ok_or(Error::NotFound)?;
            return Ok(Page::cut(Vec::new(), page.limit, |_| Cursor::new("")));
        }
        self.backend().search(query, page).await
    }

    /// The objects in all calendars of a principal that a question is about,
    /// calendar after calendar by id; that of the question does not matter.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a principal; [`Error::InvalidCursor`].
    pub async fn search_all(
        &self,
        owner: PrincipalId,
        query: &SearchQuery,
        page: PageRequest,
    ) -> Result<Page<Found>, Error> {
        let page = self.bounded(page);
        let after = page.after.as_ref().map(Position::parse).transpose()?;
        let (reached, mut within) = after.unzip();
        let mut found = Vec::new();
        for id in self.calendars(owner).await? {
            if reached.is_some_and(|reached| id < reached) {
                continue;
            }
            let after = within.take().filter(|_| Some(id) == reached).flatten();
            let rest = PageRequest {
                after,
                limit: page.limit.saturating_sub(found.len()),
            };
            if rest.limit == 0 {
                // A calendar begins with the next page.
                let next = Some(Position(id, None).cursor());
                return Ok(Page { items: found, next });
            }
            let objects = match self.search(query.clone().in_collection(id), rest).await {
                // It was deleted meanwhile.
                Err(Error::NotFound) => continue,
                objects => objects?,
            };
            let objects_found = objects.items.into_iter();
            found.extend(objects_found.map(|object| Found {
                collection: id,
                object,
            }));
            if let Some(next) = objects.next {
                let next = Some(Position(id, Some(next)).cursor());
                return Ok(Page { items: found, next });
            }
        }
        Ok(Page {
            items: found,
            next: None,
        })
    }

    /// The categories of a calendar in order, each with how many objects have it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a collection; [`Error::InvalidCursor`].
    pub async fn categories(
        &self,
        collection: CollectionId,
        page: PageRequest,
    ) -> Result<Page<CategoryCount>, Error> {
        let page = self.bounded(page);
        self.backend().categories(collection, page).await
    }

    /// All calendars of a principal, by id.
    pub(super) async fn calendars(&self, owner: PrincipalId) -> Result<Vec<CollectionId>, Error> {
        let mut calendars = Vec::new();
        let mut folders = vec![self.home(owner).await?.id];
        while let Some(folder) = folders.pop() {
            for child in self.all_children(folder).await? {
                match child.kind {
                    CollectionKind::Calendar(_) => calendars.push(child.id),
                    CollectionKind::Home | CollectionKind::Plain => folders.push(child.id),
                    CollectionKind::Attachments => {}
                }
            }
        }
        calendars.sort_unstable();
        Ok(calendars)
    }

    async fn all_children(&self, folder: CollectionId) -> Result<Vec<Collection>, Error> {
        let mut children = Vec::new();
        let mut page = PageRequest::first(self.inner.limits.page_items);
        loop {
            let found = match self.children(folder, page).await {
                Err(Error::NotFound) => return Ok(children),
                found => found?,
            };
            children.extend(found.items);
            match found.next {
                Some(next) => page = PageRequest::after(next, self.inner.limits.page_items),
                None => return Ok(children),
            }
        }
    }
}

/// Where a page begins: in this calendar, at this cursor of its own.
struct Position(CollectionId, Option<Cursor>);

impl Position {
    fn cursor(&self) -> Cursor {
        let within = self.1.as_ref().map_or("", Cursor::as_str);
        Cursor::new(format!("{} {within}", self.0.into_raw()))
    }

    fn parse(cursor: &Cursor) -> Result<(CollectionId, Option<Cursor>), Error> {
        let (id, within) = cursor
            .as_str()
            .split_once(' ')
            .ok_or(Error::InvalidCursor)?;
        let id = id.parse().map_err(|_| Error::InvalidCursor)?;
        let within = Some(within).filter(|within| !within.is_empty());
        Ok((CollectionId::from_raw(id), within.map(Cursor::new)))
    }
}
