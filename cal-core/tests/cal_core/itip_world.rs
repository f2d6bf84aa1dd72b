//! An organizer and attendees who do things, and messages that arrive as they may.

use cal_core::itip::{
    CalendarUser, Context, Delivery, Message, Method, Outcome, Refusal, Scheduled, add_instance,
    attendee_edit, counter, decline_counter, organizer_edit, receive, refresh,
};
use cal_core::series_edit::{Change, Scope, SeriesEdit};
use cal_core::{Calendar, Component, Moment, NewProperty, Occurrence, PropertyKind, Window};
use chrono::{NaiveDateTime, TimeDelta};
use proptest::prelude::*;

use crate::calendar_of;
use crate::series::series;

/// Two who are invited, and one to whom they may delegate.
const ATTENDEES: [&str; 3] = ["mailto:a@x", "mailto:b@x", DELEGATE];
const DELEGATE: &str = "mailto:d@x";

/// One thing that someone does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Rename {
        nth: usize,
        scope: Scope,
    },
    Move {
        nth: usize,
        scope: Scope,
        hours: i64,
    },
    TakeOut {
        nth: usize,
    },
    /// The organizer wants one attendee no more at one instance.
    Spare {
        nth: usize,
        who: usize,
    },
    /// Or at none.
    Drop {
        who: usize,
    },
    Answer {
        who: usize,
        nth: Option<usize>,
        answer: usize,
    },
    Skip {
        who: usize,
        nth: usize,
    },
    /// Someone lets another one come to all of it.
    Delegate {
        who: usize,
    },
    /// Someone proposes a later time, which the organizer declines.
    Propose {
        who: usize,
        nth: usize,
    },
    /// Someone asks for the latest version.
    Ask {
        who: usize,
    },
    /// The organizer adds an instance some days after the series.
    Add {
        day: u32,
    },
    Deliver {
        which: usize,
        again: bool,
    },
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let scope = prop_oneof![Just(Scope::This), Just(Scope::This), Just(Scope::All)];
    let deliver =
        (any::<usize>(), any::<bool>()).prop_map(|(which, again)| Step::Deliver { which, again });
    prop_oneof![
        (0..6usize, scope.clone()).prop_map(|(nth, scope)| Step::Rename { nth, scope }),
        (0..6usize, scope, -3..4i64).prop_map(|(nth, scope, hours)| Step::Move {
            nth,
            scope,
            hours
        }),
        (0..6usize).prop_map(|nth| Step::TakeOut { nth }),
        (0..6usize, 0..2usize).prop_map(|(nth, who)| Step::Spare { nth, who }),
        (0..2usize).prop_map(|who| Step::Drop { who }),
        (0..3usize, prop::option::of(0..6usize), 0..3usize)
            .prop_map(|(who, nth, answer)| Step::Answer { who, nth, answer }),
        (0..3usize, 0..6usize).prop_map(|(who, nth)| Step::Skip { who, nth }),
        (0..2usize).prop_map(|who| Step::Delegate { who }),
        (0..3usize, 0..6usize).prop_map(|(who, nth)| Step::Propose { who, nth }),
        (0..3usize).prop_map(|who| Step::Ask { who }),
        (0..4u32).prop_map(|day| Step::Add { day }),
        deliver.clone(),
        deliver.clone(),
        deliver,
    ]
}

/// Someone with a copy of the object, and messages that came too early.
#[derive(Default)]
struct Copy {
    object: Option<Calendar>,
    early: Vec<Message>,
}

struct World {
    now: NaiveDateTime,
    organizer: Copy,
    attendees: [Copy; 3],
    /// Under way.
    posted: Vec<(String, Message)>,
    renamed: u32,
}

fn window() -> Window {
    let start = "2026-01-01T00:00:00Z".parse().unwrap();
    Window::new(start, start + TimeDelta::days(60))
}

fn occurrences(calendar: &Calendar) -> Vec<Occurrence<'_>> {
    let found = calendar.occurrences(&window(), chrono_tz::UTC);
    found.map(Result::unwrap).collect()
}

fn nth_instance(calendar: &Calendar, nth: usize) -> Option<Moment> {
    let all = occurrences(calendar);
    let open = all.iter().filter(|found| !found.component().is_cancelled());
    open.map(|found| found.recurrence_id().unwrap()).nth(nth)
}

