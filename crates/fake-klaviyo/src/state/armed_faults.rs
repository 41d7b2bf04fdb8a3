//! The faults that are armed.

use crate::model::account::AccountId;
use crate::model::fault::{Endpoint, Fault, FaultKind};

/// The faults that are armed.
#[derive(Debug, Default)]
pub(crate) struct ArmedFaults {
    armed: Vec<Fault>,
}

impl ArmedFaults {
    /// Arms a fault.
    pub(crate) fn arm(&mut self, fault: Fault) {
        self.armed.push(fault);
    }

    /// The armed faults, oldest first.
    pub(crate) fn armed(&self) -> &[Fault] {
        &self.armed
    }

    /// Disarms all faults.
    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    /// The oldest fault that affects this request and that `fits`; its remaining count goes down by one.
    pub(crate) fn fire(
        &mut self,
        at: &[Endpoint],
        account: Option<&AccountId>,
        fits: impl Fn(&FaultKind) -> bool,
    ) -> Option<Fault> {
        let applies = |fault: &Fault| {
            at.contains(&fault.on)
                && fits(&fault.kind)
                && fault.account.as_ref().is_none_or(|wanted| Some(wanted) == account)
        };
        let position = self.armed.iter().position(applies)?;
        let fault = &mut self.armed[position];
        fault.times -= 1;
        let fired = fault.clone();
        if fired.times == 0 {
            drop(self.armed.remove(position));
        }
        Some(fired)
    }
}
