//! `Depth` (RFC 4918 section 10.2).

use http::HeaderMap;

/// How far below its target a request reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    Zero,
    One,
    Infinity,
}

impl Depth {
    /// The header of a request: `Ok(None)` where it is absent, `Err` where it is not a depth.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, InvalidDepth> {
        let Some(value) = headers.get("depth") else {
            return Ok(None);
        };
        let value = value.to_str().map_err(|_| InvalidDepth)?;
        // Apple's old clients say "1,noroot"; the preference is read in `prefer`.
        let level = value.split(',').next().unwrap_or_default().trim();
        match level {
            "0" => Ok(Some(Self::Zero)),
            "1" => Ok(Some(Self::One)),
            _ if level.eq_ignore_ascii_case("infinity") => Ok(Some(Self::Infinity)),
            _ => Err(InvalidDepth),
        }
    }
}

/// The value of the header is none of `0`, `1`, `infinity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the Depth header must be 0, 1 or infinity")]
pub(crate) struct InvalidDepth;
