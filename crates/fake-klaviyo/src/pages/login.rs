//! Signing in to Klaviyo and out of it.

use askama::Template;
use hyper::http::StatusCode;

use crate::http::request::Request;
use crate::http::response::Response;
use crate::pages::error::{error, page_of};
use crate::state::platform::{Platform, State};
use crate::state::sessions::RequestSession;
use flowcheck_evidence::Facts;

#[derive(Template)]
#[template(path = "pages/login.html")]
struct Login<'a> {
    app: Option<String>,
    failed: bool,
    csrf: &'a str,
    attempt: Option<&'a str>,
    next: Option<&'a str>,
    email: &'a str,
}

#[derive(Template)]
#[template(path = "pages/logout.html")]
struct Logout<'a> {
    csrf: &'a str,
}

/// `GET /login`: the form. It carries where the user was going: an authorization attempt or a local path.
pub(crate) fn login(platform: &Platform, request: &Request) -> Response {
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    if current.session.user.is_some() {
        let onward = onward(&state, request.query.get("attempt"), request.query.get("next"));
        return Response::redirect(StatusCode::FOUND, &onward).facts(page_facts());
    }
    let app = app_name(&state, request.query.get("attempt"));
    let (attempt, next) = (request.query.get("attempt"), request.query.get("next"));
    let form = Login { app, failed: false, csrf: &current.session.csrf, attempt, next, email: "" };
    page_of(&form).cookie(current.cookie.as_deref()).facts(page_facts())
}

/// `POST /login`: signs in, and redirects to where the user was going.
pub(crate) fn log_in(platform: &Platform, request: &Request) -> Response {
    let form = request.form();
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    if !current.session.accepts_csrf(form.get("csrf")) {
        return out_of_date(&current);
    }
    let email = form.get("email").unwrap_or_default();
    let user = state.user(email).filter(|user| user.password.matches(form.get("password").unwrap_or_default()));
    let (attempt, next) = (form.get("attempt"), form.get("next"));
    let Some(user) = user.map(|user| user.email.clone()) else {
        let app = app_name(&state, attempt);
        let again = Login { app, failed: true, csrf: &current.session.csrf, attempt, next, email };
        let mut page = page_of(&again).cookie(current.cookie.as_deref()).facts(page_facts());
        page.status = StatusCode::UNPROCESSABLE_ENTITY;
        return page;
    };
    let onward = onward(&state, attempt, next);
    let current = state.sessions.sign_in(request, &user);
    platform.redact_session(&current);
    Response::redirect(StatusCode::SEE_OTHER, &onward).cookie(current.cookie.as_deref()).facts(page_facts())
}

/// `GET /login/ticket/…`: signs in once with a ticket from `Server::sign_in_link`.
pub(crate) fn log_in_by_ticket(platform: &Platform, request: &Request) -> Response {
    let mut state = platform.state();
    let ticket = request.path_params.first().map(String::as_str).unwrap_or_default();
    let facts = Facts::Page("ticket".to_owned());
    let Some((email, next)) = state.sessions.redeem_ticket(ticket) else {
        let text = "This link was used before, or never issued. A sign-in link works once.";
        return error(StatusCode::GONE, "Link used up", text).facts(facts);
    };
    let Some(user) = state.user(&email).map(|user| user.email.clone()) else {
        let text = "No user has this e-mail address; add one with Builder::user.";
        return error(StatusCode::NOT_FOUND, "Nobody of that name", text).facts(facts);
    };
    let current = state.sessions.sign_in(request, &user);
    platform.redact_session(&current);
    Response::redirect(StatusCode::FOUND, local(Some(&next))).cookie(current.cookie.as_deref()).facts(facts)
}

/// `GET /logout`: asks for confirmation, so that a link alone signs nobody out.
pub(crate) fn logout(platform: &Platform, request: &Request) -> Response {
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    let page = page_of(&Logout { csrf: &current.session.csrf });
    page.cookie(current.cookie.as_deref()).facts(Facts::Page("logout".to_owned()))
}

/// `POST /logout`.
pub(crate) fn log_out(platform: &Platform, request: &Request) -> Response {
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    if !current.session.accepts_csrf(request.form().get("csrf")) {
        return out_of_date(&current);
    }
    state.sessions.end(request);
    Response::redirect(StatusCode::SEE_OTHER, "/login").facts(Facts::Page("logout".to_owned()))
}

fn page_facts() -> Facts {
    Facts::Page("login".to_owned())
}

fn out_of_date(current: &RequestSession) -> Response {
    error(StatusCode::FORBIDDEN, "This form is out of date", "Go back, load the page again, and send it once more.")
        .cookie(current.cookie.as_deref())
        .facts(page_facts())
}

/// The name of the app whose attempt continues after login.
fn app_name(state: &State, attempt: Option<&str>) -> Option<String> {
    let attempt = state.attempts.get(attempt?)?;
    state.client(&attempt.request.client_id).map(|client| client.name.clone())
}

/// Where to redirect after login. An attempt is named by its id, so that its URL, which holds secrets, is never put
/// inside another URL.
fn onward(state: &State, attempt: Option<&str>, next: Option<&str>) -> String {
    match attempt.and_then(|id| state.attempts.get(id)) {
        Some(attempt) => attempt.request.target.clone(),
        None => local(next).to_owned(),
    }
}

/// A local path; anything that could lead to another site becomes the integrations page.
fn local(next: Option<&str>) -> &str {
    let is_ours = |next: &&str| {
        next.starts_with('/')
            && !next.starts_with("//")
            && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    next.filter(is_ours).unwrap_or("/integrations")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_leads_nowhere_else() {
        assert_eq!(local(Some("/integrations?account=x")), "/integrations?account=x");
        for next in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", ""] {
            assert_eq!(local(Some(next)), "/integrations", "{next}");
        }
    }
}
