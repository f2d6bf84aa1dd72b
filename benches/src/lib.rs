//! Criterion benchmarks of Cal beside its peers; see `benches/`.
