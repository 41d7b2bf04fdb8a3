//! Logging in to the app and signing up with it.
//!
//! - `login` logs in by form, by a control that leads to one, with the e-mail address first; and makes sure that the user is signed in.
//! - `one_time_code` takes codes and links out of mails, and codes of an authenticator.
//! - `sign_up` finds the way to signing up, and fills and sends its form.
//! - `fill` fills any field by what it asks for; `form_answers` knows what ordinary people type there.

pub(super) mod fill;
pub(super) mod form_answers;
pub(super) mod login;
pub(super) mod one_time_code;
pub(super) mod sign_up;
