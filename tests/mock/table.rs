//! The tables that the mock embeds, read by the tests for themselves.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::{APP, Scene, scene_with};
use flowcheck::klaviyo::Settings;

const OPERATIONS: &str = include_str!("../../crates/fake-klaviyo/tables/operations.csv");
const RESPONSES: &str = include_str!("../../crates/fake-klaviyo/tables/responses.csv");
const ATTRIBUTES: &str = include_str!("../../crates/fake-klaviyo/tables/attributes.csv");

/// One published operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Status codes of success, joined by `|`.
    pub(crate) success: &'static str,
    pub(crate) scopes: &'static str,
    /// The first and the last revision that has it; no last where the newest has it.
    first: &'static str,
    last: &'static str,
}

impl Operation {
    /// Whether a revision has it.
    pub(crate) fn is_in(&self, revision: &str) -> bool {
        covers(self.first, self.last, revision)
    }
}

fn covers(first: &str, last: &str, revision: &str) -> bool {
    first <= revision && (last.is_empty() || revision <= last)
}

/// All of them.
pub(crate) fn operations() -> Vec<Operation> {
    let read = |row: Vec<&'static str>| Operation {
        id: row[0],
        method: row[1],
        path: row[2],
        success: row[3],
        scopes: row[4],
        first: row[8],
        last: row[9],
    };
    rows(OPERATIONS).map(read).collect()
}

/// Whether an operation answers with many, and of which type.
pub(crate) fn answer_of(operation: &str) -> Option<(bool, &'static str)> {
    rows(RESPONSES).find(|row| row[0] == operation).map(|row| (row[1] == "many", row[2]))
}

/// The type that lives at `/api/{home}`.
pub(crate) fn kind_at(home: &str) -> Option<&'static str> {
    let all = operations();
    let at =
        |path: &str| all.iter().find(|one| one.method == "GET" && one.path == path).and_then(|one| answer_of(one.id));
    let paths = [format!("/api/{home}/{{id}}"), format!("/api/{home}/{{job_id}}"), format!("/api/{home}")];
    paths.iter().find_map(|path| at(path)).map(|(_, kind)| kind)
}

/// What is wrong with a resource as one of this type: another type, or no id.
pub(crate) fn mistyped(resource: &Value, kind: &str) -> Vec<String> {
    if resource["type"] == kind && resource["id"].is_string() {
        return Vec::new();
    }
    vec![format!("not a {kind}: {resource}")]
}

/// What is wrong with a resource as one of this type in this revision: attributes that it lacks, or that the revision does not have.
pub(crate) fn slips(resource: &Value, kind: &str, revision: &str) -> Vec<String> {
    let mut slips = mistyped(resource, kind);
    let foreign = rows(ATTRIBUTES).filter(|row| row[0] == kind && !covers(row[6], row[7], revision));
    for row in foreign.filter(|row| resource["attributes"].get(row[1]).is_some()) {
        slips.push(format!("{} of {kind} is of another revision", row[1]));
    }
    // What is in arrays is there only where the arrays have something.
    for row in
        rows(ATTRIBUTES).filter(|row| row[0] == kind && covers(row[4], row[5], revision) && !row[1].contains("[]"))
    {
        let value = row[1].split('.').fold(&resource["attributes"], |value, name| &value[name]);
        let fits = match row[2] {
            "string" | "date-time" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            _ => value.is_object(),
        };
        if !fits {
            slips.push(format!("{} of {kind} is no {}: {value}", row[1], row[2]));
        }
    }
    slips
}

/// A Klaviyo without limits, and a token for everything.
pub(crate) async fn unlimited() -> (Scene, String) {
    let scene = scene_with(Settings { rate_limits: false, ..Settings::default() }).await;
    let access = everything(&scene).await;
    (scene, access)
}

/// A token with every scope that there is.
pub(crate) async fn everything(scene: &Scene) -> String {
    let scopes: BTreeSet<&str> = operations().iter().flat_map(|one| one.scopes.split_whitespace()).collect();
    let scopes: Vec<&str> = scopes.into_iter().collect();
    scene.klaviyo.set_scopes(APP, scopes.iter().copied()).expect("the app is known");
    scene.installed_with(&scopes.join(" ")).await.0
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split(',').collect())
}
