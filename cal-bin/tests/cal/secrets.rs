//! `cal secrets`, and where the server secret comes from.

use std::process::Command;

use cal_store::{Cause, Sealer, Secret, ServerSecret, SourceId, Sqlite, Store, Timestamp, Via};

use crate::running::{Home, Run, run};

const OLD: &str = "the old secret of the server";
const NEW: &str = "the new secret of the server";

/// A store with two secrets, sealed with the old server secret.
async fn with_secrets() -> Home {
    let home = Home::new();
    home.add_user("ada", "engine");
    let store = Store::new(Sqlite::open(home.data().join("cal.db")).await.unwrap());
    let sealer = Sealer::new(ServerSecret::new(OLD).unwrap()).unwrap();
    let cause = Cause::new(Via::Command, Timestamp::from_millis(1_790_000_000_000));
    for name in ["caldav-1", "caldav-2"] {
        let (source, secret) = (SourceId::new(name).unwrap(), Secret::new("engine"));
        store
            .set_secret(&sealer, &source, secret, &cause)
            .await
            .unwrap();
    }
    home
}

fn secrets(home: &Home, arguments: &[&str], set: impl Fn(&mut Command)) -> Run {
    let mut command = home.command();
    command.arg("secrets").args(arguments);
    set(&mut command);
    let run = run(command, b"");
    for secret in [OLD, NEW, "engine"] {
        assert!(
            !run.stdout.contains(secret) && !run.stderr.contains(secret),
            "{run}"
        );
    }
    run
}

#[tokio::test]
async fn secrets_are_encrypted_anew_and_open_with_the_new_server_secret_alone() {
    let home = with_secrets().await;
    // As an editor writes it.
    let new = home.file("new", format!("{NEW}\n"));
    let with = |secret: &'static str| {
        move |command: &mut Command| {
            command.env("CAL_SECRET", secret);
        }
    };
    let check = secrets(&home, &["check"], with(OLD)).expect_done();
    assert_eq!(check, "2 secrets open, 0 do not\n");
    let rotate = ["rotate", "--new-secret-file", &new];
    let rotated = secrets(&home, &rotate, with(OLD)).expect_done();
    assert_eq!(rotated, "2 secrets encrypted anew\n");

    let by_file = secrets(&home, &["check", "--json"], |command| {
        command.env("CAL_SECRET_FILE", &new);
    });
    let report = &by_file.json_lines()[0];
    assert_eq!(report["opened"], 2, "{by_file}");
    let check = secrets(&home, &["check"], with(OLD));
    assert_eq!(check.code, 1, "{check}");
    assert!(
        check
            .stdout
            .contains("the secret of caldav-2 does not open"),
        "{check}"
    );
    let again = secrets(&home, &rotate, with(OLD));
    assert_eq!(again.code, 1, "{again}");
    assert!(
        again
            .stderr
            .contains("the secret of caldav-1 does not open"),
        "{again}"
    );
}

#[tokio::test]
async fn there_is_no_server_secret_by_default_and_none_that_is_short() {
    let home = with_secrets().await;
    let none = secrets(&home, &["check"], |_| {});
    assert_eq!(none.code, 2, "{none}");
    assert!(none.stderr.contains("openssl rand -base64 32"), "{none}");
    let short = secrets(&home, &["check"], |command| {
        command.env("CAL_SECRET", "123");
    });
    assert_eq!(short.code, 2, "{short}");
    assert!(
        short.stderr.contains("CAL_SECRET: no server secret: "),
        "{short}"
    );
    let missing = secrets(&home, &["check"], |command| {
        command.env("CAL_SECRET_FILE", "missing");
    });
    assert_eq!(missing.code, 2, "{missing}");
    assert!(
        missing.stderr.contains("missing: cannot be read"),
        "{missing}"
    );
    let in_file = home.file("cal.toml", "secret = \"in the configuration file\"\n");
    let refused = secrets(&home, &["check", "--config", &in_file], |_| {});
    assert!(
        refused
            .stderr
            .contains("unknown key secret, did you mean secret_file?"),
        "{refused}"
    );
}
