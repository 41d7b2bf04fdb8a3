//! What `flowcheck.yaml` must say of how the app is come to and moved: `overrides`, `access`, `accounts`, errands.

use std::ops::Range;

use hyper::header::{HeaderName, HeaderValue};

use super::checker::{Checker, TenantPlaceholder};
use crate::evidence::Tenancy;
use crate::scenario::app_file::{Accounts, AppAction, AppFile, Locator};
use crate::scenario::yaml::Node;

impl Checker<'_> {
    /// Each override finds by one way.
    pub(super) fn overrides(&mut self, app: &AppFile) {
        for (part, locator) in app.overrides.entries() {
            let place = self.tree.place_of(&["overrides", part.key()]);
            if let Some((message, help)) = mistake_of(&locator.value) {
                self.report(&place, &format!("`{}` {message}", part.key()), help);
            }
        }
    }

    /// Names that HTTP takes.
    pub(super) fn access(&mut self, app: &AppFile) {
        self.headers(&["access", "headers"], app.access.headers.iter());
        for name in app.access.cookies.keys() {
            if HeaderName::try_from(name.as_str()).is_err() {
                let place = self.tree.place_of(&["access", "cookies", name]);
                self.report(
                    &place,
                    &format!("`{name}` is no name of a cookie"),
                    "write the name alone, and its value after the colon",
                );
            }
        }
        if let Some(basic) = &app.access.basic_auth {
            self.require_text(&self.tree.place_of(&["access", "basic_auth", "user"]), "user", &basic.user);
            if basic.user.contains(':') {
                let place = self.tree.place_of(&["access", "basic_auth", "user"]);
                self.report(
                    &place,
                    "a user name of basic authentication holds no colon",
                    "write what comes after it as `password`",
                );
            }
        }
    }

    /// Who has no account in the app has no login either.
    pub(super) fn accounts(&mut self, app: &AppFile) {
        if app.accounts == Accounts::Own {
            return;
        }
        let help = "take it out, or leave `accounts: klaviyo` out for an app that people log in to";
        for (path, given) in [
            ("users", !app.users.is_empty()),
            ("kind", app.embedding().is_some()),
            ("tenancy", app.tenancy != Tenancy::Single),
        ] {
            if given {
                let place = self.tree.place_of(&[path]);
                self.report(&place, &format!("`{path}` does not go with `accounts: klaviyo`"), help);
            }
        }
    }

    /// An action is done in one way.
    pub(super) fn action(&mut self, path: &[&str], action: Option<&AppAction>) {
        let Some(action) = action else { return };
        let tree = self.tree;
        let place = |name: &str| tree.place_of(&[path, &[name]].concat());
        let ways = [("get", action.get.is_some()), ("post", action.post.is_some()), ("run", action.run.is_some())];
        let mut given = ways.into_iter().filter(|(_, given)| *given).map(|(name, _)| name);
        let name = path[path.len() - 1];
        match (given.next(), given.next()) {
            (None, _) => {
                let help = "write `get: URL`, `post: URL` or `run: COMMAND`";
                self.report(&self.tree.place_of(path), &format!("`{name}` does not say what to do"), help);
            }
            (_, Some(second)) => {
                self.report(
                    &place(second),
                    &format!("`{name}` says several things at once"),
                    "keep one of `get`, `post` and `run`",
                );
            }
            (Some(way), None) => {
                let at = place(way);
                if let Some(address) = action.address() {
                    self.address(&at, way, address, TenantPlaceholder::Refused);
                }
                if let Some(command) = &action.run {
                    self.command(&at, way, command);
                    if let Some(header) = action.headers.keys().next() {
                        let at = self.tree.place_of(&[path, &["headers", header]].concat());
                        self.report(&at, "a command has no headers", "take them out, or write `get` or `post`");
                    }
                }
            }
        }
        self.headers(&[path, &["headers"]].concat(), action.headers.iter());
    }

    /// A user's secret for one-time passwords.
    pub(super) fn totp(&mut self, node: &Node, secret: Option<&str>) {
        if secret.is_some_and(|secret| crate::scenario::Totp::of(secret).is_none()) {
            let help = "write the secret that the app shows beside its QR code: letters A to Z and digits 2 to 7";
            self.report(&node.place_of(&["totp"]), "`totp` is no secret in Base32", help);
        }
    }

    fn headers<'h>(&mut self, path: &[&str], headers: impl Iterator<Item = (&'h String, &'h String)>) {
        for (name, value) in headers {
            let place: Range<usize> = self.tree.place_of(&[path, &[name.as_str()]].concat());
            if HeaderName::try_from(name.as_str()).is_err() {
                self.report(&place, &format!("`{name}` is no name of a header"), "write it as in `X-Preview: on`");
            } else if HeaderValue::try_from(value.as_str()).is_err() {
                self.report(
                    &place,
                    &format!("the value of `{name}` cannot be sent in a header"),
                    "write it on one line",
                );
            }
        }
    }
}

fn mistake_of(locator: &Locator) -> Option<(&'static str, &'static str)> {
    let Locator { css, text, label, role, name } = locator;
    let ways = [css, text, label, role].into_iter().flatten().count();
    if ways > 1 {
        return Some(("is found in several ways at once", "keep one of `css`, `text`, `label`, or `role` with `name`"));
    }
    if name.is_some() && role.is_none() {
        return Some((
            "has a `name` without a `role`",
            "add `role: button`, or what else it is; fields are found by `label`",
        ));
    }
    if role.is_some() && name.is_none() {
        return Some(("has a `role` without a `name`", "add `name:`, as a screen reader reads it"));
    }
    if ways == 0 {
        return Some(("does not say how it is found", "write `css`, `text`, `label`, or `role` with `name`"));
    }
    let empty = [css, text, label, role, name].into_iter().flatten().any(|said| said.trim().is_empty());
    empty.then_some(("is found by nothing: its text is empty", "write what it shows, or what it is called"))
}
