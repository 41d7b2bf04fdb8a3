//! What the hot paths cost, counted and not timed: a slow machine does not fail this, and a fast one does not hide it.
//!
//! `paths` counts how much memory each path asks for, and how often. `recorded.json` says what that was when somebody last
//! looked, and `recorded_costs` compares. Costs that changed on purpose are recorded anew, by `make costs`.

#![expect(dead_code, reason = "the other tests' parts have more than this needs")]

#[path = "../mock/client.rs"]
mod client;
#[path = "../fixture_app/mod.rs"]
mod fixture_app;
mod paths;
mod raw_connection;
mod recorded_costs;
#[path = "../judges/recordings.rs"]
mod recordings;

#[test]
#[cfg_attr(not(debug_assertions), ignore = "recorded for a build that is not optimised")]
fn the_hot_paths_cost_what_is_recorded() {
    recorded_costs::hold(&paths::costs());
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "recorded for a build that is not optimised")]
fn what_a_path_costs_does_not_depend_on_chance() {
    let (first, second) = (paths::costs(), paths::costs());
    let asks = |costs: &recorded_costs::Costs| costs.values().map(|cost| cost.allocations).collect::<Vec<_>>();
    assert_eq!(asks(&first), asks(&second));
    // A map that forgets its oldest entries makes room when their hashes want it, so of bytes a few in a hundred may differ.
    assert_eq!(recorded_costs::compared(&first, &second), None);
}
