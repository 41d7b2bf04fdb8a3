//! The text of `flowcheck.yaml`: values as YAML (`yaml_scalar`), what could not be found out as comments ([`Gap`]), and a file that is
//! there already completed, line by line (`completion`, by the [`Outline`](outline::Outline) of both texts).

mod completion;
mod gap;
mod outline;
mod yaml_scalar;

pub(super) use completion::complete;
pub use gap::Gap;
pub(super) use gap::Section;
pub(super) use outline::Outline;
pub(super) use yaml_scalar::YamlScalar;
