//! Collects the semantic errors of, and the notes on, `flowcheck.yaml`, and checks commands and URLs, which several fields have in common.

use std::ops::Range;

use url::Url;

use crate::evidence::{LISTED_SCOPES, Routing};
use crate::scenario::app_file::{AppFile, Start};
use crate::scenario::diagnostic::{Diagnostic, Source};
use crate::scenario::placeholder::{PLACEHOLDERS, Placeholders, names};
use crate::scenario::suggestion::{list, nearest};
use crate::scenario::yaml::{Kind, Node};

pub(super) struct Checker<'a> {
    pub(super) source: &'a Source,
    pub(super) tree: &'a Node,
    embedded: bool,
    reach: Routing,
    errors: Vec<Diagnostic>,
}

/// Whether a URL may contain `{tenant}`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TenantPlaceholder {
    Allowed,
    Refused,
}

impl<'a> Checker<'a> {
    /// A checker of this file that has found nothing yet.
    pub(super) fn new(source: &'a Source, tree: &'a Node, app: &AppFile) -> Self {
        Self { source, tree, embedded: app.embedding().is_some(), reach: app.reach, errors: Vec::new() }
    }

    /// What was found.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.errors
    }
}

impl Checker<'_> {
    /// Checks the `start` at `path`.
    pub(super) fn start(&mut self, path: &[&str], start: Option<&Start>) {
        let Some(start) = start else { return };
        self.command(&self.tree.span_of(&[path, &["command"]].concat()), "command", &start.command.value);
        let env = path.iter().chain(&["env"]).try_fold(self.tree, |node, name| node.get(name));
        if let Some(Kind::Mapping(entries)) = env.map(|env| &env.kind) {
            for entry in entries {
                if let Some(value) = start.env.get(&entry.key) {
                    self.misspelled_placeholders(&entry.value.span, value);
                }
            }
        }
    }

    /// Checks that a command can be split into words.
    pub(super) fn command(&mut self, span: &Range<usize>, field: &str, command: &str) {
        match shlex::split(command) {
            None => {
                let help = "close every quote; a backslash escapes the next character";
                self.report(span, &format!("`{field}` cannot be split into words: a quote is not closed"), help);
            }
            Some(words) if words.is_empty() => {
                self.report(span, &format!("`{field}` is empty"), "write the command that starts the app");
            }
            Some(_) => self.misspelled_placeholders(span, command),
        }
    }

    /// Checks a URL: its placeholders exist, and it is absolute once they are replaced.
    pub(super) fn address(&mut self, span: &Range<usize>, field: &str, address: &str, tenant: TenantPlaceholder) {
        for name in names(address) {
            let at = self.source.within(span, &format!("{{{name}}}"));
            if !PLACEHOLDERS.contains(&name) {
                let help = match nearest(name, PLACEHOLDERS.iter().copied()) {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => format!("allowed here: {}", list(COMMON_PLACEHOLDERS)),
                };
                return self.report(&at, &format!("`{{{name}}}` is not a placeholder"), &help);
            }
            if name == "host_port" && !self.embedded {
                let help = "write `{port}`, or describe the host under `kind: { embedded: … }`";
                return self.report(&at, "`{host_port}` is available only for embedded apps", help);
            }
            if self.misplaced_base_url(&at, name) {
                return;
            }
            if name == "tenant" && tenant == TenantPlaceholder::Refused {
                let help = "it is allowed in `pages.settings` and `scopes_update.feature` only; remove it here";
                return self.report(&at, &format!("`{{tenant}}` is not available in `{field}`"), help);
            }
        }
        let full = SAMPLE.fill(address).to_ascii_lowercase();
        let web = full.starts_with("http://") || full.starts_with("https://");
        if !web || Url::parse(&full).is_err() {
            let help = if address.starts_with('/') { RELATIVE } else { ABSOLUTE };
            self.report(span, &format!("{} is not an absolute http or https URL", self.source.quote(span)), help);
        }
    }

    /// Reports braces that look like a misspelled placeholder; in commands and variables other braces may mean anything.
    fn misspelled_placeholders(&mut self, span: &Range<usize>, text: &str) {
        for name in names(text) {
            let at = self.source.within(span, &format!("{{{name}}}"));
            let near = nearest(name, PLACEHOLDERS.iter().copied());
            match near {
                _ if self.misplaced_base_url(&at, name) => {}
                Some("tenant") if name == "tenant" => {
                    self.report(
                        &at,
                        "`{tenant}` is not available when the app starts",
                        "it is allowed in `pages.settings` and `scopes_update.feature` only",
                    );
                }
                Some(near) if near != name => {
                    let help = format!("did you mean `{{{near}}}`?");
                    self.report(&at, &format!("`{{{name}}}` is not a placeholder"), &help);
                }
                _ => {}
            }
        }
    }

    /// Reports the base URLs of Klaviyo in an app without `reach: urls`: such an app knows Klaviyo's own URLs, and would use the real
    /// Klaviyo if the gateway failed.
    fn misplaced_base_url(&mut self, at: &Range<usize>, name: &str) -> bool {
        let base_url = matches!(name, "klaviyo_www" | "klaviyo_api");
        let misplaced = base_url && self.reach != Routing::Urls;
        if misplaced {
            let help =
                "add `reach: urls` if the app's Klaviyo URLs can be configured; otherwise remove the placeholder";
            self.report(at, &format!("`{{{name}}}` is available only with `reach: urls`"), help);
        }
        misplaced
    }

    pub(super) fn require_text(&mut self, span: &Range<usize>, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.errors.push(self.source.error(span, format!("`{field}` is empty"), ""));
        }
    }

    /// Notes a scope that no list of Klaviyo's has: there may be newer ones. What does not look like a scope is an error.
    pub(super) fn unlisted_scope(&mut self, span: &Range<usize>, scope: &str) {
        let quoted = self.source.quote(span);
        let near = nearest(scope, LISTED_SCOPES.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        if is_scope(scope) {
            let help = near.unwrap_or_else(|| "compare it with the app's settings at Klaviyo".to_owned());
            let message = format!("{quoted} is in none of Klaviyo's lists of scopes that flowcheck knows");
            self.errors.push(self.source.error(span, message, "").help(help).into_note());
            return;
        }
        let usual = if scope.contains(' ') {
            "write each scope as an entry of its own, beginning with `- `"
        } else {
            "scopes look like `profiles:read`; Klaviyo's API reference lists them"
        };
        let help = near.as_deref().unwrap_or(usual);
        self.report(span, &format!("{quoted} is not a Klaviyo scope"), help);
    }

    pub(super) fn report(&mut self, span: &Range<usize>, message: &str, help: &str) {
        self.errors.push(self.source.error(span, message, "").help(help));
    }
}

/// Whether a text looks like a scope: `push-tokens:write`.
fn is_scope(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-')
    };
    text.split_once(':').is_some_and(|(of, may)| is_name(of) && is_name(may))
}

/// Placeholder values for checking URLs.
pub(super) const SAMPLE: Placeholders<'static> = Placeholders {
    port: 80,
    host_port: 8080,
    data: "data",
    smtp_port: 25,
    klaviyo_www: "https://www.klaviyo.com",
    klaviyo_api: "https://a.klaviyo.com",
    tenant: Some("tenant"),
};

const ABSOLUTE: &str = "write it with scheme and host, as in http://localhost:3000/settings";
const RELATIVE: &str = "put the app's base URL before it, as in http://localhost:3000/settings";

/// The placeholders that any URL may contain.
const COMMON_PLACEHOLDERS: &[&str] = &["{port}", "{data}", "{smtp_port}", "{klaviyo_www}", "{klaviyo_api}"];
