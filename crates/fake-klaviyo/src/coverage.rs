//! What the server models, and where its behaviour is known from.
//!
//! ```
//! use fake_klaviyo::coverage::{Depth, behaviours, operations};
//!
//! let gaps = operations().into_iter().filter(|operation| operation.depth == Depth::Gap).count();
//! assert!(gaps < 10);
//! assert!(behaviours().iter().any(|behaviour| behaviour.about == "token"));
//! ```

pub use crate::api::spec::operation_kind::{Depth, OperationCoverage, coverage as operations};
pub use crate::behaviours::{Behaviour, behaviours};
