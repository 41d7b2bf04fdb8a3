//! Being written.
/// x
pub fn names_connect(_: &str) -> bool {
    false
}
/// x
pub fn names_disconnect(_: &str) -> bool {
    false
}
