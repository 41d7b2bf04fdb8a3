//! Semantic checks of `flowcheck.yaml`.

use time::Date;
use time::macros::format_description;

use super::checker::{Checker, TenantPlaceholder};
use crate::checklist::{catalogue, find};
use crate::evidence::{ACCOUNTS_READ, LISTED_SCOPES, Tenancy};
use crate::scenario::app_file::{AppFile, AppUser};
use crate::scenario::diagnostic::{Diagnostic, Source};
use crate::scenario::suggestion::nearest;
use crate::scenario::yaml::Node;

/// Every semantic error of `flowcheck.yaml`.
pub(crate) fn check_app(source: &Source, tree: &Node, app: &AppFile) -> Vec<Diagnostic> {
    let mut checker = Checker::new(source, tree, app);
    checker.texts(app);
    checker.kind(app);
    checker.start(&["start"], app.start.as_ref());
    checker.staging(app);
    checker.addresses(app);
    checker.no_pages(app);
    checker.no_settings_url(app);
    checker.action(&["trigger"], app.trigger.as_ref());
    checker.action(&["reset"], app.reset.as_ref());
    checker.overrides(app);
    checker.access(app);
    checker.accounts(app);
    checker.install_url(app);
    checker.scopes(app);
    checker.scopes_update(app);
    checker.users(app);
    checker.expected_failures(app);
    checker.into_diagnostics()
}

