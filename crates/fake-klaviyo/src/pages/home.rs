//! The home page, a short App Marketplace.

use askama::Template;

use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::client::Client;
use crate::pages::error::page_of;
use crate::state::platform::Platform;
use flowcheck_evidence::Facts;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    apps: Vec<Client>,
}

/// `GET /`.
pub(crate) fn home(platform: &Platform, _: &Request) -> Response {
    let apps = platform.state().clients.clone();
    page_of(&Home { apps }).facts(Facts::Page("home".to_owned()))
}
