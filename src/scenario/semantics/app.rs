//! What `flowcheck.yaml` must say besides.

use std::ops::Range;

use time::Date;
use time::macros::format_description;
use url::Url;

use super::scopes::SCOPES;
use crate::checklist::{catalogue, find};
use crate::evidence::{Routing, Tenancy};
use crate::scenario::diagnostic::{Diagnostic, Source};
use crate::scenario::placeholder::{PLACEHOLDERS, Placeholders, names};
use crate::scenario::suggestion::{list, nearest};
use crate::scenario::yaml::{Kind, Node};
use crate::scenario::{AppFile, AppUser, Start};

/// Every mistake in what `flowcheck.yaml` says.
pub(crate) fn check_app(source: &Source, tree: &Node, app: &AppFile) -> Vec<Diagnostic> {
    let embedded = app.embedding().is_some();
    let mut checker = Checker { source, tree, embedded, reach: app.reach, mistakes: Vec::new() };
    checker.texts(app);
    checker.kind(app);
    checker.start(&["start"], app.start.as_ref());
    checker.staging(app);
    checker.addresses(app);
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
    checker.mistakes
}

pub(super) struct Checker<'a> {
    pub(super) source: &'a Source,
    pub(super) tree: &'a Node,
    embedded: bool,
    reach: Routing,
    mistakes: Vec<Diagnostic>,
}

/// Whether an address may hold `{tenant}`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TenantPlaceholder {
    Allowed,
    Refused,
}

