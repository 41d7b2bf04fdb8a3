//! Scopes, and updates of them.

use super::sources::DEVELOPERS;
use crate::{Group, Item, Source, Tier, forbidden, ledger, scopes};

const REQUEST: Source = Source { document: UPDATE, place: "Update your app's authorization request flow" };
const INSTALLATIONS: Source = Source { document: UPDATE, place: "How installations are handled after updating" };
const HANDLING: Source = Source { document: UPDATE, place: "Authorization error handling" };
const LEAST: Source = Source { document: DEVELOPERS, place: "Pass your app review" };
const UPDATE: &str = "Update your OAuth scopes";

pub(super) static ITEMS: &[Item] = &[
    Item {
        id: "scope.requested",
        group: Group::Scopes,
        requirement: "The authorization request names the scopes of the app's settings, new ones too",
        judged: "`scope` equals the scopes declared in flowcheck.yaml; for review where those were copied from the request",
        source: REQUEST,
        tier: Tier::Gate,
        judge: scopes::requested,
    },
    Item {
        id: "scope.new-install",
        group: Group::Scopes,
        requirement: "After an update, a new install is prompted for the updated scopes",
        judged: "The consent page shows them, and the token carries them",
        source: REQUEST,
        tier: Tier::Gate,
        judge: scopes::new_install,
    },
    Item {
        id: "scope.proactive",
        group: Group::Scopes,
        requirement: "Customers are told of new scopes before anything fails, by e-mail or in the app",
        judged: "A notice or a mail between the update and the first use of what is new; a warning where there is none",
        source: INSTALLATIONS,
        tier: Tier::Gate,
        judge: forbidden::proactive,
    },
    Item {
        id: "scope.old-install",
        group: Group::Scopes,
        requirement: "An install from before the update goes on working with its old scopes",
        judged: "It still shows as installed, and the calls that it made before are still made and done",
        source: HANDLING,
        tier: Tier::Gate,
        judge: scopes::old_install,
    },
    Item {
        id: "scope.forbidden.told",
        group: Group::Scopes,
        requirement: "A 403 for a missing scope tells the user to authorize again",
        judged: "After it a page of the app or a mail asks for that",
        source: HANDLING,
        tier: Tier::Gate,
        judge: forbidden::forbidden_told,
    },
    Item {
        id: "scope.forbidden.link",
        group: Group::Scopes,
        requirement: "The notice has a link that leads to the updated authorization request",
        judged: "Following it reaches the consent page with the new scopes",
        source: HANDLING,
        tier: Tier::Gate,
        judge: forbidden::forbidden_link,
    },
    Item {
        id: "scope.forbidden.no-spam",
        group: Group::Scopes,
        requirement: "The user is told without being spammed",
        judged: "Several 403s bring one mail at most, and no page shows the same notice several times",
        source: HANDLING,
        tier: Tier::Gate,
        judge: forbidden::forbidden_no_spam,
    },
    Item {
        id: "scope.reauthorized",
        group: Group::Scopes,
        requirement: "After authorizing again, what needs the new scopes works",
        judged: "The call that was refused is done",
        source: HANDLING,
        tier: Tier::Gate,
        judge: forbidden::reauthorized,
    },
    Item {
        id: "scope.least",
        group: Group::Scopes,
        requirement: "The app asks for the least permissive set of scopes",
        judged: "Over the whole run: a warning that lists each scope which is asked for and never exercised",
        source: LEAST,
        tier: Tier::Gate,
        judge: ledger::least,
    },
    Item {
        id: "scope.outdated-revoked",
        group: Group::Scopes,
        requirement: "An install that is too far out of date can be revoked by the app; optional",
        judged: "A live token is revoked, and neither Klaviyo nor the app shows the install any longer",
        source: HANDLING,
        tier: Tier::Gate,
        judge: scopes::outdated_revoked,
    },
];
