//! Being written.
/// x
pub struct Loaded;
/// x
pub fn load_app() {}
/// x
pub fn load_scenario() {}
/// x
pub fn parse_app() {}
/// x
pub fn parse_scenario() {}
