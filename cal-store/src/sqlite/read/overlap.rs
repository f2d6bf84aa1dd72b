//! Finding the objects that overlap a window, class by class of length.

use rusqlite::{Row, params};

use super::objects::object;
use crate::sqlite::readers::Reader;
use crate::sqlite::row::{ENTRY, one_more};
use crate::{Cursor, Error, LengthClass, Object, Page, PageRequest, SpanQuery, Weight};

/// Where a page begins: after this object in the order of the index.
struct Position {
    class: u8,
    start: i64,
    name: String,
}

/// An object with its place in the order of the index.
type Found = (Position, Object);

/// The bytes of an object.
const fn size((_, object): &Found) -> u64 {
    object.entry.size
}

impl Reader<'_> {
    pub(in crate::sqlite) fn overlapping(
        &self,
        query: &SpanQuery,
        page: &PageRequest,
    ) -> Result<Page<Object>, Error> {
        self.check_collection(query.collection)?;
        let after = page.after.as_ref().map(Position::parse).transpose()?;
        let mut found = Vec::new();
        for class in LengthClass::all() {
            let from = match &after {
                Some(position) if position.class > class.number() => continue,
                Some(position) if position.class == class.number() => Some(position),
                Some(_) | None => None,
            };
            let left = page.limit.saturating_sub(found.len());
            found.extend(self.overlapping_of(class, query, from, one_more(left))?);
            let mut weight = Weight::default();
            let fit = found.iter().all(|found| weight.add(size(found)));
            if found.len() > page.limit || !fit {
                break;
            }
        }
        let page = Page::cut_by_bytes(found, page.limit, size, |(position, _)| position.cursor());
        Ok(Page {
            items: page.items.into_iter().map(|(_, object)| object).collect(),
            next: page.next,
        })
    }

    fn overlapping_of(
        &self,
        class: LengthClass,
        query: &SpanQuery,
        from: Option<&Position>,
        limit: i64,
    ) -> Result<Vec<Found>, Error> {
        let window = &query.window;
        let sql = format!(
            "SELECT {ENTRY}, b.body, o.span_start FROM objects o JOIN bodies b USING (body_id) \
             WHERE o.collection_id = ?1 AND o.span_class = ?2 \
             AND o.span_start >= ?3 AND o.span_start < ?4 \
             AND (o.span_start, o.name) > (?7, ?8) \
             AND o.span_end >= ?5 \
             AND (?6 IS NULL OR o.component = ?6) \
             ORDER BY o.span_start, o.name LIMIT ?9"
        );
        let earliest = class.earliest_start(window);
        let position = from.map_or((earliest, ""), |at| (at.start, &at.name));
        let params = params![
            query.collection.into_raw(),
            class.number(),
            earliest.max(position.0),
            window.end_millis(),
            window.first_millis(),
            query.component.map(crate::ComponentKind::as_str),
            position.0,
            position.1,
            limit,
        ];
        let found = |row: &Row<'_>| {
            let object = object(row)?;
            let position = Position {
                class: class.number(),
                start: row.get(10)?,
                name: object.entry.name.as_str().to_owned(),
            };
            Ok((position, object))
        };
        self.heavy_rows(&sql, params, found, size)
    }
}

impl Position {
    fn cursor(&self) -> Cursor {
        let Self { class, start, name } = self;
        Cursor::new(format!("{class} {start} {name}"))
    }

    fn parse(cursor: &Cursor) -> Result<Self, Error> {
        let mut parts = cursor.as_str().splitn(3, ' ');
        let mut next = || parts.next().ok_or(Error::InvalidCursor);
        Ok(Self {
            class: next()?.parse().map_err(|_| Error::InvalidCursor)?,
            start: next()?.parse().map_err(|_| Error::InvalidCursor)?,
            name: next()?.to_owned(),
        })
    }
}
