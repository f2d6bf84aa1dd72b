//! Flags over environment over file over defaults, and what is not understood.

use crate::running::{Home, run};

#[test]
fn a_flag_goes_over_the_environment_over_the_file_over_the_default() {
    let home = Home::new();
    let config = home.file("cal.toml", "data = \"from-file\"\n");
    let made = |name: &str| home.path().join(name).join("cal.db").exists();

    let add = |command: std::process::Command| {
        run(command, b"secret\n").expect_done();
    };
    let command = |arguments: &[&str]| {
        let mut command = home.command();
        command.args(["user", "add", "ada", "--password-stdin"]);
        command.args(arguments);
        command
    };

    add(command(&[]));
    assert!(home.data().join("cal.db").exists());

    add(command(&["--config", &config]));
    assert!(made("from-file"));

    let mut with_variable = command(&["--config", &config]);
    with_variable.env("CAL_DATA", "from-environment");
    add(with_variable);
    assert!(made("from-environment"));

    let mut with_flag = command(&["--config", &config, "--data", "from-flag"]);
    with_flag.env("CAL_DATA", "from-nowhere");
    add(with_flag);
    assert!(made("from-flag"));
    assert!(!made("from-nowhere"));
}

#[test]
fn the_file_at_the_usual_place_is_read_and_a_named_one_must_be_there() {
    let home = Home::new();
    home.file(".config/cal/config.toml", "data = \"usual\"\n");
    home.add_user("ada", "engine");
    assert!(home.path().join("usual/cal.db").exists());

    let run = home.run(&["user", "list", "--config", "missing.toml"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(
        run.stderr
            .starts_with("cal: missing.toml: cannot be read: "),
        "{run}"
    );
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest_known_one() {
    let cases = [
        ("listn = \"x\"", "listn", "listen"),
        (
            "[limits]\nheader_second = 1",
            "limits.header_second",
            "limits.header_seconds",
        ),
        ("[log]\nfromat = \"json\"", "log.fromat", "log.format"),
        (
            "header_seconds = 1",
            "header_seconds",
            "limits.header_seconds",
        ),
        ("Data = \"x\"", "Data", "data"),
    ];
    for (file, key, nearest) in cases {
        let home = Home::new();
        home.file("c.toml", file);
        let run = home.run(&["user", "list", "--config", "c.toml"]);
        assert_eq!(run.code, 2, "{run}");
        let expected = format!("cal: c.toml: unknown key {key}, did you mean {nearest}?\n");
        assert_eq!(run.stderr, expected);
    }
}

#[test]
fn an_unknown_variable_is_an_error_that_names_the_nearest_known_one() {
    let home = Home::new();
    for (name, nearest) in [
        ("CAL_LISTN", "CAL_LISTEN"),
        ("CAL_HEADER_SECONDS", "CAL_LIMITS_HEADER_SECONDS"),
    ] {
        let mut command = home.command();
        command.args(["user", "list"]).env(name, "1");
        let run = run(command, b"");
        assert_eq!(run.code, 2, "{run}");
        let expected = format!("cal: environment: unknown key {name}, did you mean {nearest}?\n");
        assert_eq!(run.stderr, expected);
    }
}

#[test]
fn a_key_like_no_known_one_is_named_alone() {
    let home = Home::new();
    home.file("c.toml", "qqqqqqqq = 1");
    let run = home.run(&["user", "list", "--config", "c.toml"]);
    assert_eq!(run.stderr, "cal: c.toml: unknown key qqqqqqqq\n");
}

#[test]
fn a_wrong_value_is_refused_with_file_key_and_what_was_expected() {
    for (file, expected) in [
        (
            "[limits]\nconnections = \"many\"",
            "c.toml: limits.connections: expected a whole number, found \"many\"",
        ),
        (
            "[limits]\nconnections = -1",
            "c.toml: limits.connections: expected a whole number, found -1",
        ),
        (
            "role = \"king\"",
            "c.toml: role: expected \"all\", \"api\" or \"worker\", found \"king\"",
        ),
        (
            "listen = 5545",
            "c.toml: listen: expected HOST:PORT, in quotes, found 5545",
        ),
        (
            "trusted_proxies = [\"proxy\", 1]",
            "c.toml: trusted_proxies: expected a list of IP addresses, each in quotes, found [\"proxy\", 1]",
        ),
        (
            "limits = 3",
            "c.toml: limits: expected a table, [limits], found 3",
        ),
        (
            "listen = \"localhost\"",
            "configuration: listen: must be HOST:PORT, such as 127.0.0.1:5545",
        ),
        (
            "[limits]\nrequest_seconds = 0",
            "configuration: limits.request_seconds: must be at least 1",
        ),
        (
            "base_url = \"ftp://example.com\"",
            "configuration: base_url: must start with http:// or https://",
        ),
        (
            "base_url = \"https://example.com/?x\"",
            "configuration: base_url: must end with its path, without ? or #",
        ),
    ] {
        let home = Home::new();
        home.file("c.toml", file);
        let run = home.run(&["user", "list", "--config", "c.toml"]);
        assert_eq!(run.code, 2, "{file}: {run}");
        assert_eq!(run.stderr, format!("cal: {expected}\n"), "{file}");
    }
}

#[test]
fn a_wrong_value_in_the_environment_is_refused_with_the_name_of_the_variable() {
    let home = Home::new();
    let mut command = home.command();
    command
        .args(["user", "list"])
        .env("CAL_LIMITS_CONNECTIONS", "many");
    let run = run(command, b"");
    assert_eq!(run.code, 2, "{run}");
    assert_eq!(
        run.stderr,
        "cal: environment: CAL_LIMITS_CONNECTIONS: expected a whole number, found \"many\"\n"
    );
}

#[test]
fn in_the_environment_proxies_stand_in_one_line() {
    let home = Home::new();
    home.add_user("ada", "engine");
    for (proxies, code) in [("127.0.0.1", 0), ("127.0.0.1, ::1", 0), ("127.0.0.1,", 2)] {
        let mut command = home.command();
        command
            .args(["user", "list"])
            .env("CAL_TRUSTED_PROXIES", proxies);
        let run = run(command, b"");
        assert_eq!(run.code, code, "{proxies}: {run}");
    }
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_place() {
    let home = Home::new();
    home.file("c.toml", "listen = ");
    let run = home.run(&["user", "list", "--config", "c.toml"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.starts_with("cal: c.toml: "), "{run}");
    assert!(run.stderr.contains("line 1"), "{run}");
}

#[test]
fn who_only_looks_makes_no_data_folder() {
    let home = Home::new();
    home.file("a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n");
    for verb in [
        &["user", "list"][..],
        &["user", "passwd", "ada", "--password-stdin"],
        &["user", "remove", "ada"],
        &["user", "token", "ada"],
        &["export", "--user", "ada"],
        &["import", "--user", "ada", "--calendar", "work", "a.ics"],
        &["at", "1d ago", "list", "--user", "ada"],
        &["trash", "list", "--user", "ada"],
        &["audit", "verify"],
    ] {
        let mut arguments = verb.to_vec();
        arguments.extend(["--data", "mistyped"]);
        let run = home.run(&arguments);
        assert_eq!(run.code, 1, "{verb:?}: {run}");
        let expected =
            "cal: no data at mistyped; start with `cal serve` or name another with --data\n";
        assert_eq!(run.stderr, expected, "{verb:?}");
        assert!(!home.path().join("mistyped").exists(), "{verb:?}");
    }
}

#[test]
fn the_command_line_is_explained_and_mistakes_in_it_exit_with_2() {
    let home = Home::new();
    let help = home.run(&["--help"]).expect_done();
    for verb in [
        "serve", "user", "import", "export", "expand", "check", "convert", "free", "at", "trash",
        "audit",
    ] {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb}: {help}");
    }
    let version = home.run(&["--version"]).expect_done();
    assert!(version.contains("tzdata 20"), "{version}");
    for wrong in [
        &["frobnicate"][..],
        &["serve", "--role", "king"],
        &["user", "add"],
        &[],
    ] {
        assert_eq!(home.run(wrong).code, 2, "{wrong:?}");
    }
}
