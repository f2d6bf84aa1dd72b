//! Finding a time: the example of five people in three zones, and laws against
//! a model of one value a minute.

use cal_freebusy::{
    BusyTime, BusyTimes, BusyType, Error, Factor, Interval, Obstacle, Participant, Preference,
    Problem, Request, Room, RoomNeed, Tentative, Weights, WorkingHours,
};
use chrono::{DateTime, TimeDelta, Utc, Weekday};
use chrono_tz::America::{Los_Angeles, New_York};
use chrono_tz::Europe::{Berlin, Paris};
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::{at, period};

fn busy(periods: &[&str]) -> BusyTimes {
    let times = periods
        .iter()
        .map(|text| BusyTime::new(period(text), BusyType::Busy));
    times.collect()
}

fn office(zone: Tz) -> WorkingHours {
    WorkingHours::weekdays(zone, "09:00-17:00".parse().unwrap())
}

fn free(name: &str, zone: Tz) -> Participant {
    Participant::new(name, zone, BusyTimes::new())
}

/// Monday to Friday, 2026-03-02 to 06, in Los Angeles: 09:00 there is 17:00 in
/// UTC, noon in New York and 18:00 in Paris.
fn week() -> Interval {
    period("20260302T080000Z/20260307T080000Z")
}

/// All of Alice's mornings but for these half hours.
fn alices_mornings() -> BusyTimes {
    busy(&[
        "20260302T173000Z/20260302T183000Z", // Monday: 9:00 and 10:30 are left
        "20260302T190000Z/20260302T200000Z",
        "20260303T173000Z/20260303T200000Z", // Tuesday: 9:00
        "20260304T170000Z/20260304T190000Z", // Wednesday: 11:00
        "20260304T193000Z/20260304T200000Z",
        "20260305T170000Z/20260305T173000Z", // Thursday: 9:30
        "20260305T180000Z/20260305T200000Z",
        "20260306T170000Z/20260306T180000Z", // Friday: 10:00
        "20260306T183000Z/20260306T200000Z",
    ])
}

fn five_people(carols_hours: WorkingHours) -> Request {
    let evening = |from: &str, note: &str| {
        let time = format!("{from}-23:00").parse().unwrap();
        Preference::avoiding(note, time).with_strength(0.3)
    };
    let carol = free("Carol", Paris)
        .with_hours(carols_hours)
        .with_preference(evening("18:30", "past half past six"))
        .with_preference(evening("19:30", "dinner time"))
        .with_preference(evening("20:00", "late in the evening"));
    let all_day = "00:00-24:00".parse().unwrap();
    Request::new(week(), TimeDelta::minutes(30), Los_Angeles)
        .with(free("Olga", Los_Angeles).with_hours(office(Los_Angeles)))
        .with(
            Participant::new("Alice", Los_Angeles, alices_mornings())
                .with_hours(office(Los_Angeles)),
        )
        .with(free("Bob", New_York).with_hours(office(New_York)))
        .with(carol)
        .with(free("Dave", Los_Angeles).with_hours(office(Los_Angeles)))
        .with_room(Room::new("Atrium", busy(&["20260302T170000Z/PT30M"])))
        .with_need_of_room(RoomNeed::Preferred)
        .with_preference(Preference::liking(
            "morning",
            "09:00-12:00".parse().unwrap(),
        ))
        .with_preference(
            Preference::avoiding("Friday meetings are often cancelled", all_day)
                .on(&[Weekday::Fri]),
        )
        .with_preference(
            Preference::avoiding("first thing on Monday", "09:00-10:00".parse().unwrap())
                .on(&[Weekday::Mon]),
        )
}

#[test]
fn three_zones_nine_to_five_share_no_time_and_that_is_what_is_said() {
    let answer = five_people(office(Paris)).suggest().unwrap();
    assert_eq!(answer.suggestions, []);
    let names = vec!["Olga".to_owned(), "Carol".to_owned()];
    assert_eq!(answer.obstacles, [Obstacle::HoursNeverMeet { names }]);
    assert_eq!(
        answer.obstacles[0].to_string(),
        "the working hours of Olga and Carol have no common time long enough"
    );
    // The least bad: only Carol stays longer, and for how long is told.
    let best = &answer.compromises[0];
    let Problem::OutOfHours(outside) = &best.problems[0] else {
        panic!("{best:?}")
    };
    assert_eq!(
        (best.problems.len(), outside.name.as_str(), outside.minutes),
        (1, "Carol", 30)
    );
}

