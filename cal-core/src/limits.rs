//! What a reader accepts before it stops: bounds on size and shape, never on content.

/// The largest input, line and structure that a [`Reader`](crate::Reader) takes in.
///
/// Every bound is inclusive. Passing one is an error for the strict reading;
/// the lenient one keeps what lies beyond it raw, says so in a warning and
/// marks the reading incomplete where components were left out.
///
/// ```
/// use cal_core::{Calendar, Limits, Reader};
///
/// let reader = Reader::new().with_limits(Limits { depth: 2, ..Limits::default() });
/// let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nBEGIN:VALARM\r\n";
/// assert!(reader.parse(text).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole input.
    pub input_bytes: usize,
    /// Content lines (after unfolding) of the whole input.
    pub lines: usize,
    /// Bytes of one content line, its folds included.
    pub line_bytes: usize,
    /// Bytes of the name and parameters of one property, unfolded.
    pub head_bytes: usize,
    /// Properties directly in one component.
    pub properties: usize,
    /// Components inside each other; a VCALENDAR alone is depth 1.
    pub depth: usize,
    /// Parameters of one property.
    pub parameters: usize,
    /// Warnings that one reading collects; one more says that others were left out.
    pub warnings: usize,
}

impl Default for Limits {
    /// 1 GiB, 32 Mi lines of at most 64 MiB with 256 KiB before the value,
    /// 100,000 properties a component,
    /// 256 levels, 1,000 parameters a property, 10,000 warnings.
    fn default() -> Self {
        Limits {
            input_bytes: 1 << 30,
            lines: 32 << 20,
            line_bytes: 64 << 20,
            head_bytes: 256 << 10,
            properties: 100_000,
            depth: 256,
            parameters: 1_000,
            warnings: 10_000,
        }
    }
}
