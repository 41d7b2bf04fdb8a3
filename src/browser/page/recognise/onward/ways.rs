//! Controls behind which more of the app is: links, menus behind an icon, tabs.
//!
//! In a list of services each row's control is that row's: what configures another service leads to nothing of Klaviyo's.

use crate::browser::page::page_snapshot::{Opens, ReadControl, Ways};
use crate::browser::page::recognise::controls::{
    leads_to_disconnect, leads_to_integrations, matches_connect, matches_disconnect, matches_sign_out,
};
use crate::browser::page::recognise::foreground::Foreground;
use crate::browser::page::recognise::install_state::klaviyos;
use crate::evidence::ControlRole;

/// Characters of a name that is a sign alone: "⋮", "...", "•••".
const SIGN: usize = 3;

/// The ways on from a page.
pub(in crate::browser::page::recognise) fn ways(foreground: &Foreground<'_>) -> Ways {
    Ways { to_integrations: to_integrations(foreground), to_disconnect: to_disconnect(foreground) }
}

fn to_integrations(foreground: &Foreground<'_>) -> Vec<(u8, usize)> {
    let reachable = foreground.reachable().filter(|(_, read)| !changes_something(read));
    let nearness = |read: &ReadControl| {
        let address = read.control.href.as_deref().and_then(words_of_path);
        let named = leads_to_integrations(&read.control.name);
        let opens = opens_a_menu(read) || read.opens == Some(Opens::Tab);
        named.max(address.and_then(|words| leads_to_integrations(&words))).or_else(|| opens.then_some(0))
    };
    let mut ways: Vec<_> = reachable.filter_map(|(index, read)| Some((nearness(read)?, index))).collect();
    ways.sort_by_key(|(nearness, _)| std::cmp::Reverse(*nearness));
    ways
}

fn to_disconnect(foreground: &Foreground<'_>) -> Vec<usize> {
    let leads = |read: &ReadControl| leads_to_disconnect(&read.control.name) || opens_a_menu(read);
    let own = klaviyos(foreground, |read| leads(read) && !changes_something(read));
    // What stands in no row or card is the page's own.
    let free = foreground.controls().filter(|(_, read)| {
        let among_others = read.around.iter().any(|level| level.item);
        !among_others && !changes_something(read) && leads(read)
    });
    // Those that promise it first; what is behind the others nobody knows.
    let mut tabs: Vec<_> = foreground.reachable().filter(|(_, read)| read.opens == Some(Opens::Tab)).collect();
    tabs.sort_by_key(|(_, read)| std::cmp::Reverse(leads_to_integrations(&read.control.name)));
    let mut ways: Vec<usize> = own;
    for (index, _) in free.chain(tabs) {
        if !ways.contains(&index) {
            ways.push(index);
        }
    }
    ways
}

/// Whether a control does something rather than show something: connects, signs out, sends a form.
fn changes_something(read: &ReadControl) -> bool {
    let name = &read.control.name;
    let button = read.control.role == ControlRole::Button && read.opens.is_none();
    matches_sign_out(name) || matches_disconnect(name) || button && (matches_connect(name) || read.form.is_some())
}

fn opens_a_menu(read: &ReadControl) -> bool {
    let name = read.control.name.trim();
    let sign = name.chars().count() <= SIGN && !name.chars().any(char::is_alphanumeric);
    read.opens == Some(Opens::Menu) || read.control.role == ControlRole::Button && sign && read.form.is_none()
}

fn words_of_path(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let fragment = url.fragment().unwrap_or_default();
    Some(format!("{} {fragment}", url.path()).replace(['/', '-', '_'], " "))
}
