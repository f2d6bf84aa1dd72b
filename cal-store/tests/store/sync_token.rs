//! Sync tokens and tags as text.

use cal_store::{CollectionId, ETag, Epoch, Error, SyncToken, TokenFault};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_token_reads_back_from_its_text(
        epoch in 1..i64::MAX, collection in 1..i64::MAX, sequence: u64, horizon: u64
    ) {
        let (epoch, collection) = (Epoch::from_raw(epoch), CollectionId::from_raw(collection));
        let token = SyncToken::new(epoch, collection, sequence).with_horizon(horizon);
        prop_assert_eq!(token.to_string().parse::<SyncToken>().unwrap(), token);
    }

    #[test]
    fn the_text_of_a_token_needs_no_escaping_in_a_uri(
        epoch in 1..i64::MAX, collection in 1..i64::MAX, sequence: u64
    ) {
        let (epoch, collection) = (Epoch::from_raw(epoch), CollectionId::from_raw(collection));
        let text = SyncToken::new(epoch, collection, sequence).to_string();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    }

    #[test]
    fn no_text_makes_a_token_or_tag_panic(text: String) {
        if let Ok(token) = text.parse::<SyncToken>() {
            prop_assert_eq!(token.to_string().parse::<SyncToken>().unwrap(), token);
        }
        if let Ok(etag) = text.parse::<ETag>() {
            prop_assert_eq!(etag.to_string(), text.to_ascii_lowercase());
        }
    }

    #[test]
    fn an_etag_reads_back_from_its_text(bytes: Vec<u8>) {
        let etag = ETag::of(&bytes);
        prop_assert_eq!(etag.to_string().parse::<ETag>().unwrap(), etag);
    }
}

#[test]
fn texts_that_are_no_tokens_are_refused() {
    for text in [
        "",
        "-",
        "1-2",
        "1-2-",
        "1-2-+3",
        "1-2-3-4-5",
        "x-2-3",
        "1-2-10000000000000000",
    ] {
        let parsed = text.parse::<SyncToken>();
        let malformed = matches!(parsed, Err(Error::InvalidToken(TokenFault::Malformed)));
        assert!(malformed, "{text:?}: {parsed:?}");
    }
}

#[test]
fn an_etag_is_the_same_on_every_machine() {
    let etag = ETag::of(b"BEGIN:VCALENDAR");
    assert_eq!(etag.to_string(), "9daa8e24f9b759073687839a0aa7de2a");
}
