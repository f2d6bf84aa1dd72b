//! Recurrence rules (RFC 5545, RFC 7529): parse, validate, expand lazily, seek
