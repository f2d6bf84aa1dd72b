//! The iCalendar model: lossless text, typed values, time zones, occurrences
