//! The catalogue: every item of the checklist that flowcheck judges, in Klaviyo's order.

use std::sync::LazyLock;

use super::catalogue_rate::RATE;
use super::catalogue_scopes::SCOPES;
use super::host_items::EMBEDDED;
use super::probe_items::PROBES;
use super::{Group, Item, Source, Tier, api, errors, install, installed, oauth, tenants, uninstall};

const STANDALONE: Source = Source { document: FLOW, place: "Standalone app installation flow" };
const BOTH_SIDES: Source = Source { document: FLOW, place: "Handling your app's OAuth flow" };
const NOT_ELSEWHERE: Source = Source { document: FLOW, place: "Embedded app installation flow, note" };
const ERRORS: Source = Source { document: FLOW, place: "Installation errors" };
const MANUAL: Source = Source { document: FLOW, place: "Installation errors, note" };
const FROM_APP: Source = Source { document: FLOW, place: "Uninstalling from your app's platform" };
const FROM_KLAVIYO: Source = Source { document: FLOW, place: "Uninstalling from Klaviyo" };
const REVIEW: Source = Source { document: "Klaviyo developer documentation", place: "Pass your app review" };
const OAUTH: Source = Source { document: "Klaviyo developer documentation", place: "Make API calls using OAuth" };
const API: Source = Source { document: "Klaviyo developer documentation", place: "API overview" };
const VERSIONS: Source =
    Source { document: "Klaviyo developer documentation", place: "API versioning and deprecation policy" };
const STATE: Source =
    Source { document: "Klaviyo developer documentation and RFC 6749", place: "OAuth, state; section 10.12" };

pub(super) const FLOW: &str = "Handle your app's OAuth flow";

/// Things a person has to see to before submitting: listed in every report, never passed by flowcheck.
pub const BY_HAND: &[&str] = &[
    "The listing's text and pictures describe the app as it is",
    "A demo video shows the installation and the main features",
    "Setup documentation is linked from the listing",
    "Testing instructions and a test account are given to the reviewer",
    "Five accounts have installed the app and use it",
    "The security and legal forms are filled in",
];

/// Every item, in Klaviyo's order.
pub fn catalogue() -> &'static [Item] {
    &ALL
}

/// The item of this id.
pub fn find(id: &str) -> Option<&'static Item> {
    catalogue().iter().find(|item| item.id == id)
}

/// Groups with a file of their own, put in their places.
static ALL: LazyLock<Vec<Item>> = LazyLock::new(|| {
    let mut all: Vec<Item> = [CATALOGUE, RATE, SCOPES, PROBES].concat();
    all.sort_by_key(|item| item.group);
    all
});

