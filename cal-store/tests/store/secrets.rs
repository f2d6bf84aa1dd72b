//! Secrets at rest: who can open them, and what is said to who cannot.

use std::sync::Arc;

use cal_store::{
    Backend, Envelope, Error, KeptSecret, Memory, PageRequest, SealedAnew, Sealer, Secret,
    SecretFault, SecretWrite, ServerSecret, SourceId, Sqlite, Store, Submitted, Transaction, Write,
};
use proptest::prelude::*;

use crate::scene::cause;

fn sealer(secret: &str) -> Sealer {
    Sealer::new(ServerSecret::new(secret).unwrap()).unwrap()
}

fn source(name: &str) -> SourceId {
    SourceId::new(name).unwrap()
}

/// Why an envelope does not open, and of which source that is said.
fn fault(sealer: &Sealer, name: &str, envelope: &str) -> SecretFault {
    match sealer.open(&source(name), &Envelope::from_stored(envelope)) {
        Err(Error::Secret { of, fault }) if of == source(name) => fault,
        other => panic!("{other:?}"),
    }
}

const SERVER: &str = "the secret of the server";

#[test]
fn another_process_with_the_same_server_secret_opens_what_was_sealed() {
    let envelope = sealer(SERVER)
        .seal(&source("work"), &Secret::new("engine"))
        .unwrap();
    let opened = sealer(SERVER).open(&source("work"), &envelope).unwrap();
    assert_eq!(opened.expose(), b"engine");
}

#[test]
fn another_server_secret_or_another_source_opens_nothing_and_is_named() {
    let sealer_here = sealer(SERVER);
    let envelope = sealer_here.seal(&source("work"), &Secret::new("engine"));
    let envelope = envelope.unwrap();
    let wrong = fault(&sealer("another secret of it"), "work", envelope.as_str());
    assert_eq!(wrong, SecretFault::WrongKey);
    let moved = fault(&sealer_here, "home", envelope.as_str());
    assert_eq!(moved, SecretFault::WrongKey);
    let said = SecretFault::WrongKey;
    let of = source("work");
    let message = Error::Secret { of, fault: said }.to_string();
    assert!(
        message.starts_with("the secret of work does not open"),
        "{message}"
    );
}

#[test]
fn an_envelope_says_its_version_salt_and_nonce_and_the_text_with_its_tag() {
    let envelope = sealer(SERVER).seal(&source("work"), &Secret::new("engine"));
    let envelope = envelope.unwrap();
    let parts: Vec<_> = envelope.as_str().split(':').collect();
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    assert_eq!(parts[0], "v1");
    // In base64: 16, 12 and 6 + 16 bytes.
    assert_eq!(lengths, [2, 24, 16, 32]);
}

#[test]
fn the_same_secret_is_never_sealed_the_same_way_twice() {
    let sealer = sealer(SERVER);
    let seal = || {
        sealer
            .seal(&source("work"), &Secret::new("engine"))
            .unwrap()
    };
    let envelopes = std::collections::HashSet::from([(); 64].map(|()| seal().as_str().to_owned()));
    assert_eq!(envelopes.len(), 64);
}

#[test]
fn an_envelope_of_a_later_version_and_what_is_none_are_told_apart() {
    let sealer = sealer(SERVER);
    let cases = [
        (
            "v2:whatever:it:is",
            SecretFault::UnknownVersion("v2".to_owned()),
        ),
        ("", SecretFault::Malformed),
        ("engine", SecretFault::Malformed),
        ("v1:", SecretFault::Malformed),
        ("v1:AAAA:AAAA:AAAA", SecretFault::Malformed),
        (
            "v1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAA:%",
            SecretFault::Malformed,
        ),
        (
            "v1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAA:AAAA:AAAA",
            SecretFault::Malformed,
        ),
        (
            "v1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAA:",
            SecretFault::WrongKey,
        ),
        ("pass word:x:y:z", SecretFault::Malformed),
        ("averyverylongversion:x:y:z", SecretFault::Malformed),
    ];
    for (envelope, expected) in cases {
        assert_eq!(fault(&sealer, "work", envelope), expected, "{envelope}");
    }
}

#[test]
fn nothing_that_is_printed_shows_a_secret() {
    let server = format!("{:?}", ServerSecret::new(SERVER).unwrap());
    let sealer = sealer(SERVER);
    let secret = Secret::new("engine");
    let envelope = sealer.seal(&source("work"), &secret).unwrap();
    let kept = KeptSecret {
        source: source("work"),
        envelope: envelope.clone(),
        modified: cause().at,
    };
    let write = SecretWrite::Set(source("work"), envelope.clone());
    let printed = format!("{server} {sealer:?} {secret:?} {envelope:?} {kept:?} {write:?}");
    for hidden in [SERVER, "engine", envelope.as_str()] {
        assert!(!printed.contains(hidden), "{printed}");
    }
}

