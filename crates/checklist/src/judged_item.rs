//! An item, as one scenario's evidence shows it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::item_id::ItemId;
use crate::verdict::Verdict;

/// One item, as one scenario's evidence shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedItem {
    /// The item.
    pub item: ItemId,
    /// What the judge said.
    pub verdict: Verdict,
}
