//! Connections that are encrypted, to a server with a certificate of our own making.

use std::path::Path;

use cal_store::{Error, Postgres, Store};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use super::server::{Server, client};
use crate::scene::{calendar_of_ada, cause, put};
use crate::small_disk::said;

/// A server with a certificate for this name, and the files of the authority
/// that has signed it and of another one.
struct Scene {
    server: Server,
    folder: tempfile::TempDir,
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

impl Scene {
    fn new(name: &str) -> Option<Self> {
        let (ours, other) = (authority(), authority());
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &ours).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (file, authority) in [("ours.pem", &ours), ("other.pem", &other)] {
            std::fs::write(folder.path().join(file), authority.pem()).unwrap();
        }
        let options = "-c ssl=on -c ssl_cert_file=../server.pem -c ssl_key_file=../server.key";
        let (certificate, key) = (certificate.pem(), key.serialize_pem());
        let files = [
            ("server.pem", certificate.as_str()),
            ("server.key", key.as_str()),
        ];
        let server = Server::start_on_a_port(options, &files)?;
        Some(Self { server, folder })
    }

    fn url(&self, words: &str) -> String {
        let port = self.server.port();
        format!("postgres://cal@localhost:{port}/postgres?{words}")
    }

    /// The URL with an authority to trust.
    fn trusting(&self, mode: &str, file: &str) -> String {
        let file: &Path = &self.folder.path().join(file);
        self.url(&format!("sslmode={mode}&sslrootcert={}", file.display()))
    }

    async fn admin(&self) -> tokio_postgres::Client {
        let port = self.server.port();
        client(&format!(
            "host=localhost port={port} user=cal dbname=postgres"
        ))
        .await
    }
}

/// What a refusal says, down to its first reason.
async fn refused(url: &str) -> String {
    let error = Postgres::connect(url).await.unwrap_err();
    assert!(matches!(error, Error::Backend(_)), "{error:?}");
    said(&error)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_of_a_store_is_encrypted_where_that_is_required() {
    let Some(scene) = Scene::new("localhost") else {
        return;
    };
    for url in [
        scene.url("sslmode=require"),
        scene.trusting("verify-full", "ours.pem"),
    ] {
        let store = Store::new(Postgres::connect(&url).await.unwrap());
        let calendar = calendar_of_ada(&store).await;
        let stored = store.put(put(calendar, "a", "Event"), &cause()).await;
        stored.unwrap();
        const CONNECTIONS: &str = "SELECT count(*) FILTER (WHERE ssl), count(*) \
             FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name ~ '^cal'";
        let row = scene.admin().await.query_one(CONNECTIONS, &[]).await;
        let row = row.unwrap();
        let (encrypted, all): (i64, i64) = (row.get(0), row.get(1));
        assert!(all >= 3, "a writer, a reader and a listener, not {all}");
        assert_eq!(encrypted, all);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_another_authority_is_refused() {
    let Some(scene) = Scene::new("localhost") else {
        return;
    };
    for mode in ["verify-full", "verify-ca", "require"] {
        let said = refused(&scene.trusting(mode, "other.pem")).await;
        assert!(said.contains("certificate"), "{mode}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_another_name_is_refused_where_the_name_counts() {
    let Some(scene) = Scene::new("elsewhere.example") else {
        return;
    };
    let said = refused(&scene.trusting("verify-full", "ours.pem")).await;
    assert!(said.contains("elsewhere.example"), "{said}");
    for mode in ["verify-ca", "require"] {
        Postgres::connect(&scene.trusting(mode, "ours.pem"))
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_refused_where_it_is_required() {
    let Some(server) = Server::start_on_a_port("", &[]) else {
        return;
    };
    let url = |mode: &str| {
        let port = server.port();
        format!("postgres://cal@localhost:{port}/postgres?sslmode={mode}")
    };
    let said = refused(&url("require")).await;
    assert!(said.contains("TLS"), "{said}");
    for mode in ["prefer", "disable"] {
        Postgres::connect(&url(mode)).await.unwrap();
    }
}

#[tokio::test]
async fn authorities_that_cannot_be_read_are_named() {
    let url = "postgres://cal@localhost/cal?sslmode=verify-full&sslrootcert=/nowhere/ca.pem";
    let said = refused(url).await;
    assert!(said.contains("/nowhere/ca.pem"), "{said}");
}
