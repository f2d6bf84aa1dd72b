//! One side leads, the other follows.

use super::reconcile::{delete, there};
use super::{Action, Case, Decision, Now, Past, Reason, only};
use crate::merge::impose;
use crate::{Object, Pair, Side};

impl Case<'_> {
    /// An object that was in sync.
    pub(super) fn follow(&self, past: &Past, now: &Pair<Now<'_>>, source: Side) -> Decision {
        let follower = source.other();
        let (leading, following) = (now.of(source), now.of(follower));
        let title = past.bases.of(source).title();
        match (leading, following) {
            (Now::Absent, Now::Absent) => self.step(title, Reason::Gone).decided(),
            (Now::Absent, Now::Same(half)) => self
                .step(title, Reason::Deleted(source))
                .writing(follower, delete(half))
                .decided(),
            (Now::Absent, Now::Changed(_, object)) => {
                let step = self.step(title, Reason::DeletionBeatsChange(source));
                let step = step.losing(follower, object.body(), vec!["deletion".to_owned()]);
                match following.half() {
                    Some(half) => step.writing(follower, delete(&half)).decided(),
                    None => Decision::Nothing,
                }
            }
            (_, Now::Absent) => match leading.half() {
                Some(half) => {
                    let body = half.base.clone();
                    self.step(title, Reason::MissingFollower(follower))
                        .writing(follower, Action::Create { body })
                        .linking(only(source, half))
                        .decided()
                }
                None => Decision::Nothing,
            },
            (Now::Same(_), Now::Same(_)) => {
                let halves = Pair::from_fn(|side| now.of(side).half());
                if past.is(&halves) {
                    return Decision::Nothing;
                }
                self.step(title, Reason::Noted).linking(halves).decided()
            }
            _ => self.imposed(&past.bases, now, source),
        }
    }

    /// Both sides have it, and at least one changed it.
    fn imposed(&self, bases: &Pair<Object>, now: &Pair<Now<'_>>, source: Side) -> Decision {
        let follower = source.other();
        let (Some(leading), Some(following)) = (there(now.of(source)), there(now.of(follower)))
        else {
            return Decision::Nothing;
        };
        let mut objects = Pair::new(&leading.0, &following.0);
        if source == Side::B {
            objects = Pair::new(&following.0, &leading.0);
        }
        let title = leading.0.title();
        let Some(body) = impose(bases, &objects, source) else {
            let mut halves = only(source, leading.1);
            *halves.of_mut(follower) = Some(following.1);
            return self.step(title, Reason::Noted).linking(halves).decided();
        };
        let strayed = matches!(now.of(follower), Now::Changed(..));
        let reason = if strayed {
            Reason::ChangedFollower(follower)
        } else {
            Reason::Changed(source)
        };
        let mut step = self.step(title, reason);
        if strayed {
            let over = vec!["direction".to_owned()];
            step = step.losing(follower, following.0.body(), over);
        }
        let place = following.1.place;
        step.writing(follower, Action::Update { place, body })
            .linking(only(source, leading.1))
            .decided()
    }
}
