//! Semantic checks of `scopes_update` in `flowcheck.yaml`.

use super::checker::{Checker, TenantPlaceholder};
use crate::evidence::LISTED_SCOPES;
use crate::scenario::app_file::{AppFile, Apply};
use crate::scenario::yaml::Node;

impl Checker<'_> {
    /// Checks that the added scopes are new and exist, that URLs are absolute, and that a restart is possible.
    pub(super) fn scopes_update(&mut self, app: &AppFile) {
        let Some(update) = &app.scopes_update else { return };
        let tree = self.tree;
        if let Some(reason) = &update.none {
            let span = tree.span_of(&["scopes_update", "none"]);
            self.require_text(&span, "none", reason);
            if !update.add.is_empty() || update.apply.is_some() || !update.feature.is_empty() || update.revoke.is_some()
            {
                let message = "`scopes_update` says both how scopes are updated and that they are not";
                self.report(&span, message, "keep `none`, or the other fields");
            }
            return;
        }
        let nodes = tree.get("scopes_update").and_then(|update| update.get("add")).map(Node::items);
        for (scope, node) in update.add.iter().zip(nodes.unwrap_or_default()) {
            let quoted = self.source.quote(&node.span);
            if app.klaviyo.scopes.iter().any(|known| known.value == scope.value) {
                let help = "`klaviyo.scopes` lists the scopes before the update; remove it from one of the two";
                self.report(&node.span, &format!("{quoted} is already in `klaviyo.scopes`"), help);
            } else if !LISTED_SCOPES.contains(&scope.value.as_str()) {
                self.unlisted_scope(&node.span, &scope.value);
            }
        }
        if update.add.is_empty() {
            let span = tree.span_of(&["scopes_update", "add"]);
            self.report(&span, "`add` is empty", "list the scopes that the update adds");
        }
        let feature = tree.span_of(&["scopes_update", "feature"]);
        if update.feature.is_empty() {
            let help = "name a page that uses the new scopes: `feature: URL`";
            self.report(&feature, "`feature` is missing from `scopes_update`", help);
        } else {
            self.address(&feature, "feature", &update.feature, TenantPlaceholder::Allowed);
        }
        let Some(apply) = &update.apply else {
            let help = "say how the app is made to ask for the new scopes: `apply: { restart: VARIABLES }`, or by get, post or run";
            self.report(&tree.span_of(&["scopes_update"]), "`apply` is missing from `scopes_update`", help);
            return;
        };
        if matches!(apply, Apply::Restart(_)) && app.start.is_none() {
            let span = tree.span_of(&["scopes_update", "apply", "restart"]);
            let help = "add `start`, or a URL of the app that applies the update: `apply: {get: URL}`";
            self.report(&span, "flowcheck can restart only an app that it starts", help);
        }
        self.action(&["scopes_update", "apply"], apply.action().as_ref());
        self.action(&["scopes_update", "revoke"], update.revoke.as_ref());
    }
}
