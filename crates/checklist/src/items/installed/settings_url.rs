//! The settings URL leads to the settings of the installed app, by login where the user is signed out.

use flowcheck_evidence::{Page, PageKind, Place, Purpose};

use crate::flow::{At, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{review, shows};
use crate::judging::never_shown_installed::never_shown;
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Verdict, statement};

/// `install.settings-url`.
pub(crate) static ITEM: Item = Item {
    id: "install.settings-url",
    group: Group::Install,
    requirement: "The settings URL leads to the settings of the installed app, by login where the user is signed out",
    judged: "The Settings link on Klaviyo's integrations page is followed, signed in and signed out: the page that it ends on shows the app installed",
    source: documents::SETTINGS_URL,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "let the settings URL show the page with the app's state, and keep it as the return target through the login",
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};

const EXPECTED: &str = "the app's settings, which show it as installed";

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let looks = flow.events.looks(|place| *place == Place::SettingsUrl);
    if let Some(verdict) = looks.iter().find_map(|page| missed(flow, page)) {
        return verdict;
    }
    let (Some(first), Some(last)) = (looks.first(), looks.get(1)) else {
        return cut_short(flow, "the settings URL was opened by a user who is signed in, and by one who is not");
    };
    if let Some(unsure) = looks.iter().find(|page| !shows(page.it, PageKind::Installed)) {
        // Where both end on the same page and neither shows what is installed, a person has to say whether it is the settings.
        return match signed_out_elsewhere(flow, first, last) {
            Some(finding) => Verdict::Fail(finding),
            None => review(EXPECTED, unsure, flow.setup),
        };
    }
    Verdict::Pass(statement!("{page}, signed in and signed out", page = place(last.it, flow.setup)))
}

/// What a page comes to that surely is not the settings of an installed app.
fn missed(flow: &Flow<'_>, page: &At<'_, Page>) -> Option<Verdict> {
    let likely = match page.it.kind {
        PageKind::Error | PageKind::BrowserError if logged_in(flow, page.seq) => {
            "the way through the login ends in an error"
        }
        PageKind::Error | PageKind::BrowserError => {
            "the settings URL names a page that the app does not have, or no longer"
        }
        PageKind::KlaviyoConsent => "the settings URL is the installation URL, which begins another installation",
        PageKind::Login => "the login leads back to itself instead of to the settings",
        PageKind::NotInstalled if shows(page.it, PageKind::NotInstalled) => {
            let mut before = flow.events.before(page.seq).pages();
            if !before.any(|earlier| shows(earlier.it, PageKind::Installed)) {
                let unseen = || Verdict::blocked_by("install.completes", "the app showed itself as installed nowhere");
                return Some(never_shown(flow, page.seq).unwrap_or_else(unseen));
            }
            "the settings URL shows the settings of another tenant, or of none"
        }
        _ => return None,
    };
    let saw = Stop::at_rest(*page).words(flow.setup);
    Some(Verdict::Fail(Finding::app(EXPECTED, saw).likely(likely).at(page.seq)))
}

/// Whether the user logged in on the way to a page, within the same step.
fn logged_in(flow: &Flow<'_>, page: u32) -> bool {
    let way = flow.events.since(flow.events.step_began(page)).before(page);
    way.acts().any(|act| act.it.purpose == Purpose::LogIn)
}

/// The signed-in user reached the settings, and the one who had to log in another page.
fn signed_out_elsewhere(flow: &Flow<'_>, signed_in: &At<'_, Page>, signed_out: &At<'_, Page>) -> Option<Finding> {
    let bare = |page: &Page| page.url.split(['?', '#']).next().unwrap_or_default().to_owned();
    let elsewhere = logged_in(flow, signed_out.seq)
        && shows(signed_in.it, PageKind::Installed)
        && bare(signed_in.it) != bare(signed_out.it)
        && !shows(signed_out.it, PageKind::Installed);
    elsewhere.then(|| {
        let saw = Stop::at_rest(*signed_out).words(flow.setup);
        Finding::app("the settings after the login, as without it", saw)
            .likely("the login form forgets where the user was going")
            .at(signed_out.seq)
    })
}
