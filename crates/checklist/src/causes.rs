//! The known ways in which apps go wrong: a pattern in what was seen, the cause it points to, and the remedy.
//!
//! A judge says what was expected and seen, and names a cause of its own. Where the evidence shows one of these patterns, the
//! pattern's cause is the better one. Every finding gets a remedy.

use super::Finding;
use super::view::{pages, short, token_calls};
use flowcheck_evidence::{Entry, Event, Evidence, FieldKind, Hop, PageKind, TokenOutcome};

/// One way to go wrong.
struct Cause {
    /// Items that it can be behind, by how their ids begin or end.
    items: &'static [&'static str],
    /// Whether the evidence shows it; then the cause in words.
    shows: fn(&Finding, &Evidence) -> Option<String>,
    /// What to do.
    remedy: &'static str,
}

/// The most telling first.
static CAUSES: &[Cause] = &[
    Cause {
        items: &["install.", "embedded.", "error.", "uninstall.", "oauth.", "rate.", "scope.", "api."],
        shows: app_ended,
        remedy: "read the app's last log lines in the report; it must outlive anything a visitor can ask for",
    },
    Cause {
        items: &["install.", "embedded.", "error.", "scope."],
        shows: redirect_loop,
        remedy: "look at what the two pages check before they redirect; one of them never sees what the other has set, often a cookie",
    },
    Cause {
        items: &[".signed-out.resumes", ".no-account.resumes"],
        shows: no_return_target,
        remedy: "keep the address that was asked for, in the redirect to the form and in the form itself, and go there once the user is signed in",
    },
    Cause {
        items: &[".signed-out.resumes", ".no-account.resumes"],
        shows: return_target_dropped,
        remedy: "let the form's answer redirect to the return target it was given, after checking that it is a path of the app's own",
    },
    Cause {
        items: &["install.completes", "install.from-app", "install.any-klaviyo"],
        shows: exchange_refused,
        remedy: "make the token request from what was kept for this attempt: the same redirect URI, the code at once, this attempt's verifier",
    },
    Cause {
        items: &["install.completes", "install.from-app"],
        shows: never_exchanged,
        remedy: "exchange the code at https://a.klaviyo.com/oauth/token in the callback, before anything else",
    },
    Cause {
        items: &["install.", "embedded.", ".reinstall"],
        shows: crashed,
        remedy: "read the app's log lines of that moment in the report, and answer what went wrong there with a page for the user",
    },
];

