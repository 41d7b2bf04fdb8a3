//! Installing an app that lives in a host platform.

use super::sources::FLOW;
use crate::{Group, Item, Source, Tier, embedded, install, tenants};

const FLOW_ON_HOST: Source = Source { document: FLOW, place: "Embedded app installation flow" };

pub(super) static ITEMS: &[Item] = &[
    Item {
        id: "embedded.signed-in.direct",
        group: Group::Embedded,
        requirement: "A user who is signed in to the host platform enters Klaviyo's OAuth page directly",
        judged: "After Install, no page in between asks for a click or a field",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: install::signed_in_direct,
    },
    Item {
        id: "embedded.signed-out.login",
        group: Group::Embedded,
        requirement: "A user who is signed out of the host platform is sent to its login page",
        judged: "The first page that waits for the user has a login form, on the host",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: install::signed_out_login,
    },
    Item {
        id: "embedded.signed-out.resumes",
        group: Group::Embedded,
        requirement: "That user reaches Klaviyo's OAuth page after login",
        judged: "No click between sending the login form and Klaviyo",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: install::signed_out_resumes,
    },
    Item {
        id: "embedded.no-account.sign-up",
        group: Group::Embedded,
        requirement: "A user who has no account reaches the host's login page and can create one from there",
        judged: "Sign-up is reached from the login page, and the account is created",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: install::no_account_sign_up,
    },
    Item {
        id: "embedded.no-account.resumes",
        group: Group::Embedded,
        requirement: "A new user of the host reaches Klaviyo's OAuth page after signing up",
        judged: "No click between sign-up (and login, where it is asked for) and Klaviyo",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: install::no_account_resumes,
    },
    Item {
        id: "embedded.not-installed.told",
        group: Group::Embedded,
        requirement: "A user who has not installed the app on the host is told to install it from the host's app listing page and to try again",
        judged: "A message on the page after Install, naming the listing, with a link to it",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: embedded::not_installed_told,
    },
    Item {
        id: "embedded.not-installed.resumes",
        group: Group::Embedded,
        requirement: "Once it is installed there, the user reaches Klaviyo's OAuth page",
        judged: "Installing on the host and trying again reaches consent without another click",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: embedded::not_installed_resumes,
    },
    Item {
        id: "embedded.tenant.chosen",
        group: Group::Embedded,
        requirement: "A user with several tenants on the host is asked which one to install for",
        judged: "A page with the choice stands before Klaviyo's consent page",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: tenants::tenant_chosen,
    },
    Item {
        id: "embedded.tenant.resumes",
        group: Group::Embedded,
        requirement: "Once a tenant is chosen, the user reaches Klaviyo's OAuth page",
        judged: "No click between the choice and Klaviyo",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: tenants::tenant_resumes,
    },
    Item {
        id: "embedded.tenant.isolated",
        group: Group::Embedded,
        requirement: "The installation belongs to the chosen tenant alone",
        judged: "The chosen tenant shows as installed, the others do not",
        source: FLOW_ON_HOST,
        tier: Tier::Gate,
        judge: tenants::tenant_isolated,
    },
];
