//! Uninstalling from either side.

use super::sources::FLOW;
use crate::{Group, Item, Source, Tier, uninstall};

const FROM_APP: Source = Source { document: FLOW, place: "Uninstalling from your app's platform" };
const FROM_KLAVIYO: Source = Source { document: FLOW, place: "Uninstalling from Klaviyo" };

pub(super) static ITEMS: &[Item] = &[
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
        judged: "Event on that page",
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
];
