//! Value types (RFC 5545 3.3).

use std::fmt;

macro_rules! value_types {
    ($($kind:ident $name:literal;)*) => {
        /// The type of a property's value, as the `VALUE` parameter names it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ValueType {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
            /// A type that this crate does not know; its values stay raw.
            Unknown,
        }

        impl ValueType {
            /// The type with this name, in any case of letters.
            #[must_use]
            pub fn of(name: &str) -> Self {
                $(if name.eq_ignore_ascii_case($name) { return ValueType::$kind; })*
                ValueType::Unknown
            }

            /// The name in the `VALUE` parameter.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(ValueType::$kind => $name,)*
                    ValueType::Unknown => "UNKNOWN",
                }
            }
        }
    };
}

value_types! {
    Text "TEXT";
    DateTime "DATE-TIME";
    Date "DATE";
    Uri "URI";
    CalAddress "CAL-ADDRESS";
    Duration "DURATION";
    Integer "INTEGER";
    Recur "RECUR";
    Period "PERIOD";
    Boolean "BOOLEAN";
    Float "FLOAT";
    UtcOffset "UTC-OFFSET";
    Time "TIME";
    Binary "BINARY";
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
