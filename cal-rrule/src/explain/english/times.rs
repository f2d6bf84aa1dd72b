//! The times of a rule in English.

use chrono::NaiveTime;

use crate::Frequency;
use crate::explain::english::words::{and, runs};
use crate::explain::english::{DateFormat, English};
use crate::explain::{Description, Times};

/// The hours, minutes and seconds of [`Times::Grid`].
struct Grid<'a> {
    hours: &'a [u8],
    minutes: &'a [u8],
    seconds: &'a [u8],
}

impl<F: DateFormat> English<F> {
    pub(super) fn times(&self, description: &Description) -> String {
        let times = match &description.times {
            Times::Unsaid => return String::new(),
            Times::At {
                times,
                to_the_second,
            } => self.listed(times, *to_the_second),
            Times::Stepped { minutes, from, to } => {
                let step = match (minutes % 60, minutes / 60) {
                    (0, 1) => "every hour".to_owned(),
                    (0, hours) => format!("every {hours} hours"),
                    _ if *minutes == 1 => "every minute".to_owned(),
                    _ => format!("every {minutes} minutes"),
                };
                format!(", {step} from {} to {}", self.time(*from), self.time(*to))
            }
            Times::Grid {
                hours,
                minutes,
                seconds,
            } => {
                let grid = Grid {
                    hours,
                    minutes,
                    seconds,
                };
                match description.frequency {
                    Frequency::Secondly | Frequency::Minutely | Frequency::Hourly => {
                        self.within_units(description.frequency, &grid)
                    }
                    _ => self.times_of_days(&grid),
                }
            }
        };
        if description.utc {
            format!("{times} UTC")
        } else {
            times
        }
    }

    fn listed(&self, times: &[NaiveTime], to_the_second: bool) -> String {
        let times: Vec<_> = times
            .iter()
            .map(|time| self.dates.time(*time, to_the_second))
            .collect();
        format!(" at {}", and(&times))
    }

    /// Times of a rule of days or more, where they are many or not all known.
    fn times_of_days(&self, grid: &Grid<'_>) -> String {
        if grid.minutes.is_empty() && grid.seconds.is_empty() {
            return match grid.hours {
                [_] => self.within_hours(grid.hours),
                _ => format!(", once an hour{}", self.within_hours(grid.hours)),
            };
        }
        let hours = match grid.hours {
            [] => "the starting hour".to_owned(),
            hours if hours.len() == 24 => "every hour".to_owned(),
            hours => numbers("hour", hours),
        };
        let minutes = match grid.minutes {
            [] => "the starting minute".to_owned(),
            minutes => numbers("minute", minutes),
        };
        let seconds = match grid.seconds {
            [] => String::new(),
            seconds => format!("{} of ", numbers("second", seconds)),
        };
        format!(" at {seconds}{minutes} of {hours}")
    }

    /// Times of a rule of hours, minutes or seconds.
    fn within_units(&self, frequency: Frequency, grid: &Grid<'_>) -> String {
        let minutes = match (frequency, grid.minutes) {
            (_, []) => String::new(),
            (Frequency::Hourly, minutes) if !grid.seconds.is_empty() => {
                format!(" of {}", numbers("minute", minutes))
            }
            (Frequency::Hourly, [0]) => " on the hour".to_owned(),
            (Frequency::Hourly, [1]) => " at 1 minute past the hour".to_owned(),
            (Frequency::Hourly, minutes) => {
                format!(" at {} minutes past the hour", and(&digits(minutes)))
            }
            (_, minutes) => format!(" during {} of the hour", numbers("minute", minutes)),
        };
        let seconds = match (frequency, grid.seconds) {
            (_, []) => String::new(),
            (Frequency::Secondly, seconds) => {
                format!(" during {} of the minute", numbers("second", seconds))
            }
            (_, seconds) => format!(" at {}", numbers("second", seconds)),
        };
        let hours = match grid.hours {
            [] => String::new(),
            hours => self.within_hours(hours),
        };
        format!("{seconds}{minutes}{hours}")
    }

    /// " between 9:00 and 16:59", " in hours 9 and 14".
    fn within_hours(&self, hours: &[u8]) -> String {
        let (Some(&first), Some(&last)) = (hours.first(), hours.last()) else {
            return String::new();
        };
        let in_a_row = usize::from(last - first) + 1 == hours.len();
        let from = NaiveTime::from_hms_opt(first.into(), 0, 0);
        let to = NaiveTime::from_hms_opt(last.into(), 59, 0);
        match (from, to) {
            (Some(from), Some(to)) if in_a_row => {
                format!(" between {} and {}", self.time(from), self.time(to))
            }
            _ => format!(" in {}", numbers("hour", hours)),
        }
    }
}

/// "hour 9", "hours 9 to 12 and 14".
fn numbers(noun: &str, values: &[u8]) -> String {
    match values {
        [only] => format!("{noun} {only}"),
        _ => format!("{noun}s {}", and(&digits(values))),
    }
}

fn digits(values: &[u8]) -> Vec<String> {
    runs(values, |value| value.to_string())
}
