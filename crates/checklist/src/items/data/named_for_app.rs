//! Lists and profile properties that the app makes carry its name.

use std::collections::{BTreeMap, BTreeSet};

use flowcheck_evidence::clip;

use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Statement, Value, Verdict, counted, statement};

use super::accepted::{accepted, nothing_of_the_kind, unless_seen_to_the_end};

/// `data.named-for-app`.
pub(crate) static ITEM: Item = Item {
    id: "data.named-for-app",
    group: Group::Data,
    requirement: "Lists and profile properties that the app makes carry its name",
    judged: "Names that begin with the app's name, its first word or its initials, or that contain the name; a part of the name elsewhere, or another prefix that all have, is for review",
    source: documents::NAMING,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "put the app's name before the names of its lists and profile properties: `Pebble Loyalty tier`",
    guidance: Topic::Data,
    twin: None,
    over_the_run: None,
};

/// Names that a finding tells.
const TOLD: usize = 3;
/// Words of an app's name that tell no app from another.
const OF_NO_APP: [&str; 8] = ["app", "and", "by", "for", "integration", "klaviyo", "of", "the"];

/// What a name is of, a list or a property, and the name.
type Name<'a> = (&'static str, &'a str);

/// Whether a name tells whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Carries {
    Yes,
    /// A person has to say.
    Perhaps,
    No,
}

