//! Seeded simulations of a mapping: random edits on both sides, crashes,
//! lost answers, cut listings and races, after which both sides must be the
//! same with nothing lost and nothing invented.
//!
//! Everything random comes from the seed, so that what a seed finds it finds
//! again.
//!
//! ```
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
//! let outcome = cal_sync::simulate::Simulation::new(7).with_rounds(3).run().await;
//! assert!(outcome.is_sound(), "{outcome}");
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod collection;
mod fault;
mod judge;
mod ledger;
mod random;
mod user;
mod world;

use std::fmt;

pub use self::collection::{Collection, Habit};
use self::world::World;

/// A run of rounds of edits and syncs under one seed.
#[derive(Clone, Copy, Debug)]
pub struct Simulation {
    seed: u64,
    rounds: u32,
}

/// What came of a simulation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Rounds done.
    pub rounds: u32,
    /// Edits that the users made.
    pub edits: u64,
    /// Writes that the engine made.
    pub writes: u64,
    /// Faults that were thrown in.
    pub faults: u64,
    /// Versions that gave way and are in the log.
    pub losses: usize,
    /// What is wrong; nothing if all is well.
    pub violations: Vec<String>,
}

impl Simulation {
    /// Ten rounds under this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, rounds: 10 }
    }

    /// With so many rounds.
    #[must_use]
    pub fn with_rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds;
        self
    }

    /// Runs it. Ends at the first round that is not sound.
    pub async fn run(self) -> Outcome {
        let mut outcome = Outcome {
            seed: self.seed,
            ..Outcome::default()
        };
        match World::new(self.seed).await {
            Ok(mut world) => {
                for _ in 0..self.rounds {
                    let violations = match world.round().await {
                        Ok(violations) => violations,
                        Err(error) => vec![crate::error::chain(&error)],
                    };
                    outcome.rounds += 1;
                    outcome.violations = violations;
                    if !outcome.violations.is_empty() {
                        break;
                    }
                }
                world.tell(&mut outcome).await;
            }
            Err(error) => outcome.violations.push(crate::error::chain(&error)),
        }
        outcome
    }
}

impl Outcome {
    /// Whether every round converged with nothing lost or invented.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.violations.is_empty()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "seed {}: {} rounds, {} edits, {} writes, {} faults, {} conflicts",
            self.seed, self.rounds, self.edits, self.writes, self.faults, self.losses
        )?;
        for violation in &self.violations {
            write!(f, "\n  {violation}")?;
        }
        Ok(())
    }
}
