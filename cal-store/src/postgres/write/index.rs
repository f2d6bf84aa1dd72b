//! The index of objects besides the columns of their own rows.

use super::batch::Member;
use super::flush::{Members, Rows, column};
use crate::postgres::pipeline::Call;
use crate::{CollectionId, IndexRow, ObjectName, Words};

/// Some objects and what is indexed of each.
pub(in crate::postgres) type Indexes<'b> = [(CollectionId, &'b ObjectName, &'b IndexRow)];

/// The statements that bring the index to where the objects are.
pub(super) fn flush<'b>(workspace: i64, members: &Members<'b, '_>) -> Vec<Call<'b>> {
    let replaced = members.iter().filter(|(_, member)| is_replaced(member));
    let replaced: Vec<_> = replaced.map(|(spot, _)| (spot.0, &spot.1)).collect();
    let now = members.iter().filter_map(|(spot, member)| {
        let index = member.bytes.as_ref()?.put.index.as_ref()?;
        Some((spot.0, &spot.1, index))
    });
    let mut calls = removed(workspace, &replaced);
    calls.extend(inserted(workspace, &now.collect::<Vec<_>>()));
    calls
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
pub(in crate::postgres) fn inserted<'b>(workspace: i64, objects: &Indexes<'b>) -> Vec<Call<'b>> {
    let calls = [
        words(workspace, objects),
        categories(workspace, objects),
        reminders(workspace, objects),
    ];
    calls.into_iter().flatten().collect()
}

fn words<'b>(workspace: i64, objects: &Indexes<'b>) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO object_words (workspace_id, collection_id, name, words) \
         SELECT $1, k.collection_id, k.name, array_to_tsvector(string_to_array(k.words, ' ')) \
         FROM unnest($2::bigint[], $3::text[], $4::text[]) AS k (collection_id, name, words)";
    let rows = objects.iter().filter(|(.., index)| !index.words.is_empty());
    let rows: Vec<_> = rows.collect();
    let more = vec![column(&rows, |(collection, _, index)| {
        scoped(*collection, &index.words)
    })];
    Rows::of_names(rows.iter().map(|(id, name, _)| (*id, *name))).call(workspace, SQL, more)
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
