//! Checks how flowcheck reaches the app: `overrides`, `access`, `accounts`, TOTP secrets, and actions.

use std::ops::Range;

use hyper::header::{HeaderName, HeaderValue};

use super::checker::{Checker, TenantPlaceholder};
use crate::evidence::Tenancy;
use crate::scenario::app_file::{Accounts, AppAction, AppFile, Locator, Totp};
use crate::scenario::yaml::Node;

impl Checker<'_> {
    /// Checks that each override has one locator.
    pub(super) fn overrides(&mut self, app: &AppFile) {
        for (part, locator) in app.overrides.entries() {
            let span = self.tree.span_of(&["overrides", part.key()]);
            if let Some((message, help)) = error_of(&locator.value) {
                self.report(&span, &format!("`{}` {message}", part.key()), help);
            }
        }
    }

    /// Checks header and cookie names.
    pub(super) fn access(&mut self, app: &AppFile) {
        self.headers(&["access", "headers"], app.access.headers.iter());
        for name in app.access.cookies.keys() {
            if HeaderName::try_from(name.as_str()).is_err() {
                let span = self.tree.span_of(&["access", "cookies", name]);
                self.report(
                    &span,
                    &format!("`{name}` is not a valid cookie name"),
                    "write only the name before the colon, and the value after it",
                );
            }
        }
        if let Some(basic) = &app.access.basic_auth {
            self.require_text(&self.tree.span_of(&["access", "basic_auth", "user"]), "user", &basic.user);
            if basic.user.contains(':') {
                let span = self.tree.span_of(&["access", "basic_auth", "user"]);
                self.report(
                    &span,
                    "a user name for basic authentication cannot contain a colon",
                    "write the part after it as `password`",
                );
            }
        }
    }

    /// Checks that an app without accounts of its own has no users.
    pub(super) fn accounts(&mut self, app: &AppFile) {
        if app.accounts == Accounts::Own {
            return;
        }
        let help = "remove it, or remove `accounts: klaviyo` if users log in to the app";
        for (path, given) in [
            ("users", !app.users.is_empty()),
            ("kind", app.embedding().is_some()),
            ("tenancy", app.tenancy != Tenancy::Single),
        ] {
            if given {
                let span = self.tree.span_of(&[path]);
                self.report(&span, &format!("`{path}` cannot be combined with `accounts: klaviyo`"), help);
            }
        }
    }

    /// Checks that an action is of one kind.
    pub(super) fn action(&mut self, path: &[&str], action: Option<&AppAction>) {
        let Some(action) = action else { return };
        let tree = self.tree;
        let span = |name: &str| tree.span_of(&[path, &[name]].concat());
        let ways = [
            ("get", action.get.is_some()),
            ("post", action.post.is_some()),
            ("run", action.run.is_some()),
            ("none", action.none.is_some()),
        ];
        let mut given = ways.into_iter().filter(|(_, given)| *given).map(|(name, _)| name);
        let name = path[path.len() - 1];
        match (given.next(), given.next()) {
            (None, _) => {
                let help = "write `get: URL`, `post: URL` or `run: COMMAND`; or `none: REASON`, where the app has no such action";
                self.report(&self.tree.span_of(path), &format!("`{name}` does not say what to do"), help);
            }
            (_, Some(second)) => {
                self.report(
                    &span(second),
                    &format!("`{name}` has more than one of `get`, `post`, `run` and `none`"),
                    "keep one of them",
                );
            }
            (Some(way), None) => {
                let at = span(way);
                if let Some(address) = action.address() {
                    self.address(&at, way, address, TenantPlaceholder::Refused);
                }
                if let Some(reason) = &action.none {
                    self.require_text(&at, way, reason);
                }
                if let Some(command) = &action.run {
                    self.command(&at, way, command);
                    if let Some(header) = action.headers.keys().next() {
                        let at = self.tree.span_of(&[path, &["headers", header]].concat());
                        self.report(&at, "a command cannot have headers", "remove them, or write `get` or `post`");
                    }
                }
            }
        }
        self.headers(&[path, &["headers"]].concat(), action.headers.iter());
    }

    /// Checks a user's TOTP secret.
    pub(super) fn totp(&mut self, node: &Node, secret: Option<&str>) {
        if secret.is_some_and(|secret| Totp::of(secret).is_none()) {
            let help = "write the secret that the app shows next to its QR code: letters A to Z and digits 2 to 7";
            self.report(&node.span_of(&["totp"]), "`totp` is not a Base32 secret", help);
        }
    }

    fn headers<'h>(&mut self, path: &[&str], headers: impl Iterator<Item = (&'h String, &'h String)>) {
        for (name, value) in headers {
            let span: Range<usize> = self.tree.span_of(&[path, &[name.as_str()]].concat());
            if HeaderName::try_from(name.as_str()).is_err() {
                self.report(&span, &format!("`{name}` is not a valid header name"), "write it as in `X-Preview: on`");
            } else if HeaderValue::try_from(value.as_str()).is_err() {
                self.report(
                    &span,
                    &format!("the value of `{name}` is not a valid header value"),
                    "write it on one line",
                );
            }
        }
    }
}

fn error_of(locator: &Locator) -> Option<(&'static str, &'static str)> {
    let Locator { css, text, label, role, name } = locator;
    let ways = [css, text, label, role].into_iter().flatten().count();
    if ways > 1 {
        return Some(("has several locators", "keep one of `css`, `text`, `label`, or `role` with `name`"));
    }
    if name.is_some() && role.is_none() {
        return Some((
            "has a `name` without a `role`",
            "add `role: button`, or another role; form fields are located by `label`",
        ));
    }
    if role.is_some() && name.is_none() {
        return Some(("has a `role` without a `name`", "add `name:`, the accessible name"));
    }
    if ways == 0 {
        return Some(("has no locator", "write `css`, `text`, `label`, or `role` with `name`"));
    }
    let empty = [css, text, label, role, name].into_iter().flatten().any(|said| said.trim().is_empty());
    empty.then_some(("has an empty locator", "write the text or name of the element"))
}
