//! Many seeds, each a world of its own.

use cal_sync::simulate::Simulation;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_seed_converges_with_nothing_lost_or_invented() {
    let mut unsound = Vec::new();
    for seed in 0..100 {
        let outcome = Simulation::new(seed).with_rounds(8).run().await;
        if !outcome.is_sound() {
            unsound.push(outcome.to_string());
        }
    }
    assert!(unsound.is_empty(), "{}", unsound.join("\n"));
}
