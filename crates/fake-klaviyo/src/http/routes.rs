//! The route table: every path with what answers it.

use hyper::http::{Method, StatusCode};
use matchit::Router;

use flowcheck_evidence::Facts;

use crate::http::host::Role;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::state::platform::Platform;
use crate::{api, control_api, oauth, pages};

/// Answers one kind of request; a plain function that waits for nothing.
type Handler = fn(&Platform, &Request) -> Response;

/// What answers a path, by method.
#[derive(Debug, Clone, Copy)]
struct Route {
    get: Option<Handler>,
    post: Option<Handler>,
}

const fn get(handler: Handler) -> Route {
    Route { get: Some(handler), post: None }
}

const fn post(handler: Handler) -> Route {
    Route { get: None, post: Some(handler) }
}

const fn both(get: Handler, post: Handler) -> Route {
    Route { get: Some(get), post: Some(post) }
}

/// What people and apps can ask for, but for the API, whose table is `tables/operations.csv`.
const TABLE: &[(&str, Route)] = &[
    // Authorization: an app sends its user here, and gets the user back with a code.
    ("/oauth/authorize", get(oauth::authorize)),
    ("/oauth/authorize/account", post(oauth::choose_account)),
    ("/oauth/authorize/decision", post(oauth::decide)),
    // Tokens: an app calls these by itself.
    ("/oauth/token", post(oauth::token)),
    ("/oauth/revoke", post(oauth::revoke)),
    // Who is at the browser.
    ("/login", both(pages::login, pages::log_in)),
    ("/login/ticket/{ticket}", get(pages::log_in_by_ticket)),
    ("/logout", both(pages::logout, pages::log_out)),
    // The directory, and what an account has installed.
    ("/marketplace/apps/{client}", get(pages::listing)),
    ("/integrations", get(pages::integrations)),
    ("/integrations/{install}/uninstall", both(pages::confirm_uninstall, pages::uninstall)),
    ("/", get(pages::home)),
    // Browsers ask for it by themselves; there is none, and nobody wants to read that.
    ("/favicon.ico", get(no_icon)),
];

/// The table, made ready to look things up in.
pub(crate) struct Routes {
    router: Router<Route>,
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Routes(…)")
    }
}

impl Routes {
    /// The table.
    pub(crate) fn new() -> Self {
        let mut router = Router::new();
        for (path, route) in TABLE {
            // Two paths that conflict would be a slip in the table above, which a test looks for.
            let _ = router.insert(*path, *route);
        }
        Self { router }
    }

    /// Has a request answered; it is told what stands for the route's placeholders.
    pub(crate) fn dispatch(&self, platform: &Platform, request: &mut Request) -> Response {
        // A slash at the end makes no difference to Klaviyo's paths (O: its older docs write one).
        let path = request.path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(&request.path);
        if path == "/_flowcheck" || path.starts_with("/_flowcheck/") {
            return control_api::handle(platform, request, path);
        }
        if ["/api", "/client"].iter().any(|root| path.strip_prefix(root).is_some_and(is_below)) {
            return match request.host.role {
                Role::Api | Role::Both => api::handle(platform, request, path),
                // A: people's hosts have no API.
                Role::Www => unknown(request, "the API is at a.klaviyo.com, not here"),
            };
        }
        let Ok(found) = self.router.at(path) else {
            return unknown(request, "Klaviyo publishes no such address");
        };
        let handler = match request.method {
            Method::GET | Method::HEAD => found.value.get,
            Method::POST => found.value.post,
            _ => None,
        };
        match handler {
            Some(handler) => {
                request.path_params = found.params.iter().map(|(_, value)| value.to_owned()).collect();
                handler(platform, request)
            }
            None => other_method(request, found.value),
        }
    }
}

fn is_below(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

/// OPTIONS says what a path takes; any other method that it does not take is 405.
fn other_method(request: &Request, route: &Route) -> Response {
    let allowed = match (route.get, route.post) {
        (Some(_), Some(_)) => "GET, HEAD, POST",
        (Some(_), None) => "GET, HEAD",
        _ => "POST",
    };
    let response = match request.method {
        Method::OPTIONS => Response::empty(StatusCode::NO_CONTENT).header(hyper::header::ALLOW, allowed),
        _ => Response::wrong_method(allowed),
    };
    response.facts(Facts::Unknown(format!("{} where Klaviyo takes {allowed}", request.method)))
}

fn unknown(request: &Request, why: &str) -> Response {
    let facts = Facts::Unknown(why.to_owned());
    if request.method == Method::GET || request.method == Method::HEAD {
        return pages::error(StatusCode::NOT_FOUND, "Page not found", &format!("{why}.")).facts(facts);
    }
    Response::text(StatusCode::NOT_FOUND, format!("{why}.\n")).facts(facts)
}

fn no_icon(_: &Platform, _: &Request) -> Response {
    Response::empty(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_paths_of_the_table_conflict() {
        let mut router = Router::new();
        for (path, route) in TABLE {
            router.insert(*path, *route).expect(path);
        }
    }
}
