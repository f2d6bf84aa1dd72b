//! The index of objects besides the columns of their own rows.

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::batch::Member;
use super::flush::{Members, Rows, column};
use crate::postgres::copy::{self, MANY, Table};
use crate::postgres::pipeline::Call;
use crate::{CollectionId, Error, IndexRow, ObjectName, Words};

/// Some objects and what is indexed of each.
pub(in crate::postgres) type Indexes<'b> = [(CollectionId, &'b ObjectName, &'b IndexRow)];

/// The statements that bring the index to where the objects are.
pub(super) fn flush<'b>(workspace: i64, members: &Members<'b, '_>) -> Result<Vec<Call<'b>>, Error> {
    let replaced = members.iter().filter(|(_, member)| is_replaced(member));
    let replaced: Vec<_> = replaced.map(|(spot, _)| (spot.0, &spot.1)).collect();
    let now = members.iter().filter_map(|(spot, member)| {
        let index = member.bytes.as_ref()?.put.index.as_ref()?;
        Some((spot.0, &spot.1, index))
    });
    let mut calls = removed(workspace, &replaced);
    calls.extend(inserted(workspace, &now.collect::<Vec<_>>())?);
    Ok(calls)
}

/// Whether what was indexed under a name is not what is there now.
fn is_replaced(member: &Member<'_>) -> bool {
    member.before.is_some() && (member.bytes.is_some() || member.now.is_none())
}

/// Takes objects out of the index.
pub(in crate::postgres) fn removed<'b>(
    workspace: i64,
    spots: &[(CollectionId, &'b ObjectName)],
) -> Vec<Call<'b>> {
    const REMOVALS: [&str; 3] = [
        "DELETE FROM object_words i \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
         WHERE i.workspace_id = $1 AND i.collection_id = k.collection_id AND i.name = k.name",
        "DELETE FROM object_categories i \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
         WHERE i.workspace_id = $1 AND i.collection_id = k.collection_id AND i.name = k.name",
        "DELETE FROM reminders i \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name) \
         WHERE i.workspace_id = $1 AND i.collection_id = k.collection_id AND i.name = k.name",
    ];
    let calls = REMOVALS.iter().filter_map(|sql| {
        let rows = Rows::of_names(spots.iter().copied());
        rows.call(workspace, sql, Vec::new())
    });
    calls.collect()
}

/// Puts objects into the index that are not in it.
///
/// # Errors
///
/// [`Error::Backend`] for what cannot be brought into the form of a statement.
pub(in crate::postgres) fn inserted<'b>(
    workspace: i64,
    objects: &Indexes<'b>,
) -> Result<Vec<Call<'b>>, Error> {
    let calls = [
        words(workspace, objects)?,
        categories(workspace, objects),
        reminders(workspace, objects),
    ];
    Ok(calls.into_iter().flatten().collect())
}

fn words<'b>(workspace: i64, objects: &Indexes<'b>) -> Result<Option<Call<'b>>, Error> {
    const SQL: &str = "INSERT INTO object_words (workspace_id, collection_id, name, words) \
         SELECT $1, k.collection_id, k.name, array_to_tsvector(string_to_array(k.words, ' ')) \
         FROM unnest($2::bigint[], $3::text[], $4::text[]) AS k (collection_id, name, words)";
    let rows = objects.iter().filter(|(.., index)| !index.words.is_empty());
    let rows: Vec<_> = rows.copied().collect();
    if rows.len() >= MANY {
        return copied_words(workspace, &rows).map(Some);
    }
    let more = vec![column(&rows, |(collection, _, index)| {
        scoped(*collection, &index.words)
    })];
    let rows = Rows::of_names(rows.iter().map(|(id, name, _)| (*id, *name)));
    Ok(rows.call(workspace, SQL, more))
}

fn copied_words<'b>(workspace: i64, objects: &Indexes<'_>) -> Result<Call<'b>, Error> {
    const TABLE: Table = Table {
        sql: "COPY object_words (workspace_id, collection_id, name, words) \
             FROM STDIN (FORMAT binary)",
        types: &[Type::INT8, Type::INT8, Type::TEXT, Type::TS_VECTOR],
    };
    let mut rows = copy::Rows::of(&TABLE);
    for (collection, name, index) in objects {
        let lexemes = Lexemes::of(*collection, &index.words);
        let values: [&(dyn ToSql + Sync); 4] =
            [&workspace, &collection.into_raw(), &name.as_str(), &lexemes];
        rows.push(&values)?;
    }
    Ok(Call::copy(&TABLE, rows))
}

fn categories<'b>(workspace: i64, objects: &Indexes<'b>) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO object_categories \
         (workspace_id, collection_id, category, name) \
         SELECT $1, k.collection_id, k.category, k.name \
         FROM unnest($2::bigint[], $3::text[], $4::text[]) AS k (collection_id, name, category)";
    let rows = objects.iter().flat_map(|(id, name, index)| {
        let categories = index.categories.iter();
        categories.map(|category| (*id, *name, category.as_str()))
    });
    let rows: Vec<_> = rows.collect();
    let more = vec![column(&rows, |(.., category)| *category)];
    Rows::of_names(rows.iter().map(|(id, name, _)| (*id, *name))).call(workspace, SQL, more)
}

fn reminders<'b>(workspace: i64, objects: &Indexes<'b>) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO reminders (workspace_id, collection_id, name, kind, at) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::text[], $4::smallint[], $5::bigint[]) AS k";
    let rows = objects.iter().flat_map(|(id, name, index)| {
        let marks = index.reminders.iter();
        marks.map(|mark| (*id, *name, *mark))
    });
    let rows: Vec<_> = rows.collect();
    let more = vec![
        column(&rows, |(.., mark)| i16::from(mark.kind.number())),
        column(&rows, |(.., mark)| mark.at.millis()),
    ];
    Rows::of_names(rows.iter().map(|(id, name, _)| (*id, *name))).call(workspace, SQL, more)
}

/// Words in the binary form of a `tsvector`: how many there are, and each with
/// a zero and the number of its places in the text, of which none is kept.
#[derive(Debug)]
struct Lexemes(BytesMut);

impl Lexemes {
    /// Each word once, with its collection before it.
    fn of(collection: CollectionId, words: &Words) -> Self {
        let mut each: Vec<&str> = words.iter().collect();
        each.sort_unstable();
        each.dedup();
        let mut form = BytesMut::with_capacity(each.len() * 32);
        // No object has so many words that this would be cut short.
        form.put_i32(i32::try_from(each.len()).unwrap_or(i32::MAX));
        let collection = collection.to_string();
        for word in each {
            form.put_slice(collection.as_bytes());
            form.put_slice(word.as_bytes());
            form.put_u8(0);
            form.put_u16(0);
        }
        Self(form)
    }
}

impl ToSql for Lexemes {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        out.put_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::TS_VECTOR
    }

    to_sql_checked!();
}

/// Each word with its collection before it, separated by spaces.
fn scoped(collection: CollectionId, words: &Words) -> String {
    let words = words.iter().map(|word| format!("{collection}{word}"));
    words.collect::<Vec<_>>().join(" ")
}

/// A question of the index for those that have words beginning with each of these.
pub(in crate::postgres) fn question(collection: CollectionId, words: &Words) -> String {
    let words = words.iter().map(|word| format!("'{collection}{word}':*"));
    words.collect::<Vec<_>>().join(" & ")
}
