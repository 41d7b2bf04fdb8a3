//! What only the app's people know, and which items of the checklist stay open while `flowcheck.yaml` does not say it.

use std::collections::BTreeSet;

use crate::checklist::ItemId;
use crate::scenario::{AppliesTo, Script, builtin, parse_scenario};

/// Items that are judged by no scenario but those that need something. `needs` says of what a scenario applies to whether it needs it.
fn open_without(needs: impl Fn(&AppliesTo) -> bool) -> Vec<ItemId> {
    let scripts: Vec<Script> = builtin()
        .iter()
        .filter_map(|known| parse_scenario(known.file, known.source).ok().map(|loaded| loaded.script))
        .collect();
    let items = |needing: bool| -> BTreeSet<ItemId> {
        let these = scripts.iter().filter(|script| needs(&script.applies_to) == needing);
        these.flat_map(|script| &script.expects).map(|item| item.value.as_str().into()).collect()
    };
    items(true).difference(&items(false)).cloned().collect()
}

/// Items that stay open without a `trigger`.
pub(super) fn without_trigger() -> Vec<ItemId> {
    open_without(|applies| applies.trigger)
}

/// Items that stay open without a `scopes_update`.
pub(super) fn without_scopes_update() -> Vec<ItemId> {
    open_without(|applies| applies.scopes_update || applies.revoke_outdated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_scenario_judges_as_well_does_not_stay_open() {
        let (trigger, update) = (without_trigger().len(), without_scopes_update().len());
        assert!(trigger > 0 && update > 0, "{trigger}, {update}");
        assert!(open_without(|_| false).is_empty());
        let all: BTreeSet<&str> = crate::checklist::catalogue().iter().map(|item| item.id).collect();
        assert!(open_without(|_| true).len() <= all.len());
        assert!(trigger + update < all.len());
    }
}
