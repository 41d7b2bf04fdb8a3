//! Being written.
/// x
pub fn app_schema() {}
/// x
pub fn scenario_schema() {}
