//! `cal free find`: the best times for some people and a room.

use cal_core::ZoneRules;
use cal_freebusy::{Answer, Compromise, Interval, Problem, Suggestion};
use serde::Serialize;

use super::meeting::MeetingArguments;
use super::people::complain;
use super::window::FormArguments;
use super::written::{self, Span};
use crate::command::Outcome;
use crate::console::Console;
use crate::error::Error;
use crate::point_in_time::PointInTime;

const EXAMPLES: &str = "\
Examples:
  cal free find ada.ics bob.ics --slot 1h --hours 09:00-17:00 \\
      --from 2026-03-02 --to 2026-03-07 --tz Europe/Berlin

  cal free find ada=work.ics ada=home.ics bob.fbz --room atrium.ics --slot 30m \\
      --from 2026-03-02 --to 2026-03-07 --tz Europe/Berlin --zone bob=America/New_York \\
      --hours 09:00-17:00 --margin bob=1h --buffer 10m --optional bob \\
      --prefer 09:00-12:00 --avoid \"Fri 00:00-24:00: often cancelled\"";

/// Find a time for some people, and a room if one is needed.
///
/// Each time that fits is told with its score from 0 to 1 and what speaks for and against it. When
/// nothing fits it is told why, and what comes nearest: who would have to meet out of hours for
/// how many minutes.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct FindArguments {
    #[command(flatten)]
    meeting: MeetingArguments,
    /// Say instead why the slot that starts then is not offered
    #[arg(long, value_name = "TIME")]
    at: Option<PointInTime>,
    #[command(flatten)]
    form: FormArguments,
}

#[derive(Serialize)]
struct Found {
    suggestions: Vec<SuggestionRow>,
    obstacles: Vec<String>,
    compromises: Vec<CompromiseRow>,
}

#[derive(Serialize)]
struct SuggestionRow {
    #[serde(flatten)]
    when: Span,
    score: f64,
    shares: Vec<ShareRow>,
    room: Option<String>,
    outside: Vec<OutsideRow>,
    absent: Vec<String>,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct ShareRow {
    factor: &'static str,
    value: f64,
    share: f64,
}

#[derive(Serialize)]
pub(super) struct OutsideRow {
    name: String,
    minutes: i64,
    local: String,
}

#[derive(Serialize)]
struct CompromiseRow {
    #[serde(flatten)]
    when: Span,
    cost: i64,
    problems: Vec<String>,
    room: Option<String>,
}

#[derive(Serialize)]
struct WhyNot {
    #[serde(flatten)]
    when: Span,
    fits: bool,
    problems: Vec<String>,
}

pub(super) fn run(arguments: &FindArguments, console: &mut Console) -> Result<Outcome, Error> {
    let meeting = &arguments.meeting;
    let zone = meeting.people.window.zone();
    let window = meeting.people.window.window()?;
    let (request, incomplete) = meeting.request(window, &window, console)?;
    let outcome = complain(&incomplete, console);
    if outcome == Outcome::Failed {
        return Ok(outcome);
    }
    if let Some(at) = arguments.at {
        let start = meeting.people.window.instant(at);
        let slot = Interval::new(start, start + meeting.length());
        if slot.intersection(&window) != Some(slot) {
            return Err(Error::Usage(
                "--at: the meeting is not between --from and --to".to_owned(),
            ));
        }
        let problems = request.why_not(&slot).map_err(super::refused)?;
        why_not(&slot, &problems, &zone, arguments.form, console)?;
        return Ok(outcome);
    }
    let answer = request.suggest().map_err(super::refused)?;
    if arguments.form.is_json(console) {
        console.json(&found(&answer, &zone))?;
    } else {
        print(&answer, &zone, console)?;
    }
    Ok(outcome)
}

fn why_not(
    slot: &Interval,
    problems: &[Problem],
    zone: &ZoneRules,
    form: FormArguments,
    console: &mut Console,
) -> Result<(), Error> {
    if form.is_json(console) {
        return console.json(&WhyNot {
            when: Span::new(slot, zone),
            fits: problems.is_empty(),
            problems: problems.iter().map(Problem::to_string).collect(),
        });
    }
    let when = written::for_people(slot, zone);
    if problems.is_empty() {
        return console.line(format_args!("{when}  fits"));
    }
    for problem in problems {
        console.line(format_args!("{when}  {problem}"))?;
    }
    Ok(())
}

fn found(answer: &Answer, zone: &ZoneRules) -> Found {
    let suggestion = |best: &Suggestion| SuggestionRow {
        when: Span::new(&best.interval, zone),
        score: best.score,
        shares: best
            .shares
            .iter()
            .map(|share| ShareRow {
                factor: share.factor.name(),
                value: share.value,
                share: share.share,
            })
            .collect(),
        room: best.room.clone(),
        outside: outside(&best.outside),
        absent: best.absent.clone(),
        reasons: best.reasons.clone(),
    };
    let compromise = |near: &Compromise| CompromiseRow {
        when: Span::new(&near.interval, zone),
        cost: near.cost,
        problems: near.problems.iter().map(Problem::to_string).collect(),
        room: near.room.clone(),
    };
    Found {
        suggestions: answer.suggestions.iter().map(suggestion).collect(),
        obstacles: answer.obstacles.iter().map(ToString::to_string).collect(),
        compromises: answer.compromises.iter().map(compromise).collect(),
    }
}

pub(super) fn outside(all: &[cal_freebusy::Outside]) -> Vec<OutsideRow> {
    all.iter()
        .map(|outside| OutsideRow {
            name: outside.name.clone(),
            minutes: outside.minutes,
            local: outside.local.clone(),
        })
        .collect()
}

fn print(answer: &Answer, zone: &ZoneRules, console: &mut Console) -> Result<(), Error> {
    for best in &answer.suggestions {
        let when = written::for_people(&best.interval, zone);
        let room = best.room.as_ref().map(|room| format!("  {room}"));
        console.line(format_args!(
            "{:.2}  {when}{}",
            best.score,
            room.unwrap_or_default()
        ))?;
        for reason in &best.reasons {
            console.line(format_args!("      {reason}"))?;
        }
    }
    for obstacle in &answer.obstacles {
        console.line(format_args!("Nothing fits: {obstacle}."))?;
    }
    if !answer.compromises.is_empty() {
        console.line("The least bad:")?;
    }
    for near in &answer.compromises {
        console.line(format_args!(
            "      {}",
            written::for_people(&near.interval, zone)
        ))?;
        for problem in &near.problems {
            console.line(format_args!("          {problem}"))?;
        }
    }
    Ok(())
}
