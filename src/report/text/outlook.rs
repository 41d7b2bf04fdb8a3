//! What a run will judge, and what it cannot and why, told before it begins.

use std::collections::{BTreeMap, BTreeSet};

use crate::checklist::ScenarioEnd;
use crate::evidence::count;
use crate::report::text::layout::{printable, wrap};

/// A scenario of a run that has not begun.
#[derive(Debug, Clone)]
pub struct Ahead {
    /// The items that it can judge.
    pub items: Vec<String>,
    /// How it ends, where it is known already that it will not be played.
    pub end: Option<ScenarioEnd>,
}

/// Reasons that are told one by one; a screen has no room for more.
const MOST: usize = 8;

/// What will be judged, in the lines of one screen.
pub fn outlook(app: &str, ahead: &[Ahead], width: usize) -> String {
    let played = ahead.iter().filter(|scenario| scenario.end.is_none());
    let items = |scenarios: &mut dyn Iterator<Item = &Ahead>| -> BTreeSet<String> {
        scenarios.flat_map(|scenario| scenario.items.iter().cloned()).collect()
    };
    let judged = items(&mut played.clone());
    let all = items(&mut ahead.iter());
    let mut lines = vec![format!(
        "{}: {} played, which can judge {} of {}",
        printable(app),
        match played.count() {
            1 => "1 scenario is".to_owned(),
            many => format!("{many} scenarios are"),
        },
        judged.len(),
        count(all.len(), "item", "items"),
    )];
    // What is not said comes before what does not apply: it can be said.
    for (title, applies) in [("Stays open", true), ("Does not apply", false)] {
        let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for scenario in ahead {
            let why = match &scenario.end {
                Some(ScenarioEnd::NotApplicable(why)) if !applies => why.as_str(),
                Some(ScenarioEnd::Undeclared(why)) if applies => why.as_str(),
                _ => continue,
            };
            let lost = scenario.items.iter().map(String::as_str).filter(|item| !judged.contains(*item));
            reasons.entry(why).or_default().extend(lost);
        }
        let mut reasons: Vec<(&str, usize)> =
            reasons.into_iter().map(|(why, items)| (why, items.len())).filter(|(_, items)| *items > 0).collect();
        reasons.sort_by_key(|(_, items)| std::cmp::Reverse(*items));
        let left = reasons.len().saturating_sub(MOST);
        if !reasons.is_empty() {
            lines.push(format!("  {title}:"));
        }
        for (why, items) in reasons.iter().take(MOST) {
            let text = format!("{}: {}", count(*items, "item", "items"), printable(why));
            for (row, line) in wrap(&text, width.saturating_sub(6)).iter().enumerate() {
                lines.push(format!("{}{line}", if row == 0 { "    - " } else { "      " }));
            }
        }
        if left > 0 {
            lines.push(format!("    - and {}", count(left, "further reason", "further reasons")));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(items: &[&str], end: Option<ScenarioEnd>) -> Ahead {
        Ahead { items: items.iter().map(|item| (*item).to_owned()).collect(), end }
    }

    #[test]
    fn what_another_scenario_judges_is_not_lost_and_one_reason_is_told_once() {
        let undeclared = || Some(ScenarioEnd::Undeclared("add `trigger`".to_owned()));
        let scenarios = [
            ahead(&["a", "b"], None),
            ahead(&["b", "c"], undeclared()),
            ahead(&["d"], undeclared()),
            ahead(&["e"], Some(ScenarioEnd::NotApplicable("it lives in no host".to_owned()))),
            ahead(&["a"], Some(ScenarioEnd::NotApplicable("nothing is lost by this".to_owned()))),
        ];
        let told = outlook("Pebble", &scenarios, 100);
        let expected = "\
Pebble: 1 scenario is played, which can judge 2 of 5 items
  Stays open:
    - 2 items: add `trigger`
  Does not apply:
    - 1 item: it lives in no host";
        assert_eq!(told, expected);
    }

    #[test]
    fn it_fits_on_a_screen() {
        let reason = |number: usize| Some(ScenarioEnd::Undeclared(format!("reason {number}")));
        let scenarios: Vec<Ahead> = (0..30).map(|number| ahead(&[&format!("item.{number}")], reason(number))).collect();
        let told = outlook("Pebble", &scenarios, 100);
        assert!(told.lines().count() <= 24, "{told}");
        assert!(told.contains("and 22 further reasons"), "{told}");
    }
}
