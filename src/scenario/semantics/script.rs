//! Semantic checks of a scenario.

use std::ops::Range;

use super::steps;
use crate::checklist;
use crate::evidence::Tenancy;
use crate::scenario::app_file::KindName;
use crate::scenario::diagnostic::{Diagnostic, Source, quote};
use crate::scenario::script::{Persona, Script};
use crate::scenario::suggestion::nearest;
use crate::scenario::yaml::Node;

/// Every semantic error of a scenario.
pub(crate) fn check_script(source: &Source, tree: &Node, script: &Script) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    errors.extend(id(source, tree, script));
    errors.extend(sentences(source, tree, script));
    errors.extend(applies_to(source, tree, script));
    errors.extend(expects(source, tree, script));
    errors.extend(steps::of(source, tree, script));
    errors
}

fn id(source: &Source, tree: &Node, script: &Script) -> Option<Diagnostic> {
    let id = &script.id.value;
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if id.split('/').count() >= 2 && id.split('/').all(part) {
        return None;
    }
    let span = tree.span_of(&["id"]);
    let error = source.error(&span, format!("{} is not an id", quote(id)), "");
    Some(error.help("write folder and name in lower-case letters, digits and dashes, as in `install/signed-out`"))
}

fn sentences(source: &Source, tree: &Node, script: &Script) -> Vec<Diagnostic> {
    let said = [("title", &script.title), ("why", &script.why)];
    let empty = said.into_iter().filter(|(_, text)| text.trim().is_empty());
    empty.map(|(field, _)| source.error(&tree.span_of(&[field]), format!("`{field}` is empty"), "")).collect()
}

/// Checks that the persona suits the apps that the scenario is for.
fn applies_to(source: &Source, tree: &Node, script: &Script) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let user = tree.span_of(&["given", "user"]);
    let mut say = |span: &Range<usize>, message: &str, help: &str| {
        errors.push(source.error(span, message, "").help(help));
    };
    let tenancy = &script.applies_to.tenancy;
    if script.given.user == Persona::SeveralTenants && (tenancy.is_empty() || tenancy.contains(&Tenancy::Single)) {
        let message = "a user with several tenants needs an app with several tenants";
        say(&user, message, "add `tenancy: [drop-down, text-box]` to `applies_to`, without `single`");
    }
    if script.given.user == Persona::NotInstalledOnHost && script.applies_to.kind != [KindName::Embedded] {
        let message = "a user who has not installed the app on the host needs an embedded app";
        say(&user, message, "add `kind: [embedded]` to `applies_to`");
    }
    if script.given.user == Persona::NoAccount && !script.applies_to.sign_up {
        let message = "a user without an account needs an app in which one can be created";
        say(&user, message, "add `sign_up: true` to `applies_to`");
    }
    errors
}

/// Checks that every item exists and is listed once.
fn expects(source: &Source, tree: &Node, script: &Script) -> Vec<Diagnostic> {
    if script.expects.is_empty() {
        let error = source.error(&tree.span_of(&["expects"]), "`expects` is empty", "");
        return vec![error.help("list at least one item of the checklist")];
    }
    let places = tree.get("expects").map(Node::items).unwrap_or_default();
    let mut errors = Vec::new();
    for (index, (item, node)) in script.expects.iter().zip(places).enumerate() {
        if checklist::find(&item.value).is_none() {
            let message = format!("{} is not an item of the checklist", quote(&item.value));
            let help = match nearest(&item.value, checklist::catalogue().iter().map(|item| item.id)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "items look like `install.completes` and `error.denied.message`".to_owned(),
            };
            errors.push(source.error(&node.span, message, "").help(help));
        } else if let Some(first) = script.expects[..index].iter().find(|earlier| earlier.value == item.value) {
            let message = format!("{} is listed twice", quote(&item.value));
            let help = format!("the first is on line {}; remove one of the two", first.line);
            errors.push(source.error(&node.span, message, "").help(help));
        }
    }
    errors
}
