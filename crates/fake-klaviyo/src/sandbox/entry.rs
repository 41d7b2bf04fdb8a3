//! Journal entries as HTML: a line each, and an exchange in full.

use askama::Template;
use hyper::http::StatusCode;
use smol_str::SmolStr;

use crate::http::request::Request;
use crate::http::response::Response;
use crate::state::platform::Platform;
use flowcheck_evidence::{
    AuthorizeCall, Decision, Entry, Event, Exchange, Facts, KlaviyoEvent, TokenOutcome, TokenState, UninstalledBy,
};

use crate::sandbox::curl::curl;

#[derive(Template)]
#[template(path = "sandbox/line.html")]
struct Line {
    seq: u32,
    at: String,
    /// `token`, `api`, `page` or `event`, for the filter.
    kind: &'static str,
    request: Option<RequestSummary>,
    note: String,
}

struct RequestSummary {
    method: SmolStr,
    host: SmolStr,
    path: SmolStr,
    status: String,
    /// `good`, `bad` or `odd`.
    mood: &'static str,
}

#[derive(Template)]
#[template(path = "sandbox/exchange.html")]
struct ExchangeDetails<'a> {
    exchange: &'a Exchange,
    took: String,
    request_body: Option<&'a str>,
    response_body: Option<String>,
    curl: String,
}

/// The line of an entry.
pub(crate) fn line(entry: &Entry) -> String {
    let (kind, request, note) = match &entry.event {
        Event::Exchange(exchange) => {
            let (kind, note) = describe(&exchange.facts);
            (kind, Some(summary(exchange)), note)
        }
        Event::Klaviyo(event) => ("event", None, describe_event(event)),
        Event::HarnessError(trouble) => ("event", None, trouble.what.clone()),
        _ => ("event", None, String::new()),
    };
    let at = format!("{}:{:02}.{}", entry.at_ms / 60_000, entry.at_ms / 1_000 % 60, entry.at_ms / 100 % 10);
    Line { seq: entry.seq, at, kind, request, note }.render().unwrap_or_default()
}

/// `GET sandbox/entry?seq=`: an exchange in full.
pub(crate) fn entry(platform: &Platform, request: &Request) -> Option<Response> {
    let seq: u32 = request.query.get("seq")?.parse().ok()?;
    let found = platform.recorder.scan(seq, |entries| entries.first().filter(|entry| entry.seq == seq).cloned())?;
    let Event::Exchange(exchange) = found.event else { return None };
    let took = format!("{}.{} ms", exchange.took_us / 1_000, exchange.took_us / 100 % 10);
    let behind = ExchangeDetails {
        took,
        request_body: exchange.request_body.as_deref(),
        response_body: exchange.response_body.as_deref().map(indented),
        curl: curl(&exchange, &base(&exchange)),
        exchange: &exchange,
    };
    Some(Response::page(StatusCode::OK, behind.render().unwrap_or_default()))
}

/// The base URL to repeat an exchange at: Klaviyo's own host where it came by the gateway, else the one it was sent
/// to.
fn base(exchange: &Exchange) -> String {
    let name = exchange.host.split(':').next().unwrap_or_default();
    let by_gateway = name == "klaviyo.com" || name.ends_with(".klaviyo.com");
    if by_gateway { format!("https://{name}") } else { format!("http://{}", exchange.host) }
}

/// Indents JSON; any other text stays as it is.
fn indented(body: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(body).and_then(|json| serde_json::to_string_pretty(&json));
    json.unwrap_or_else(|_| body.to_owned())
}

fn summary(exchange: &Exchange) -> RequestSummary {
    RequestSummary {
        method: exchange.method.clone(),
        host: exchange.host.clone(),
        path: exchange.path.clone(),
        status: if exchange.status == 0 { "dropped".to_owned() } else { exchange.status.to_string() },
        mood: match exchange.status {
            200..400 => "good",
            400..500 => "odd",
            _ => "bad",
        },
    }
}

/// The kind of an exchange, and a note on it.
fn describe(facts: &Facts) -> (&'static str, String) {
    match facts {
        Facts::Page(name) => ("page", name.clone()),
        Facts::Authorize(authorize) => ("page", describe_authorization(authorize)),
        Facts::Decision(decision) => {
            let word = if decision.decision == Decision::Allowed { "allowed" } else { "denied" };
            ("page", format!("{word} for account {}", decision.account))
        }
        Facts::Token(token) => {
            let outcome = match &token.outcome {
                TokenOutcome::Issued { .. } => "tokens issued".to_owned(),
                TokenOutcome::Refused { error, reason } => format!("{error}: {reason}"),
            };
            ("token", format!("{} · {outcome}", token.grant_type.as_deref().unwrap_or("no grant type")))
        }
        Facts::Revoke(revoke) => ("token", format!("revoke · the token was {}", token_state(revoke.token_state))),
        Facts::Api(api) => {
            let operation = api.operation.as_deref().unwrap_or("not published by Klaviyo");
            let gap = if api.mock_gap { " · not modelled by flowcheck" } else { "" };
            let token = match api.token_state {
                TokenState::Live => String::new(),
                other => format!(" · token {}", token_state(other)),
            };
            let scopes = api.missing_scopes.join(" ");
            let scopes = if scopes.is_empty() { scopes } else { format!(" · lacks {scopes}") };
            ("api", format!("{operation}{token}{scopes}{gap}"))
        }
        Facts::Unknown(what) => ("page", what.clone()),
    }
}

fn describe_authorization(authorize: &AuthorizeCall) -> String {
    let client = authorize.client_id.as_deref().unwrap_or("no client");
    if authorize.scopes.is_empty() {
        return format!("{client} asks for no scope");
    }
    format!("{client} asks for {}", authorize.scopes.join(" "))
}

fn token_state(state: TokenState) -> &'static str {
    match state {
        TokenState::Missing => "missing",
        TokenState::PrivateKey => "a private key",
        TokenState::Unknown => "never issued here",
        TokenState::Live => "live",
        TokenState::Expired => "expired",
        TokenState::Revoked => "revoked",
    }
}

fn describe_event(event: &KlaviyoEvent) -> String {
    match event {
        KlaviyoEvent::Installed { account, client_id, .. } => format!("{client_id} is installed by account {account}"),
        KlaviyoEvent::Uninstalled { account, by: UninstalledBy::App, .. } => {
            format!("the app uninstalled itself from account {account}")
        }
        KlaviyoEvent::Uninstalled { account, .. } => format!("account {account} uninstalled the app"),
        KlaviyoEvent::UserChanged { user, account, change } => format!("{user} of account {account} is {change}"),
        KlaviyoEvent::ClockMoved { by_s } => format!("the clock moved {by_s} s forward"),
        KlaviyoEvent::FaultArmed(fault) => format!("armed: {fault}"),
        KlaviyoEvent::FaultApplied(fault) => format!("applied: {fault}"),
        KlaviyoEvent::ScopesChanged { client_id, scopes } => {
            format!("{client_id} now has the scopes {}", scopes.join(" "))
        }
    }
}
