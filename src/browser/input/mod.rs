//! What a user does with a page: `click`, `typing`, `choose_option` and `submit`.

pub(in crate::browser) mod choose_option;
pub(in crate::browser) mod click;
pub(in crate::browser) mod submit;
pub(in crate::browser) mod typing;