#[test]
fn a_server_secret_that_is_too_short_is_refused() {
    let refused = ServerSecret::new("short").err();
    assert!(
        matches!(refused, Some(Error::WeakSecret { least: 16 })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_stolen_file_holds_no_secret_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let secret = Secret::new("an engine of its own");
    store
        .set_secret(&sealer(SERVER), &source("work"), secret, &cause())
        .await
        .unwrap();
    drop(store);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for clear in ["an engine of its own", SERVER] {
            let found = bytes.windows(clear.len()).any(|it| it == clear.as_bytes());
            assert!(!found, "{clear}");
        }
    }
}

#[tokio::test]
async fn a_secret_beyond_the_limit_is_refused() {
    let store = Store::memory();
    let secret = Secret::new(vec![b'x'; (64 << 10) + 1]);
    let refused = store
        .set_secret(&sealer(SERVER), &source("work"), secret, &cause())
        .await;
    assert!(
        matches!(refused, Err(Error::TooLarge { .. })),
        "{refused:?}"
    );
}

async fn commit(backend: &impl Backend, write: SecretWrite) -> Result<(), Error> {
    let transaction = Transaction {
        unmoved: Vec::new(),
        cause: Arc::new(cause()),
        depth: 9,
        writes: vec![Write::Secret(write)],
        submitted: Submitted::default(),
    };
    backend.commit(transaction).await.map(drop)
}

/// Secrets that were sealed anew are refused where others have changed since
/// they were read.
async fn refuses_what_is_out_of_date(backend: &impl Backend) {
    let envelope = |text: &str| Envelope::from_stored(text);
    let anew = |name: &str, before: &str| SealedAnew {
        source: source(name),
        before: envelope(before),
        after: envelope("after"),
    };
    for name in ["a", "b"] {
        let set = SecretWrite::Set(source(name), envelope("before"));
        commit(backend, set).await.unwrap();
    }
    let stale = [
        vec![anew("a", "before")],
        vec![anew("a", "before"), anew("b", "other")],
        vec![
            anew("a", "before"),
            anew("b", "before"),
            anew("c", "before"),
        ],
        vec![anew("a", "before"), anew("a", "before")],
    ];
    for stale in stale {
        let refused = commit(backend, SecretWrite::SealAnew(stale)).await;
        assert!(matches!(refused, Err(Error::SecretsChanged)), "{refused:?}");
    }
    let texts = async || {
        let kept = backend.secrets(PageRequest::first(9)).await.unwrap().items;
        let texts = kept.iter().map(|kept| kept.envelope.as_str().to_owned());
        texts.collect::<Vec<_>>()
    };
    assert_eq!(texts().await, ["before", "before"]);
    let all = vec![anew("b", "before"), anew("a", "before")];
    commit(backend, SecretWrite::SealAnew(all)).await.unwrap();
    assert_eq!(texts().await, ["after", "after"]);
}

#[tokio::test]
async fn all_secrets_are_replaced_only_if_none_has_changed() {
    refuses_what_is_out_of_date(&Memory::new()).await;
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(folder.path().join("cal.db")).await.unwrap();
    refuses_what_is_out_of_date(&sqlite).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn all_secrets_are_replaced_only_if_none_has_changed_on_postgres_too() {
    let Some(settings) = crate::postgres::server::database().await else {
        return;
    };
    let node = cal_store::Postgres::connect(&settings).await.unwrap();
    refuses_what_is_out_of_date(&node).await;
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_secret_comes_back_and_any_altered_envelope_does_not_open(
        secret in proptest::collection::vec(any::<u8>(), 0..200),
        name in "[a-z0-9:/ ]{1,20}",
        place in any::<proptest::sample::Index>(),
    ) {
        // One key for all cases: each would take a tenth of a second.
        static SEALER: std::sync::LazyLock<Sealer> = std::sync::LazyLock::new(|| sealer(SERVER));
        let of = source(&name);
        let envelope = SEALER.seal(&of, &Secret::new(secret.clone())).unwrap();
        let opened = SEALER.open(&of, &envelope).unwrap();
        prop_assert_eq!(opened.expose(), &secret[..]);

        // One letter of the nonce or of the text becomes another, the salt stays.
        let text = envelope.as_str().to_owned();
        let letters = text.char_indices().skip(2 + 1 + 24 + 1);
        let letters: Vec<_> = letters.filter(|(_, it)| !matches!(it, ':' | '=')).collect();
        let (at, letter) = letters[place.index(letters.len())];
        let other = if letter == 'A' { "B" } else { "A" };
        let mut altered = text;
        altered.replace_range(at..=at, other);
        prop_assert!(SEALER.open(&of, &Envelope::from_stored(altered)).is_err());
    }
}
