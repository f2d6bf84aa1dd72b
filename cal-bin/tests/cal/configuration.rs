//! Flags over environment over file over defaults, and what is not understood.

use crate::running::{Home, run};

#[test]
fn a_flag_goes_over_the_environment_over_the_file_over_the_default() {
    let home = Home::new();
    let config = home.file("cal.toml", "data = \"from-file\"\n");
    let made = |name: &str| home.path().join(name).join("cal.db").exists();

    home.run(&["user", "list"]).expect_done();
    assert!(home.data().join("cal.db").exists());

    home.run(&["user", "list", "--config", &config])
        .expect_done();
    assert!(made("from-file"));

    let mut command = home.command();
    command
        .args(["user", "list", "--config", &config])
        .env("CAL_DATA", "from-environment");
    run(command, b"").expect_done();
    assert!(made("from-environment"));

    let mut command = home.command();
    command
        .args(["user", "list", "--config", &config, "--data", "from-flag"])
        .env("CAL_DATA", "from-nowhere");
    run(command, b"").expect_done();
    assert!(made("from-flag"));
    assert!(!made("from-nowhere"));
}

#[test]
fn the_file_at_the_usual_place_is_read_and_a_named_one_must_be_there() {
    let home = Home::new();
    home.file(".config/cal/config.toml", "data = \"usual\"\n");
    home.run(&["user", "list"]).expect_done();
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
fn a_wrong_value_is_refused_with_its_key() {
    for (file, expected) in [
        ("[limits]\nconnections = \"many\"", "limits.connections"),
        ("role = \"king\"", "king"),
        (
            "base_url = \"ftp://example.com\"",
            "base_url: must start with http:// or https://",
        ),
        (
            "base_url = \"https://example.com/?x\"",
            "base_url: must end with its path",
        ),
        ("listen = ", "c.toml"),
    ] {
        let home = Home::new();
        home.file("c.toml", file);
        let run = home.run(&["user", "list", "--config", "c.toml"]);
        assert_eq!(run.code, 2, "{file}: {run}");
        assert!(run.stderr.contains(expected), "{file}: {run}");
    }
}

#[test]
fn the_command_line_is_explained_and_mistakes_in_it_exit_with_2() {
    let home = Home::new();
    let help = home.run(&["--help"]).expect_done();
    for verb in [
        "serve", "user", "import", "export", "expand", "check", "convert", "free",
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
