//! Where a page leads on, and what it wants filled in first.
//!
//! - [`ways`]: controls behind which more of the app is.
//! - [`confirmation_form`]: what is to be filled in before it disconnects, with [`phrase_to_type`].
//! - [`onboarding`]: what is to be filled in before a user may go on.
//! - [`next_step`]: the control that leads on from a page in between.
//! - [`disconnect_option`]: the entry of a drop-down that disconnects.
//! - [`language`]: the control of a language, where one has to be chosen first.
//! - [`interruption`]: a dialog that stands before the page and has nothing to do with it.

pub(super) mod confirmation_form;
pub(super) mod disconnect_option;
pub(super) mod interruption;
pub(super) mod language;
pub(super) mod next_step;
pub(super) mod onboarding;
pub(super) mod phrase_to_type;
pub(super) mod ways;
