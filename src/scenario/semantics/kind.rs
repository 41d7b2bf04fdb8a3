//! Checks what `flowcheck.yaml` says about a host platform: required for an embedded app, not allowed for a standalone one.

use url::Url;

use super::checker::{Checker, SAMPLE, TenantPlaceholder};
use crate::scenario::app_file::{AppFile, Embedding};
use crate::scenario::yaml::Node;

const HOST: [&str; 3] = ["kind", "embedded", "host"];

impl Checker<'_> {
    /// Checks the kind and the fields that depend on it.
    pub(super) fn kind(&mut self, app: &AppFile) {
        match app.embedding() {
            Some(embedding) => {
                self.host(embedding);
                self.login_is_the_hosts(app);
                self.names_differ(app, embedding);
            }
            None => self.nothing_of_a_host(app),
        }
    }

    fn host(&mut self, Embedding { host, .. }: &Embedding) {
        self.require_text(&self.tree.span_of(&[&HOST[..], &["name"]].concat()), "name", &host.name);
        self.start(&[&HOST[..], &["start"]].concat(), host.start.as_ref());
        let ready = host.start.as_ref().and_then(|start| start.ready.as_deref());
        let addresses: [(&[&str], Option<&str>); 5] = [
            (&["url"], Some(&host.url.value)),
            (&["start", "ready"], ready),
            (&["login"], host.login.as_deref()),
            (&["home"], host.home.as_deref()),
            (&["listing"], Some(&host.listing)),
        ];
        for (path, address) in addresses {
            if let Some(address) = address {
                let span = self.tree.span_of(&[&HOST[..], path].concat());
                self.address(&span, path[path.len() - 1], address, TenantPlaceholder::Refused);
            }
        }
    }

    /// Users of an embedded app log in to its host.
    fn login_is_the_hosts(&mut self, app: &AppFile) {
        for (field, set) in [("login", app.pages.login.is_some()), ("home", app.pages.home.is_some())] {
            if set {
                let help = format!("move it to `kind.embedded.host.{field}`; `pages.settings` stays here");
                let span = self.tree.span_of(&["pages", field]);
                self.report(&span, &format!("`pages.{field}` of an embedded app belongs to its host"), &help);
            }
        }
    }

    /// Cookies do not distinguish ports, so on one host name app and host platform would share them, which they never do.
    fn names_differ(&mut self, app: &AppFile, embedding: &Embedding) {
        let name = |address: &str| Some(Url::parse(&SAMPLE.fill(address)).ok()?.host_str()?.to_owned());
        let (own, hosts) = (name(&app.url.value), name(&embedding.host.url.value));
        if own.is_some() && own == hosts {
            let help = "use different host names: `shop.localhost` and `app.localhost` both resolve to this machine";
            let span = self.tree.span_of(&[&HOST[..], &["url"]].concat());
            self.report(&span, "the host platform has the app's host name, so they would share cookies", help);
        }
    }

    fn nothing_of_a_host(&mut self, app: &AppFile) {
        let nodes = self.tree.get("users").map(Node::items).unwrap_or_default();
        for (user, node) in app.users.iter().zip(nodes) {
            if !user.value.installed_on_host {
                let help = "remove it, or describe the host under `kind: { embedded: … }`";
                let span = node.span_of(&["installed_on_host"]);
                self.report(&span, "a standalone app has no host platform to be installed on", help);
            }
        }
    }
}
