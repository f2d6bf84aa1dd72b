//! Names of files: reversible, and such as every file system takes.
//!
//! `%` and two hexadecimal digits stand for a byte that some file system has no
//! place for. Objects of calendars are files that end in `.ics`, which is what
//! vdir readers look for; a name without that gets `%.ics` at its end, which no
//! other name has. A name that would be too long becomes `%~` and a hash: such
//! a file is found from its name, not the other way round.

use sha2::{Digest, Sha256};

use crate::{ObjectName, PrincipalName};

/// Bytes of the longest name that is written as it is; file systems take 255.
const LONGEST: usize = 240;

/// Where a file is, as far as its name is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// In a calendar, beside `displayname` and `color`.
    Calendar,
    /// Anywhere else.
    Other,
}

/// How much of a name is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// What some file system refuses.
    Usual,
    /// Also all that a file system could take for something else: capitals,
    /// and what is not ASCII.
    Strict,
}

/// The file names in a calendar that are no objects.
pub(super) const DISPLAY_NAME: &str = "displayname";
pub(super) const COLOR: &str = "color";

/// The name of the file for a name.
pub(super) fn encode(name: &str, shelf: Shelf, care: Care) -> String {
    let mut file = String::with_capacity(name.len() + 6);
    let is_word = is_reserved(name, shelf);
    let last = name.chars().count().saturating_sub(1);
    for (place, character) in name.chars().enumerate() {
        let escape = match character {
            '%' | '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => true,
            '.' if place == 0 => true,
            '.' | ' ' if place == last => true,
            character if character.is_control() => true,
            character if care == Care::Strict => {
                character.is_ascii_uppercase() || !character.is_ascii()
            }
            _ => false,
        };
        if escape || (is_word && place == 0) {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                file.push_str(&format!("%{byte:02X}"));
            }
        } else {
            file.push(character);
        }
    }
    if file.len() > LONGEST {
        let hash = Sha256::digest(name);
        file = "%~".to_owned();
        hash.iter()
            .for_each(|byte| file.push_str(&format!("{byte:02x}")));
        if shelf == Shelf::Calendar {
            file.push_str(".ics");
        }
    } else if shelf == Shelf::Calendar && !file.ends_with(".ics") {
        file.push_str("%.ics");
    }
    file
}

/// The name that a file stands for, if it stands for one.
pub(super) fn decode(file: &str, shelf: Shelf) -> Option<ObjectName> {
    if file.starts_with('.') || file.starts_with("%~") {
        return None;
    }
    let rest = match shelf {
        Shelf::Calendar if !file.ends_with(".ics") => return None,
        Shelf::Calendar => file.strip_suffix("%.ics").unwrap_or(file),
        Shelf::Other => file,
    };
    let mut parts = rest.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, plain) = part.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(plain.as_bytes());
    }
    ObjectName::new(String::from_utf8(bytes).ok()?).ok()
}

/// The form in which two file names that some file system takes for one are equal.
pub(super) fn folded(file: &str) -> String {
    PrincipalName::from_stored(file).folded()
}

/// What Windows keeps for devices, and we for what is not an object.
fn is_reserved(name: &str, shelf: Shelf) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end().to_ascii_uppercase();
    let is_numbered = |word: &str| {
        let digits = stem.strip_prefix(word);
        digits.is_some_and(|digit| matches!(digit.as_bytes(), [b'1'..=b'9']))
    };
    let is_device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || is_numbered("COM")
        || is_numbered("LPT");
    is_device || (shelf == Shelf::Calendar && (stem == "DISPLAYNAME" || stem == "COLOR"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_file_name_leads_back_to_its_name(name in "[^/\0]{1,60}") {
            prop_assume!(name != "." && name != "..");
            for shelf in [Shelf::Calendar, Shelf::Other] {
                for care in [Care::Usual, Care::Strict] {
                    let file = encode(&name, shelf, care);
                    prop_assert!(file.len() < 255 && !file.starts_with('.'), "{file}");
                    if !file.starts_with("%~") {
                        let back = decode(&file, shelf);
                        prop_assert_eq!(back.as_ref().map(ObjectName::as_str), Some(&*name));
                    }
                }
            }
        }

        #[test]
        fn strict_file_names_differ_on_every_file_system(one in "[aAéÉ%.]{1,4}", two in "[aAéÉ%.]{1,4}") {
            prop_assume!(one != two);
            let strict = |name: &str| folded(&encode(name, Shelf::Calendar, Care::Strict));
            prop_assert_ne!(strict(&one), strict(&two));
        }
    }

    #[test]
    fn what_some_file_system_refuses_is_escaped() {
        let cases = [
            ("lunch.ics", "lunch.ics"),
            ("a:b.ics", "a%3Ab.ics"),
            ("100%.ics", "100%25.ics"),
            (".hidden.ics", "%2Ehidden.ics"),
            ("con.ics", "%63on.ics"),
            ("no-ending", "no-ending%.ics"),
            ("color", "%63olor%.ics"),
        ];
        for (name, file) in cases {
            assert_eq!(encode(name, Shelf::Calendar, Care::Usual), file);
        }
        assert_eq!(encode("color", Shelf::Other, Care::Usual), "color");
        let long = encode(&"x".repeat(255), Shelf::Calendar, Care::Usual);
        assert!(long.starts_with("%~") && long.ends_with(".ics") && long.len() < 80);
    }
}