#[test]
fn with_soft_hours_the_mornings_of_the_west_are_offered_in_order() {
    let until_nine = office(Paris).with_margins(TimeDelta::zero(), TimeDelta::hours(4));
    let answer = five_people(until_nine.clone()).suggest().unwrap();
    let starts: Vec<String> = answer
        .suggestions
        .iter()
        .map(|best| {
            best.interval
                .start()
                .with_timezone(&Los_Angeles)
                .format("%a %H:%M")
                .to_string()
        })
        .collect();
    assert_eq!(
        starts,
        [
            "Tue 09:00",
            "Thu 09:30",
            "Mon 10:30",
            "Wed 11:00",
            "Fri 10:00"
        ]
    );
    let best = &answer.suggestions[0];
    assert_eq!(best.room.as_deref(), Some("Atrium"));
    assert_eq!(
        best.reasons,
        [
            "morning",
            "Atrium is free",
            "18:00-18:30 for Carol, 30 minutes outside their hours",
            "back to back for Alice",
        ]
    );
    let friday = &answer.suggestions[4];
    assert!(
        friday
            .reasons
            .contains(&"Friday meetings are often cancelled".to_owned())
    );
    // Monday at nine is free, but comes sixth.
    let all = five_people(until_nine)
        .with_limit(9)
        .suggest()
        .unwrap()
        .suggestions;
    assert_eq!(all.len(), 6);
    assert_eq!(all[5].interval, period("20260302T170000Z/PT30M"));
    assert!(all[5].reasons.contains(&"no room is free".to_owned()));
}

#[test]
fn weights_decide_between_back_to_back_and_a_gap() {
    let request = Request::new(
        period("20260302T090000Z/PT4H"),
        TimeDelta::minutes(30),
        Berlin,
    )
    .with(Participant::new(
        "Ada",
        Berlin,
        busy(&["20260302T090000Z/PT1H"]),
    ));
    let first = |weights: Weights| {
        let answer = request.clone().with_weights(weights).suggest().unwrap();
        answer.suggestions[0].interval.start()
    };
    assert_eq!(
        first(Weights::NONE.with(Factor::Compactness, 1.0)),
        at("2026-03-02T10:00:00Z")
    );
    assert_eq!(
        first(Weights::NONE.with(Factor::Buffer, 1.0)),
        at("2026-03-02T10:15:00Z")
    );
}

#[test]
fn a_weight_that_is_no_number_counts_as_nothing() {
    for (weight, expected) in [
        (f64::NAN, 0.0),
        (-1.0, 0.0),
        (f64::INFINITY, 1e6),
        (2.0, 2.0),
    ] {
        let weights = Weights::default().with(Factor::Room, weight);
        assert!(
            (weights.of(Factor::Room) - expected).abs() < 1e-9,
            "{weight}"
        );
    }
}

#[test]
fn a_buffer_and_the_way_there_and_back_must_be_free() {
    let quarter = TimeDelta::minutes(15);
    let ada = Participant::new("Ada", Berlin, busy(&["20260302T100000Z/PT1H"]))
        .with_buffers(quarter, TimeDelta::zero())
        .with_travel(quarter, quarter);
    let request = Request::new(
        period("20260302T090000Z/PT4H"),
        TimeDelta::minutes(30),
        Berlin,
    )
    .with(ada)
    .with_granularity(TimeDelta::minutes(30));
    let found = request.suggest().unwrap().suggestions;
    let mut starts: Vec<DateTime<Utc>> = found.iter().map(|s| s.interval.start()).collect();
    starts.sort();
    let expected = ["09:00", "11:30", "12:00", "12:30"];
    assert_eq!(
        starts,
        expected.map(|time| at(&format!("2026-03-02T{time}:00Z")))
    );
    let tight = request.why_not(&period("20260302T111500Z/PT30M")).unwrap();
    assert_eq!(
        tight,
        [Problem::TooTight {
            name: "Ada".to_owned(),
            minutes: 15
        }]
    );
}

