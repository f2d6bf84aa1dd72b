//! Writing principals and credentials.

use tokio_postgres::types::ToSql;

use super::Session;
use crate::audit::Audited;
use crate::postgres::removal;
use crate::{
    AppToken, AuditAction, CollectionId, CollectionKind, CollectionName, Effect, EmailAddress,
    Error, NewCollection, NewPrincipal, PasswordHash, PrincipalChanges, PrincipalId, PrincipalKind,
    PrincipalName, Receipt, Role, Timestamp, TokenId,
};

impl Session<'_> {
    pub(super) async fn create_principal(
        &self,
        new: &NewPrincipal,
        home: CollectionId,
    ) -> Result<Receipt, Error> {
        const TAKEN: &str =
            "SELECT 1 FROM principals WHERE workspace_id = $1 AND principal_id = $2";
        const INSERT: &str = "INSERT INTO principals (workspace_id, principal_id, name, folded, \
             kind, is_admin, display_name, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let id = new.id.into_raw();
        if self.exists(TAKEN, &[&self.workspace, &id]).await? {
            return Err(Error::Exists);
        }
        self.check_name(new.id, &new.name).await?;
        self.check_emails(new.id, &new.emails).await?;
        let row: [&(dyn ToSql + Sync); 8] = [
            &self.workspace,
            &id,
            &new.name.as_str(),
            &new.name.folded(),
            &new.kind.as_str(),
            &(new.role == Role::Admin),
            &new.display_name,
            &self.at(),
        ];
        self.execute(INSERT, &row).await?;
        self.set_emails(new.id, &new.emails).await?;
        let name = CollectionName::new(new.id.to_string())?;
        let mut root = NewCollection::of_kind(home, name, CollectionKind::Home);
        root.id = home;
        self.insert_collection(&root, new.id, None).await?;
        let action = AuditAction::CreatePrincipal;
        self.audit_store(&Audited::subject(action, id, new.name.as_str()))
            .await?;
        Ok(Receipt::new(Effect::Created, 0))
    }

    pub(super) async fn update_principal(
        &self,
        id: PrincipalId,
        changes: &PrincipalChanges,
    ) -> Result<Receipt, Error> {
        const UPDATE: &str = "UPDATE principals SET name = coalesce($3, name), \
             folded = coalesce($4, folded), kind = coalesce($5, kind), \
             is_admin = coalesce($6, is_admin), \
             display_name = CASE WHEN $7 THEN $8 ELSE display_name END \
             WHERE workspace_id = $1 AND principal_id = $2";
        let old = self.check_principal(id).await?;
        if let Some(name) = &changes.name {
            self.check_name(id, name).await?;
        }
        if let Some(emails) = &changes.emails {
            self.check_emails(id, emails).await?;
            self.set_emails(id, emails).await?;
        }
        let row: [&(dyn ToSql + Sync); 8] = [
            &self.workspace,
            &id.into_raw(),
            &changes.name.as_ref().map(PrincipalName::as_str),
            &changes.name.as_ref().map(PrincipalName::folded),
            &changes.kind.map(PrincipalKind::as_str),
            &changes.role.map(|role| role == Role::Admin),
            &changes.display_name.is_some(),
            &changes.display_name.as_ref().and_then(Option::as_ref),
        ];
        self.execute(UPDATE, &row).await?;
        let name = changes.name.as_ref().map_or(&*old, PrincipalName::as_str);
        let action = AuditAction::UpdatePrincipal;
        self.audit_store(&Audited::subject(action, id.into_raw(), name))
            .await?;
        Ok(Receipt::new(Effect::Updated, 0))
    }

    /// Whether no other principal has the name, or one that looks the same.
    async fn check_name(&self, id: PrincipalId, name: &PrincipalName) -> Result<(), Error> {
        const OTHER: &str = "SELECT 1 FROM principals \
             WHERE workspace_id = $1 AND folded = $2 AND principal_id <> $3";
        let (folded, id) = (name.folded(), id.into_raw());
        match self.exists(OTHER, &[&self.workspace, &folded, &id]).await? {
            true => Err(Error::Exists),
            false => Ok(()),
        }
    }

    pub(super) async fn remove_principal(&self, id: PrincipalId) -> Result<Receipt, Error> {
        const OWNED: &str = "SELECT collection_id FROM collections \
             WHERE workspace_id = $1 AND owner_id = $2 ORDER BY collection_id FOR UPDATE";
        const REMOVE: &str = "DELETE FROM principals WHERE workspace_id = $1 AND principal_id = $2";
        let name = self.check_principal(id).await?;
        let owned = self.rows(OWNED, &[&self.workspace, &id.into_raw()]).await?;
        let owned = owned.iter().map(|row| row.try_get(0));
        let owned = owned.collect::<Result<Vec<i64>, _>>()?;
        removal::remove(self.connection, self.workspace, &owned).await?;
        self.execute(REMOVE, &[&self.workspace, &id.into_raw()])
            .await?;
        let action = AuditAction::RemovePrincipal;
        self.audit_store(&Audited::subject(action, id.into_raw(), &name))
            .await?;
        Ok(Receipt::new(Effect::Deleted, 0))
    }

    pub(super) async fn set_password(
        &self,
        id: PrincipalId,
        hash: Option<&PasswordHash>,
    ) -> Result<Receipt, Error> {
        const SET: &str = "UPDATE principals SET password = $3 \
             WHERE workspace_id = $1 AND principal_id = $2";
        let name = self.check_principal(id).await?;
        let phc = hash.map(PasswordHash::as_str);
        self.execute(SET, &[&self.workspace, &id.into_raw(), &phc])
            .await?;
        self.next_generation(id).await?;
        let action = AuditAction::Password;
        self.audit_store(&Audited::subject(action, id.into_raw(), &name))
            .await?;
        Ok(Receipt::new(Effect::Updated, 0))
    }

    pub(super) async fn add_token(&self, token: &AppToken) -> Result<Receipt, Error> {
        const TAKEN: &str = "SELECT 1 FROM app_tokens \
             WHERE workspace_id = $1 AND token_id = $2 \
             UNION ALL SELECT 1 FROM app_tokens WHERE workspace_id = $1 AND hash = $3";
        const ADD: &str = "INSERT INTO app_tokens (workspace_id, token_id, principal_id, hash, \
             label, scope, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (id, hash) = (token.id.into_raw(), token.hash.as_bytes());
        if self.exists(TAKEN, &[&self.workspace, &id, &hash]).await? {
            return Err(Error::Exists);
        }
        self.check_principal(token.principal).await?;
        let row: [&(dyn ToSql + Sync); 8] = [
            &self.workspace,
            &id,
            &token.principal.into_raw(),
            &hash,
            &token.label,
            &token.scope,
            &token.created.millis(),
            &token.expires.map(Timestamp::millis),
        ];
        self.execute(ADD, &row).await?;
        self.next_generation(token.principal).await?;
        self.audit_store(&Audited::subject(AuditAction::AddToken, id, &token.label))
            .await?;
        Ok(Receipt::new(Effect::Created, 0))
    }

    pub(super) async fn revoke_token(
        &self,
        principal: PrincipalId,
        token: TokenId,
    ) -> Result<Receipt, Error> {
        const REVOKE: &str = "DELETE FROM app_tokens \
             WHERE workspace_id = $1 AND token_id = $2 AND principal_id = $3 RETURNING label";
        self.check_principal(principal).await?;
        let key = (token.into_raw(), principal.into_raw());
        let revoked = self
            .row(REVOKE, &[&self.workspace, &key.0, &key.1])
            .await?
            .ok_or(Error::NotFound)?;
        self.next_generation(principal).await?;
        let (action, label) = (AuditAction::RevokeToken, revoked.try_get(0)?);
        self.audit_store(&Audited::subject(action, key.0, label))
            .await?;
        Ok(Receipt::new(Effect::Deleted, 0))
    }

    async fn next_generation(&self, id: PrincipalId) -> Result<(), Error> {
        const NEXT: &str = "UPDATE principals \
             SET credential_generation = credential_generation + 1 \
             WHERE workspace_id = $1 AND principal_id = $2";
        self.execute(NEXT, &[&self.workspace, &id.into_raw()])
            .await
            .map(drop)
    }

    /// Locks a principal that must be there, and answers its name.
    async fn check_principal(&self, id: PrincipalId) -> Result<String, Error> {
        const FIND: &str = "SELECT name FROM principals \
             WHERE workspace_id = $1 AND principal_id = $2 FOR UPDATE";
        let found = self.row(FIND, &[&self.workspace, &id.into_raw()]).await?;
        Ok(found.ok_or(Error::NotFound)?.try_get(0)?)
    }

    async fn check_emails(&self, id: PrincipalId, emails: &[EmailAddress]) -> Result<(), Error> {
        const FOREIGN: &str = "SELECT 1 FROM principal_emails \
             WHERE workspace_id = $1 AND folded = ANY($2) AND principal_id <> $3";
        let folded: Vec<_> = emails.iter().map(EmailAddress::folded).collect();
        let foreign: [&(dyn ToSql + Sync); 3] = [&self.workspace, &folded, &id.into_raw()];
        match self.exists(FOREIGN, &foreign).await? {
            true => Err(Error::Exists),
            false => Ok(()),
        }
    }

    async fn set_emails(&self, id: PrincipalId, emails: &[EmailAddress]) -> Result<(), Error> {
        const CLEAR: &str =
            "DELETE FROM principal_emails WHERE workspace_id = $1 AND principal_id = $2";
        const ADD: &str = "INSERT INTO principal_emails \
             (workspace_id, folded, principal_id, position, address) \
             VALUES ($1, $2, $3, $4, $5)";
        self.execute(CLEAR, &[&self.workspace, &id.into_raw()])
            .await?;
        let mut kept: Vec<String> = Vec::with_capacity(emails.len());
        for (position, email) in (0_i64..).zip(emails) {
            let folded = email.folded();
            // The same address in two spellings is kept once, as it came first.
            if kept.contains(&folded) {
                continue;
            }
            let row: [&(dyn ToSql + Sync); 5] = [
                &self.workspace,
                &folded,
                &id.into_raw(),
                &position,
                &email.as_str(),
            ];
            self.execute(ADD, &row).await?;
            kept.push(folded);
        }
        Ok(())
    }
}