/// The answer that a component has of someone.
fn answer_of(component: Component<'_>, who: &str) -> Option<String> {
    let mut people = component.attendees();
    let found = people.find(|person| person.address() == who)?;
    Some(found.participation().into_owned())
}

/// The ATTENDEEs of a component, one of them with another answer or gone.
fn attendees(component: Component<'_>, who: &str, answer: Option<&str>) -> Vec<NewProperty> {
    let lines = component.attendees().filter_map(|person| {
        let line = NewProperty::from_property(&person.property());
        if person.address() != who {
            return Some(line);
        }
        Some(line.with_parameter("PARTSTAT", answer?))
    });
    lines.collect()
}

impl World {
    fn new() -> Self {
        let plain = series(&["DTSTART;TZID=Europe/Berlin:20260105T090000\n\
             DTEND;TZID=Europe/Berlin:20260105T100000\nRRULE:FREQ=DAILY;COUNT=5\nSUMMARY:0\n\
             ORGANIZER:mailto:o@x\nATTENDEE;PARTSTAT=ACCEPTED:mailto:o@x\n\
             ATTENDEE:mailto:a@x\nATTENDEE:mailto:b@x"]);
        let berlin = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\n\
            DTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\n\
            END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT";
        let text = plain.to_string().replacen("BEGIN:VEVENT", berlin, 1);
        let calendar = Calendar::read(text).calendar;
        let mut world = Self {
            now: "2026-01-02T00:00:00".parse().unwrap(),
            organizer: Copy::default(),
            attendees: Default::default(),
            posted: Vec::new(),
            renamed: 0,
        };
        let first = organizer_edit(None, Some(&calendar), &world.context()).unwrap();
        world.organized(first);
        world
    }

    fn context(&self) -> Context {
        Context::at(self.now)
    }

    fn post(&mut self, messages: Vec<Message>) {
        for message in messages {
            for to in message.to.clone() {
                self.posted.push((to, message.clone()));
            }
        }
    }

    fn organized(&mut self, scheduled: Scheduled) {
        self.organizer.object = scheduled.object;
        self.post(scheduled.messages);
    }

    fn organize(&mut self, edit: impl Fn(&Calendar) -> Option<Calendar>) {
        let Some(before) = self.organizer.object.clone() else {
            return;
        };
        let Some(after) = edit(&before) else { return };
        let done = organizer_edit(Some(&before), Some(&after), &self.context()).unwrap();
        self.organized(done);
    }

