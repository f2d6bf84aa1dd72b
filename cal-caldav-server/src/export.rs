//! A whole calendar as one stream of iCalendar text.

use std::collections::HashSet;

use bytes::{BufMut, Bytes, BytesMut};
use cal_core::{Calendar, Component, ComponentKind};
use cal_store::{Collection, CollectionId, Cursor, Object, PageRequest, Span, SpanQuery, Store};
use futures::stream;

use crate::body::{Body, Interrupted};

/// Objects that are read at a time.
const PAGE: usize = 200;

/// The components of all objects of a calendar, each time zone once, before it is first used.
pub(crate) fn body(store: Store, calendar: Collection) -> Body {
    let start = Export { store, id: calendar.id, zones: HashSet::new(), stage: Stage::Head(calendar) };
    Body::stream(stream::try_unfold(start, |mut export| async move {
        let chunk = export.next().await.map_err(Interrupted::new)?;
        Ok(chunk.map(|chunk| (chunk, export)))
    }))
}

struct Export {
    store: Store,
    id: CollectionId,
    /// The time zones that are written already.
    zones: HashSet<Bytes>,
    stage: Stage,
}

enum Stage {
    Head(Collection),
    Objects(Option<Cursor>),
    End,
}

impl Export {
    async fn next(&mut self) -> Result<Option<Bytes>, cal_store::Error> {
        match std::mem::replace(&mut self.stage, Stage::End) {
            Stage::Head(calendar) => {
                self.stage = Stage::Objects(None);
                Ok(Some(head(&calendar)))
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
            self.write(object, &mut out);
        }
        match page.next {
            Some(next) => self.stage = Stage::Objects(Some(next)),
            None => out.put_slice(b"END:VCALENDAR\r\n"),
        }
        Ok(out.freeze())
    }

    fn write(&mut self, object: &Object, out: &mut BytesMut) {
        let calendar = Calendar::read(&object.body).calendar;
        for component in calendar.components() {
            let text = component.to_bytes();
            if component.kind() == ComponentKind::TimeZone && !self.zones.insert(text.clone()) {
                continue;
            }
            put_component(&component, &text, out);
        }
    }
}

/// A component that the text breaks off in gets no end here; what follows must not be in it.
fn put_component(component: &Component<'_>, text: &[u8], out: &mut BytesMut) {
    if component.is_cut() {
        return;
    }
    out.put_slice(text);
    if !text.ends_with(b"\n") {
        out.put_slice(b"\r\n");
    }
}

fn head(calendar: &Collection) -> Bytes {
    let mut head = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Cal//CalDAV server//EN\r\n");
    if let Some(name) = &calendar.details.display_name {
        let name = name.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        head.push_str(&format!("X-WR-CALNAME:{name}\r\n"));
    }
    Bytes::from(head)
}
