//! The known ways in which apps go wrong: a pattern in what was seen, the cause it points to, and the remedy.
//!
//! A judge says what was expected and seen, and names a cause of its own. Where the evidence shows one of the patterns that the
//! item lists, the pattern's cause is the better one. Every finding gets a remedy.

use flowcheck_evidence::{
    AppEvent, BrowserWindow, Event, Facts, FieldKind, Page, PageKind, Purpose, TokenOutcome, WindowChange,
};

use super::item::{Cause, Item};
use crate::flow::{At, Flow, host_of, place, short};
use crate::verdict::{Blame, Finding, HopLine, Statement, Value, statement};

/// The app's process ended.
pub(crate) static APP_ENDED: Cause = Cause {
    shows: app_ended,
    remedy: "read the app's last log lines in the report; it must outlive anything a visitor can ask for",
};
/// Redirects go in a circle.
pub(crate) static REDIRECT_LOOP: Cause = Cause {
    shows: redirect_loop,
    remedy: "look at what the two pages check before they redirect; one of them never sees what the other has set, often a cookie",
};
/// The redirect to a form has no return target.
pub(crate) static NO_RETURN_TARGET: Cause = Cause {
    shows: no_return_target,
    remedy: "keep the address that was asked for, in the redirect to the form and in the form itself, and go there once the user is signed in",
};
/// The form's answer ignores the return target.
pub(crate) static RETURN_TARGET_DROPPED: Cause = Cause {
    shows: return_target_dropped,
    remedy: "let the form's answer redirect to the return target it was given, after checking that it is a path of the app's own",
};
/// A form is sent by script, which follows the redirect to Klaviyo itself.
pub(crate) static FETCHED_REDIRECT: Cause = Cause {
    shows: fetched_redirect,
    remedy: "send the form without the script, or answer the script with the address and let it go there by `location.href`",
};
/// The page's policy for forms blocks the redirect to Klaviyo.
pub(crate) static FORM_ACTION: Cause = Cause {
    shows: form_action,
    remedy: "add https://www.klaviyo.com to `form-action` of the Content-Security-Policy of the page with the form, or leave that directive out",
};
/// The callback does not know the user.
pub(crate) static CALLBACK_WITHOUT_SESSION: Cause = Cause {
    shows: callback_without_session,
    remedy: "set the session's cookie with SameSite=Lax, so that it is sent when users come back from Klaviyo",
};
/// Klaviyo refused the code exchange.
pub(crate) static EXCHANGE_REFUSED: Cause = Cause {
    shows: exchange_refused,
    remedy: "make the token request from what was kept for this attempt: the same redirect URI, the code at once, this attempt's verifier",
};
/// The code was never exchanged.
pub(crate) static NEVER_EXCHANGED: Cause = Cause {
    shows: never_exchanged,
    remedy: "exchange the code at https://a.klaviyo.com/oauth/token in the callback, before anything else",
};
/// Nothing in the app answers the redirect URI by GET.
pub(crate) static CALLBACK_MISSING: Cause = Cause {
    shows: callback_missing,
    remedy: "answer GET at the redirect URI, or send and register at Klaviyo the address that the callback has",
};
/// The callback sends the user to the login page, as it is on another host name than where the user signed in.
pub(crate) static SESSION_LOST: Cause = Cause {
    shows: session_lost,
    remedy: "use one host name for sign-in and redirect URI: 127.0.0.1 and localhost are two",
};
/// The app answered with a status of 500 or above.
pub(crate) static CRASHED: Cause = Cause {
    shows: crashed,
    remedy: "read the app's log lines of that moment in the report, and answer what went wrong there with a page for the user",
};