    fn change(&mut self, nth: usize, scope: Scope, change: impl Fn(&Occurrence<'_>) -> Change) {
        let now = self.now;
        self.organize(|before| {
            let instance = nth_instance(before, nth)?;
            let all = occurrences(before);
            let found = all
                .iter()
                .find(|found| found.recurrence_id().as_ref() == Some(&instance))?;
            let edit = SeriesEdit::new(scope, instance.clone(), now);
            edit.change(before, &change(found)).unwrap().object
        });
    }

    fn take(&mut self, step: Step) {
        // Several things may happen within a second.
        self.now += TimeDelta::milliseconds(400);
        match step {
            Step::Rename { nth, scope } => {
                self.renamed += 1;
                let name = self.renamed.to_string();
                self.change(nth, scope, |_| Change::new().with_summary(&name));
            }
            Step::Move { nth, scope, hours } => self.change(nth, scope, |found| {
                Change::new().with_start(found.start().shifted(TimeDelta::hours(hours)).unwrap())
            }),
            Step::TakeOut { nth } => {
                let now = self.now;
                self.organize(|before| {
                    let instance = nth_instance(before, nth)?;
                    let edit = SeriesEdit::new(Scope::This, instance, now);
                    edit.delete(before).unwrap().object
                });
            }
            Step::Spare { nth, who } => self.change(nth, Scope::This, |found| {
                let left = attendees(found.component(), ATTENDEES[who], None);
                Change::new().with_all("ATTENDEE", left)
            }),
            Step::Drop { who } => self.organize(|before| {
                let mut after = before.clone();
                let ids: Vec<_> = before
                    .events()
                    .map(|event| event.component().id())
                    .collect();
                for id in ids {
                    let mut component = after.component_mut(id)?;
                    component.remove_where(|property| {
                        property.kind() == PropertyKind::Attendee
                            && property.raw_value() == ATTENDEES[who]
                    });
                }
                Some(after)
            }),
            Step::Answer { who, nth, answer } => {
                let answer = ["ACCEPTED", "TENTATIVE", "DECLINED"][answer];
                self.attend(who, |now, before| answered(now, before, (who, nth, answer)));
            }
            Step::Skip { who, nth } => self.attend(who, |now, before| {
                let instance = nth_instance(before, nth)?;
                let edit = SeriesEdit::new(Scope::This, instance, now);
                edit.delete(before).unwrap().object
            }),
            Step::Delegate { who } => self.attend(who, |_, before| delegated(before, who)),
            Step::Propose { who, nth } => self.propose(who, nth),
            Step::Ask { who } => {
                let Some(own) = &self.attendees[who].object else {
                    return;
                };
                let user = CalendarUser::new([ATTENDEES[who]]);
                if let Ok(message) = refresh(own, &user, &self.context()) {
                    self.post(vec![message]);
                }
            }
            Step::Add { day } => self.add(day),
            Step::Deliver { which, again } => {
                if self.posted.is_empty() {
                    return;
                }
                let which = which % self.posted.len();
                let (to, message) = self.posted[which].clone();
                if !again {
                    self.posted.swap_remove(which);
                }
                self.deliver(&to, message);
            }
        }
    }

    fn add(&mut self, day: u32) {
        let Some(before) = self.organizer.object.clone() else {
            return;
        };
        let text = calendar_of(&format!(
            "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
             DTSTART;TZID=Europe/Berlin:202601{:02}T090000\nDURATION:PT1H\nSUMMARY:added\n\
             END:VEVENT",
            20 + day
        ));
        // It may be there already.
        let instance = Calendar::read(text).calendar;
        if let Ok(done) = add_instance(&before, &instance, &self.context()) {
            self.organized(done);
        }
    }

    fn propose(&mut self, who: usize, nth: usize) {
        let Some(own) = self.attendees[who].object.clone() else {
            return;
        };
        let Some(instance) = nth_instance(&own, nth) else {
            return;
        };
        let later = instance.shifted(TimeDelta::hours(1)).unwrap();
        let edit = SeriesEdit::new(Scope::This, instance, self.now);
        let proposal = edit.change(&own, &Change::new().with_start(later));
        let proposal = proposal.unwrap().object.unwrap();
        let user = CalendarUser::new([ATTENDEES[who]]);
        if let Ok(message) = counter(&own, &proposal, &user, &self.context()) {
            self.post(vec![message]);
        }
    }

    fn attend(&mut self, who: usize, edit: impl Fn(NaiveDateTime, &Calendar) -> Option<Calendar>) {
        let Some(before) = self.attendees[who].object.clone() else {
            return;
        };
        let Some(after) = edit(self.now, &before) else {
            return;
        };
        let user = CalendarUser::new([ATTENDEES[who]]);
        // Who was never asked has nothing to say.
        let done = match attendee_edit(&before, Some(&after), &user, &self.context()) {
            Ok(done) => done,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::NotInvited);
                return;
            }
        };
        self.attendees[who].object = done.object;
        self.post(done.messages);
    }

    fn deliver(&mut self, to: &str, message: Message) {
        let context = self.context();
        let copy = match ATTENDEES.iter().position(|who| *who == to) {
            Some(who) => &mut self.attendees[who],
            None => &mut self.organizer,
        };
        let delivery = Delivery::new(
            CalendarUser::new([&message.from]),
            CalendarUser::new([to]),
            context,
        );
        let outcome = match receive(copy.object.as_ref(), &message.calendar, &delivery) {
            Ok(outcome) => outcome,
            // Who was taken out meanwhile may still ask and propose; a delegate
            // who has the object hears of it from the organizer alone.
            Err(refusal) => {
                let expected = match message.method {
                    Method::Request => Refusal::SenderDiffers,
                    _ => Refusal::NotInvited,
                };
                assert_eq!(
                    (refusal, to == DELEGATE || expected == Refusal::NotInvited),
                    (expected, true)
                );
                return;
            }
        };
        let replies = match outcome {
            Outcome::Changed { object, messages } => {
                copy.object = Some(object);
                let early = std::mem::take(&mut copy.early);
                let early = early.into_iter().map(|message| (to.to_owned(), message));
                self.posted.extend(early);
                messages
            }
            Outcome::Unchanged { reason, messages } => {
                if reason.may_apply_later() {
                    copy.early.push(message);
                }
                messages
            }
            Outcome::Proposed => {
                let known = copy.object.clone().unwrap();
                let from = CalendarUser::new([&message.from]);
                vec![decline_counter(&known, &message.calendar, &from, &self.context()).unwrap()]
            }
            other => panic!("{other:?}"),
        };
        self.post(replies);
    }

    /// Lets everything arrive that is under way.
    fn settle(&mut self, order: &[usize]) {
        for round in 0..400 {
            self.now += TimeDelta::seconds(1);
            if self.posted.is_empty() {
                return;
            }
            let which = order[round % order.len()] % self.posted.len();
            let (to, message) = self.posted.swap_remove(which);
            self.deliver(&to, message);
        }
        panic!("messages without end");
    }
}

