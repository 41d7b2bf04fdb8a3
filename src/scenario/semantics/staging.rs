//! Semantic checks of `staging` in `flowcheck.yaml`.

use std::net::SocketAddr;

use super::checker::Checker;
use crate::evidence::Routing;
use crate::scenario::app_file::AppFile;

impl Checker<'_> {
    /// Checks that an app that flowcheck does not start finds Klaviyo at the same address in every scenario.
    pub(super) fn staging(&mut self, app: &AppFile) {
        let Some(staging) = &app.staging else {
            if app.start.is_none() && app.reach == Routing::Urls {
                let help = "add `start`, or the address of Klaviyo that the app is configured with: `staging: { klaviyo: 127.0.0.1:7070 }`";
                let span = self.tree.span_of(&["reach"]);
                self.report(&span, "flowcheck cannot configure Klaviyo's URLs in an app that it does not start", help);
            }
            return;
        };
        if app.start.is_some() {
            let span = self.tree.span_of(&["staging"]);
            let help = "remove one of the two: flowcheck also stops what it starts";
            return self.report(
                &span,
                "`staging` is for apps that flowcheck does not start, but there is a `start`",
                help,
            );
        }
        if app.reach != Routing::Urls {
            let span = self.tree.span_of(&["staging"]);
            let help =
                "add `reach: urls` and configure the app with that address, or let flowcheck start it with `start`";
            return self.report(&span, "an app that flowcheck does not start needs `reach: urls`", help);
        }
        let span = self.tree.span_of(&["staging", "klaviyo"]);
        let address = staging.klaviyo.value.parse::<SocketAddr>();
        if !address.is_ok_and(|address| address.ip().is_loopback() && address.port() != 0) {
            let message = format!("{} is not a loopback address with a port", self.source.quote(&span));
            self.report(
                &span,
                &message,
                "write it as in 127.0.0.1:7070, and configure the app with http://127.0.0.1:7070",
            );
        }
    }
}