/// The browser does not open the window that the app wants.
static WINDOW_BLOCKED: Cause = Cause {
    shows: window_blocked,
    remedy: "open the window in the click itself, blank if its address is not known yet, and set the address later; or go to Klaviyo in the same window",
};
/// A service worker answers for the server.
static SERVICE_WORKER: Cause = Cause {
    shows: service_worker,
    remedy: "let the service worker hand the installation URL and the callback on to the network: leave both out of its fallback for navigations",
};
/// What any item can fail by, for causes that the app does not see on its server.
const IN_THE_BROWSER: &[&Cause] = &[&WINDOW_BLOCKED, &SERVICE_WORKER];

/// A finding with the best cause there is, and a remedy.
pub(crate) fn explain(item: &Item, finding: Finding, flow: &Flow<'_>) -> Finding {
    let mut causes = IN_THE_BROWSER.iter().filter(|_| finding.blame == Blame::App).chain(item.causes);
    let shown = causes.find_map(|cause| Some(((cause.shows)(&finding, flow)?, cause.remedy)));
    match shown {
        Some((likely, remedy)) => Finding { likely: Some(likely), remedy: Some(remedy.into()), ..finding },
        None => Finding { remedy: Some(item.remedy.into()), ..finding },
    }
}

/// A window that was blocked in the attempt in which the finding stands, which never came to Klaviyo.
fn window_blocked(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let at = finding.at?;
    let attempt = flow.attempts.iter().rfind(|attempt| attempt.began <= at)?;
    if attempt.reached_klaviyo().is_some() {
        return None;
    }
    // The app may be late with it, and the user have gone on.
    attempt.events.entries().iter().find_map(|entry| match &entry.event {
        Event::Window(BrowserWindow { change: WindowChange::Blocked { url }, .. }) => Some(statement!(
            "the app opens a window for {address} without a click, or too long after it, and browsers block that",
            address = Value::address(short(url, flow.setup))
        )),
        _ => None,
    })
}

/// A page of a service worker's own at an address of the flow that must lead elsewhere.
fn service_worker(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let app = &flow.setup.app;
    let leads_on: Vec<String> =
        [&app.install_url].into_iter().chain(&app.redirect_uris).map(|url| short(url, flow.setup)).collect();
    let path = |url: &str| short(url, flow.setup);
    let at = finding.at.map_or(u32::MAX, |at| at.saturating_add(1));
    let hop = flow.events.before(at).hops().rfind(|hop| {
        let it = hop.it;
        it.from_service_worker && it.location.is_none() && leads_on.contains(&path(&it.url))
    })?;
    let what = path(&hop.it.url);
    let number = finding.hops.iter().position(|line| line.what == what)?;
    Some(statement!(
        "hop {number} was answered by a service worker of the app's, and never reached its server",
        number = number + 1
    ))
}

fn app_ended(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let at = finding.at?;
    flow.events.before(at.saturating_add(4)).entries().iter().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Exited(how)) => Some(statement!("the app's process ended: {how}", how = Value::text(how))),
        _ => None,
    })
}

fn redirect_loop(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    if finding.at.is_some_and(|at| !goes_in_a_circle(flow, at)) {
        return None;
    }
    let redirects = |status: u16| (300..400).contains(&status);
    let repeated = finding.hops.iter().enumerate().find(|(index, hop)| {
        hop.status.is_some_and(redirects)
            && finding.hops[..*index].iter().filter(|before| before.what == hop.what).count() >= 2
    })?;
    let first = finding.hops.iter().position(|hop| hop.what == repeated.1.what)?;
    Some(statement!(
        "the redirects go in a circle: hop {later} is hop {first} again",
        later = repeated.0 + 1,
        first = first + 1
    ))
}

/// Whether one address was asked for again and again before a position without the user doing anything.
fn goes_in_a_circle(flow: &Flow<'_>, at: u32) -> bool {
    let until_there = flow.events.before(at.saturating_add(1));
    let acted = until_there.acts().next_back().map_or(0, |act| act.seq);
    let asked: Vec<&str> = until_there.after(acted).hops().map(|hop| hop.it.url.as_str()).collect();
    asked.iter().any(|url| asked.iter().filter(|other| *other == url).count() > 2)
}

