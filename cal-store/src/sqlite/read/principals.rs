//! Reading principals and credentials.

use rusqlite::{Params, Row};

use crate::sqlite::readers::Reader;
use crate::sqlite::row::{natural, one_more, text};
use crate::{
    AppToken, Cursor, EmailAddress, Error, Page, PageRequest, PasswordHash, Principal, PrincipalId,
    PrincipalKey, PrincipalKind, PrincipalName, Role, Timestamp, TokenHash, TokenId,
};

const COLUMNS: &str = "p.principal_id, p.name, p.kind, p.is_admin, p.display_name, p.created, \
     p.credential_generation";

const TOKEN: &str = "token_id, principal_id, label, hash, scope, created, expires";

impl Reader<'_> {
    pub(in crate::sqlite) fn principal(
        &self,
        key: &PrincipalKey,
    ) -> Result<Option<Principal>, Error> {
        let workspace = self.workspace;
        match key {
            PrincipalKey::Id(id) => self.one(
                "WHERE p.workspace_id = ?1 AND p.principal_id = ?2",
                (workspace, id.into_raw()),
            ),
            PrincipalKey::Name(name) => self.one(
                "WHERE p.workspace_id = ?1 AND p.name = ?2",
                (workspace, name.as_str()),
            ),
            PrincipalKey::Email(email) => self.one(
                "JOIN principal_emails e USING (workspace_id, principal_id) \
                 WHERE e.workspace_id = ?1 AND e.folded = ?2",
                (workspace, email.folded()),
            ),
        }
    }

    fn one(&self, clause: &str, params: impl Params) -> Result<Option<Principal>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM principals p {clause}");
        match self.row(&sql, params, principal)? {
            Some(principal) => self.with_emails(principal).map(Some),
            None => Ok(None),
        }
    }

    pub(in crate::sqlite) fn principals(
        &self,
        page: &PageRequest,
    ) -> Result<Page<Principal>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM principals p WHERE p.workspace_id = ?1 AND p.name > ?2 \
             ORDER BY p.name LIMIT ?3"
        );
        let after = page.after.as_ref().map_or("", Cursor::as_str);
        let params = (self.workspace, after, one_more(page.limit));
        let found = self.rows(&sql, params, principal)?;
        let found = found.into_iter().map(|each| self.with_emails(each));
        let found = found.collect::<Result<_, _>>()?;
        Ok(Page::cut(found, page.limit, |last: &Principal| {
            Cursor::new(last.name.as_str())
        }))
    }

    fn with_emails(&self, mut principal: Principal) -> Result<Principal, Error> {
        const EMAILS: &str = "SELECT address FROM principal_emails \
             WHERE principal_id = ?1 ORDER BY position";
        principal.emails = self.rows(EMAILS, [principal.id.into_raw()], |row| {
            Ok(EmailAddress::from_stored(row.get(0)?))
        })?;
        Ok(principal)
    }

    pub(in crate::sqlite) fn password(
        &self,
        id: PrincipalId,
    ) -> Result<Option<PasswordHash>, Error> {
        const PASSWORD: &str = "SELECT password FROM principals WHERE principal_id = ?1";
        let found: Option<Option<String>> =
            self.row(PASSWORD, [id.into_raw()], |row| row.get(0))?;
        Ok(found.flatten().map(PasswordHash::new))
    }

    pub(in crate::sqlite) fn tokens(&self, id: PrincipalId) -> Result<Vec<AppToken>, Error> {
        let sql = format!(
            "SELECT {TOKEN} FROM app_tokens WHERE principal_id = ?1 ORDER BY created, token_id"
        );
        self.rows(&sql, [id.into_raw()], token)
    }

    pub(in crate::sqlite) fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error> {
        let sql = format!("SELECT {TOKEN} FROM app_tokens WHERE hash = ?1");
        self.row(&sql, [hash.as_bytes()], token)
    }
}

/// A principal, but for its addresses.
fn principal(row: &Row<'_>) -> rusqlite::Result<Principal> {
    let kind = row.get_ref(2)?.as_str()?.parse::<PrincipalKind>();
    Ok(Principal {
        id: PrincipalId::from_raw(row.get(0)?),
        name: text(row, 1, PrincipalName::from_stored)?,
        kind: kind.unwrap_or_default(),
        role: match row.get(3)? {
            true => Role::Admin,
            false => Role::Member,
        },
        display_name: row.get(4)?,
        emails: Vec::new(),
        created: Timestamp::from_millis(row.get(5)?),
        credential_generation: natural(row, 6)?,
    })
}

fn token(row: &Row<'_>) -> rusqlite::Result<AppToken> {
    Ok(AppToken {
        id: TokenId::from_raw(row.get(0)?),
        principal: PrincipalId::from_raw(row.get(1)?),
        label: row.get(2)?,
        hash: TokenHash::new(row.get::<_, Vec<u8>>(3)?),
        scope: row.get(4)?,
        created: Timestamp::from_millis(row.get(5)?),
        expires: row.get::<_, Option<_>>(6)?.map(Timestamp::from_millis),
    })
}
