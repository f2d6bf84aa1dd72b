//! Passwords and app tokens.

use super::scene::{Scene, at, cause};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{AppToken, Error, PasswordHash, PrincipalId, Store, TokenHash, TokenId};

pub(super) async fn keeps_credentials(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let ada = scene.ada.id;
    let mut generation = scene.ada.credential_generation;
    ensure_eq!(
        store.password(ada).await?,
        None,
        "the password of a new principal"
    );
    let hash = PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA");
    store
        .set_password(ada, Some(hash.clone()), &cause(1))
        .await?;
    ensure_eq!(store.password(ada).await?, Some(hash), "the password");
    generation = next_generation(store, ada, generation).await?;
    store.set_password(ada, None, &cause(1)).await?;
    ensure_eq!(
        store.password(ada).await?,
        None,
        "a password that was removed"
    );
    generation = next_generation(store, ada, generation).await?;

    let phone = token(ada, "phone", b"hash of one");
    let laptop = AppToken {
        created: at(5),
        expires: Some(at(100)),
        scope: "calendars:read".to_owned(),
        ..token(ada, "laptop", b"hash of two")
    };
    store.add_token(phone.clone(), &cause(1)).await?;
    store.add_token(laptop.clone(), &cause(5)).await?;
    generation = next_generation(store, ada, generation).await?;
    let both = vec![phone.clone(), laptop.clone()];
    ensure_eq!(store.tokens(ada).await?, both, "the tokens, oldest first");
    ensure_eq!(
        store.token(&laptop.hash).await?,
        Some(laptop.clone()),
        "a token by hash"
    );
    let again = token(ada, "copy", b"hash of one");
    let refused = store.add_token(again, &cause(6)).await;
    ensure_refused!(refused, Error::Exists, "a token with the hash of another");

    store.revoke_token(ada, phone.id, &cause(7)).await?;
    next_generation(store, ada, generation).await?;
    ensure_eq!(
        store.token(&phone.hash).await?,
        None,
        "a token that was revoked"
    );
    ensure_eq!(
        store.tokens(ada).await?,
        vec![laptop.clone()],
        "the tokens left"
    );
    let refused = store.revoke_token(ada, phone.id, &cause(7)).await;
    ensure_refused!(refused, Error::NotFound, "revoking a token again");
    let refused = store
        .revoke_token(PrincipalId::random(), laptop.id, &cause(7))
        .await;
    ensure_refused!(refused, Error::NotFound, "revoking the token of another");
    let refused = store
        .add_token(token(PrincipalId::random(), "x", b"three"), &cause(8))
        .await;
    ensure_refused!(refused, Error::NotFound, "a token of nobody");
    Ok(())
}

fn token(principal: PrincipalId, label: &str, hash: &[u8]) -> AppToken {
    AppToken {
        id: TokenId::random(),
        principal,
        label: label.to_owned(),
        hash: TokenHash::new(hash),
        scope: String::new(),
        created: at(1),
        expires: None,
    }
}

/// The generation of the credentials, which must have grown.
async fn next_generation(store: &Store, id: PrincipalId, before: u64) -> Result<u64, Broken> {
    let found = store.principal(id).await?;
    let found = found.ok_or_else(|| Broken::new("the principal is gone"))?;
    let now = found.credential_generation;
    ensure!(
        now > before,
        "a change of credentials did not show in their generation"
    );
    Ok(now)
}
