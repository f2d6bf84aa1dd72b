//! A CalDAV server inside an axum program, with a store and users of one's own.
//!
//! `cargo run -p cal-caldav-server --example embed`, then point a calendar client at
//! `http://127.0.0.1:5545/` as `ada` with the password `engine`.

use axum::{Router, routing::get};
use cal_caldav_server::{Attempt, Authenticator, CalDavServer, Error, User};
use cal_store::{PrincipalName, Store};

struct MyUsers;

#[async_trait::async_trait]
impl Authenticator for MyUsers {
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
        match attempt.basic() {
            Some(basic) if basic.user() == "ada" && basic.password() == "engine" => {
                Ok(User::new(PrincipalName::new(basic.user())?))
            }
            _ => Err(Error::Unauthenticated),
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    // Any backend will do: `Store::new(my_backend)`.
    let my_store = Store::memory();
    let dav = CalDavServer::builder(my_store)
        .auth(MyUsers)
        .base_path("/dav")
        .build();
    let home = get(|| async { "Calendars live under /dav/." });
    let app = Router::new()
        .nest_service("/dav", dav.clone())
        .route("/", home.fallback_service(dav.discovery()))
        .fallback_service(dav.discovery());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:5545").await?;
    axum::serve(listener, app).await
}