static CATALOGUE: &[Item] = &[
    Item {
        id: "install.signed-in.direct",
        group: Group::Install,
        requirement: "A user who is signed in to the app enters Klaviyo's OAuth page directly",
        judged: "After Install, no page in between asks for a click or a field",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: install::signed_in_direct,
    },
    Item {
        id: "install.signed-out.login",
        group: Group::Install,
        requirement: "A signed-out user who has an account is sent to the app's login page",
        judged: "The first page that waits for the user has a login form",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: install::signed_out_login,
    },
    Item {
        id: "install.signed-out.resumes",
        group: Group::Install,
        requirement: "A signed-out user reaches Klaviyo's OAuth page after login",
        judged: "No click between sending the login form and Klaviyo",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: install::signed_out_resumes,
    },
    Item {
        id: "install.no-account.sign-up",
        group: Group::Install,
        requirement: "A user who has no account reaches the login page and can create an account from there",
        judged: "Sign-up is reached from the login page, and the account is created",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: install::no_account_sign_up,
    },
    Item {
        id: "install.no-account.resumes",
        group: Group::Install,
        requirement: "A new user reaches Klaviyo's OAuth page after signing up",
        judged: "No click between sign-up (and login, where the app asks for it) and Klaviyo",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: install::no_account_resumes,
    },
    Item {
        id: "install.tenant.chosen",
        group: Group::Install,
        requirement: "A user with several tenants is asked which one to install for",
        judged: "A page with the choice stands before Klaviyo's consent page",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: tenants::tenant_chosen,
    },
    Item {
        id: "install.tenant.resumes",
        group: Group::Install,
        requirement: "Once a tenant is chosen, the user reaches Klaviyo's OAuth page",
        judged: "No click between the choice and Klaviyo",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: tenants::tenant_resumes,
    },
    Item {
        id: "install.tenant.isolated",
        group: Group::Install,
        requirement: "The installation belongs to the chosen tenant alone",
        judged: "The chosen tenant shows as installed, the others do not",
        source: STANDALONE,
        tier: Tier::Gate,
        judge: tenants::tenant_isolated,
    },
    Item {
        id: "install.completes",
        group: Group::Install,
        requirement: "The installation works on Klaviyo's end",
        judged: "The code is exchanged, Klaviyo's integrations page lists the app, and the app's landing page shows no error",
        source: BOTH_SIDES,
        tier: Tier::Gate,
        judge: installed::completes,
    },
    Item {
        id: "install.shown",
        group: Group::Install,
        requirement: "The app shows itself as installed",
        judged: "The state on the landing page and on the settings page",
        source: BOTH_SIDES,
        tier: Tier::Gate,
        judge: installed::shown,
    },
    Item {
        id: "install.no-detour",
        group: Group::Install,
        requirement: "Users who install from Klaviyo are not sent elsewhere to start the installation",
        judged: "The way stays on the app's and Klaviyo's hosts and leads to consent without starting anew in the app",
        source: NOT_ELSEWHERE,
        tier: Tier::Gate,
        judge: install::no_detour,
    },
    Item {
        id: "install.no-manual-steps",
        group: Group::Install,
        requirement: "Installing takes no manual, avoidable step",
        judged: "Clicks and fields other than login, sign-up, tenant and consent are counted; there are none",
        source: MANUAL,
        tier: Tier::Gate,
        judge: install::no_manual_steps,
    },
    Item {
        id: "install.from-app",
        group: Group::Install,
        requirement: "The installation can also be started in the app itself",
        judged: "The app's own connect control leads to consent, and the installation completes",
        source: BOTH_SIDES,
        tier: Tier::Gate,
        judge: install::from_app,
    },
    Item {
        id: "install.any-klaviyo-host",
        group: Group::Install,
        requirement: "Installing works from klaviyo.com and its subdomains",
        judged: "The same flow, with the listing on another subdomain",
        source: REVIEW,
        tier: Tier::Gate,
        judge: install::any_klaviyo_host,
    },
    Item {
        id: "install.any-klaviyo-session",
        group: Group::Install,
        requirement: "Installing works whether the user is signed in to Klaviyo or not, with one Klaviyo account or several",
        judged: "The account chosen is the one the app shows and uses",
        source: REVIEW,
        tier: Tier::Gate,
        judge: installed::any_klaviyo_session,
    },
    EMBEDDED[0],
    EMBEDDED[1],
    EMBEDDED[2],
    EMBEDDED[3],
    EMBEDDED[4],
    EMBEDDED[5],
    EMBEDDED[6],
    EMBEDDED[7],
    EMBEDDED[8],
    EMBEDDED[9],
    Item {
        id: "error.denied.message",
        group: Group::Errors,
        requirement: "A user who denies permissions is told that the installation failed because of it",
        judged: "Visible text names the denial; none, a generic one or raw output fails",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::denied_message,
    },
    Item {
        id: "error.denied.dismiss",
        group: Group::Errors,
        requirement: "That message can be dismissed",
        judged: "A button, link or close control leads back to a working page",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::denied_dismiss,
    },
    Item {
        id: "error.denied.retry",
        group: Group::Errors,
        requirement: "After a denial, installing can be attempted again",
        judged: "The same user then installs",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::denied_retry,
    },
    Item {
        id: "error.expired.message",
        group: Group::Errors,
        requirement: "A user who comes back after the code has expired is told that the session is no longer valid",
        judged: "Visible text names the expiry; none, a generic one or raw output fails",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::expired_message,
    },
    Item {
        id: "error.expired.link",
        group: Group::Errors,
        requirement: "That message leads to re-attempting the installation",
        judged: "A link or button of it reaches consent again",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::expired_link,
    },
    Item {
        id: "error.expired.retry",
        group: Group::Errors,
        requirement: "The second attempt works",
        judged: "The installation completes",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::expired_retry,
    },
    Item {
        id: "error.abandoned.return",
        group: Group::Errors,
        requirement: "Leaving the consent page undecided and coming back within five minutes works",
        judged: "The installation completes",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::abandoned_return,
    },
    Item {
        id: "uninstall.app.findable",
        group: Group::Uninstall,
        requirement: "A disconnect option is easy to find in the app",
        judged: "A control with a telling name, at most two clicks from the app's settings",
        source: FROM_APP,
        tier: Tier::Gate,
        judge: uninstall::app_findable,
    },
    Item {
        id: "uninstall.app.revokes",
        group: Group::Uninstall,
        requirement: "Uninstalling in the app revokes the user's tokens by an API call",
        judged: "A correct revocation of a live token of that install",
        source: FROM_APP,
        tier: Tier::Gate,
        judge: uninstall::app_revokes,
    },
    Item {
        id: "uninstall.app.removed",
        group: Group::Uninstall,
        requirement: "The app leaves the account's integrations page in Klaviyo",
        judged: "Seen on that page",
        source: FROM_APP,
        tier: Tier::Gate,
        judge: uninstall::app_removed,
    },
    Item {
        id: "uninstall.app.shown",
        group: Group::Uninstall,
        requirement: "The app no longer shows itself as installed, also after signing in again",
        judged: "The state of its settings page, before and after signing in again",
        source: FROM_APP,
        tier: Tier::Gate,
        judge: uninstall::app_shown,
    },
    Item {
        id: "uninstall.app.reinstall",
        group: Group::Uninstall,
        requirement: "After uninstalling in the app, the user can install it again",
        judged: "The installation completes",
        source: FROM_APP,
        tier: Tier::Gate,
        judge: uninstall::app_reinstall,
    },
    Item {
        id: "uninstall.klaviyo.shown",
        group: Group::Uninstall,
        requirement: "Uninstalled in Klaviyo, the app shows itself as uninstalled",
        judged: "The state of its settings page, after it has seen a 401 or had its trigger",
        source: FROM_KLAVIYO,
        tier: Tier::Gate,
        judge: uninstall::klaviyo_shown,
    },
    Item {
        id: "uninstall.klaviyo.quiet",
        group: Group::Uninstall,
        requirement: "The app stops calling Klaviyo with dead tokens",
        judged: "After the first 401, at most 3 API and 2 token calls within 10 s for each trigger",
        source: FROM_KLAVIYO,
        tier: Tier::Gate,
        judge: uninstall::klaviyo_quiet,
    },
    Item {
        id: "uninstall.klaviyo.reinstall",
        group: Group::Uninstall,
        requirement: "After uninstalling in Klaviyo, the user can install the app again",
        judged: "The installation completes",
        source: FROM_KLAVIYO,
        tier: Tier::Gate,
        judge: uninstall::klaviyo_reinstall,
    },
    Item {
        id: "oauth.authorize.request",
        group: Group::Oauth,
        requirement: "The authorization request is well formed: response_type=code, known client, registered redirect URI, known scopes, accounts:read",
        judged: "Every authorization request",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::authorize_request,
    },
    Item {
        id: "oauth.pkce",
        group: Group::Oauth,
        requirement: "PKCE with S256, fresh for each attempt; the verifier matches Klaviyo's pattern and the challenge",
        judged: "Every authorization request and every code exchange",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::pkce,
    },
    Item {
        id: "oauth.state.sent",
        group: Group::Oauth,
        requirement: "state is sent, unguessable and fresh for each attempt",
        judged: "Over two attempts and two users: a repeat or a known id fails, under 64 bits of variety is for review",
        source: STATE,
        tier: Tier::Gate,
        judge: oauth::state_sent,
    },
    Item {
        id: "oauth.redirect-uri",
        group: Group::Oauth,
        requirement: "The token request repeats the authorization request's redirect URI",
        judged: "Every code exchange",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::redirect_uri,
    },
    Item {
        id: "oauth.client-auth",
        group: Group::Oauth,
        requirement: "Client credentials are sent as Basic credentials in the header, not in the body or the address",
        judged: "Every token and revocation request",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::client_auth,
    },
    Item {
        id: "oauth.token-host",
        group: Group::Oauth,
        requirement: "Token and revocation requests go to a.klaviyo.com",
        judged: "Every token and revocation request",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::token_host,
    },
    Item {
        id: "api.bearer-only",
        group: Group::Api,
        requirement: "Calls of the API carry the OAuth token, and no private key",
        judged: "Every call below /api",
        source: OAUTH,
        tier: Tier::Gate,
        judge: api::bearer_only,
    },
    Item {
        id: "api.revision",
        group: Group::Api,
        requirement: "Calls of the API carry a dated revision that is not retired",
        judged: "Every call below /api: a date, and not more than two years before the newest revision",
        source: VERSIONS,
        tier: Tier::Gate,
        judge: api::revision,
    },
    Item {
        id: "api.server-side",
        group: Group::Api,
        requirement: "The API is called with the token by the app's server, not by the browser",
        judged: "No call below /api, and no question whether one may be made, comes from a page",
        source: OAUTH,
        tier: Tier::Gate,
        judge: api::server_side,
    },
    Item {
        id: "api.published",
        group: Group::Api,
        requirement: "The app calls operations that Klaviyo publishes",
        judged: "A path or method below /api that is not published is for review: Klaviyo answers it 404 or 405",
        source: API,
        tier: Tier::Gate,
        judge: api::published,
    },
];
