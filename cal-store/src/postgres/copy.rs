//! Rows brought in with COPY, in its binary form: where many come at once, it
//! costs the server half of what a statement with arrays does.

use bytes::{BufMut, Bytes, BytesMut};
use tokio_postgres::types::{IsNull, ToSql, Type};

use crate::Error;

/// Rows below this number come with a statement of arrays: a COPY takes a round
/// trip of its own.
pub(super) const MANY: usize = 64;

/// What the binary form begins with: a signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What it ends with in place of a number of columns.
const END: i16 = -1;

/// Columns of a table that rows are brought into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    /// `COPY name (columns) FROM STDIN (FORMAT binary)`.
    pub(super) sql: &'static str,
    /// The types of these columns.
    pub(super) types: &'static [Type],
}

/// Rows on their way into a table.
#[derive(Debug)]
pub(super) struct Rows {
    types: &'static [Type],
    bytes: BytesMut,
}

impl Rows {
    pub(super) fn of(table: &Table) -> Self {
        Self {
            types: table.types,
            bytes: BytesMut::from(HEADER),
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if the values are not of the types of the columns.
    pub(super) fn push(&mut self, values: &[&(dyn ToSql + Sync)]) -> Result<(), Error> {
        if values.len() != self.types.len() {
            return Err(Error::backend("a row has not the columns of its table"));
        }
        self.bytes
            .put_i16(i16::try_from(values.len()).map_err(Error::backend)?);
        for (value, kind) in values.iter().zip(self.types) {
            let start = self.bytes.len();
            self.bytes.put_i32(-1);
            let written = value.to_sql_checked(kind, &mut self.bytes);
            if let IsNull::No = written.map_err(Error::backend)? {
                let length = self.bytes.len().saturating_sub(start + 4);
                let length = i32::try_from(length).map_err(Error::backend)?;
                if let Some(prefix) = self.bytes.get_mut(start..start + 4) {
                    prefix.copy_from_slice(&length.to_be_bytes());
                }
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER.len()
    }

    /// What is sent.
    pub(super) fn into_bytes(mut self) -> Bytes {
        self.bytes.put_i16(END);
        self.bytes.freeze()
    }
}
