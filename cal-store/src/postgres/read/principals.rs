//! Reading principals and credentials.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::{Reader, after};
use crate::postgres::row::{natural, one_more, optional};
use crate::{
    AppToken, Cursor, EmailAddress, Error, Page, PageRequest, PasswordHash, Principal, PrincipalId,
    PrincipalKey, PrincipalKind, PrincipalName, Role, Timestamp, TokenHash, TokenId,
};

/// The columns of a principal; the last is its addresses.
macro_rules! select_principal {
    ($clause:literal) => {
        concat!(
            "SELECT p.principal_id, p.name, p.kind, p.is_admin, p.display_name, p.created, \
             p.credential_generation, \
             ARRAY(SELECT e.address FROM principal_emails e \
             WHERE e.workspace_id = p.workspace_id AND e.principal_id = p.principal_id \
             ORDER BY e.position) FROM principals p ",
            $clause
        )
    };
}

macro_rules! select_token {
    ($clause:literal) => {
        concat!(
            "SELECT token_id, principal_id, label, hash, scope, created, expires FROM app_tokens \
             WHERE workspace_id = $1 AND ",
            $clause
        )
    };
}

impl Reader {
    pub(in crate::postgres) async fn principal(
        &self,
        key: &PrincipalKey,
    ) -> Result<Option<Principal>, Error> {
        const BY_ID: &str = select_principal!("WHERE p.workspace_id = $1 AND p.principal_id = $2");
        const BY_NAME: &str = select_principal!("WHERE p.workspace_id = $1 AND p.name = $2");
        const BY_EMAIL: &str = select_principal!(
            "JOIN principal_emails a USING (workspace_id, principal_id) \
             WHERE a.workspace_id = $1 AND a.folded = $2"
        );
        match key {
            PrincipalKey::Id(id) => self.one(BY_ID, &id.into_raw()).await,
            PrincipalKey::Name(name) => self.one(BY_NAME, &name.as_str()).await,
            PrincipalKey::Email(email) => self.one(BY_EMAIL, &email.folded()).await,
        }
    }

    async fn one(&self, sql: &str, key: &(dyn ToSql + Sync)) -> Result<Option<Principal>, Error> {
        let row = self.row(sql, &[&self.workspace, key]).await?;
        row.as_ref().map(principal).transpose()
    }

    pub(in crate::postgres) async fn principals(
        &self,
        page: &PageRequest,
    ) -> Result<Page<Principal>, Error> {
        const LISTED: &str =
            select_principal!("WHERE p.workspace_id = $1 AND p.name > $2 ORDER BY p.name LIMIT $3");
        let (after, limit) = (after(page)?, one_more(page.limit));
        let rows = self
            .rows(LISTED, &[&self.workspace, &after, &limit])
            .await?;
        let found = rows.iter().map(principal).collect::<Result<_, _>>()?;
        Ok(Page::cut(found, page.limit, |last: &Principal| {
            Cursor::new(last.name.as_str())
        }))
    }

    pub(in crate::postgres) async fn password(
        &self,
        id: PrincipalId,
    ) -> Result<Option<PasswordHash>, Error> {
        const PASSWORD: &str =
            "SELECT password FROM principals WHERE workspace_id = $1 AND principal_id = $2";
        let row = self
            .row(PASSWORD, &[&self.workspace, &id.into_raw()])
            .await?;
        let found = row.map(|row| row.try_get::<_, Option<String>>(0));
        Ok(found.transpose()?.flatten().map(PasswordHash::new))
    }

    pub(in crate::postgres) async fn tokens(
        &self,
        id: PrincipalId,
    ) -> Result<Vec<AppToken>, Error> {
        const TOKENS: &str = select_token!("principal_id = $2 ORDER BY created, token_id");
        let rows = self
            .rows(TOKENS, &[&self.workspace, &id.into_raw()])
            .await?;
        rows.iter().map(token).collect()
    }

    pub(in crate::postgres) async fn token(
        &self,
        hash: &TokenHash,
    ) -> Result<Option<AppToken>, Error> {
        const TOKEN: &str = select_token!("hash = $2");
        let row = self
            .row(TOKEN, &[&self.workspace, &hash.as_bytes()])
            .await?;
        row.as_ref().map(token).transpose()
    }
}

fn principal(row: &Row) -> Result<Principal, Error> {
    let kind = row.try_get::<_, &str>(2)?.parse::<PrincipalKind>();
    let emails: Vec<String> = row.try_get(7)?;
    Ok(Principal {
        id: PrincipalId::from_raw(row.try_get(0)?),
        name: PrincipalName::from_stored(row.try_get(1)?),
        kind: kind.unwrap_or_default(),
        role: match row.try_get(3)? {
            true => Role::Admin,
            false => Role::Member,
        },
        display_name: row.try_get(4)?,
        emails: emails.into_iter().map(EmailAddress::from_stored).collect(),
        created: Timestamp::from_millis(row.try_get(5)?),
        credential_generation: natural(row, 6)?,
    })
}

fn token(row: &Row) -> Result<AppToken, Error> {
    Ok(AppToken {
        id: TokenId::from_raw(row.try_get(0)?),
        principal: PrincipalId::from_raw(row.try_get(1)?),
        label: row.try_get(2)?,
        hash: TokenHash::new(row.try_get::<_, Vec<u8>>(3)?),
        scope: row.try_get(4)?,
        created: Timestamp::from_millis(row.try_get(5)?),
        expires: optional(row, 6, Timestamp::from_millis)?,
    })
}
