//! What counts as a word, and which words are the same.

use cal_store::{Category, CollectionId, Error, SearchQuery, Words};
use proptest::prelude::*;

/// Texts that have the same words.
const SAME: &[(&str, &str)] = &[
    ("Café", "CAFE"),
    ("Cafe\u{301}", "café"),
    ("Straße", "STRASSE"),
    ("İstanbul", "istanbul"),
    ("ΟΔΟΣ", "οδός"),
    ("ﬁnal ＦＯＵＲ ①", "final four 1"),
    ("Zoë-Renée", "renee zoe"),
    ("a.b@c.example", "example c b a"),
    ("שָׁלוֹם", "שלום"),
    ("Tiếng Việt", "tieng viet"),
    ("が", "か\u{3099}"),
    ("東京都", "都東京"),
];

#[test]
fn words_are_the_same_whatever_their_case_and_accents() {
    for (one, other) in SAME {
        assert_eq!(Words::of(one), Words::of(other), "{one:?} {other:?}");
    }
}

/// Texts that have other words than each other.
const DIFFERENT: &[(&str, &str)] = &[
    ("か", "が"),
    ("क", "क\u{93c}"),
    ("1", "11"),
    ("foo bar", "foobar"),
    ("", "x"),
];

#[test]
fn words_are_not_the_same_that_are_others() {
    for (one, other) in DIFFERENT {
        assert_ne!(Words::of(one), Words::of(other), "{one:?} {other:?}");
    }
}

#[test]
fn a_word_is_bounded() {
    let long = "x".repeat(Words::MAX_CHARS + 7);
    assert_eq!(Words::of(&long).as_str().len(), Words::MAX_CHARS);
    assert!(Words::of(&long).match_all(&Words::of(&long)));
}

#[test]
fn the_words_of_a_text_are_bounded_and_it_is_told() {
    let text: String = (10_000..60_000)
        .map(|number| format!("{number} "))
        .collect();
    let words = Words::of(&text);
    assert_eq!(words.iter().count(), Words::MAX_WORDS);
    assert!(words.as_str().len() <= Words::MAX_BYTES);
    assert!(
        words.match_all(&Words::of("10000 42767")),
        "the first are kept"
    );
    assert!(words.are_cut());
    let long: String = (0..50_000).map(|number| format!("{number:032} ")).collect();
    let words = Words::of(&long);
    assert!(words.as_str().len() <= Words::MAX_BYTES);
    assert!(words.are_cut());
}

#[test]
fn a_text_of_megabytes_is_found_by_its_last_word() {
    let mut text: String = (0..20_000).map(|number| format!("{number} ")).collect();
    while text.len() < 5 << 20 {
        text.push_str("minutes of the meeting, again and again: ");
    }
    text.push_str("Fernglas");
    let words = Words::of(&text);
    assert!(words.match_all(&Words::of("19999 fernglas meeting")));
    assert!(!words.are_cut());
    assert_eq!(words.iter().count(), 20_000 + 7);
}

#[test]
fn a_question_of_too_many_words_is_refused() {
    let text: String = (0..33).map(|number| format!("{number} ")).collect();
    let refused = SearchQuery::new(CollectionId::random(), &text);
    assert!(matches!(refused, Err(Error::Limit { limit: 32, .. })));
}

#[test]
fn a_category_is_bounded_at_a_character() {
    let category = Category::of(&"ш".repeat(1_000)).unwrap();
    assert_eq!(category.as_str().len(), 254);
    assert_eq!(Category::of(category.as_str()), Some(category));
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// So that a backend can give them to any index of words as they are.
    #[test]
    fn words_hold_no_ascii_but_small_letters_and_digits(text in any::<String>()) {
        for word in Words::of(&text).iter() {
            let odd = |c: char| c.is_ascii() && !c.is_ascii_lowercase() && !c.is_ascii_digit();
            prop_assert!(!word.is_empty() && !word.contains(odd), "{word:?}");
        }
    }

    #[test]
    fn a_text_is_found_by_each_of_its_words(text in any::<String>()) {
        let words = Words::of(&text);
        for word in words.iter() {
            prop_assert!(words.match_all(&Words::of(word)), "{word:?}");
        }
    }
}
