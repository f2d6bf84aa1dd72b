//! The calendars that a report on a collection reaches.

use cal_dav::Href;
use cal_store::{Collection, CollectionKind, PageRequest};

use crate::exchange::Exchange;
use crate::refusal::Refusal;
use cal_dav::header::Depth;

/// Collections that are read at a time.
const PAGE: usize = 500;

/// The calendars at and below a collection, one after the other.
pub(crate) struct Calendars {
    /// In reverse.
    left: Vec<(Href, Collection)>,
}

impl Calendars {
    /// The calendars whose members a report of this depth on `collection` asks about.
    ///
    /// A calendar is asked about its members, whatever the depth: many clients leave it out or
    /// send 0. Any other collection reaches members of calendars only with depth infinity.
    pub(crate) async fn below(
        exchange: &Exchange,
        collection: Collection,
        depth: Option<Depth>,
    ) -> Result<Self, Refusal> {
        let href = exchange.collection_href(&exchange.resource);
        if matches!(collection.kind, CollectionKind::Calendar(_)) {
            return Ok(Self {
                left: vec![(href, collection)],
            });
        }
        let mut found = Vec::new();
        let mut open = match depth {
            Some(Depth::Infinity) => vec![(href, collection)],
            _ => Vec::new(),
        };
        while let Some((href, collection)) = open.pop() {
            if matches!(collection.kind, CollectionKind::Calendar(_)) {
                found.push((href, collection));
                continue;
            }
            open.extend(children(exchange, &href, &collection).await?);
        }
        found.reverse();
        Ok(Self { left: found })
    }

    pub(crate) fn next(&mut self) -> Option<(Href, Collection)> {
        self.left.pop()
    }
}

/// The collections in a collection, the last first.
pub(super) async fn children(
    exchange: &Exchange,
    href: &Href,
    collection: &Collection,
) -> Result<Vec<(Href, Collection)>, Refusal> {
    let mut found = Vec::new();
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = exchange.site.store.children(collection.id, request).await?;
        for child in page.items {
            found.push((href.member(child.name.as_str()).into_collection(), child));
        }
        match page.next {
            Some(next) => request = PageRequest::after(next, PAGE),
            None => break,
        }
    }
    found.reverse();
    Ok(found)
}
