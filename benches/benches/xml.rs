//! Writing a multistatus of ten thousand members, as a first synchronization
//! answers it.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops at the first surprise"
)]

use std::hint::black_box;

use cal_dav::Href;
use cal_dav::name::dav;
use cal_dav::response::MultistatusWriter;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use http::StatusCode;

const MEMBERS: u64 = 10_000;

fn multistatus(criterion: &mut Criterion) {
    let hrefs: Vec<Href> = (0..MEMBERS)
        .map(|number| {
            let name = format!("{number}.ics");
            Href::from_segments(["dav", "calendars", "ada", "work", &name])
        })
        .collect();
    let mut group = criterion.benchmark_group("xml/multistatus");
    group
        .throughput(Throughput::Elements(MEMBERS))
        .sample_size(20);
    group.bench_function("cal", |bencher| {
        bencher.iter(|| {
            let mut writer = MultistatusWriter::new();
            for href in &hrefs {
                writer.properties(href, |response| {
                    response.propstat(StatusCode::OK, |prop| {
                        prop.text_element(&dav::GETETAG, "\"0123456789abcdef\"");
                    });
                });
                if writer.pending() > 64 * 1024 {
                    black_box(writer.take());
                }
            }
            black_box(writer.finish(None))
        });
    });
    group.finish();
}

criterion_group!(benches, multistatus);
criterion_main!(benches);