/// What to do about an item where no pattern says it better, by how the item's id begins; the longest beginning counts.
static REMEDIES: &[(&str, &str)] = &[
    ("install.", "walk the way as the user does, with the command below, and compare it with the hops above"),
    (
        "install.signed-in.direct",
        "let the installation URL answer with a redirect to Klaviyo's authorization page, and nothing else",
    ),
    (
        "install.signed-out.login",
        "redirect signed-out users from the installation URL to the login page, with a return target",
    ),
    ("install.signed-out.resumes", "keep where the user was going through the login, and go there afterwards"),
    ("install.no-account.sign-up", "link to sign-up from the login page, and carry the return target along"),
    ("install.no-account.resumes", "keep where the user was going through sign-up, and go there afterwards"),
    ("install.tenant.chosen", "ask for the tenant before redirecting to Klaviyo when the user has more than one"),
    ("install.tenant.resumes", "redirect to Klaviyo's authorization page in the answer to the choice"),
    ("install.tenant.isolated", "keep the chosen tenant with `state`, and store the tokens for that tenant alone"),
    ("install.completes", "end the callback by storing the tokens and redirecting to a page that exists"),
    ("install.shown", "let the page that shows the integration read the tokens that the callback stored"),
    ("install.no-detour", "let the installation URL start the installation itself"),
    (
        "install.no-manual-steps",
        "do by yourself what the page asks the user for, or ask after the installation is complete",
    ),
    (
        "install.from-app",
        "put a control named \"Connect Klaviyo\" on the settings page, leading to the installation URL",
    ),
    ("install.any-klaviyo-host", "do not look at Referer or Origin; every host of Klaviyo's may send users"),
    (
        "install.any-klaviyo-session",
        "ask Klaviyo's accounts endpoint with the new tokens, and show and use what it says",
    ),
    (
        "embedded.",
        "go the way of the host platform's user: host login, host account, then Klaviyo's authorization page",
    ),
    (
        "embedded.not-installed",
        "tell users without the host's app to install it from its listing, with a link, and take them up again from there",
    ),
    (
        "error.denied",
        "look for `error` in the callback before `code`; say that permissions were denied, with a way back and a way to try again",
    ),
    ("error.denied.retry", "forget the attempt that was denied, so that the next begins afresh"),
    (
        "error.expired",
        "take a refused code for a session that is no longer valid: say so, and link to the installation URL",
    ),
    ("error.expired.retry", "begin the second attempt with a new state and verifier"),
    ("error.abandoned", "keep what belongs to the attempt for ten minutes, whatever else the user opens meanwhile"),
    ("uninstall.app.findable", "put a control named \"Disconnect Klaviyo\" on the page that shows the integration"),
    (
        "uninstall.app.revokes",
        "POST the refresh token to https://a.klaviyo.com/oauth/revoke, with Basic credentials, before forgetting it",
    ),
    ("uninstall.app.removed", "revoke the refresh token: that is what takes the app off Klaviyo's integrations page"),
    ("uninstall.app.shown", "delete the connection when the user disconnects, not only the session's copy of it"),
    ("uninstall.app.reinstall", "let an install replace what is left of the one before"),
    (
        "uninstall.klaviyo.shown",
        "take a 401 after a failed refresh for the end of the install, and mark the connection as ended",
    ),
    ("uninstall.klaviyo.quiet", "stop the jobs of a connection when a refresh answers invalid_grant"),
    ("uninstall.klaviyo.reinstall", "let an install replace a connection that has ended"),
    (
        "rate.",
        "read Retry-After in the answer, wait that long for that account alone, then send the same request again",
    ),
    ("rate.isolated", "queue calls by Klaviyo account, so that one that waits holds up no other"),
    ("scope.", "compare the scopes of the stored tokens with those the app needs, and ask for the difference once"),
    ("scope.requested", "build the authorization request's `scope` from the list in the app's settings"),
    ("scope.least", "drop scopes that no feature needs"),
    (
        "scope.forbidden",
        "when a call answers 403, mark the connection, show one notice with a link that starts the authorization anew",
    ),
    ("scope.reauthorized", "replace the stored tokens with the new ones, and repeat the call that failed"),
    ("oauth.", "compare the request in the report with Klaviyo's guide, or let a maintained OAuth library make it"),
    (
        "oauth.authorize.request",
        "build the address from the settings registered at Klaviyo, accounts:read among the scopes",
    ),
    (
        "oauth.pkce",
        "make a random verifier of 43 to 128 characters for each attempt, send its SHA-256 as the challenge, and keep it until the callback",
    ),
    (
        "oauth.state",
        "make 16 random bytes for each attempt, bind them to the browser's session, and compare in the callback",
    ),
    ("oauth.redirect-uri", "keep the redirect URI with the attempt and repeat it letter by letter"),
    (
        "oauth.client-auth",
        "send `Authorization: Basic` with client id and secret, and neither of them in the body or the address",
    ),
    ("oauth.token-host", "send token and revocation requests to a.klaviyo.com"),
    (
        "oauth.code-replay",
        "forget the attempt once its code is exchanged, and answer a second visit with the page the first led to",
    ),
    (
        "oauth.refresh",
        "refresh when a call answers 401, store both new tokens, and repeat the call, one refresh at a time for each install",
    ),
    (
        "oauth.secrets-hidden",
        "keep tokens, the client secret and the verifier on the server; give the browser a session cookie",
    ),
    (
        "oauth.unavailable",
        "give the token request a timeout, and answer its failure with a page that offers another try",
    ),
    ("oauth.survives", "take every parameter of the callback for text that anybody may have written"),
    ("api.", "call Klaviyo from the server, with the install's access token and a dated revision header"),
];

/// A finding with the best cause there is, and a remedy.
pub(super) fn explain(item: &str, finding: Finding, evidence: &Evidence) -> Finding {
    let mut matching =
        CAUSES.iter().filter(|cause| cause.items.iter().any(|part| item.starts_with(part) || item.ends_with(part)));
    let shown = matching.find_map(|cause| Some(((cause.shows)(&finding, evidence)?, cause.remedy)));
    match shown {
        Some((likely, remedy)) => Finding { likely: Some(likely), remedy: Some(remedy.to_owned()), ..finding },
        None => Finding { remedy: remedy(item).map(str::to_owned), ..finding },
    }
}

/// What to do about an item, nothing further known.
pub fn remedy(item: &str) -> Option<&'static str> {
    let fitting = REMEDIES.iter().filter(|(beginning, _)| item.starts_with(beginning));
    fitting.max_by_key(|(beginning, _)| beginning.len()).map(|(_, remedy)| *remedy)
}

fn app_ended(finding: &Finding, evidence: &Evidence) -> Option<String> {
    let at = finding.at?;
    let mut before = evidence.timeline.iter().filter(|entry| entry.seq <= at.saturating_add(3));
    before.find_map(|entry| match &entry.event {
        Event::App(flowcheck_evidence::AppEvent::Exited(how)) => Some(format!("the app's process ended: {how}")),
        _ => None,
    })
}

fn redirect_loop(finding: &Finding, _: &Evidence) -> Option<String> {
    let repeated = finding.hops.iter().enumerate().find(|(index, hop)| {
        hop.to.is_some() && finding.hops[..*index].iter().filter(|before| before.what == hop.what).count() >= 2
    })?;
    let first = finding.hops.iter().position(|hop| hop.what == repeated.1.what)?;
    Some(format!("the redirects go in a circle: hop {} is hop {} again", repeated.0 + 1, first + 1))
}

