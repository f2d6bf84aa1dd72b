//! A lock serves nobody but whoever made it, as long as it lasts (RFC 4918 section 6.4).

use cal_store::{
    Cause, Collection, CollectionName, Lock, LockRoot, ObjectName, PrincipalName, Timestamp, Via,
};
use chrono::TimeDelta;

use super::{FILE, FOLDER, info, put, world};
use crate::world::{World, now};

async fn files(world: &World) -> Collection {
    let ada = PrincipalName::new("ada").unwrap();
    let ada = world.store.principal(&ada).await.unwrap().unwrap();
    let home = world.store.home(ada.id).await.unwrap();
    let name = CollectionName::new("files").unwrap();
    world.store.child(home.id, &name).await.unwrap().unwrap()
}

/// Locks `a.txt` for a minute on behalf of a user, so long before now.
async fn locked_by(world: &World, user: &str, ago: TimeDelta) -> String {
    let at = Timestamp::from(now() - ago);
    let user = PrincipalName::new(user).unwrap();
    let name = ObjectName::new("a.txt").unwrap();
    let root = LockRoot::member(files(world).await.id, name);
    let lock = Lock::new(root, user.clone(), at, 60);
    let token = format!("<{}>", lock.token);
    let cause = Cause::new(Via::Dav, at).with_principal(&user);
    world.store.lock(lock, &cause).await.unwrap();
    token
}

#[tokio::test]
async fn nobody_else_writes_by_a_token_refreshes_or_ends_its_lock() {
    let world = world().await;
    let token = locked_by(&world, "bob", TimeDelta::zero()).await;
    let submitted = format!("({token})");
    let call = put(&world, FILE).header("if", &submitted);
    assert_eq!(call.status().await, 423);
    let refresh = world.request("LOCK", FILE).header("if", &submitted);
    assert_eq!(refresh.status().await, 412);
    let unlock = world.request("UNLOCK", FILE).header("lock-token", &token);
    assert_eq!(unlock.status().await, 403);
    assert_eq!(world.request("DELETE", FOLDER).status().await, 207);
}

#[tokio::test]
async fn a_lock_that_has_expired_is_no_lock() {
    let world = world().await;
    let token = locked_by(&world, "ada", TimeDelta::seconds(60)).await;
    assert_eq!(put(&world, FILE).status().await, 204);
    let condition = put(&world, FILE).header("if", &format!("({token})"));
    assert_eq!(condition.status().await, 412);
    let again = world.request("LOCK", FILE).xml(&info("exclusive"));
    assert_eq!(again.status().await, 200);
}
