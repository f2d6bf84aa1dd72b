//! Writing objects.

use rusqlite::params;

use super::Session;
use crate::audit::Audited;
use crate::sqlite::busy;
use crate::sqlite::row::{collection_kind, content_type, integer, natural};
use crate::{
    AuditAction, CollectionId, CollectionKind, CurrentVersion, DeleteObject, ETag, Effect,
    EndingKind, Error, ObjectName, PropertyChanges, PutObject, Receipt, Recurrence, ScheduleTag,
    Touch, Uid,
};

/// What a put or delete needs to know of the object that is there.
struct There {
    current: CurrentVersion,
    uid: Option<Uid>,
    content_type: Option<String>,
    sequence: u64,
    created: i64,
    body_id: i64,
}

impl Session<'_> {
    pub(super) fn put(&self, put: &PutObject) -> Result<Receipt, Error> {
        let there = self.check_put(put)?;
        let stays = there.is_some();
        self.guard(Touch::of_member(put.collection, &put.name, stays))?;
        if let Some(there) = there.as_ref().filter(|there| there.is_same(put)) {
            return Ok(Receipt::new(Effect::Unchanged, there.sequence));
        }
        let keeping = busy::check(self.connection, put, self.cause().at)?;
        let sequence = self.next_sequence(put.collection)?;
        let created = match &there {
            Some(there) => {
                self.end_version(put.collection, &put.name, EndingKind::Replaced)?;
                self.unindex(put.collection, &put.name, there.body_id)?;
                busy::remove(self.connection, put.collection, &put.name)?;
                there.created
            }
            None => {
                self.unbury(put.collection, put.name.as_str())?;
                self.at()
            }
        };
        self.store(put, created, sequence)?;
        busy::take(self.connection, put, keeping)?;
        if let Some(properties) = &put.properties {
            self.clear_properties(put.collection, &put.name)?;
            self.set_properties(put.collection, put.name.as_str(), properties)?;
        }
        let before = there.as_ref().map(|there| there.current.etag);
        let audited = Audited::object(AuditAction::Put, put.name.as_str(), before, Some(put.etag));
        self.audit(put.collection, sequence, &audited)?;
        let effect = match there {
            Some(_) => Effect::Updated,
            None => Effect::Created,
        };
        Ok(Receipt::new(effect, sequence))
    }

    pub(super) fn delete(&self, delete: &DeleteObject) -> Result<Receipt, Error> {
        const DELETE: &str = "DELETE FROM objects WHERE collection_id = ?1 AND name = ?2";
        let DeleteObject {
            collection, name, ..
        } = delete;
        if self.kind_at(*collection)?.is_none() {
            return Err(Error::NotFound);
        }
        let there = self.there(*collection, name)?;
        let current = there.as_ref().map(|there| there.current);
        delete.precondition.check(current)?;
        let There {
            current, body_id, ..
        } = there.ok_or(Error::NotFound)?;
        self.guard(Touch::of_member(*collection, name, false))?;
        self.free_member(*collection, name)?;
        let sequence = self.next_sequence(*collection)?;
        self.end_version(*collection, name, EndingKind::Deleted)?;
        self.clear_properties(*collection, name)?;
        self.unindex(*collection, name, body_id)?;
        self.execute(DELETE, (collection.into_raw(), name.as_str()))?;
        busy::remove(self.connection, *collection, name)?;
        self.bury(*collection, name.as_str(), sequence)?;
        let before = Some(current.etag);
        let audited = Audited::object(AuditAction::Delete, name.as_str(), before, None);
        self.audit(*collection, sequence, &audited)?;
        Ok(Receipt::new(Effect::Deleted, sequence))
    }

    pub(super) fn update_object(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        changes: &PropertyChanges,
    ) -> Result<Receipt, Error> {
        const TOUCH: &str = "UPDATE objects SET sequence = ?3 \
             WHERE collection_id = ?1 AND name = ?2";
        self.kind_at(collection)?.ok_or(Error::NotFound)?;
        let there = self.there(collection, name)?.ok_or(Error::NotFound)?;
        self.guard(Touch::of_member(collection, name, true))?;
        let sequence = self.next_sequence(collection)?;
        self.change_properties(collection, name.as_str(), changes)?;
        let row = (collection.into_raw(), name.as_str(), integer(sequence));
        self.execute(TOUCH, row)?;
        let etag = Some(there.current.etag);
        let action = AuditAction::ObjectProperties;
        let audited = Audited::object(action, name.as_str(), etag, etag);
        self.audit(collection, sequence, &audited)?;
        Ok(Receipt::new(Effect::Updated, sequence))
    }

    /// All that a put is refused for; answers what it replaces.
    fn check_put(&self, put: &PutObject) -> Result<Option<There>, Error> {
        const HOLDER: &str = "SELECT name FROM objects WHERE collection_id = ?1 AND uid = ?2";
        let kind = self.kind_at(put.collection)?.ok_or(Error::ParentMissing)?;
        if kind.holds_collections() && self.has_child(put.collection, put.name.as_str())? {
            return Err(Error::Exists);
        }
        let there = self.there(put.collection, &put.name)?;
        kind.admits(put.name.as_str())?;
        let current = there.as_ref().map(|there| there.current);
        put.precondition.check(current)?;
        kind.accepts(put.index.as_ref())?;
        if let Some(index) = &put.index {
            let key = (put.collection.into_raw(), index.uid.as_str());
            let holder: Option<String> = self.row(HOLDER, key, |row| row.get(0))?;
            if let Some(holder) = holder.filter(|holder| holder != put.name.as_str()) {
                let holder = ObjectName::from_stored(&holder);
                return Err(Error::UidConflict { holder });
            }
            index.replaces(there.as_ref().and_then(|there| there.uid.as_ref()))?;
        }
        Ok(there)
    }

    /// The kind of a collection that is not in the trash.
    fn kind_at(&self, collection: CollectionId) -> Result<Option<CollectionKind>, Error> {
        const KIND: &str = "SELECT kind, components FROM collections \
             WHERE collection_id = ?1 AND trashed_at IS NULL";
        self.row(KIND, [collection.into_raw()], |row| collection_kind(row, 0))
    }

    fn there(&self, collection: CollectionId, name: &ObjectName) -> Result<Option<There>, Error> {
        const THERE: &str = "SELECT etag, schedule_tag, content_type, sequence, created, uid, \
             body_id FROM objects WHERE collection_id = ?1 AND name = ?2";
        let key = (collection.into_raw(), name.as_str());
        self.row(THERE, key, |row| {
            Ok(There {
                current: CurrentVersion {
                    etag: ETag::from_bytes(row.get(0)?),
                    schedule_tag: row.get::<_, Option<_>>(1)?.map(ScheduleTag::from_bytes),
                },
                content_type: row.get(2)?,
                sequence: natural(row, 3)?,
                created: row.get(4)?,
                body_id: row.get(6)?,
                uid: row
                    .get::<_, Option<String>>(5)?
                    .map(|uid| Uid::from_stored(&uid)),
            })
        })
    }

    /// Keeps the current version of an object as one that has ended.
    fn end_version(
        &self,
        collection: CollectionId,
        name: &ObjectName,
        kind: EndingKind,
    ) -> Result<(), Error> {
        const END: &str = "INSERT INTO versions (collection_id, name, version, etag, content_type, \
             size, body_id, made_at, made_via, made_principal, made_note, is_deletion, \
             ended_at, ended_via, ended_principal, ended_note) \
             SELECT collection_id, name, version, etag, content_type, size, body_id, modified, \
             via, principal, note, ?3, ?4, ?5, ?6, ?7 \
             FROM objects WHERE collection_id = ?1 AND name = ?2";
        let row = params![
            collection.into_raw(),
            name.as_str(),
            kind == EndingKind::Deleted,
            self.at(),
            self.cause().via.as_str(),
            self.principal(),
            self.cause().note,
        ];
        self.execute(END, row).map(drop)
    }

    /// Writes the row of an object, its index and its bytes.
    pub(in crate::sqlite) fn store(
        &self,
        put: &PutObject,
        created: i64,
        sequence: u64,
    ) -> Result<(), Error> {
        const BODY: &str = "INSERT INTO bodies (body) VALUES (?1)";
        const OBJECT: &str = "INSERT OR REPLACE INTO objects (collection_id, name, etag, \
             schedule_tag, content_type, size, created, modified, sequence, component, body_id, \
             version, via, principal, note, uid, is_series, span_class, span_start, span_end) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?9, ?12, ?13, ?14, ?15, ?16, \
             ?17, ?18, ?19)";
        self.execute(BODY, [&*put.body])?;
        let body_id = self.connection.last_insert_rowid();
        let index = put.index.as_ref();
        let row = params![
            put.collection.into_raw(),
            put.name.as_str(),
            put.etag.as_bytes(),
            put.schedule_tag.as_ref().map(ScheduleTag::as_bytes),
            content_type(&put.content_type),
            i64::try_from(put.body.len()).unwrap_or(i64::MAX),
            created,
            self.at(),
            integer(sequence),
            index.map(|row| row.component.as_str()),
            body_id,
            self.cause().via.as_str(),
            self.principal(),
            self.cause().note,
            index.map(|row| row.uid.as_str()),
            index.map(|row| row.recurrence == Recurrence::Series),
            index.map(|row| row.span.length_class().number()),
            index.map(|row| row.span.first_millis()),
            index.map(|row| row.span.end_millis()),
        ];
        self.execute(OBJECT, row)?;
        match index {
            Some(index) => self.index(put.collection, &put.name, (body_id, index)),
            None => Ok(()),
        }
    }
}

impl There {
    /// Whether a put would change nothing.
    fn is_same(&self, put: &PutObject) -> bool {
        self.current.etag == put.etag
            && self.current.schedule_tag == put.schedule_tag
            && self.content_type.as_deref() == content_type(&put.content_type)
            && put.properties.is_none()
    }
}
