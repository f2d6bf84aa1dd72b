//! An object that was never in sync.

use super::{Action, Case, Decision, Reason, half, only};
use crate::plan::presence::Presence;
use crate::{Direction, Object, Pair, Side};

impl Case<'_> {
    pub(super) fn adopt(&self, now: &Pair<Presence<'_>>) -> Decision {
        match (&now.a, &now.b) {
            (Presence::Read(place_a, a), Presence::Read(place_b, b)) => {
                let halves = Pair::new(half(place_a, a), half(place_b, b));
                if a.says_the_same(b) {
                    let halves = Pair::new(Some(halves.a), Some(halves.b));
                    return self
                        .step(a.title(), Reason::Adopted)
                        .linking(halves)
                        .decided();
                }
                let winner = match self.policy.direction {
                    Direction::Both => self.winner(a, b),
                    Direction::From(source) => source,
                };
                let loser = winner.other();
                let (place, body) = (
                    halves.of(loser).place.clone(),
                    halves.of(winner).base.clone(),
                );
                self.step(
                    Pair::new(a, b).of(winner).title(),
                    Reason::Collision(winner),
                )
                .writing(loser, Action::Update { place, body })
                .losing(loser, &halves.of(loser).base, vec!["first sync".to_owned()])
                .linking(only(winner, halves.of(winner).clone()))
                .decided()
            }
            (Presence::Read(place, object), _) => {
                self.created(Side::A, half(place, object), object)
            }
            (_, Presence::Read(place, object)) => {
                self.created(Side::B, half(place, object), object)
            }
            // A base that cannot be read any more leaves nothing to go by.
            _ => Decision::Nothing,
        }
    }

    fn created(&self, side: Side, new: crate::Half, object: &Object) -> Decision {
        if self.policy.direction == Direction::From(side.other()) {
            // What the follower alone has is its own.
            return Decision::Nothing;
        }
        let body = new.base.clone();
        self.step(object.title(), Reason::New(side))
            .writing(side.other(), Action::Create { body })
            .linking(only(side, new))
            .decided()
    }
}