#[test]
fn a_buffer_is_needed_beside_something_tentative_that_only_counts() {
    let maybe = BusyTime::new(period("20260302T100000Z/PT1H"), BusyType::Tentative);
    let next = BusyTime::new(period("20260302T110000Z/PT1H"), BusyType::Busy);
    let ada = Participant::new("Ada", Berlin, [maybe, next].into_iter().collect())
        .with_buffers(TimeDelta::zero(), TimeDelta::minutes(15));
    let slot = period("20260302T100000Z/PT1H");
    let request = Request::new(slot, TimeDelta::hours(1), Berlin)
        .with(ada)
        .with_tentative(Tentative::Counts);
    let tight = Problem::TooTight {
        name: "Ada".to_owned(),
        minutes: 15,
    };
    let answer = request.suggest().unwrap();
    assert_eq!(answer.suggestions, []);
    assert!(answer.compromises[0].problems.contains(&tight));
    assert_eq!(answer.compromises[0].cost, 60 + 15);
    assert_eq!(request.why_not(&slot).unwrap(), [tight]);
}

#[test]
fn exact_times_decide_within_a_slot() {
    // The quarter hours around the gap are touched, the gap itself is free.
    let ada = Participant::new(
        "Ada",
        Berlin,
        busy(&["20260302T090000Z/PT1H5M", "20260302T102500Z/PT2H"]),
    );
    let request = Request::new(
        period("20260302T090000Z/PT3H"),
        TimeDelta::minutes(20),
        Berlin,
    )
    .with(ada)
    .with_granularity(TimeDelta::minutes(5));
    let found = request.suggest().unwrap().suggestions;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].interval, period("20260302T100500Z/PT20M"));
}

#[test]
fn a_tentative_time_blocks_or_counts() {
    let maybe = BusyTime::new(period("20260302T090000Z/PT1H"), BusyType::Tentative);
    let request = Request::new(period("20260302T090000Z/PT1H"), TimeDelta::hours(1), Berlin).with(
        Participant::new("Ada", Berlin, [maybe].into_iter().collect()),
    );
    assert!(request.suggest().unwrap().suggestions.is_empty());
    let counted = request.with_tentative(Tentative::Counts).suggest().unwrap();
    assert_eq!(counted.suggestions[0].reasons, ["tentative for Ada"]);
}

#[test]
fn someone_optional_never_blocks_but_is_told() {
    let request = Request::new(period("20260302T090000Z/PT2H"), TimeDelta::hours(1), Berlin)
        .with(free("Ada", Berlin))
        .with(Participant::new("Bob", Berlin, busy(&["20260302T090000Z/PT1H"])).optional());
    let found = request.suggest().unwrap().suggestions;
    assert_eq!(found[0].interval, period("20260302T100000Z/PT1H"));
    assert_eq!(found[1].absent, ["Bob"]);
    assert!(found[1].reasons.contains(&"without Bob".to_owned()));
}

#[test]
fn any_one_of_the_rooms_will_do() {
    let request = Request::new(period("20260302T090000Z/PT3H"), TimeDelta::hours(1), Berlin)
        .with(free("Ada", Berlin))
        .with_granularity(TimeDelta::hours(1))
        .with_room(Room::new("Attic", busy(&["20260302T090000Z/PT2H"])))
        .with_room(Room::new("Cellar", busy(&["20260302T100000Z/PT2H"])));
    let found = request.suggest().unwrap().suggestions;
    let rooms: Vec<_> = found.iter().map(|s| s.room.as_deref().unwrap()).collect();
    assert_eq!(rooms, ["Cellar", "Attic"]);
    let none = Request::new(period("20260302T100000Z/PT1H"), TimeDelta::hours(1), Berlin)
        .with(free("Ada", Berlin))
        .with_room(Room::new("Attic", busy(&["20260302T090000Z/PT2H"])))
        .suggest()
        .unwrap();
    assert_eq!(none.obstacles, [Obstacle::NoRoom { starts: 1 }]);
    assert_eq!(none.compromises[0].problems, [Problem::NoRoom]);
}

#[test]
fn when_nothing_fits_blame_is_counted_and_the_least_bad_comes_first() {
    let taken = busy(&["20260302T080000Z/PT9H"]);
    let maybe = BusyTime::new(period("20260302T150000Z/PT1H"), BusyType::Tentative);
    let request = Request::new(period("20260302T080000Z/PT8H"), TimeDelta::hours(1), Berlin)
        .with(Participant::new(
            "Ada",
            Berlin,
            [maybe].into_iter().collect(),
        ))
        .with(Participant::new("Bob", Berlin, taken).with_hours(office(Berlin)))
        .with_granularity(TimeDelta::hours(1))
        .without(period("20260302T080000Z/PT1H"));
    let answer = request.suggest().unwrap();
    let blame = vec![("Bob".to_owned(), 8), ("Ada".to_owned(), 1)];
    assert_eq!(answer.obstacles, [Obstacle::Taken { starts: 8, blame }]);
    assert_eq!(answer.compromises.len(), 3);
    for (nearer, farther) in answer.compromises.iter().zip(&answer.compromises[1..]) {
        assert!(nearer.cost <= farther.cost);
    }
    let best = &answer.compromises[0];
    assert_eq!(
        best.interval,
        period("20260302T090000Z/PT1H"),
        "not the one that is ruled out"
    );
}