impl Checker<'_> {
    fn texts(&mut self, app: &AppFile) {
        let texts: [(&[&str], &str); 3] = [
            (&["name"], &app.name),
            (&["klaviyo", "client_id"], &app.klaviyo.client_id),
            (&["klaviyo", "client_secret"], &app.klaviyo.client_secret),
        ];
        for (path, text) in texts {
            self.filled(&self.tree.place_of(path), path[path.len() - 1], text);
        }
    }

    /// How a program is started, which stands at `path`.
    pub(super) fn start(&mut self, path: &[&str], start: Option<&Start>) {
        let Some(start) = start else { return };
        self.command(&self.tree.place_of(&[path, &["command"]].concat()), "command", &start.command.value);
        let env = path.iter().chain(&["env"]).try_fold(self.tree, |node, name| node.get(name));
        if let Some(Kind::Mapping(entries)) = env.map(|env| &env.kind) {
            for entry in entries {
                if let Some(value) = start.env.get(&entry.key) {
                    self.misspelled_placeholders(&entry.value.place, value);
                }
            }
        }
    }

    /// A command that can be split into words.
    pub(super) fn command(&mut self, place: &Range<usize>, field: &str, command: &str) {
        match shlex::split(command) {
            None => {
                let help = "close every quote; a backslash makes the next character plain";
                self.say(
                    place,
                    &format!("`{field}` cannot be split into words: a quote is opened and not closed"),
                    help,
                );
            }
            Some(words) if words.is_empty() => {
                self.say(place, &format!("`{field}` is empty"), "write the program that starts the app");
            }
            Some(_) => self.misspelled_placeholders(place, command),
        }
    }

    fn addresses(&mut self, app: &AppFile) {
        let ready = app.start.as_ref().and_then(|start| start.ready.as_deref());
        let (login, home) = (app.pages.login.as_deref(), app.pages.home.as_deref());
        let addresses: [(&[&str], Option<&str>, TenantPlaceholder); 6] = [
            (&["url"], Some(&app.url.value), TenantPlaceholder::Refused),
            (&["start", "ready"], ready, TenantPlaceholder::Refused),
            (&["klaviyo", "install_url"], Some(&app.klaviyo.install_url.value), TenantPlaceholder::Allowed),
            (&["pages", "login"], login, TenantPlaceholder::Refused),
            (&["pages", "settings"], app.pages.settings.as_deref(), TenantPlaceholder::Allowed),
            (&["pages", "home"], home, TenantPlaceholder::Refused),
        ];
        for (path, address, tenant) in addresses {
            if let Some(address) = address {
                self.address(&self.tree.place_of(path), path[path.len() - 1], address, tenant);
            }
        }
        let uris = self.tree.get("klaviyo").and_then(|klaviyo| klaviyo.get("redirect_uris"));
        for (uri, node) in app.klaviyo.redirect_uris.iter().zip(uris.map(Node::items).unwrap_or_default()) {
            self.address(&node.place, "redirect_uris", &uri.value, TenantPlaceholder::Refused);
        }
        if app.klaviyo.redirect_uris.is_empty() {
            let place = self.tree.place_of(&["klaviyo", "redirect_uris"]);
            self.say(&place, "`redirect_uris` is empty", "name the address that Klaviyo sends users back to");
        }
    }

    /// One address: placeholders that exist, and what they make of it is absolute.
    pub(super) fn address(&mut self, place: &Range<usize>, field: &str, address: &str, tenant: TenantPlaceholder) {
        for name in names(address) {
            let at = self.source.within(place, &format!("{{{name}}}"));
            if !PLACEHOLDERS.contains(&name) {
                let help = match nearest(name, PLACEHOLDERS.iter().copied()) {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => format!("one of {} may be written here", list(ANYWHERE)),
                };
                return self.say(&at, &format!("`{{{name}}}` is not a placeholder"), &help);
            }
            if name == "host_port" && !self.embedded {
                let help = "write `{port}`, or describe the host under `kind: { embedded: … }`";
                return self.say(&at, "`{host_port}` is known in embedded apps alone", help);
            }
            if self.misplaced_base_url(&at, name) {
                return;
            }
            if name == "tenant" && tenant == TenantPlaceholder::Refused {
                let help = "only `pages.settings` and `scopes_update.feature` may hold it; write this address without";
                return self.say(&at, &format!("`{{tenant}}` is not known in `{field}`"), help);
            }
        }
        let full = SAMPLE.fill(address).to_ascii_lowercase();
        let web = full.starts_with("http://") || full.starts_with("https://");
        if !web || Url::parse(&full).is_err() {
            let help = if address.starts_with('/') { RELATIVE } else { ABSOLUTE };
            self.say(place, &format!("{} is not a complete web address", self.source.quote(place)), help);
        }
    }

    /// In commands and variables braces may mean anything; only what looks like a slip is a mistake.
    fn misspelled_placeholders(&mut self, place: &Range<usize>, text: &str) {
        for name in names(text) {
            let at = self.source.within(place, &format!("{{{name}}}"));
            let near = nearest(name, PLACEHOLDERS.iter().copied());
            match near {
                _ if self.misplaced_base_url(&at, name) => {}
                Some("tenant") if name == "tenant" => {
                    self.say(&at, "`{tenant}` is not known when the app starts", "only `pages.settings` may hold it");
                }
                Some(near) if near != name => {
                    let help = format!("did you mean `{{{near}}}`?");
                    self.say(&at, &format!("`{{{name}}}` is not a placeholder"), &help);
                }
                _ => {}
            }
        }
    }

    /// Base URLs are for apps that are told them; any other would be told what it knows already, or go to the real ones.
    fn misplaced_base_url(&mut self, at: &Range<usize>, name: &str) -> bool {
        let base_url = matches!(name, "klaviyo_www" | "klaviyo_api");
        let mistaken = base_url && self.reach != Routing::Urls;
        if mistaken {
            let help = "add `reach: urls` for an app that is told where Klaviyo is; leave it out for one that is not";
            self.say(at, &format!("`{{{name}}}` is known with `reach: urls` alone"), help);
        }
        mistaken
    }

    fn install_url(&mut self, app: &AppFile) {
        let address = &app.klaviyo.install_url.value;
        let place = self.tree.place_of(&["klaviyo", "install_url"]);
        let login = app.users.iter().map(|user| user.value.login.trim()).find(|login| {
            let encoded = login.replace('@', "%40");
            !login.is_empty() && (address.contains(login) || address.contains(&encoded))
        });
        let part = if address.contains("{tenant}") { Some("{tenant}") } else { login };
        if let Some(part) = part {
            let help = "the listing has one fixed URL, the same for every user; write it without the user or tenant";
            self.say(&self.source.within(&place, part), "`install_url` differs from user to user", help);
        }
    }

    fn scopes(&mut self, app: &AppFile) {
        let list_place = self.tree.place_of(&["klaviyo", "scopes"]);
        let nodes = self.tree.get("klaviyo").and_then(|klaviyo| klaviyo.get("scopes"));
        let mut earlier: Vec<&str> = Vec::new();
        for (scope, node) in app.klaviyo.scopes.iter().zip(nodes.map(Node::items).unwrap_or_default()) {
            let scope = scope.value.as_str();
            let quoted = self.source.quote(&node.place);
            if !SCOPES.contains(&scope) {
                let help = match nearest(scope, SCOPES.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if scope.contains(' ') => "write one `- …` line for each scope".to_owned(),
                    None => "scopes are written as in `profiles:read`; Klaviyo's API reference lists them".to_owned(),
                };
                self.say(&node.place, &format!("{quoted} is not a scope of Klaviyo's"), &help);
            } else if earlier.contains(&scope) {
                self.say(&node.place, &format!("{quoted} is named twice"), "remove one of the two");
            }
            earlier.push(scope);
        }
        let near = earlier.iter().any(|scope| nearest(scope, ["accounts:read"]).is_some());
        if !earlier.contains(&"accounts:read") && !near {
            let help = "Klaviyo requires it of every OAuth app: add `- accounts:read`, here and in the app's settings";
            self.say(&list_place, "`accounts:read` is missing from `scopes`", help);
        }
    }

    fn users(&mut self, app: &AppFile) {
        let nodes = self.tree.get("users").map(Node::items).unwrap_or_default();
        for (user, node) in app.users.iter().zip(nodes) {
            self.filled(&node.place_of(&["login"]), "login", &user.value.login);
            if node.get("password").is_some() {
                self.filled(&node.place_of(&["password"]), "password", &user.value.password);
            }
            self.totp(node, user.value.totp.as_deref());
            self.tenants(&user.value, node, app.tenancy);
        }
        if app.tenancy != Tenancy::Single && app.user_with_several_tenants().is_none() {
            let place = self.tree.place_of(&["tenancy"]);
            let help = "give one of `users` two `tenants` or more";
            self.say(&place, "an app with several tenants needs a user who has them", help);
        }
    }

    fn tenants(&mut self, user: &AppUser, node: &Node, tenancy: Tenancy) {
        let nodes = node.get("tenants").map(Node::items).unwrap_or_default();
        for (index, (tenant, node)) in user.tenants.iter().zip(nodes).enumerate() {
            let name = node.place_of(&["name"]);
            self.filled(&name, "name", &tenant.name);
            if user.tenants[..index].iter().any(|earlier| earlier.name == tenant.name) {
                let message = format!("{} is the name of two tenants of one user", self.source.quote(&name));
                self.say(&name, &message, "a chooser could not tell them apart; give each a name of its own");
            }
            if tenancy == Tenancy::TextBox && tenant.url.as_ref().is_none_or(|url| url.trim().is_empty()) {
                let help = "with `tenancy: text-box` users type it: add `url:` with the store's URL";
                self.say(&name, "this tenant has no `url`", help);
            }
        }
    }

    fn expected_failures(&mut self, app: &AppFile) {
        let nodes = self.tree.get("expected_failures").map(Node::items).unwrap_or_default();
        let mut earlier: Vec<&str> = Vec::new();
        for (known, node) in app.expected_failures.iter().zip(nodes) {
            let known = &known.value;
            let place = node.place_of(&["id"]);
            if find(&known.id).is_none() {
                let help = match nearest(&known.id, catalogue().iter().map(|item| item.id)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`flowcheck list` names the items".to_owned(),
                };
                let message = format!("the checklist has no item {}", self.source.quote(&place));
                self.say(&place, &message, &help);
            } else if earlier.contains(&known.id.as_str()) {
                self.say(&place, &format!("{} is named twice", self.source.quote(&place)), "remove one of the two");
            }
            earlier.push(&known.id);
            if known.comment.trim().is_empty() {
                self.say(&node.place_of(&["comment"]), "`comment` is empty", "say why this failure is accepted");
            }
            let day = format_description!("[year]-[month]-[day]");
            if let Some(until) = &known.until
                && (Date::parse(until, day).is_err() || until.len() != 10)
            {
                let place = node.place_of(&["until"]);
                let message = format!("{} is no day", self.source.quote(&place));
                self.say(
                    &place,
                    &message,
                    "write it as in 2027-01-31; it is the last day on which the failure is accepted",
                );
            }
        }
    }

    pub(super) fn filled(&mut self, place: &Range<usize>, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.mistakes.push(self.source.mistake(place, format!("`{field}` is empty"), ""));
        }
    }

    pub(super) fn say(&mut self, place: &Range<usize>, message: &str, help: &str) {
        self.mistakes.push(self.source.mistake(place, message, "").help(help));
    }
}

/// A world to try addresses in.
pub(super) const SAMPLE: Placeholders<'static> = Placeholders {
    port: 80,
    host_port: 8080,
    data: "data",
    smtp_port: 25,
    klaviyo_www: "https://www.klaviyo.com",
    klaviyo_api: "https://a.klaviyo.com",
    tenant: Some("tenant"),
};

const ABSOLUTE: &str = "write it with http:// or https:// and the host, as in http://localhost:3000/settings";
const RELATIVE: &str = "write it with the app's own address before it, as in http://localhost:3000/settings";

/// What any address may hold.
const ANYWHERE: &[&str] = &["{port}", "{data}", "{smtp_port}", "{klaviyo_www}", "{klaviyo_api}"];
