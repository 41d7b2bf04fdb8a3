//! An app's page in the App Marketplace. Install is a plain link, and no policy suppresses the referrer (S).

use askama::Template;
use hyper::http::StatusCode;
use percent_encoding::percent_decode_str;

use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::client::Client;
use crate::model::scopes::Permission;
use crate::pages::error::{error, initial, page_of};
use crate::state::platform::Platform;
use flowcheck_evidence::Facts;

#[derive(Template)]
#[template(path = "pages/listing.html")]
struct Listing<'a> {
    app: &'a Client,
    initial: String,
    permissions: Vec<Permission>,
}

/// `GET /marketplace/apps/{client}`.
pub(crate) fn listing(platform: &Platform, request: &Request) -> Response {
    let id = request
        .path_params
        .first()
        .map(|id| percent_decode_str(id).decode_utf8_lossy().into_owned())
        .unwrap_or_default();
    let client = platform.state().client(&id).cloned();
    let page = match client {
        Some(client) => page_of(&Listing {
            initial: initial(&client.name),
            permissions: client.scopes.iter().map(|scope| Permission::of(scope)).collect(),
            app: &client,
        }),
        None => error(StatusCode::NOT_FOUND, "No such app", "The App Marketplace has no app with this client id."),
    };
    page.facts(Facts::Page("listing".to_owned()))
}
