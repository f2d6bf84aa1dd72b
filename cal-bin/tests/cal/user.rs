//! `cal user`.

use crate::running::Home;

#[test]
fn users_are_added_listed_and_removed() {
    let home = Home::new();
    home.add_user("ada", "engine\n");
    let add = home.run_with(&["user", "add", "bob", "--admin", "--password-stdin"], "x");
    assert_eq!(add.expect_done(), "added user bob\n");

    let list = home.run(&["user", "list", "--json"]).json_lines();
    let names: Vec<_> = list
        .iter()
        .map(|row| (&row["name"], &row["role"]))
        .collect();
    assert_eq!(
        names,
        [
            (&"ada".into(), &"user".into()),
            (&"bob".into(), &"admin".into())
        ]
    );
    let text = home.run(&["user", "list"]).expect_done();
    assert!(
        text.starts_with("ada\tindividual\tuser\t0 app passwords\tsince 20"),
        "{text}"
    );

    assert_eq!(
        home.run(&["user", "remove", "ada"]).expect_done(),
        "removed user ada\n"
    );
    assert_eq!(home.run(&["user", "list", "--json"]).json_lines().len(), 1);
}

#[test]
fn a_room_is_made_and_listed_as_one() {
    let home = Home::new();
    let add = |name: &str, kind: &str| {
        let arguments = ["user", "add", name, "--kind", kind, "--password-stdin"];
        home.run_with(&arguments, "x")
    };
    assert_eq!(add("hall", "room").expect_done(), "added room hall\n");
    assert_eq!(add("van", "resource").expect_done(), "added resource van\n");
    let list = home.run(&["user", "list", "--json"]).json_lines();
    let kinds: Vec<_> = list.iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["room", "resource"]);
    let refused = add("barn", "shed");
    assert_eq!(refused.code, 2, "{refused}");
    assert!(
        refused.stderr.contains("individual, group, room, resource"),
        "{refused}"
    );
}

#[test]
fn what_cannot_be_done_is_said_and_exits_with_1() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let cases: [(&[&str], &str, &str); 9] = [
        (
            &["user", "add", "ada", "--password-stdin"],
            "x",
            "user ada exists already",
        ),
        (
            &["user", "passwd", "bob", "--password-stdin"],
            "x",
            "there is no user bob",
        ),
        (&["user", "remove", "bob"], "", "there is no user bob"),
        (&["user", "token", "bob"], "", "there is no user bob"),
        (
            &["user", "token", "bob", "--list"],
            "",
            "there is no user bob",
        ),
        (
            &["user", "token", "ada", "--revoke", "1"],
            "",
            "has no app password",
        ),
        (
            &["user", "add", "bob", "--password-stdin"],
            "",
            "the password is empty",
        ),
        (
            &["user", "add", "bob", "--password-stdin"],
            "a\tb",
            "holds a control character",
        ),
        (&["user", "add", "bob"], "", "--password-stdin"),
    ];
    for (arguments, input, expected) in cases {
        let run = home.run_with(arguments, input);
        assert_eq!(run.code, 1, "{arguments:?} {run}");
        assert!(run.stderr.contains(expected), "{arguments:?} {run}");
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn a_name_is_any_text_that_can_be_sent() {
    let home = Home::new();
    for name in ["The King", "a@b.c", "Zoë/x", "cn=a,dc=b", "名前"] {
        home.add_user(name, "x");
    }
    let longest = "x".repeat(300);
    for name in ["", "a:b", " a", "a\nb", ".", "..", longest.as_str()] {
        let run = home.run_with(&["user", "add", name, "--password-stdin"], "x");
        assert_eq!(run.code, 2, "{name:?}: {run}");
    }
}

#[test]
fn an_app_password_is_shown_once_listed_and_revoked() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let made = home.run(&["user", "token", "ada", "--label", "phone"]);
    let password = made.stdout.trim();
    assert_eq!(password.len(), 34, "{made}");
    assert!(
        made.stderr
            .contains("(phone) of ada: it is shown this once"),
        "{made}"
    );

    let list = home.run(&["user", "token", "ada", "--list", "--json"]);
    assert!(!list.stdout.contains(password));
    let rows = list.json_lines();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["label"], "phone");

    let id = rows[0]["id"].as_str().unwrap();
    home.run(&["user", "token", "ada", "--revoke", id])
        .expect_done();
    assert_eq!(
        home.run(&["user", "token", "ada", "--list"]).expect_done(),
        ""
    );
}

#[test]
fn an_app_password_as_json_holds_all_there_is_to_know() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let made = home.run(&["user", "token", "ada", "--json"]).json_lines();
    assert_eq!(made[0]["label"], "app");
    assert_eq!(made[0]["password"].as_str().unwrap().len(), 34);
    assert!(made[0]["id"].is_string());
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_we_make_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::new();
    home.add_user("ada", "engine");
    let mode = home.data().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn no_password_is_in_the_data_folder_in_the_clear() {
    let home = Home::new();
    home.add_user("ada", "correct horse battery");
    let made = home.run(&["user", "token", "ada"]);
    let token = made.stdout.trim().replace('-', "");
    for entry in std::fs::read_dir(home.data()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in ["correct horse battery", token.as_str(), made.stdout.trim()] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds a secret", path.display());
        }
    }
}
