//! What stands in the place of a registered secret.

use crate::Fingerprint;

/// What stands in a secret's place, worked out once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Registered {
    pub(super) label: &'static str,
    pub(super) fingerprint: Fingerprint,
}

impl Registered {
    pub(super) fn shown(&self) -> String {
        shown(self.label, self.fingerprint)
    }
}

/// A label and a fingerprint, in their brackets.
pub(super) fn shown(label: &str, fingerprint: Fingerprint) -> String {
    format!("‹{label} {fingerprint}›")
}