#[test]
fn of_slots_that_are_as_long_out_of_hours_the_nearer_to_them_comes_first() {
    let mornings = WorkingHours::weekdays(Berlin, "09:00-13:00".parse().unwrap());
    let ada = Participant::new("Ada", Berlin, busy(&["20260302T080000Z/PT4H"]));
    let answer = Request::new(period("20260301T230000Z/P1D"), TimeDelta::hours(4), Berlin)
        .with(ada.with_hours(mornings))
        .suggest()
        .unwrap();
    let nearest: Vec<_> = answer
        .compromises
        .iter()
        .map(|near| near.interval)
        .collect();
    // Nine to one in Berlin is eight to twelve in UTC; midnight comes last.
    let expected = [
        "20260302T040000Z/PT4H",
        "20260302T120000Z/PT4H",
        "20260302T000000Z/PT4H",
    ];
    assert_eq!(nearest, expected.map(period));
}

#[test]
fn of_two_who_would_stay_late_it_is_the_turn_of_whoever_did_less() {
    // Nine in San Francisco is six in Berlin: one of the two leaves their hours.
    let soft = |zone| office(zone).with_margins(TimeDelta::hours(2), TimeDelta::hours(2));
    let request = Request::new(
        period("20260302T000000Z/P1D"),
        TimeDelta::minutes(60),
        Berlin,
    )
    .with(free("Ada", Berlin).with_hours(soft(Berlin)))
    .with(free("Bob", Los_Angeles).with_hours(soft(Los_Angeles)))
    .with_weights(
        Weights::NONE
            .with(Factor::Hours, 1.0)
            .with(Factor::Fairness, 1.0),
    );
    let turns = request.rotation(6).unwrap();
    let mut minutes = std::collections::BTreeMap::new();
    for turn in turns {
        let turn = turn.unwrap();
        assert_eq!(turn.problems, []);
        for outside in turn.outside {
            *minutes.entry(outside.name).or_insert(0) += outside.minutes;
        }
    }
    let (ada, bob) = (minutes["Ada"], minutes["Bob"]);
    assert!((ada - bob).abs() <= 60, "{minutes:?}");
}

#[test]
fn a_series_keeps_its_time_on_the_clock_and_counts_clashes() {
    // A meeting of Bob's in the third week, and the clocks of Berlin change in the fourth.
    let bobs = busy(&["20260319T090000Z/PT1H"]);
    let request = Request::new(period("20260305T080000Z/PT3H"), TimeDelta::hours(1), Berlin)
        .with(free("Ada", Berlin).with_hours(office(Berlin)))
        .with(Participant::new("Bob", Tz::UTC, bobs))
        .with_granularity(TimeDelta::hours(1));
    let fits = request.weekly(5).unwrap();
    assert_eq!(
        fits.iter().map(|fit| fit.clashes).collect::<Vec<_>>(),
        [0, 0, 1]
    );
    let clashing = fits.last().unwrap();
    assert_eq!(clashing.weeks[2].clashing, ["Bob"]);
    let starts: Vec<String> = fits[0]
        .weeks
        .iter()
        .map(|week| {
            week.interval
                .start()
                .with_timezone(&Berlin)
                .format("%a %H:%M")
                .to_string()
        })
        .collect();
    assert_eq!(starts, ["Thu 09:00"; 5]);
    assert_eq!(
        fits[0].weeks[4].interval.start(),
        at("2026-04-02T07:00:00Z")
    );
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let hour = TimeDelta::hours(1);
    let day = period("20260302T000000Z/P1D");
    let refused = |request: Request| matches!(request.suggest(), Err(Error::Request { .. }));
    assert!(refused(Request::new(day, TimeDelta::zero(), Berlin)));
    assert!(refused(Request::new(day, -hour, Berlin)));
    assert!(refused(
        Request::new(day, hour, Berlin).with_granularity(TimeDelta::zero())
    ));
    let decade = period("20260302T000000Z/P3650D");
    assert!(refused(Request::new(decade, hour, Berlin)));
    let crowd = (0..=Request::MAX_PEOPLE).fold(Request::new(day, hour, Berlin), |request, _| {
        request.with(free("", Berlin))
    });
    assert!(refused(crowd));
    let year = period("20260302T000000Z/P365D");
    let many = (0..2_000).fold(Request::new(year, hour, Berlin), |request, _| {
        request.with(free("", Berlin))
    });
    assert!(refused(many));
    assert!(Request::new(day, hour, Berlin).weekly(10_000).is_err());
    // Each week alone could be looked at, but not all of them.
    let quarter = period("20260302T000000Z/P90D");
    let hundred = (0..100).fold(Request::new(quarter, hour, Berlin), |request, _| {
        request.with(free("", Berlin))
    });
    let refused = hundred.rotation(260).unwrap_err();
    assert!(matches!(refused, Error::Request { .. }), "{refused}");
    let short = Request::new(day, hour * 48, Berlin).suggest().unwrap();
    assert_eq!(short.obstacles, [Obstacle::WindowTooShort]);
}