impl Checker<'_> {
    fn texts(&mut self, app: &AppFile) {
        let texts: [(&[&str], &str); 3] = [
            (&["name"], &app.name),
            (&["klaviyo", "client_id"], &app.klaviyo.client_id),
            (&["klaviyo", "client_secret"], &app.klaviyo.client_secret),
        ];
        for (path, text) in texts {
            self.require_text(&self.tree.span_of(path), path[path.len() - 1], text);
        }
    }

    fn addresses(&mut self, app: &AppFile) {
        let ready = app.start.as_ref().and_then(|start| start.ready.as_deref());
        let (login, home) = (app.pages.login.as_deref(), app.pages.home.as_deref());
        let addresses: [(&[&str], Option<&str>, TenantPlaceholder); 7] = [
            (&["url"], Some(&app.url.value), TenantPlaceholder::Refused),
            (&["start", "ready"], ready, TenantPlaceholder::Refused),
            (&["klaviyo", "install_url"], Some(&app.klaviyo.install_url.value), TenantPlaceholder::Allowed),
            (&["klaviyo", "settings_url"], app.klaviyo.settings_url.as_deref(), TenantPlaceholder::Refused),
            (&["pages", "login"], login, TenantPlaceholder::Refused),
            (&["pages", "settings"], app.pages.settings.as_deref(), TenantPlaceholder::Allowed),
            (&["pages", "home"], home, TenantPlaceholder::Refused),
        ];
        for (path, address, tenant) in addresses {
            if let Some(address) = address {
                self.address(&self.tree.span_of(path), path[path.len() - 1], address, tenant);
            }
        }
        let uris = self.tree.get("klaviyo").and_then(|klaviyo| klaviyo.get("redirect_uris"));
        for (uri, node) in app.klaviyo.redirect_uris.iter().zip(uris.map(Node::items).unwrap_or_default()) {
            self.address(&node.span, "redirect_uris", &uri.value, TenantPlaceholder::Refused);
        }
        if app.klaviyo.redirect_uris.is_empty() {
            let span = self.tree.span_of(&["klaviyo", "redirect_uris"]);
            self.report(&span, "`redirect_uris` is empty", "add the URL to which Klaviyo redirects users");
        }
    }

    fn no_pages(&mut self, app: &AppFile) {
        let Some(reason) = &app.pages.none else { return };
        let span = self.tree.span_of(&["pages", "none"]);
        self.require_text(&span, "none", reason);
        if app.pages.settings.is_some() {
            let help = "remove `none`, or `settings`";
            self.report(&span, "`pages` says both where the settings are and that there are none", help);
        }
    }

    fn no_settings_url(&mut self, app: &AppFile) {
        let Some(reason) = &app.klaviyo.no_settings_url else { return };
        let span = self.tree.span_of(&["klaviyo", "no_settings_url"]);
        self.require_text(&span, "no_settings_url", reason);
        if app.klaviyo.settings_url.is_some() {
            let help = "remove `no_settings_url`, or `settings_url`";
            self.report(&span, "`klaviyo` says both where the settings URL is and that there is none", help);
        }
    }

    fn install_url(&mut self, app: &AppFile) {
        let address = &app.klaviyo.install_url.value;
        let span = self.tree.span_of(&["klaviyo", "install_url"]);
        let login = app.users.iter().map(|user| user.value.login.trim()).find(|login| {
            let encoded = login.replace('@', "%40");
            !login.is_empty() && (address.contains(login) || address.contains(&encoded))
        });
        let part = if address.contains("{tenant}") { Some("{tenant}") } else { login };
        if let Some(part) = part {
            let help = "the listing in the App Marketplace has one fixed URL for every user; remove the user or tenant from it";
            self.report(&self.source.within(&span, part), "`install_url` must not depend on the user", help);
        }
    }

    fn scopes(&mut self, app: &AppFile) {
        let list_span = self.tree.span_of(&["klaviyo", "scopes"]);
        let nodes = self.tree.get("klaviyo").and_then(|klaviyo| klaviyo.get("scopes"));
        let mut earlier: Vec<&str> = Vec::new();
        for (scope, node) in app.klaviyo.scopes.iter().zip(nodes.map(Node::items).unwrap_or_default()) {
            let scope = scope.value.as_str();
            if earlier.contains(&scope) {
                let quoted = self.source.quote(&node.span);
                self.report(&node.span, &format!("{quoted} is listed twice"), "remove one of the two");
            } else if !LISTED_SCOPES.contains(&scope) {
                self.unlisted_scope(&node.span, scope);
            }
            earlier.push(scope);
        }
        if !earlier.contains(&ACCOUNTS_READ) {
            let help = "Klaviyo requires it for every OAuth app: add `- accounts:read` here and in the app's settings at Klaviyo";
            self.report(&list_span, "`accounts:read` is missing from `scopes`", help);
        }
    }

    fn users(&mut self, app: &AppFile) {
        let nodes = self.tree.get("users").map(Node::items).unwrap_or_default();
        for (user, node) in app.users.iter().zip(nodes) {
            self.require_text(&node.span_of(&["login"]), "login", &user.value.login);
            if node.get("password").is_some() {
                self.require_text(&node.span_of(&["password"]), "password", &user.value.password);
            }
            self.totp(node, user.value.totp.as_deref());
            self.tenants(&user.value, node, app.tenancy);
        }
        if app.tenancy != Tenancy::Single && app.user_with_several_tenants().is_none() {
            let span = self.tree.span_of(&["tenancy"]);
            let help = "give one of `users` at least two `tenants`";
            self.report(&span, "an app with several tenants needs a user with several tenants", help);
        }
    }

    fn tenants(&mut self, user: &AppUser, node: &Node, tenancy: Tenancy) {
        let nodes = node.get("tenants").map(Node::items).unwrap_or_default();
        for (index, (tenant, node)) in user.tenants.iter().zip(nodes).enumerate() {
            let name = node.span_of(&["name"]);
            self.require_text(&name, "name", &tenant.name);
            if user.tenants[..index].iter().any(|earlier| earlier.name == tenant.name) {
                let message = format!("{} is the name of two of this user's tenants", self.source.quote(&name));
                self.report(&name, &message, "the tenant chooser cannot distinguish them; give each a different name");
            }
            if tenancy == Tenancy::TextBox && tenant.url.as_ref().is_none_or(|url| url.trim().is_empty()) {
                let help = "users type it with `tenancy: text-box`: add `url:` with the store's URL";
                self.report(&name, "this tenant has no `url`", help);
            }
        }
    }

    fn expected_failures(&mut self, app: &AppFile) {
        let nodes = self.tree.get("expected_failures").map(Node::items).unwrap_or_default();
        let mut earlier: Vec<&str> = Vec::new();
        for (known, node) in app.expected_failures.iter().zip(nodes) {
            let known = &known.value;
            let span = node.span_of(&["id"]);
            if find(&known.id).is_none() {
                let help = match nearest(&known.id, catalogue().iter().map(|item| item.id)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`flowcheck list` lists the items".to_owned(),
                };
                let message = format!("{} is not an item of the checklist", self.source.quote(&span));
                self.report(&span, &message, &help);
            } else if earlier.contains(&known.id.as_str()) {
                self.report(&span, &format!("{} is listed twice", self.source.quote(&span)), "remove one of the two");
            }
            earlier.push(&known.id);
            if known.comment.trim().is_empty() {
                self.report(&node.span_of(&["comment"]), "`comment` is empty", "say why this failure is accepted");
            }
            let day = format_description!("[year]-[month]-[day]");
            if let Some(until) = &known.until
                && (Date::parse(until, day).is_err() || until.len() != 10)
            {
                let span = node.span_of(&["until"]);
                let message = format!("{} is not a date", self.source.quote(&span));
                self.report(
                    &span,
                    &message,
                    "write it as in 2027-01-31: the last day on which the failure is accepted",
                );
            }
        }
    }
}
