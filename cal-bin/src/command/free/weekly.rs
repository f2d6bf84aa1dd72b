//! `cal free weekly`: a slot for every week.

use cal_core::ZoneRules;
use cal_freebusy::{Interval, Problem, Request, Turn, WeeklyFit};
use chrono::TimeDelta;
use serde::Serialize;

use super::find::{OutsideRow, outside};
use super::meeting::MeetingArguments;
use super::people::complain;
use super::window::FormArguments;
use super::written::{self, Span};
use crate::command::Outcome;
use crate::console::{Console, counted};
use crate::error::Error;

const EXAMPLES: &str = "\
Example:
  cal free weekly ada.ics bob.ics --weeks 12 --slot 30m --hours 09:00-17:00 \\
      --from 2026-03-02 --to 2026-03-07 --tz Europe/Berlin";

/// Find a slot that works every week, and count the clashes.
///
/// --from and --to are about the first week; each week is at the same time on the clock of --tz.
/// With --rotate each week has a slot of its own, so that meeting out of hours goes round.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct WeeklyArguments {
    #[command(flatten)]
    meeting: MeetingArguments,
    /// For how many weeks
    #[arg(long, value_name = "N")]
    weeks: u16,
    /// A slot of its own for each week
    #[arg(long)]
    rotate: bool,
    #[command(flatten)]
    form: FormArguments,
}

#[derive(Serialize)]
struct Fits {
    fits: Vec<FitRow>,
}

#[derive(Serialize)]
struct FitRow {
    clashes: usize,
    score: f64,
    weeks: Vec<WeekRow>,
}

#[derive(Serialize)]
struct WeekRow {
    #[serde(flatten)]
    when: Span,
    fits: bool,
    clashing: Vec<String>,
    has_room: bool,
}

#[derive(Serialize)]
struct Turns {
    /// `null` for a week in which everything is ruled out.
    weeks: Vec<Option<TurnRow>>,
}

#[derive(Serialize)]
struct TurnRow {
    #[serde(flatten)]
    when: Span,
    outside: Vec<OutsideRow>,
    problems: Vec<String>,
}

pub(super) fn run(arguments: &WeeklyArguments, console: &mut Console) -> Result<Outcome, Error> {
    let meeting = &arguments.meeting;
    let zone = meeting.people.window.zone();
    let window = meeting.people.window.window()?;
    if arguments.weeks == 0 || arguments.weeks > Request::MAX_WEEKS {
        let most = Request::MAX_WEEKS;
        return Err(Error::Usage(format!(
            "--weeks is a number from 1 to {most}"
        )));
    }
    // A day more, because the clock may change on the way.
    let ahead = TimeDelta::weeks(i64::from(arguments.weeks - 1)) + TimeDelta::days(1);
    let last = window
        .end()
        .checked_add_signed(ahead)
        .unwrap_or(window.end());
    let all = Interval::new(window.start(), last);
    let (request, incomplete) = meeting.request(window, &all, console)?;
    let outcome = complain(&incomplete, console);
    if outcome == Outcome::Failed {
        return Ok(outcome);
    }
    let json = arguments.form.is_json(console);
    if arguments.rotate {
        let turns = request.rotation(arguments.weeks).map_err(super::refused)?;
        rotation(&turns, &zone, json, console)?;
    } else {
        let fits = request.weekly(arguments.weeks).map_err(super::refused)?;
        series(&fits, &zone, json, console)?;
    }
    Ok(outcome)
}

fn series(
    fits: &[WeeklyFit],
    zone: &ZoneRules,
    json: bool,
    console: &mut Console,
) -> Result<(), Error> {
    if json {
        let fits = fits.iter().map(|fit| FitRow {
            clashes: fit.clashes,
            score: fit.score,
            weeks: fit
                .weeks
                .iter()
                .map(|week| WeekRow {
                    when: Span::new(&week.interval, zone),
                    fits: week.fits(),
                    clashing: week.clashing.clone(),
                    has_room: week.has_room,
                })
                .collect(),
        });
        return console.json(&Fits {
            fits: fits.collect(),
        });
    }
    for fit in fits {
        let Some(first) = fit.weeks.first() else {
            continue;
        };
        let when = written::for_people(&first.interval, zone);
        let clashes = match fit.clashes {
            1 => "1 clash".to_owned(),
            number => format!("{number} clashes"),
        };
        let weeks = counted(fit.weeks.len(), "week");
        console.line(format_args!("{when} and on, {weeks}: {clashes}"))?;
        for week in fit.weeks.iter().filter(|week| !week.fits()) {
            let mut why = week.clashing.clone();
            if !week.has_room {
                why.push("no room, or ruled out".to_owned());
            }
            let when = written::for_people(&week.interval, zone);
            console.line(format_args!("      {when}  {}", why.join(", ")))?;
        }
    }
    Ok(())
}

fn rotation(
    turns: &[Option<Turn>],
    zone: &ZoneRules,
    json: bool,
    console: &mut Console,
) -> Result<(), Error> {
    if json {
        let row = |turn: &Turn| TurnRow {
            when: Span::new(&turn.interval, zone),
            outside: outside(&turn.outside),
            problems: turn.problems.iter().map(Problem::to_string).collect(),
        };
        return console.json(&Turns {
            weeks: turns.iter().map(|turn| turn.as_ref().map(row)).collect(),
        });
    }
    for turn in turns {
        let Some(turn) = turn else {
            console.line("nothing: all of the week is ruled out")?;
            continue;
        };
        console.line(written::for_people(&turn.interval, zone))?;
        for outside in &turn.outside {
            console.line(format_args!("      {outside}"))?;
        }
        for problem in &turn.problems {
            console.line(format_args!("      {problem}"))?;
        }
    }
    Ok(())
}