fn answered(
    now: NaiveDateTime,
    before: &Calendar,
    (who, nth, answer): (usize, Option<usize>, &str),
) -> Option<Calendar> {
    let who = ATTENDEES[who];
    match nth {
        Some(nth) => {
            let instance = nth_instance(before, nth)?;
            let all = occurrences(before);
            let found = all
                .iter()
                .find(|found| found.recurrence_id().as_ref() == Some(&instance))?;
            let lines = attendees(found.component(), who, Some(answer));
            let change = Change::new().with_all("ATTENDEE", lines);
            let edit = SeriesEdit::new(Scope::This, instance, now);
            edit.change(before, &change).unwrap().object
        }
        None => {
            let master = before.events().find(|event| !event.is_override())?;
            if master.is_cancelled() {
                return None;
            }
            let lines = attendees(master.component(), who, Some(answer));
            let id = master.component().id();
            let mut after = before.clone();
            let mut component = after.component_mut(id)?;
            component.remove("ATTENDEE");
            for line in &lines {
                component.add(line);
            }
            Some(after)
        }
    }
}

/// All of a series given to the delegate, by one who comes.
fn delegated(before: &Calendar, who: usize) -> Option<Calendar> {
    let master = before.events().find(|event| !event.is_override())?;
    let mut people = master.attendees();
    if master.component().is_cancelled() || people.any(|person| person.address() == DELEGATE) {
        return None;
    }
    let own = ATTENDEES[who];
    let lines = attendees(master.component(), own, Some("DELEGATED"));
    let id = master.component().id();
    let mut after = before.clone();
    let mut component = after.component_mut(id)?;
    component.remove("ATTENDEE");
    for line in lines {
        component.add(&if line.to_string().contains(own) {
            line.with_parameter("DELEGATED-TO", DELEGATE)
        } else {
            line
        });
    }
    let delegate = NewProperty::of(PropertyKind::Attendee).with_raw_value(DELEGATE);
    component.add(&delegate.with_parameter("DELEGATED-FROM", own));
    Some(after)
}

/// What someone sees of what is on: when, what, and the own answer.
fn seen(calendar: Option<&Calendar>, who: &str) -> Vec<String> {
    let Some(calendar) = calendar else {
        return Vec::new();
    };
    let all = occurrences(calendar);
    let open = all.iter().filter(|found| !found.component().is_cancelled());
    let mut rows: Vec<String> = open
        .filter_map(|found| {
            let component = found.component();
            // Whoever took an instance out, or declined it, does not come.
            let answer = answer_of(component, who).filter(|answer| answer != "DECLINED")?;
            Some(format!(
                "{} {} {} {answer}",
                found.start_utc(),
                found.end_utc(),
                component.summary().unwrap_or_default()
            ))
        })
        .collect();
    rows.sort();
    rows
}

/// Where someone sees something else than the organizer when all has arrived.
pub(crate) fn difference(steps: Vec<Step>, order: &[usize]) -> Option<String> {
    let mut world = World::new();
    for step in steps {
        world.take(step);
    }
    world.settle(order);
    world
        .attendees
        .iter()
        .zip(ATTENDEES)
        .find_map(|(copy, who)| {
            let theirs = seen(world.organizer.object.as_ref(), who);
            let mut own = seen(copy.object.as_ref(), who);
            // The organizer cannot take back what it never heard of.
            if who == DELEGATE {
                own.retain(|row| theirs.contains(row));
            }
            let text = |object: &Option<Calendar>| {
                object.as_ref().map_or(String::new(), ToString::to_string)
            };
            (own != theirs).then(|| {
                format!(
                    "{who} sees {own:#?}\nof\n{}\nbut the organizer {theirs:#?}\nof\n{}",
                    text(&copy.object),
                    text(&world.organizer.object)
                )
            })
        })
}
