//! Client secret and tokens never reach the browser, and the PKCE verifier never where script can read it.

use flowcheck_evidence::{AuthorizeCall, Exposure, Location, Search, Setup};

use crate::flow::{At, Flow, short};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// `oauth.secrets-hidden`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.secrets-hidden",
    group: Group::Oauth,
    requirement: "Client secret and tokens never reach the browser, and the PKCE verifier never where script can read it",
    judged: "Every answer, address, cookie and stored value of the browser is searched, encoded ones too",
    source: documents::SECRETS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "keep tokens, the client secret and the verifier on the server; give the browser a session cookie",
    guidance: Topic::Secrets,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let expected = "client secret, tokens and PKCE verifier to stay on the app's server";
    let searches: Vec<At<'_, Search>> = flow.events.searches().collect();
    let exposures = || {
        searches
            .iter()
            .flat_map(|search| search.it.exposed.iter().map(move |it| (search, it, leak(it, &search.it.exposed))))
    };
    let saw = |exposure: &Exposure| {
        statement!("{secret} in {place}", secret = what(&exposure.label), place = spot(&exposure.spot, flow.setup))
    };
    if let Some((search, first, _)) = exposures().find(|(.., leak)| *leak == Leak::Certain) {
        return Verdict::Fail(Finding::app(expected, saw(first)).likely(cause(first)).at(search.seq));
    }
    if let Some(call) = verifier_as_state(flow) {
        let likely = "one random value serves as both; whoever reads the callback's address then has code and verifier, and PKCE protects nothing";
        let saw = "a PKCE verifier in the address of the authorization request, as `state`";
        return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(call.seq));
    }
    if let Some((search, first, _)) = exposures().find(|(.., leak)| *leak == Leak::Possible) {
        let likely = "it is not known whether the server set that cookie, or the app's own front end, which may keep its verifier there";
        return Verdict::Review(Finding::app(expected, saw(first)).likely(likely).at(search.seq));
    }
    let packed: usize = searches.iter().map(|search| search.it.packed).sum();
    match searches.first().map(|search| search.it) {
        Some(Search { impossible: Some(why), .. }) => Verdict::not_run(statement!("{why}", why = Value::text(why))),
        Some(_) if packed > 0 => {
            let saw =
                statement!("none, but {packed} values hold more compressed data than is unpacked", packed = packed);
            let likely = "no page needs so much in a value; look at what the app compresses there";
            Verdict::Review(Finding::app(expected, saw).likely(likely).at(searches[0].seq))
        }
        Some(Search { bodies, addresses, cookies, stored, .. }) => Verdict::Pass(statement!(
            "none in {bodies} answers, {addresses} addresses, {cookies} cookies and {stored} stored values",
            bodies = *bodies,
            addresses = *addresses,
            cookies = *cookies,
            stored = *stored
        )),
        None => cut_short(flow, "the browser was searched"),
    }
}

/// The authorization request whose `state` is the verifier that a code was exchanged with.
fn verifier_as_state<'a>(flow: &Flow<'a>) -> Option<At<'a, AuthorizeCall>> {
    let verifiers: Vec<_> = flow.events.code_exchanges().filter_map(|call| call.it.verifier.as_ref()).collect();
    flow.events.authorize_calls().find(|call| {
        let state = call.it.state.as_ref();
        state.is_some_and(|state| verifiers.iter().any(|verifier| verifier.secret.fingerprint == state.fingerprint))
    })
}

/// Whether a secret is where it must not be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leak {
    Certain,
    /// It depends on who put it there, which is not known.
    Possible,
    None,
}

/// A verifier may lie in a cookie that no script can read, or be the work of the app's own front end, which then keeps it.
fn leak(exposure: &Exposure, all: &[Exposure]) -> Leak {
    if exposure.label != "code_verifier" {
        return Leak::Certain;
    }
    let same = || all.iter().filter(|other| other.secret.fingerprint == exposure.secret.fingerprint);
    match &exposure.spot {
        Location::Cookie { http_only: true, .. } => Leak::None,
        spot => match keeper(spot) {
            Keeper::Server => Leak::Certain,
            _ if same().any(|other| keeper(&other.spot) == Keeper::Server) => Leak::Certain,
            Keeper::Unknown => Leak::Possible,
            Keeper::Script => Leak::None,
        },
    }
}

/// Who put a secret where it was found.
#[derive(PartialEq, Eq)]
enum Keeper {
    Server,
    Script,
    Unknown,
}

fn keeper(spot: &Location) -> Keeper {
    match spot {
        Location::Storage { .. } | Location::Cookie { http_only: false, set_by_server: Some(false), .. } => {
            Keeper::Script
        }
        Location::Cookie { http_only: false, set_by_server: None, .. } => Keeper::Unknown,
        _ => Keeper::Server,
    }
}

fn what(label: &str) -> &'static str {
    match label {
        "client_secret" => "the client secret",
        "access_token" => "an access token",
        "refresh_token" => "a refresh token",
        _ => "a PKCE verifier",
    }
}

fn spot(spot: &Location, setup: &Setup) -> Statement {
    match spot {
        Location::Body(url) => statement!("the answer from {address}", address = Value::address(short(url, setup))),
        Location::Header { url, name } => statement!(
            "the header {name} of the answer from {address}",
            name = Value::name(name),
            address = Value::address(short(url, setup))
        ),
        Location::Address(url) => {
            statement!("the query of an address: {address}", address = Value::address(short(url, setup)))
        }
        Location::Cookie { name, http_only: true, .. } => statement!("the cookie {name}", name = Value::name(name)),
        Location::Cookie { name, http_only: false, .. } => {
            statement!("the cookie {name}, which scripts can read", name = Value::name(name))
        }
        Location::Storage { key, url } => statement!(
            "what {address} keeps in the browser as {key}",
            address = Value::address(short(url, setup)),
            key = Value::name(key)
        ),
    }
}

fn cause(exposure: &Exposure) -> &'static str {
    match (exposure.label.as_str(), &exposure.spot) {
        ("client_secret", _) => "the server's configuration is handed to the page",
        ("code_verifier", Location::Cookie { .. }) => "the cookie that keeps the verifier lacks HttpOnly",
        ("code_verifier", _) => "the verifier is sent along on the way to Klaviyo instead of being kept",
        (_, Location::Cookie { .. }) => "the session is kept in the cookie itself, tokens and all",
        _ => "the stored connection is handed to the page, tokens and all",
    }
}
