//! The words of a text, in the form in which they are compared.
//!
//! Backends match words and know nothing of letters: what counts as one word,
//! and which words are the same, is decided here for all of them.

use std::collections::HashSet;
use std::fmt;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

/// Distinct words without regard to case, accents and width, in order of their bytes.
///
/// A word is a run of letters and digits; of scripts that are written without
/// spaces between words, each character. Words are cut after
/// [`MAX_CHARS`](Self::MAX_CHARS) characters. Of one text there are at most the first
/// [`MAX_WORDS`](Self::MAX_WORDS) different ones, of together
/// [`MAX_BYTES`](Self::MAX_BYTES): more than books have. That is as many as one row of
/// PostgreSQL can index, and the same for all.
///
/// ```
/// use cal_store::Words;
///
/// let words = Words::of("Café in der Hauptstraße 7");
/// assert_eq!(words.as_str(), "7 cafe der hauptstrasse in");
/// assert!(words.match_all(&Words::of("HAUPT cafe")));
/// assert!(!words.match_all(&Words::of("straße")));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Words {
    words: String,
    are_cut: bool,
}

impl Words {
    /// The most characters of one word.
    pub const MAX_CHARS: usize = 32;

    /// The most bytes of different words, as they are compared, that one object is
    /// found by.
    pub const MAX_BYTES: usize = 480 << 10;

    /// The most different words that one object is found by.
    pub const MAX_WORDS: usize = 32 << 10;

    /// The words of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut builder = WordsBuilder::default();
        builder.add(text);
        builder.build()
    }

    /// Words as they were told once by [`as_str`](Self::as_str). Whether they were
    /// cut was said when they were made.
    pub(crate) fn from_stored(text: &str) -> Self {
        Self {
            words: text.to_owned(),
            are_cut: false,
        }
    }

    /// The words, separated by one space each. They hold letters, digits and
    /// marks only, ASCII in small letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// Whether the text had more different words than these.
    #[must_use]
    pub fn are_cut(&self) -> bool {
        self.are_cut
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.split_ascii_whitespace()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether each of `beginnings` is how one of these words begins.
    #[must_use]
    pub fn match_all(&self, beginnings: &Self) -> bool {
        let mut beginnings = beginnings.iter();
        beginnings.all(|wanted| self.iter().any(|word| word.starts_with(wanted)))
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({:?})", self.words)
    }
}

/// Collects words of several texts.
#[derive(Debug, Default)]
pub(crate) struct WordsBuilder {
    /// Words in the order of the texts, separated by spaces.
    words: String,
    /// The characters of the word that the next one may go on.
    length: usize,
    /// Whether the last character may still get a mark.
    attached: bool,
    /// The length at which repeated words are removed the next time.
    gathered: usize,
    are_cut: bool,
}

/// Texts up to this length have no words too many, repeated or not.
const SHORT: usize = 2 * Words::MAX_WORDS;

impl WordsBuilder {
    pub(crate) fn add(&mut self, text: &str) {
        self.end_word();
        if text.is_ascii() {
            for character in text.chars() {
                self.push_base(character);
            }
            return;
        }
        let classes = CanonicalCombiningClassMapBorrowed::new();
        for character in DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars()) {
            match classes.get_u8(character) {
                0 => self.push_base(character),
                // Nuktas, voicing marks and viramas make another letter; all
                // other marks are accents, points and tones.
                7..=9 if self.attached => self.words.push(character),
                _ => {}
            }
        }
    }

    pub(crate) fn build(mut self) -> Words {
        if self.words.len() >= SHORT {
            self.remove_repeated();
        }
        let mut words: Vec<&str> = self.words.split_ascii_whitespace().collect();
        words.sort_unstable();
        words.dedup();
        Words {
            words: words.join(" "),
            are_cut: self.are_cut,
        }
    }

    /// Leaves each word where it was first, as many as may be.
    fn remove_repeated(&mut self) {
        let mut seen = HashSet::new();
        let mut kept = String::with_capacity(self.words.len().min(Words::MAX_BYTES));
        for word in self.words.split_ascii_whitespace() {
            if seen.contains(word) {
                continue;
            }
            let length = kept.len() + usize::from(!kept.is_empty()) + word.len();
            if seen.len() >= Words::MAX_WORDS || length > Words::MAX_BYTES {
                self.are_cut = true;
                break;
            }
            seen.insert(word);
            if !kept.is_empty() {
                kept.push(' ');
            }
            kept.push_str(word);
        }
        self.gathered = kept.len().saturating_mul(2).max(SHORT);
        self.words = kept;
    }

    fn push_base(&mut self, character: char) {
        if character.is_ascii() {
            match character.is_ascii_alphanumeric() {
                true => self.push(character.to_ascii_lowercase()),
                false => self.end_word(),
            }
        } else if !character.is_alphanumeric() {
            self.end_word();
        } else if stands_alone(character) {
            self.end_word();
            self.push(character);
            self.length = 0;
        } else {
            // By way of capitals, letters become the same that differ only as
            // small ones: the final sigma, the long s.
            for letter in character.to_uppercase().flat_map(char::to_lowercase) {
                // A mark that a change of case leaves behind is dropped, too.
                if letter.is_alphanumeric() {
                    self.push(letter);
                }
            }
        }
    }

    fn push(&mut self, character: char) {
        if self.are_cut || self.length >= Words::MAX_CHARS {
            self.attached = false;
            return;
        }
        if self.length == 0 && !self.words.is_empty() {
            if self.words.len() >= self.gathered.max(SHORT) {
                self.remove_repeated();
                if self.are_cut {
                    return;
                }
            }
            self.words.push(' ');
        }
        self.words.push(character);
        self.length += 1;
        self.attached = true;
    }

    fn end_word(&mut self) {
        self.length = 0;
        self.attached = false;
    }
}

/// A text without regard to case and accents, with all else that it has.
pub(super) fn fold(text: &str) -> String {
    let classes = CanonicalCombiningClassMapBorrowed::new();
    let plain = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars());
    let plain = plain.filter(|character| matches!(classes.get_u8(*character), 0 | 7..=9));
    let capitals = plain.flat_map(char::to_uppercase);
    capitals.flat_map(char::to_lowercase).collect()
}

/// Whether a character is of a script written without spaces between words.
fn stands_alone(character: char) -> bool {
    matches!(
        u32::from(character),
        // Thai, Lao, Myanmar, Khmer
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF
        // Kana, Bopomofo, ideographs
        | 0x3040..=0x312F | 0x31A0..=0x31BF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF
    )
}
