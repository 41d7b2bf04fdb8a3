//! What `scopes_update` of `flowcheck.yaml` must say besides.

use super::checker::{Checker, TenantPlaceholder};
use super::scopes::SCOPES;
use crate::scenario::app_file::{AppFile, Apply};
use crate::scenario::suggestion::nearest;
use crate::scenario::yaml::Node;

impl Checker<'_> {
    /// New scopes that are new and Klaviyo's, addresses that can be gone to, and an app that can be started again.
    pub(super) fn scopes_update(&mut self, app: &AppFile) {
        let Some(update) = &app.scopes_update else { return };
        let tree = self.tree;
        let nodes = tree.get("scopes_update").and_then(|update| update.get("add")).map(Node::items);
        for (scope, node) in update.add.iter().zip(nodes.unwrap_or_default()) {
            let quoted = self.source.quote(&node.place);
            if app.klaviyo.scopes.iter().any(|known| known.value == scope.value) {
                let help = "`klaviyo.scopes` are those from before the update; take it off one of the two lists";
                self.report(&node.place, &format!("{quoted} is among `klaviyo.scopes` already"), help);
            } else if !SCOPES.contains(&scope.value.as_str()) {
                let help = match nearest(&scope.value, SCOPES.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "scopes are written as in `profiles:read`; Klaviyo's API reference lists them".to_owned(),
                };
                self.report(&node.place, &format!("{quoted} is not a scope of Klaviyo's"), &help);
            }
        }
        if update.add.is_empty() {
            let place = tree.place_of(&["scopes_update", "add"]);
            self.report(&place, "`add` is empty", "name the scopes that the update adds");
        }
        let feature = tree.place_of(&["scopes_update", "feature"]);
        self.address(&feature, "feature", &update.feature, TenantPlaceholder::Allowed);
        if matches!(update.apply, Apply::Restart(_)) && app.start.is_none() {
            let place = tree.place_of(&["scopes_update", "apply", "restart"]);
            let help = "add `start`, or an address of the app that takes the update: `apply: {get: URL}`";
            self.report(&place, "only an app that flowcheck starts can be started again", help);
        }
        self.action(&["scopes_update", "apply"], update.apply.action().as_ref());
        self.action(&["scopes_update", "revoke"], update.revoke.as_ref());
    }
}