fn fetched_redirect(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let (form, sent) = form_sent_at(finding, flow)?;
    let by_script = flow.events.after(sent).exchanges().any(|exchange| {
        let headers = &exchange.it.request_headers;
        let asked_for = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("sec-fetch-dest"));
        matches!(exchange.it.facts, Facts::Authorize(_)) && asked_for.is_some_and(|(_, dest)| dest == "empty")
    });
    by_script.then(|| {
        statement!("the {form} form is sent by a script (fetch), which follows the redirect to Klaviyo itself; the browser lets no script \
             read another site's answer (CORS), so the page stays where it is", form)
    })
}

fn form_action(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let until_there = flow.events.before(finding.at?.saturating_add(1));
    // A form that is sent again may be answered otherwise.
    let sent = form_sent_at(finding, flow).map(|(_, seq)| seq).or_else(|| Some(until_there.acts().next_back()?.seq))?;
    let blocks = |page: &At<'_, Page>| page.it.violations.iter().any(|violation| violation.directive == "form-action");
    let page = until_there.after(sent).pages().find(blocks)?;
    Some(statement!(
        "the Content-Security-Policy of {place} blocks it: browsers hold `form-action` against the redirects of a form, too, and \
         Klaviyo is not in it",
        place = place(page.it, flow.setup)
    ))
}

fn callback_without_session(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let callbacks: Vec<String> = flow.setup.app.redirect_uris.iter().map(|uri| short(uri, flow.setup)).collect();
    let back = finding.hops.iter().position(|hop| callbacks.contains(&hop.what))?;
    let at = finding.at?;
    let page = flow.events.before(at.saturating_add(1)).pages().next_back()?;
    let asks = page.it.kind == PageKind::Login && flow.events.token_calls().next().is_none();
    asks.then(|| {
        statement!("the callback (hop {hop}) does not see the session of the user who began, and asks for a login; a SameSite=Strict cookie is \
             not sent when coming from Klaviyo", hop = back + 1)
    })
}

/// The redirect to a form that has no query: where the user was going is not in it.
fn no_return_target(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let (number, target) = redirect_to_form(finding, flow)?;
    let form = form_sent(finding, flow)?;
    (!target.contains('?')).then(|| {
        statement!(
            "hop {number} has no return target, and whatever else keeps where the user was going is lost by the {form} form",
            number,
            form
        )
    })
}

fn return_target_dropped(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let (number, target) = redirect_to_form(finding, flow)?;
    let form = form_sent(finding, flow)?;
    target.contains('?').then(|| {
        statement!(
            "hop {number} says where the user was going, and the {form} form's answer goes elsewhere",
            number,
            form
        )
    })
}

/// The hop of the finding that led to the app's login page, with the whole address it led to.
fn redirect_to_form<'e>(finding: &Finding, flow: &Flow<'e>) -> Option<(usize, &'e str)> {
    let page = flow.events.pages().find(|page| {
        page.it.kind == PageKind::Login || page.it.fields.iter().any(|field| field.kind == FieldKind::Password)
    })?;
    let target = flow.events.hops().find_map(|hop| {
        hop.it.location.as_deref().filter(|to| short(to, flow.setup) == short(&page.it.url, flow.setup))
    })?;
    let shown = short(target, flow.setup);
    let number = finding.hops.iter().position(|hop| hop.to.as_deref().is_some_and(|to| to.starts_with(&shown)))?;
    Some((number + 1, target))
}

