//! `flowcheck explain`: what an item asks for, and how it is judged.

use super::main::complain;
use crate::checklist::{Tier, catalogue, find};
use crate::cli::{Exit, select};

/// Prints an item.
pub(super) fn explain(id: &str) -> Exit {
    let Some(item) = find(id) else {
        let nearest = catalogue()
            .iter()
            .map(|item| (strsim::jaro_winkler(id, item.id), item.id))
            .max_by(|(one, _), (two, _)| one.total_cmp(two));
        let hint = nearest.map_or_else(String::new, |(_, id)| format!("; did you mean `{id}`?"));
        return complain(Exit::Usage, &format!("the checklist has no item `{id}`{hint}"));
    };
    let tier = match item.tier {
        Tier::Gate => "a failure fails the checklist",
        Tier::Hardening => "a failure warns, and fails the checklist under --strict",
    };
    println!("{}\n", item.id);
    println!("  Required   {}", item.requirement);
    println!("  Asked by   {}", item.source);
    println!("  Judged by  {}", item.judged);
    println!("  Counts     {tier}");
    let scenarios: Vec<String> = select::known(false)
        .unwrap_or_default()
        .iter()
        .filter(|scenario| scenario.script.expects.iter().any(|expected| expected.value == item.id))
        .map(|scenario| scenario.script.id.value.clone())
        .collect();
    println!("  Seen in    {}", scenarios.join(", "));
    println!("  Run it     flowcheck run {}", scenarios.first().map_or("", String::as_str));
    Exit::Good
}
