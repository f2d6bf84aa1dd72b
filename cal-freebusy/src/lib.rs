//! Free/busy: exact intervals, 15-minute bitmaps, availability
