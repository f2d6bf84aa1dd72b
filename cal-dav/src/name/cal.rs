//! Names of a namespace of our own.

use super::names;

names! { CAL:
    REASON = "reason",
}
