//! What `staging` of `flowcheck.yaml` must say besides.

use std::net::SocketAddr;

use super::checker::Checker;
use crate::evidence::Routing;
use crate::scenario::app_file::AppFile;

impl Checker<'_> {
    /// An app that goes on running was told where Klaviyo is, and must find it there in every scenario.
    pub(super) fn staging(&mut self, app: &AppFile) {
        let Some(staging) = &app.staging else {
            if app.start.is_none() && app.reach == Routing::Urls {
                let help = "say how it is started: `start`; or where it was told that Klaviyo is: `staging: { klaviyo: 127.0.0.1:7070 }`";
                let place = self.tree.place_of(&["reach"]);
                self.report(&place, "flowcheck cannot tell an app that it does not start where Klaviyo is", help);
            }
            return;
        };
        if app.start.is_some() {
            let place = self.tree.place_of(&["staging"]);
            let help = "remove one of the two: what flowcheck starts, it also ends";
            return self.report(
                &place,
                "`staging` is for apps that flowcheck does not start, and there is a `start`",
                help,
            );
        }
        if app.reach != Routing::Urls {
            let place = self.tree.place_of(&["staging"]);
            let help = "add `reach: urls`, and tell the app the address; or let flowcheck start it: `start`";
            return self.report(&place, "an app that flowcheck does not start can only be told where Klaviyo is", help);
        }
        let place = self.tree.place_of(&["staging", "klaviyo"]);
        let address = staging.klaviyo.value.parse::<SocketAddr>();
        if !address.is_ok_and(|address| address.ip().is_loopback() && address.port() != 0) {
            let message = format!("{} is no address of this machine with a port", self.source.quote(&place));
            self.report(
                &place,
                &message,
                "write it as in 127.0.0.1:7070, and tell the app the same: http://127.0.0.1:7070",
            );
        }
    }
}
