//! `cal export`
