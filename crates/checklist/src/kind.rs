//! What differs between kinds of app: whose login and tenants they are, and which items ask the same of which.

use super::{Finding, Group, Item, Verdict};
use flowcheck_evidence::{Evidence, HostSetup, Opens, Page, ThirdPartyCookies};

/// Items that ask the same: of an app by itself, and of one in a host platform.
const TWINS: &[(&str, &str)] = &[
    ("install.signed-in.direct", "embedded.signed-in.direct"),
    ("install.signed-out.login", "embedded.signed-out.login"),
    ("install.signed-out.resumes", "embedded.signed-out.resumes"),
    ("install.no-account.sign-up", "embedded.no-account.sign-up"),
    ("install.no-account.resumes", "embedded.no-account.resumes"),
    ("install.tenant.chosen", "embedded.tenant.chosen"),
    ("install.tenant.resumes", "embedded.tenant.resumes"),
    ("install.tenant.isolated", "embedded.tenant.isolated"),
];

/// The item of the app's kind that asks what this one asks of apps by themselves.
pub(super) fn twin(evidence: &Evidence, id: &'static str) -> &'static str {
    let twin = host(evidence).and_then(|_| TWINS.iter().find(|(standalone, _)| *standalone == id));
    twin.map_or(id, |(_, embedded)| embedded)
}

/// Why an item is not for the app's kind, where it is not.
pub(super) fn not_for_kind(item: &Item, evidence: &Evidence) -> Option<Verdict> {
    let why = match host(evidence) {
        None if item.group == Group::Embedded => "the app lives in no host platform",
        Some(_) if TWINS.iter().any(|(standalone, _)| *standalone == item.id) => {
            "the app lives in a host platform; the same is asked of it there"
        }
        _ => return None,
    };
    Some(Verdict::NotApplicable(why.to_owned()))
}

/// In a browser that sends cookies of framed sites, an app that needs them looks right, so a pass is for a person to look at.
pub(super) fn doubt(verdict: Verdict, item: &Item, evidence: &Evidence) -> Verdict {
    let framed = host(evidence).filter(|host| host.opens == Opens::Iframe && item.group != Group::Oauth);
    let why = match framed.map(|host| &host.third_party_cookies) {
        None | Some(ThirdPartyCookies::Blocked) => return verdict,
        Some(ThirdPartyCookies::Allowed) => {
            "this browser sends cookies of framed sites, which most people's do not".to_owned()
        }
        Some(ThirdPartyCookies::Unknown(why)) => {
            format!("whether this browser blocks cookies of framed sites is not known: {why}")
        }
    };
    match verdict {
        Verdict::Pass(saw) => {
            Verdict::Review(Finding::app("the same with cookies of framed sites blocked", saw).likely(why).at(0))
        }
        other => other,
    }
}

/// The platform that the app lives in, if it does.
pub(super) fn host(evidence: &Evidence) -> Option<&HostSetup> {
    evidence.setup.app.host.as_ref()
}

/// Whose users they are: "the app", or the host by its name.
pub(super) fn whose(evidence: &Evidence) -> &str {
    host(evidence).map_or("the app", |host| host.name.as_str())
}

/// Whether a page is where the app's users log in: for an embedded app, on its host.
pub(super) fn is_on_login_side(page: &Page, evidence: &Evidence) -> bool {
    host(evidence).is_none_or(|host| is_below(&page.url, &host.url))
}

/// Whether an address is a base URL or below it.
pub(super) fn is_below(address: &str, base: &str) -> bool {
    let rest = address.strip_prefix(base.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}