/// Four hours, in minutes.
const MINUTES: i64 = 240;

#[derive(Clone, Debug)]
struct Someone {
    meetings: Vec<(i64, i64)>,
    before: i64,
    after: i64,
    required: bool,
}

impl Someone {
    fn participant(&self, name: usize) -> Participant {
        let times = self.meetings.iter().map(|(start, length)| {
            let start = origin() + TimeDelta::minutes(*start);
            let interval = Interval::new(start, start + TimeDelta::minutes(*length));
            BusyTime::new(interval, BusyType::Busy)
        });
        let (before, after) = (
            TimeDelta::minutes(self.before),
            TimeDelta::minutes(self.after),
        );
        let someone =
            Participant::new(name.to_string(), Berlin, times.collect()).with_buffers(before, after);
        if self.required {
            someone
        } else {
            someone.optional()
        }
    }

    fn can(&self, start: i64, length: i64) -> bool {
        let taken = |minute: i64| {
            let mut meetings = self.meetings.iter();
            meetings.any(|(from, length)| (*from..from + length).contains(&minute))
        };
        !(start - self.before..start + length + self.after).any(taken)
    }
}

fn origin() -> DateTime<Utc> {
    at("2026-03-02T08:00:00Z")
}

fn someone() -> impl Strategy<Value = Someone> {
    let meetings = prop::collection::vec((-60..MINUTES + 60, 0_i64..70), 0..4);
    (meetings, 0_i64..30, 0_i64..30, prop::bool::weighted(0.8)).prop_map(
        |(meetings, before, after, required)| Someone {
            meetings,
            before,
            after,
            required,
        },
    )
}