/// Which form was sent last before the finding.
fn form_sent(finding: &Finding, flow: &Flow<'_>) -> Option<&'static str> {
    form_sent_at(finding, flow).map(|(form, _)| form)
}

/// The same, with the position of the first time that it was sent.
fn form_sent_at(finding: &Finding, flow: &Flow<'_>) -> Option<(&'static str, u32)> {
    let before = flow.events.before(finding.at?);
    let sends = |purpose: &Purpose| matches!(purpose, Purpose::LogIn | Purpose::SignUp);
    let last = before.acts().rfind(|act| sends(&act.it.purpose))?;
    let first = before.acts().find(|act| act.it.purpose == last.it.purpose)?;
    Some((if last.it.purpose == Purpose::LogIn { "login" } else { "sign-up" }, first.seq))
}

fn exchange_refused(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let at = finding.at?;
    let last = flow.events.token_calls().rfind(|call| call.seq <= at.saturating_add(1) && call.it.code.is_some())?;
    match &last.it.outcome {
        TokenOutcome::Refused { reason, .. } => {
            Some(statement!("Klaviyo's reason: {reason}", reason = Value::text(reason)))
        }
        TokenOutcome::Issued { .. } => None,
    }
}

fn never_exchanged(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let callbacks: Vec<String> = flow.setup.app.redirect_uris.iter().map(|uri| short(uri, flow.setup)).collect();
    let back = finding.hops.iter().position(|hop| callbacks.contains(&hop.what))?;
    let none = flow.events.token_calls().next().is_none();
    none.then(|| statement!("the code that came with hop {hop} was never exchanged", hop = back + 1))
}

/// The callback's hop, where it is the finding's last but for pages that it redirected to.
fn callback_hop<'h>(finding: &'h Finding, flow: &Flow<'_>) -> Option<(usize, &'h HopLine)> {
    let callbacks: Vec<String> = flow.setup.app.redirect_uris.iter().map(|uri| short(uri, flow.setup)).collect();
    finding.hops.iter().enumerate().rfind(|(_, hop)| callbacks.contains(&hop.what))
}

fn callback_missing(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let (index, hop) = callback_hop(finding, flow)?;
    let status = hop.status.filter(|status| matches!(status, 404 | 405 | 410 | 501))?;
    Some(statement!(
        "the app has no page that answers GET at its redirect URI: hop {hop} answered {status}",
        hop = index + 1,
        status
    ))
}

fn session_lost(finding: &Finding, flow: &Flow<'_>) -> Option<Statement> {
    let (index, hop) = callback_hop(finding, flow)?;
    let to = hop.to.as_deref()?;
    let login =
        |page: &At<'_, Page>| page.it.kind == PageKind::Login && to.starts_with(&short(&page.it.url, flow.setup));
    flow.events.pages().find(login)?;
    let uri = flow.setup.app.redirect_uris.iter().find(|uri| short(uri, flow.setup) == hop.what)?;
    let (signed_in, callback) = (host_of(&flow.setup.app.url), host_of(uri));
    (signed_in != callback)
        .then(|| statement!("hop {hop} goes to the login page: the user is signed in at {signed_in}, and the callback at {callback} does not get that cookie", hop = index + 1, signed_in = Value::name(signed_in), callback = Value::name(callback)))
}

fn crashed(finding: &Finding, _: &Flow<'_>) -> Option<Statement> {
    let (index, last) = finding.hops.iter().enumerate().next_back()?;
    let status = last.status.filter(|status| *status >= 500)?;
    Some(statement!("the app broke at hop {hop}: it answered {status}", hop = index + 1, status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Timeline;
    use crate::items::find;
    use flowcheck_evidence::Evidence;

    #[test]
    fn a_circle_of_redirects_is_told_by_its_hops() {
        let hop = |what: &str, to: &str| HopLine { status: Some(302), what: what.into(), to: Some(to.into()) };
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
        let evidence: Evidence = evidence.expect("it is evidence");
        let timeline = Timeline::read(&evidence);
        let item = find("install.no-detour").expect("there is such an item");
        let told = explain(item, finding, &Flow::of(&timeline));
        assert_eq!(told.likely.expect("a cause").to_string(), "the redirects go in a circle: hop 5 is hop 1 again");
        assert!(told.remedy.is_some());
    }
}
