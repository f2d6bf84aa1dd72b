//! Finding the objects that overlap a window, class by class of length.

use super::Reader;
use crate::postgres::row::{entry_columns, heavy_rows, object, one_more};
use crate::{Cursor, Error, LengthClass, Object, Page, PageRequest, SpanQuery};

/// Where a page begins: after this object in the order of the index.
struct Position {
    class: u8,
    start: i64,
    name: String,
}

/// Where to look in one class, in the columns of the question.
#[derive(Default)]
struct Reach {
    classes: Vec<i16>,
    /// Spans begin at this or later.
    earliest: Vec<i64>,
    /// And after this start and name in the order of the index.
    starts: Vec<i64>,
    names: Vec<String>,
}

impl Reader {
    pub(in crate::postgres) async fn overlapping(
        &self,
        query: &SpanQuery,
        page: &PageRequest,
    ) -> Result<Page<Object>, Error> {
        // A row without an object says that the collection is there.
        const OVERLAPPING: &str = concat!(
            "SELECT o.* FROM collections c LEFT JOIN LATERAL (",
            heavy_rows!(
                "t.span_class, t.span_start, t.name",
                "SELECT o.* FROM unnest($3::smallint[], $4::bigint[], $5::bigint[], $6::text[]) \
                 AS k (class, earliest, start, name) CROSS JOIN LATERAL (SELECT ",
                entry_columns!(),
                ", o.body, o.span_class, o.span_start FROM objects o \
                 WHERE o.workspace_id = $1 AND o.collection_id = $2 AND o.span_class = k.class \
                 AND o.span_start >= k.earliest AND o.span_start < $7 \
                 AND (o.span_start, o.name) > (k.start, k.name) AND o.span_end >= $8 \
                 AND ($9::text IS NULL OR o.component = $9) \
                 ORDER BY o.span_start, o.name LIMIT $10) o \
                 ORDER BY o.span_class, o.span_start, o.name LIMIT $10"
            ),
            ") o ON true \
             WHERE c.workspace_id = $1 AND c.collection_id = $2 AND c.trashed_at IS NULL \
             ORDER BY o.span_class, o.span_start, o.name"
        );
        let after = page.after.as_ref().map(Position::parse).transpose()?;
        let reach = Reach::of(query, after.as_ref());
        let window = &query.window;
        let rows = self
            .rows(
                OVERLAPPING,
                &[
                    &self.workspace,
                    &query.collection.into_raw(),
                    &reach.classes,
                    &reach.earliest,
                    &reach.starts,
                    &reach.names,
                    &window.end_millis(),
                    &window.first_millis(),
                    &query.component.map(crate::ComponentKind::as_str),
                    &one_more(page.limit),
                ],
            )
            .await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Some(class) = row.try_get::<_, Option<i16>>(10)? {
                let object = object(row, 0)?;
                let position = Position {
                    class: u8::try_from(class).unwrap_or(u8::MAX),
                    start: row.try_get(11)?,
                    name: object.entry.name.as_str().to_owned(),
                };
                found.push((position, object));
            }
        }
        let size = |(_, object): &(Position, Object)| object.entry.size;
        let page = Page::cut_by_bytes(found, page.limit, size, |(position, _)| position.cursor());
        Ok(Page {
            items: page.items.into_iter().map(|(_, object)| object).collect(),
            next: page.next,
        })
    }
}

impl Reach {
    fn of(query: &SpanQuery, after: Option<&Position>) -> Self {
        let mut reach = Self::default();
        for class in LengthClass::all() {
            let earliest = class.earliest_start(&query.window);
            let (start, name) = match after {
                Some(position) if position.class > class.number() => continue,
                Some(position) if position.class == class.number() => {
                    (position.start, position.name.clone())
                }
                Some(_) | None => (earliest, String::new()),
            };
            reach.classes.push(i16::from(class.number()));
            reach.earliest.push(earliest.max(start));
            reach.starts.push(start);
            reach.names.push(name);
        }
        reach
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
        let position = Self {
            class: next()?.parse().map_err(|_| Error::InvalidCursor)?,
            start: next()?.parse().map_err(|_| Error::InvalidCursor)?,
            name: next()?.to_owned(),
        };
        match position.name.contains('\0') {
            true => Err(Error::InvalidCursor),
            false => Ok(position),
        }
    }
}
