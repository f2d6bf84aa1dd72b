//! Our backends keep every promise.

use cal_store::{Durability, Folder, Memory, Sqlite, conformance};

#[tokio::test]
async fn memory_keeps_every_promise() {
    let kept = conformance::run(async || Ok(Memory::new())).await;
    kept.unwrap_or_else(|broken| panic!("{broken}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn folder_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::sync::atomic::AtomicU32::new(0);
    let kept = conformance::run(async || {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = folder.path().join(number.to_string());
        Folder::open_with(path, Durability::Process).await
    })
    .await;
    kept.unwrap_or_else(|broken| panic!("{broken}"));
}

#[tokio::test]
async fn folder_survives_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let kept = conformance::survives_reopening(async || Folder::open(folder.path()).await).await;
    kept.unwrap_or_else(|broken| panic!("{broken}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::sync::atomic::AtomicU32::new(0);
    let kept = conformance::run(async || {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = folder.path().join(format!("{number}.db"));
        Sqlite::open_with(path, Durability::Process).await
    })
    .await;
    kept.unwrap_or_else(|broken| panic!("{broken}"));
}

#[tokio::test]
async fn sqlite_survives_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let kept = conformance::survives_reopening(async || Sqlite::open(&path).await).await;
    kept.unwrap_or_else(|broken| panic!("{broken}"));
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_every_promise() {
    use crate::postgres::server;

    let Some(server) = server::shared() else {
        return;
    };
    let kept = conformance::run(async || {
        let settings = server.database().await;
        cal_store::Postgres::connect(&settings).await
    })
    .await;
    kept.unwrap_or_else(|broken| panic!("{broken}"));
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres_survives_reopening() {
    let Some(settings) = crate::postgres::server::database().await else {
        return;
    };
    let kept =
        conformance::survives_reopening(async || cal_store::Postgres::connect(&settings).await)
            .await;
    kept.unwrap_or_else(|broken| panic!("{broken}"));
}
