//! A proxy in front that signs its users in.

use crate::running::Home;
use crate::server::{Server, client};

async fn status(server: &Server, path: &str, headers: &[(&str, &str)]) -> u16 {
    let method = reqwest::Method::from_bytes(b"PROPFIND").unwrap();
    let request = client().request(method, format!("{}{path}", server.url));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_named_user_has_calendars_and_no_password() {
    let home = Home::new();
    home.file(
        "c.toml",
        "trusted_proxies = [\"127.0.0.1\"]\n[forwarded]\nuser = \"Remote-User\"\n",
    );
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let calendar = "/dav/calendars/grace/calendar/";
    assert_eq!(status(&server, calendar, &[]).await, 401);
    let named = [("remote-user", "grace")];
    assert_eq!(status(&server, calendar, &named).await, 207);
    // Another's home stays out of sight.
    assert_eq!(status(&server, "/dav/calendars/ada/", &named).await, 404);
    for password in ["", "grace", "*"] {
        assert_eq!(server.user("grace", password).knock().await, 401);
    }
}

#[tokio::test]
async fn a_header_is_nothing_without_the_key_of_the_proxy() {
    let home = Home::new();
    home.file("key", "turn the crank\n");
    home.file(
        "c.toml",
        "[forwarded]\nuser = \"X-Forwarded-User\"\nkey_file = \"key\"\n",
    );
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    let user = ("x-forwarded-user", "grace");
    assert_eq!(status(&server, "/dav/", &[user]).await, 401);
    let wrong = ("x-forwarded-key", "turn the wheel");
    assert_eq!(status(&server, "/dav/", &[user, wrong]).await, 401);
    let right = ("x-forwarded-key", "turn the crank");
    assert_eq!(status(&server, "/dav/", &[user, right]).await, 207);
}

#[test]
fn settings_that_would_believe_anybody_are_refused() {
    let home = Home::new();
    home.file("empty", "\n");
    for (settings, reason) in [
        (
            "[forwarded]\nuser = \"X-Forwarded-User\"\n",
            "forwarded.user: needs trusted_proxies or forwarded.key_file: anybody could send that header",
        ),
        (
            "trusted_proxies = [\"127.0.0.1\"]\n[forwarded]\nuser = \"two words\"\n",
            "forwarded.user: must be the name of a header",
        ),
        (
            "[forwarded]\nkey_file = \"empty\"\n",
            "forwarded.user: must name the header with the user",
        ),
        (
            "[forwarded]\nuser = \"X-Forwarded-User\"\nkey_file = \"empty\"\n",
            "forwarded.key_file: there is no key in empty",
        ),
        (
            "[forwarded]\nuser = \"X-Forwarded-User\"\nkey_file = \"gone\"\n",
            "gone: cannot be read",
        ),
    ] {
        home.file("c.toml", settings);
        let told = home.run(&["serve", "--config", "c.toml"]);
        assert!(told.stderr.contains(reason), "{settings}: {}", told.stderr);
    }
}
