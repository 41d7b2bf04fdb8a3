//! Metrics keep their names, and their properties names and types.

use std::collections::{BTreeMap, BTreeSet};

use flowcheck_evidence::{SentMetric, SentProperty, ValueType, clip};

use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Statement, Value, Verdict, counted, statement};

use super::accepted::{accepted, nothing_of_the_kind, unless_seen_to_the_end};
use super::metric_names::{spelt_alike, without_numbers};

/// `data.stable-schema`.
pub(crate) static ITEM: Item = Item {
    id: "data.stable-schema",
    group: Group::Data,
    requirement: "Metrics keep their names, and their properties names and types",
    judged: "Over the events of one account: a property of a metric with values of two JSON types, and a name in two spellings, fail; three metrics that differ in a number alone are for review",
    source: documents::SCHEMA,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "build each metric's events in one place, with fixed names, and numbers as numbers",
    guidance: Topic::Data,
    twin: None,
    over_the_run: None,
};

/// Metrics that differ in a number alone, from which on it is no chance.
const NUMBERED: usize = 3;

/// The events of one metric in one account, call by call.
type Calls<'a> = Vec<(u32, &'a SentMetric)>;

fn judge(flow: &Flow<'_>) -> Verdict {
    // Each account has metrics of its own, and what the tenants of several call their data is theirs.
    let mut accounts: BTreeMap<Option<&str>, BTreeMap<&str, Calls<'_>>> = BTreeMap::new();
    for call in accepted(flow) {
        for metric in &call.facts.sent.metrics {
            let metrics = accounts.entry(call.facts.account.as_deref()).or_default();
            metrics.entry(metric.name.as_str()).or_default().push((call.seq, metric));
        }
    }
    let changed = accounts.values().find_map(|metrics| {
        let in_one = metrics.iter().find_map(|(name, calls)| types(name, calls).or_else(|| spellings(name, calls)));
        in_one.or_else(|| metric_spellings(metrics))
    });
    if let Some(finding) = changed {
        return Verdict::Fail(finding);
    }
    if let Some(finding) = accounts.values().find_map(numbered) {
        return Verdict::Review(finding);
    }
    let events = |calls: &Calls<'_>| calls.iter().map(|(_, metric)| metric.events).sum::<usize>();
    let repeated: Vec<usize> =
        accounts.values().flat_map(BTreeMap::values).map(events).filter(|events| *events > 1).collect();
    if repeated.is_empty() {
        return nothing_of_the_kind(flow, "the app sent no metric twice to one account, so nothing can have changed");
    }
    let metrics = counted(repeated.len(), "metric", "metrics");
    unless_seen_to_the_end(
        flow,
        Verdict::Pass(statement!(
            "{events} events of {metrics}, alike in names and types",
            events = repeated.iter().sum::<usize>(),
            metrics
        )),
    )
}

/// A property of a metric that has values of several types.
fn types(metric: &str, calls: &Calls<'_>) -> Option<Finding> {
    let mut seen: BTreeMap<&str, BTreeSet<ValueType>> = BTreeMap::new();
    calls.iter().find_map(|(seq, sent)| {
        sent.properties.iter().find_map(|SentProperty { name, types }| {
            let all = seen.entry(name.as_str()).or_default();
            all.extend(types);
            (all.len() > 1).then(|| {
                let types = Value::list(" and ", all.iter().map(|one| one.words()));
                let saw = statement!(
                    "`{name}` of \"{metric}\" is {types}",
                    name = Value::name(clip(name, 30)),
                    metric = Value::name(clip(metric, 40)),
                    types
                );
                Finding::app("one type for each property of a metric", saw)
                    .likely("the value is taken as it comes, or as a form or a database has it")
                    .at(*seq)
            })
        })
    })
}

/// A property that some events of a metric have in one spelling, and others in another. An event that has both means two properties.
fn spellings(metric: &str, calls: &Calls<'_>) -> Option<Finding> {
    let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    for (seq, sent) in calls {
        for property in &sent.properties {
            let alike = spelt_alike(&property.name);
            if seen.entry(alike.clone()).or_default().insert(property.name.as_str()) {
                last.insert(alike, *seq);
            }
        }
    }
    let together = |names: &BTreeSet<&str>| {
        let of_call =
            |sent: &SentMetric| sent.properties.iter().filter(|one| names.contains(one.name.as_str())).count();
        calls.iter().any(|(_, sent)| of_call(sent) > 1)
    };
    let (alike, names) = seen.iter().find(|(_, names)| names.len() > 1 && !together(names))?;
    let saw = statement!(
        "{names} of \"{metric}\"",
        names = quoted(names.iter().copied()),
        metric = Value::name(clip(metric, 40))
    );
    let finding = Finding::app("one spelling for each property of a metric", saw);
    Some(finding.likely("two places in the code build the event").at(*last.get(alike)?))
}

/// Two metrics whose names are spellings of one.
fn metric_spellings(metrics: &BTreeMap<&str, Calls<'_>>) -> Option<Finding> {
    let (names, at) = alike(metrics, |name| Some(spelt_alike(name)), 2)?;
    let finding =
        Finding::app("one name for each metric", statement!("the metrics {names}", names = quoted(names.into_iter())));
    Some(finding.likely("two places in the code name the metric").at(at))
}

/// Metrics whose names have the number of a thing in them.
fn numbered(metrics: &BTreeMap<&str, Calls<'_>>) -> Option<Finding> {
    let (names, at) = alike(metrics, without_numbers, NUMBERED)?;
    let saw = statement!("the metrics {names}", names = quoted(names.into_iter()));
    let finding = Finding::app("names of metrics that do not depend on what an event is about", saw);
    Some(finding.likely("a number of the order or customer is in the name; it belongs into a property").at(at))
}

/// The first names that are the same in some form, if there are so many, and where the last of them was first sent.
fn alike<'a>(
    metrics: &BTreeMap<&'a str, Calls<'_>>,
    form: impl Fn(&str) -> Option<String>,
    many: usize,
) -> Option<(Vec<&'a str>, u32)> {
    let mut by_form: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
    for name in metrics.keys() {
        if let Some(form) = form(name) {
            by_form.entry(form).or_default().push(name);
        }
    }
    let names = by_form.into_values().find(|names| names.len() >= many)?;
    let firsts = names.iter().filter_map(|name| metrics.get(name)?.first()).map(|(seq, _)| *seq);
    let at = firsts.max()?;
    Some((names, at))
}

/// Two names in quotes, and how many more there are.
fn quoted<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Statement {
    let more = names.len().saturating_sub(2);
    let some = names.take(2).map(|name| statement!("\"{name}\"", name = Value::name(clip(name, 30))));
    let some = Value::list(" and ", some);
    if more > 0 { statement!("{some}, and {more} more", some, more) } else { statement!("{some}", some) }
}