fn judge(flow: &Flow<'_>) -> Verdict {
    let names = names(flow);
    if names.is_empty() {
        return nothing_of_the_kind(flow, "the app made no list, and set no profile property of its own");
    }
    let app = AppName::of(&flow.setup.app.name);
    let mut by_answer: BTreeMap<Carries, Vec<(Name<'_>, u32)>> = BTreeMap::new();
    for (name, at) in &names {
        by_answer.entry(app.is_carried_by(name.1)).or_default().push((*name, *at));
    }
    let expected = statement!("names that begin with \"{name}\"", name = Value::text(clip(&flow.setup.app.name, 40)));
    if let Some(lacking) = by_answer.get(&Carries::No) {
        let finding = Finding::app(expected, some_of(lacking)).at(first_of(lacking));
        if has_prefix_of_its_own(&names) {
            return Verdict::Review(
                finding.likely("all begin alike; look whether that is a name that customers know the app by"),
            );
        }
        return Verdict::Fail(finding.likely(
            "the names say what the data is, and not which app it is from; or `name` in flowcheck.yaml is not the app's name",
        ));
    }
    if let Some(unsure) = by_answer.get(&Carries::Perhaps) {
        let finding = Finding::app(expected, some_of(unsure)).at(first_of(unsure));
        return Verdict::Review(
            finding.likely("only a part of the app's name is in them, or they are in another script"),
        );
    }
    let all: Vec<(Name<'_>, u32)> = names.into_iter().collect();
    unless_seen_to_the_end(
        flow,
        Verdict::Pass(statement!(
            "{number}: {names}",
            number = counted(all.len(), "name", "names"),
            names = some_of(&all)
        )),
    )
}

/// Some of the names, with what they name.
fn some_of(names: &[(Name<'_>, u32)]) -> Statement {
    let some = names
        .iter()
        .take(TOLD)
        .map(|((kind, name), _)| statement!("{kind} \"{name}\"", kind = *kind, name = Value::text(clip(name, 25))));
    let more = names.len().saturating_sub(TOLD);
    let some = Value::list(", ", some);
    if more > 0 { statement!("{some}, and {more} more", some, more) } else { statement!("{some}", some) }
}

/// The first call that has one of the names.
fn first_of(names: &[(Name<'_>, u32)]) -> u32 {
    names.iter().map(|(_, at)| *at).min().unwrap_or_default()
}

/// The names of lists and profile properties, each with the first call that has it. What begins with `$` is Klaviyo's own.
fn names<'a>(flow: &Flow<'a>) -> BTreeMap<Name<'a>, u32> {
    let mut names = BTreeMap::new();
    for call in accepted(flow) {
        let sent = &call.facts.sent;
        let lists = sent.lists.iter().map(|name| ("list", name.as_str()));
        let properties = sent.profile_properties.iter().map(|name| ("property", name.as_str()));
        for found in lists.chain(properties).filter(|(_, name)| !name.starts_with('$')) {
            names.entry(found).or_insert(call.seq);
        }
    }
    names
}

/// Whether several names all begin with the same word or letters before a separator, which may be a prefix that the app has.
fn has_prefix_of_its_own(names: &BTreeMap<Name<'_>, u32>) -> bool {
    let firsts: BTreeSet<Option<String>> = names.keys().map(|(_, name)| words(name).into_iter().next()).collect();
    names.len() > 1 && firsts.len() == 1 && names.keys().all(|(_, name)| words(name).len() > 1)
}

/// The app's name in parts.
struct AppName {
    /// All of it but words of no app, without spaces.
    whole: String,
    words: Vec<String>,
    /// The first letters of its words, where it has several.
    initials: Option<String>,
}

impl AppName {
    fn of(name: &str) -> Self {
        let mut telling = words(name);
        telling.retain(|word| !OF_NO_APP.contains(&word.as_str()));
        let telling = if telling.is_empty() { words(name) } else { telling };
        let initials: String = telling.iter().filter_map(|word| word.chars().next()).collect();
        let initials = Some(initials).filter(|letters| letters.chars().count() > 1);
        Self { whole: telling.concat(), words: telling, initials }
    }

    fn is_carried_by(&self, name: &str) -> Carries {
        let parts = words(name);
        let squeezed = parts.concat();
        if self.whole.is_empty() || squeezed.is_empty() {
            return Carries::Perhaps;
        }
        let begins = |start: &String| squeezed.starts_with(start.as_str());
        let first = self.words.first().is_some_and(|word| word.chars().count() > 2 && begins(word));
        let initials = self.initials.is_some() && parts.first() == self.initials.as_ref();
        if squeezed.contains(&self.whole) || first || initials {
            return Carries::Yes;
        }
        let shares = parts.iter().any(|part| part.chars().count() > 2 && self.words.contains(part));
        let other_script = self.whole.is_ascii() != squeezed.is_ascii();
        if shares || other_script { Carries::Perhaps } else { Carries::No }
    }
}

/// The words of a name in small letters, those of camel case apart.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = None;
    for letter in name.chars() {
        let begins =
            letter.is_uppercase() && before.is_some_and(|before: char| before.is_lowercase() || before.is_numeric());
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before = Some(letter);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_the_apps_however_it_is_written() {
        for (app, name, right) in [
            ("PetParty", "PetParty Invitees", Carries::Yes),
            ("PetParty", "pet_party_invitees", Carries::Yes),
            ("Pebble Loyalty", "Pebble Loyalty: VIP", Carries::Yes),
            ("Pebble Loyalty", "pebbleLoyaltyTier", Carries::Yes),
            ("Pebble Loyalty for Klaviyo", "Pebble Loyalty tier", Carries::Yes),
            ("Pebble Loyalty", "Pebble - VIP", Carries::Yes),
            ("Pebble Loyalty", "PL Tier", Carries::Yes),
            ("Pebble Loyalty", "VIPs (Pebble Loyalty)", Carries::Yes),
            ("The Pebble App", "Pebble tier", Carries::Yes),
            ("Größe & Co", "größe_co_punkte", Carries::Yes),
            ("ペブル", "ペブル会員", Carries::Yes),
            ("Pebble Loyalty", "Loyalty tier", Carries::Perhaps),
            ("ペブル", "tier", Carries::Perhaps),
            ("Pebble Loyalty", "Reviewers", Carries::No),
            ("Pebble Loyalty", "tier", Carries::No),
            ("Pebble Loyalty", "Platinum", Carries::No),
            ("Pebble Loyalty", "for Klaviyo", Carries::No),
            ("Harbour Reviews", "Reviewers", Carries::No),
            ("Harbour Reviews", "hr", Carries::Yes),
            ("Harbour Reviews", "three", Carries::No),
        ] {
            assert_eq!(AppName::of(app).is_carried_by(name), right, "{name} of {app}");
        }
    }
}