/// Times of an afternoon as starts and lengths in minutes, each firm or not.
fn firm_or_not() -> impl Strategy<Value = BusyTimes> {
    let kind = prop::sample::select(BusyType::ALL.to_vec());
    let times = prop::collection::vec((-60..MINUTES + 60, 1_i64..70, kind), 0..5);
    times.prop_map(|times| {
        let times = times.into_iter().map(|(start, length, kind)| {
            let start = origin() + TimeDelta::minutes(start);
            BusyTime::new(
                Interval::new(start, start + TimeDelta::minutes(length)),
                kind,
            )
        });
        times.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slot_is_offered_just_if_nothing_stands_in_its_way(
        people in prop::collection::vec((firm_or_not(), 0_i64..30, 0_i64..30), 0..3),
        rule in prop::sample::select(vec![Tentative::Blocks, Tentative::Counts]),
        room in firm_or_not(),
        need in prop::sample::select(vec![RoomNeed::Required, RoomNeed::Preferred]),
        margin in 0_i64..60,
    ) {
        let window = Interval::new(origin(), origin() + TimeDelta::minutes(MINUTES));
        let length = TimeDelta::minutes(30);
        let margin = TimeDelta::minutes(margin);
        let hours = WorkingHours::weekdays(Tz::UTC, "08:45-11:15".parse().unwrap());
        let request = people.into_iter().enumerate().fold(
            Request::new(window, length, Tz::UTC)
                .with_granularity(length)
                .with_limit(usize::MAX)
                .with_tentative(rule)
                .with_room(Room::new("Atrium", room))
                .with_need_of_room(need),
            |request, (name, (busy, before, after))| {
                let (before, after) = (TimeDelta::minutes(before), TimeDelta::minutes(after));
                request.with(
                    Participant::new(name.to_string(), Tz::UTC, busy)
                        .with_buffers(before, after)
                        .with_hours(hours.clone().with_margins(margin, margin)),
                )
            },
        );
        let mut offered: Vec<_> = request.suggest().unwrap().suggestions;
        offered.sort_by_key(|best| best.interval);
        let offered: Vec<_> = offered.into_iter().map(|best| best.interval).collect();
        let nothing_in_its_way: Vec<_> = window
            .pieces(length)
            .filter(|slot| request.why_not(slot).unwrap().is_empty())
            .collect();
        prop_assert_eq!(offered, nothing_in_its_way);
    }

    #[test]
    fn what_is_offered_is_what_a_walk_minute_by_minute_finds(
        people in prop::collection::vec(someone(), 0..4),
        length in prop::sample::select(vec![5_i64, 15, 20, 30, 45]),
    ) {
        let window = Interval::new(origin(), origin() + TimeDelta::minutes(MINUTES));
        // Starts as far apart as the meeting is long, so that none overlap.
        let request = people.iter().enumerate().fold(
            Request::new(window, TimeDelta::minutes(length), Tz::UTC)
                .with_granularity(TimeDelta::minutes(length))
                .with_limit(usize::MAX),
            |request, (name, someone)| request.with(someone.participant(name)),
        );
        let answer = request.suggest().unwrap();
        let local = origin().timestamp() / 60;
        let first = (-local).rem_euclid(length);
        let starts = (first..=MINUTES - length).step_by(usize::try_from(length).unwrap());
        let required = || people.iter().filter(|someone| someone.required);
        let expected: Vec<DateTime<Utc>> = starts
            .filter(|start| required().all(|someone| someone.can(*start, length)))
            .map(|start| origin() + TimeDelta::minutes(start))
            .collect();
        let mut found: Vec<_> = answer.suggestions.iter().map(|s| s.interval.start()).collect();
        found.sort();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(answer.obstacles.is_empty(), !found.is_empty());

        prop_assert!(answer.suggestions.windows(2).all(|pair| pair[0].score >= pair[1].score));
        for suggestion in &answer.suggestions {
            let sum: f64 = suggestion.shares.iter().map(|share| share.share).sum();
            prop_assert!((sum - suggestion.score).abs() < 1e-9);
            prop_assert!((0.0..=1.0).contains(&suggestion.score));
            prop_assert_eq!(request.why_not(&suggestion.interval).unwrap(), []);
        }
        if found.is_empty() {
            let starts = (MINUTES - first) / length;
            let told = i64::try_from(answer.compromises.len()).unwrap();
            prop_assert_eq!(told, starts.min(3));
        }
        for compromise in &answer.compromises {
            prop_assert!(!compromise.problems.is_empty());
            prop_assert!(!request.why_not(&compromise.interval).unwrap().is_empty());
        }
    }

    #[test]
    fn a_week_of_a_series_fits_where_nothing_stands_in_its_way(
        meetings in prop::collection::vec((0_i64..21, 0_i64..1440, 10_i64..300), 0..12),
    ) {
        let times = meetings.iter().map(|(day, minute, length)| {
            let start = at("2026-03-16T00:00:00Z") + TimeDelta::days(*day) + TimeDelta::minutes(*minute);
            BusyTime::new(Interval::new(start, start + TimeDelta::minutes(*length)), BusyType::Busy)
        });
        let request = Request::new(period("20260316T000000Z/P7D"), TimeDelta::minutes(45), Berlin)
            .with(Participant::new("Ada", Berlin, times.collect()).with_hours(office(New_York)));
        let fits = request.weekly(3).unwrap();
        prop_assert!(fits.windows(2).all(|pair| pair[0].clashes <= pair[1].clashes));
        for fit in &fits {
            prop_assert_eq!(fit.clashes, fit.weeks.iter().filter(|week| !week.fits()).count());
            for week in &fit.weeks {
                let why = request.why_not(&week.interval).unwrap();
                prop_assert_eq!(week.fits(), why.is_empty(), "{:?} {:?}", week, why);
            }
        }
    }
}