/// The redirect to a form that has no query: where the user was going is not in it.
fn no_return_target(finding: &Finding, evidence: &Evidence) -> Option<String> {
    let (number, target) = redirect_to_form(finding, evidence)?;
    let form = form_sent(finding, evidence)?;
    (!target.contains('?'))
        .then(|| format!("the {form} form drops where the user was going: hop {number} has no return target"))
}

fn return_target_dropped(finding: &Finding, evidence: &Evidence) -> Option<String> {
    let (number, target) = redirect_to_form(finding, evidence)?;
    let form = form_sent(finding, evidence)?;
    target
        .contains('?')
        .then(|| format!("hop {number} says where the user was going, and the {form} form's answer goes elsewhere"))
}

/// The hop of the finding that led to the app's login page, with the whole address it led to.
fn redirect_to_form<'e>(finding: &Finding, evidence: &'e Evidence) -> Option<(usize, &'e str)> {
    let page = pages(&evidence.timeline).find(|page| {
        page.it.kind == PageKind::Login || page.it.fields.iter().any(|field| field.kind == FieldKind::Password)
    })?;
    let target = hops(&evidence.timeline)
        .find_map(|hop| hop.location.as_deref().filter(|to| short(to, evidence) == short(&page.it.url, evidence)))?;
    let shown = short(target, evidence);
    let number = finding.hops.iter().position(|hop| hop.to.as_deref().is_some_and(|to| to.starts_with(&shown)))?;
    Some((number + 1, target))
}

/// Which form was sent last before the finding.
fn form_sent(finding: &Finding, evidence: &Evidence) -> Option<&'static str> {
    use flowcheck_evidence::Purpose;
    let at = finding.at?;
    evidence.timeline.iter().rev().filter(|entry| entry.seq < at).find_map(|entry| match &entry.event {
        Event::Act(act) => match act.purpose {
            Purpose::LogIn => Some("login"),
            Purpose::SignUp => Some("sign-up"),
            _ => None,
        },
        _ => None,
    })
}

fn exchange_refused(finding: &Finding, evidence: &Evidence) -> Option<String> {
    let at = finding.at?;
    let last = token_calls(&evidence.timeline)
        .filter(|call| call.seq <= at.saturating_add(1) && call.it.code.is_some())
        .last()?;
    match &last.it.outcome {
        TokenOutcome::Refused { reason, .. } => Some(format!("Klaviyo's reason: {reason}")),
        TokenOutcome::Issued { .. } => None,
    }
}

fn never_exchanged(finding: &Finding, evidence: &Evidence) -> Option<String> {
    let back =
        finding.hops.iter().position(|hop| hop.what.starts_with('/') && is_after_decision(finding, &hop.what))?;
    let none = token_calls(&evidence.timeline).next().is_none();
    none.then(|| format!("the code that came with hop {} was never exchanged", back + 1))
}

fn is_after_decision(finding: &Finding, what: &str) -> bool {
    finding.hops.iter().any(|hop| {
        hop.what.contains("/oauth/authorize")
            && hop.to.as_deref().is_some_and(|to| to.starts_with(what) || what.starts_with(to))
    })
}

fn crashed(finding: &Finding, _: &Evidence) -> Option<String> {
    let (index, last) = finding.hops.iter().enumerate().next_back()?;
    let status = last.status.filter(|status| *status >= 500)?;
    Some(format!("the app broke at hop {}: it answered {status}", index + 1))
}

fn hops(entries: &[Entry]) -> impl Iterator<Item = &Hop> {
    entries.iter().filter_map(|entry| match &entry.event {
        Event::Hop(hop) => Some(hop),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    #[test]
    fn every_item_has_a_remedy() {
        for item in catalogue() {
            assert!(
                remedy(item.id).is_some(),
                "{} has no remedy: write what to do about it into REMEDIES in crates/checklist/src/causes.rs",
                item.id
            );
        }
    }

    #[test]
    fn a_circle_of_redirects_is_told_by_its_hops() {
        let hop =
            |what: &str, to: &str| super::super::HopLine { status: Some(302), what: what.into(), to: Some(to.into()) };
        let hops = vec![hop("/a", "/b"), hop("/b", "/a"), hop("/a", "/b"), hop("/b", "/a"), hop("/a", "/b")];
        let finding = Finding::app("consent", "a loop").hops(hops);
        let evidence = serde_json::from_value(serde_json::json!({
            "setup": {
                "scenario": {"id": "a/b", "title": "", "file": ""},
                "app": {"name": "", "tenancy": "single", "url": "", "install_url": "", "client_id": "", "scopes": [], "redirect_uris": []},
                "users": [], "accounts": [], "klaviyo": "signed-in", "klaviyo_hosts": [], "quiet_ms": 0
            },
            "timeline": []
        }));
        let evidence = evidence.expect("it is evidence");
        let told = explain("install.no-detour", finding, &evidence);
        assert_eq!(told.likely.as_deref(), Some("the redirects go in a circle: hop 5 is hop 1 again"));
        assert!(told.remedy.is_some());
    }
}
