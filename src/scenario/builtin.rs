//! Being written.
/// x
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &[]
}
