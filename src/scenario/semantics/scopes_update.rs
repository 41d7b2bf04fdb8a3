//! Semantic checks of `scopes_update` in `flowcheck.yaml`.

use super::checker::{Checker, TenantPlaceholder};
use super::scopes::SCOPES;
use crate::scenario::app_file::{AppFile, Apply};
use crate::scenario::suggestion::nearest;
use crate::scenario::yaml::Node;

impl Checker<'_> {
    /// Checks that the added scopes are new and exist, that URLs are absolute, and that a restart is possible.
    pub(super) fn scopes_update(&mut self, app: &AppFile) {
        let Some(update) = &app.scopes_update else { return };
        let tree = self.tree;
        let nodes = tree.get("scopes_update").and_then(|update| update.get("add")).map(Node::items);
        for (scope, node) in update.add.iter().zip(nodes.unwrap_or_default()) {
            let quoted = self.source.quote(&node.span);
            if app.klaviyo.scopes.iter().any(|known| known.value == scope.value) {
                let help = "`klaviyo.scopes` lists the scopes before the update; remove it from one of the two";
                self.report(&node.span, &format!("{quoted} is already in `klaviyo.scopes`"), help);
            } else if !SCOPES.contains(&scope.value.as_str()) {
                let help = match nearest(&scope.value, SCOPES.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "scopes look like `profiles:read`; Klaviyo's API reference lists them".to_owned(),
                };
                self.report(&node.span, &format!("{quoted} is not a Klaviyo scope"), &help);
            }
        }
        if update.add.is_empty() {
            let span = tree.span_of(&["scopes_update", "add"]);
            self.report(&span, "`add` is empty", "list the scopes that the update adds");
        }
        let feature = tree.span_of(&["scopes_update", "feature"]);
        self.address(&feature, "feature", &update.feature, TenantPlaceholder::Allowed);
        if matches!(update.apply, Apply::Restart(_)) && app.start.is_none() {
            let span = tree.span_of(&["scopes_update", "apply", "restart"]);
            let help = "add `start`, or a URL of the app that applies the update: `apply: {get: URL}`";
            self.report(&span, "flowcheck can restart only an app that it starts", help);
        }
        self.action(&["scopes_update", "apply"], update.apply.action().as_ref());
        self.action(&["scopes_update", "revoke"], update.revoke.as_ref());
    }
}
