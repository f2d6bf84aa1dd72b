//! What somebody tries who has not read the manual.

use std::ffi::OsString;
use std::fs::File;
use std::process::Stdio;

use crate::running::{Home, calendar, event, run};

const VERBS: [&str; 13] = [
    "serve", "user", "import", "export", "expand", "check", "convert", "free", "at", "trash",
    "audit", "secrets", "jobs",
];

#[test]
fn every_help_says_what_exit_codes_mean() {
    let home = Home::new();
    for verb in VERBS {
        for flag in ["-h", "--help"] {
            let help = home.run(&[verb, flag]).expect_done();
            assert!(help.contains("Exit codes:"), "{verb} {flag}: {help}");
        }
    }
}

#[test]
fn the_settings_that_the_help_lists_are_all_there_are() {
    let home = Home::new();
    let help = home.run(&["serve", "--help"]).expect_done();
    let (_, listed) = help.split_once("The keys and their defaults:").unwrap();
    let lines: Vec<&str> = listed.lines().filter(|line| !line.is_empty()).collect();
    let defaults: Vec<String> = lines
        .iter()
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, rest)| {
            let value = rest.split("  ").next().unwrap_or(rest);
            format!("{} = {value}", key.trim())
        })
        .collect();
    assert_eq!((lines.len(), defaults.len()), (22, 13), "{help}");
    home.file("c.toml", defaults.join("\n"));
    let run = home.run(&["user", "list", "--config", "c.toml"]);
    assert!(run.stderr.starts_with("cal: no data at"), "{run}");
}

#[test]
fn what_cannot_be_read_is_named_and_exits_with_1() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("folder")).unwrap();
    let endless = File::create(home.path().join("huge.ics")).unwrap();
    endless.set_len(2 << 30).unwrap();
    let window = ["--from", "2026-03-01", "--to", "2026-03-02", "--slot", "1h"];
    for (name, reason) in [
        ("missing.ics", "No such file"),
        ("folder", "directory"),
        ("huge.ics", "longer than 1073741824 bytes"),
    ] {
        let free: Vec<&str> = ["free", name].into_iter().chain(window).collect();
        for verb in [
            &["expand", name][..],
            &["check", name],
            &["convert", "--to", "ics", name],
            &free,
        ] {
            let run = home.run(verb);
            assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{verb:?}: {run}");
            assert!(
                run.stderr
                    .starts_with(&format!("cal: {name}: cannot be read: ")),
                "{run}"
            );
            assert!(run.stderr.contains(reason), "{run}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_name_need_not_be_text() {
    use std::os::unix::ffi::OsStringExt;

    let home = Home::new();
    let name = OsString::from_vec(b"caf\xE9.ics".to_vec());
    std::fs::write(home.path().join(&name), calendar(&event("1", 1, ""))).unwrap();
    for arguments in [&["expand"][..], &["check"], &["convert", "--to", "ics"]] {
        let mut command = home.command();
        command.args(arguments).arg(&name);
        run(command, b"").expect_done();
    }
    let folder = OsString::from_vec(b"donn\xE9es".to_vec());
    let with_data = |arguments: &[&str]| {
        let mut command = home.command();
        command.args(arguments).arg("--data").arg(&folder);
        run(command, b"secret\n").expect_done()
    };
    with_data(&["user", "add", "ada", "--password-stdin"]);
    assert!(with_data(&["user", "list"]).starts_with("ada\t"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure_of_any_verb() {
    let home = Home::new();
    let events: Vec<String> = (0..3000)
        .map(|number| event(&number.to_string(), 1, "X-BROKEN"))
        .collect();
    home.file("a.ics", calendar(&events.join("\n")));
    for arguments in [
        &["expand", "a.ics"][..],
        &["check", "a.ics"],
        &["check", "--json", "a.ics"],
        &["convert", "--to", "ics", "a.ics"],
        &["convert", "--to", "jcal", "a.ics"],
        &["--help"],
    ] {
        let mut child = home
            .command()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
        assert!(!said.contains("cal: "), "{arguments:?}: {said}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    }
}

#[test]
fn a_file_that_is_no_store_is_named() {
    let home = Home::new();
    home.file("data/cal.db", "this is a letter to my aunt");
    for verb in [&["user", "list"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let mut arguments = verb.to_vec();
        arguments.extend(["--data", "data"]);
        let run = home.run(&arguments);
        assert_eq!(run.code, 1, "{run}");
        assert!(
            run.stderr
                .starts_with("cal: data/cal.db: cannot be opened: "),
            "{run}"
        );
    }
}

#[test]
fn control_characters_of_a_calendar_do_not_steer_the_terminal() {
    let home = Home::new();
    let text = calendar(&event("a\u{1b}[31m", 1, "").replace("Event", "\u{1b}[2J"));
    let run = home.run_with(&["expand"], text);
    assert!(
        !run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'),
        "{run}"
    );
}

#[test]
fn two_servers_at_one_address_are_told_apart() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = home.run(&["serve", "--listen", &address]);
    assert_eq!(run.code, 1, "{run}");
    let expected = format!(
        "cannot listen on {address}: another program does already, perhaps another `cal serve`"
    );
    assert!(run.stderr.contains(&expected), "{run}");
}
