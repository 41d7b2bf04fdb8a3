//! Being written.
/// x
pub struct Diagnostic;
/// x
pub struct Diagnostics;
