//! The route table: every path with its handlers.

use hyper::http::{Method, StatusCode};
use matchit::Router;

use flowcheck_evidence::Facts;

use crate::http::host::Role;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::state::platform::Platform;
use crate::{api, control_api, oauth, pages};

/// Handles one kind of request. Handlers never block or wait.
type Handler = fn(&Platform, &Request) -> Response;

/// The handlers of a path, by method.
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

/// Every path but those of the API, whose table is `tables/operations.csv`.
const TABLE: &[(&str, Route)] = &[
    // Authorization: an app redirects its user here, and Klaviyo redirects the user back with a code.
    ("/oauth/authorize", get(oauth::authorize)),
    ("/oauth/authorize/account", post(oauth::choose_account)),
    ("/oauth/authorize/decision", post(oauth::decide)),
    // Tokens: called by the app's server.
    ("/oauth/token", post(oauth::token)),
    ("/oauth/revoke", post(oauth::revoke)),
    // Signing in and out.
    ("/login", both(pages::login, pages::log_in)),
    ("/login/ticket/{ticket}", get(pages::log_in_by_ticket)),
    ("/logout", both(pages::logout, pages::log_out)),
    // The App Marketplace, and what an account has installed.
    ("/marketplace/apps/{client}", get(pages::listing)),
    ("/integrations", get(pages::integrations)),
    ("/integrations/{install}/uninstall", both(pages::confirm_uninstall, pages::uninstall)),
    ("/", get(pages::home)),
    // Requested by browsers on their own; not recorded.
    ("/favicon.ico", get(no_icon)),
];

/// The table as a router.
pub(crate) struct Routes {
    router: Router<Route>,
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Routes(…)")
    }
}

impl Routes {
    /// Builds the router.
    pub(crate) fn new() -> Self {
        let mut router = Router::new();
        for (path, route) in TABLE {
            // Conflicting paths would be a mistake in the table, which a test rules out.
            let _ = router.insert(*path, *route);
        }
        Self { router }
    }

    /// Calls the handler of a request, after setting the values of the route's placeholders in it.
    pub(crate) fn dispatch(&self, platform: &Platform, request: &mut Request) -> Response {
        // A trailing slash makes no difference (O: Klaviyo's older docs write one).
        let path = request.path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(&request.path);
        if path == "/_flowcheck" || path.starts_with("/_flowcheck/") {
            return control_api::handle(platform, request, path);
        }
        if ["/api", "/client"].iter().any(|root| path.strip_prefix(root).is_some_and(is_below)) {
            return match request.host.role {
                Role::Api | Role::Both => api::handle(platform, request, path),
                // A: Klaviyo's site has no API.
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

/// OPTIONS lists the methods of a path; any other unsupported method is answered with 405.
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
