//! The secrets of sources.

use super::scene::cause;
use super::{Broken, Outcome, ensure_eq, ensure_refused};
use crate::{
    AuditAction, AuditChain, Error, PageRequest, Sealer, Secret, ServerSecret, SourceId, Store,
};

fn source(name: &str) -> Result<SourceId, Broken> {
    Ok(SourceId::new(name)?)
}

fn sealer(secret: &str) -> Result<Sealer, Broken> {
    Ok(Sealer::new(ServerSecret::new(secret)?)?)
}

async fn exposed(store: &Store, sealer: &Sealer, name: &str) -> Result<Option<Vec<u8>>, Broken> {
    let secret = store.secret(sealer, &source(name)?).await?;
    Ok(secret.map(|secret| secret.expose().to_vec()))
}

pub(super) async fn keeps_secrets(store: &Store) -> Outcome {
    let sealer = sealer("the secret of the server")?;
    let set = async |name: &str, secret: &str| -> Outcome {
        let (of, secret) = (source(name)?, Secret::new(secret));
        Ok(store.set_secret(&sealer, &of, secret, &cause(1)).await?)
    };
    ensure_eq!(
        exposed(store, &sealer, "a").await?,
        None,
        "a secret before any"
    );
    for name in ["b", "a", "c"] {
        set(name, "first").await?;
    }
    set("a", "second").await?;
    let found = exposed(store, &sealer, "a").await?;
    ensure_eq!(found.as_deref(), Some(&b"second"[..]), "the secret");

    let first = store.secrets(PageRequest::first(2)).await?;
    let next = first.next.clone();
    let next = next.ok_or_else(|| Broken::new("the secrets have no second page"))?;
    let rest = store.secrets(PageRequest::after(next, 2)).await?;
    let listed = first.items.iter().chain(&rest.items);
    let listed: Vec<_> = listed.map(|kept| kept.source.as_str()).collect();
    ensure_eq!(listed, ["a", "b", "c"], "the secrets, by source");

    store.remove_secret(&source("b")?, &cause(2)).await?;
    ensure_eq!(
        exposed(store, &sealer, "b").await?,
        None,
        "a secret that was removed"
    );
    let refused = store.remove_secret(&source("b")?, &cause(2)).await;
    ensure_refused!(refused, Error::NotFound, "removing a secret again");

    let audited = store.audit(AuditChain::Store, 0, 100).await?.records;
    let audited = audited.iter().map(|it| (it.entry.action, &*it.entry.name));
    let audited: Vec<_> = audited.collect();
    let set = AuditAction::SetSecret;
    let removed = (AuditAction::RemoveSecret, "b");
    let expected = [(set, "b"), (set, "a"), (set, "c"), (set, "a"), removed];
    ensure_eq!(audited, expected, "the entries of the chain");
    Ok(())
}

pub(super) async fn replaces_all_secrets_or_none(store: &Store) -> Outcome {
    let [old, new] = [
        sealer("the old secret of the server")?,
        sealer("the new secret of the server")?,
    ];
    let set = async |sealer: &Sealer, name: &str| -> Outcome {
        let (of, secret) = (source(name)?, Secret::new(name));
        Ok(store.set_secret(sealer, &of, secret, &cause(1)).await?)
    };
    let none = store.rotate_secrets((&old, &new), &cause(1)).await?;
    ensure_eq!(none, 0, "secrets sealed anew, of none");
    set(&old, "a").await?;
    set(&old, "b").await?;
    set(&new, "c").await?;
    let before = store.secrets(PageRequest::first(9)).await?;
    let refused = store.rotate_secrets((&old, &new), &cause(2)).await;
    ensure_refused!(
        refused,
        Error::Secret { .. },
        "a secret of another key among others"
    );
    let after = store.secrets(PageRequest::first(9)).await?;
    ensure_eq!(after, before, "the secrets after a refusal");

    set(&old, "c").await?;
    let rotated = store.rotate_secrets((&old, &new), &cause(3)).await?;
    ensure_eq!(rotated, 3, "secrets sealed anew");
    let report = store.check_secrets(&new).await?;
    ensure_eq!(
        (report.opened, report.faults),
        (3, vec![]),
        "what the new one opens"
    );
    let report = store.check_secrets(&old).await?;
    ensure_eq!(
        (report.opened, report.faults.len()),
        (0, 3),
        "what the old one opens"
    );
    let found = exposed(store, &new, "b").await?;
    ensure_eq!(found.as_deref(), Some(&b"b"[..]), "a secret afterwards");
    let report = store.verify_audit(&[]).await?;
    ensure_eq!(report.broken, [], "the audit chains that do not hold");
    Ok(())
}
