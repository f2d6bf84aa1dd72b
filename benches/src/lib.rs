//! Criterion benchmarks of Cal beside its peers; see `benches/`. What they need
//! and nobody else is here.

pub mod profile;
