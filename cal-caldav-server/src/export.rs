//! A whole calendar as one stream of iCalendar text.

use bytes::{BufMut, Bytes, BytesMut};
use cal_core::{Calendar, NewProperty};
use cal_store::{Collection, CollectionId, Cursor, PageRequest, Span, SpanQuery, Store};
use futures::stream;

use crate::body::{Body, Interrupted};
use crate::definitions::Definitions;

/// Objects that are read at a time.
const PAGE: usize = 200;

const PRODUCT: &str = "-//cal-rs//cal-caldav-server//EN";

/// The components of all objects of a calendar, each time zone once, before it is first used.
pub(crate) fn body(store: Store, calendar: Collection, definitions: Definitions) -> Body {
    let text = match definitions {
        Definitions::NotStandard => cal_core::Export::new().without_iana_definitions(),
        Definitions::Stored | Definitions::All => cal_core::Export::new(),
    };
    let start = Export {
        store,
        id: calendar.id,
        text,
        stage: Stage::Head(Box::new(calendar)),
    };
    Body::stream(stream::try_unfold(start, |mut export| async move {
        let chunk = export.next().await.map_err(Interrupted::new)?;
        Ok(chunk.map(|chunk| (chunk, export)))
    }))
}

struct Export {
    store: Store,
    id: CollectionId,
    text: cal_core::Export,
    stage: Stage,
}

enum Stage {
    Head(Box<Collection>),
    Objects(Option<Cursor>),
    End,
}

impl Export {
    async fn next(&mut self) -> Result<Option<Bytes>, cal_store::Error> {
        match std::mem::replace(&mut self.stage, Stage::End) {
            Stage::Head(calendar) => {
                self.stage = Stage::Objects(None);
                let name = calendar.details.display_name.as_deref();
                let name = name
                    .and_then(|name| Some(NewProperty::new("X-WR-CALNAME").ok()?.with_text(name)));
                Ok(Some(self.text.begin(PRODUCT, name.as_slice())))
            }
            Stage::Objects(cursor) => self.objects(cursor).await.map(Some),
            Stage::End => Ok(None),
        }
    }

    async fn objects(&mut self, cursor: Option<Cursor>) -> Result<Bytes, cal_store::Error> {
        let request = match cursor {
            Some(cursor) => PageRequest::after(cursor, PAGE),
            None => PageRequest::first(PAGE),
        };
        let query = SpanQuery::new(self.id, Span::ALWAYS);
        let page = self.store.overlapping(query, request).await?;
        let mut out = BytesMut::new();
        for object in &page.items {
            out.put(self.text.add(&Calendar::read(&object.body).calendar));
        }
        match page.next {
            Some(next) => self.stage = Stage::Objects(Some(next)),
            None => out.put(self.text.end()),
        }
        Ok(out.freeze())
    }
}
