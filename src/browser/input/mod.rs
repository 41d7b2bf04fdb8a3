//! What a user does with a page: `elements` acts on what was read, `stale_element` on what was drawn anew since, `covered` on what
//! something lies over; `click`, `fill`, `typing`, `choose_option` and `submit` know how, and `clicked_too_soon` tells a click that has to
//! be made again.

pub(in crate::browser) mod choose_option;
pub(in crate::browser) mod click;
pub(in crate::browser) mod clicked_too_soon;
pub(in crate::browser) mod covered;
pub(in crate::browser) mod elements;
pub(in crate::browser) mod fill;
pub(in crate::browser) mod stale_element;
pub(in crate::browser) mod submit;
pub(in crate::browser) mod typing;
