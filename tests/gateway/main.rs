//! The gateway, met by clients that nobody here wrote.

mod advertised;
mod clients;
mod closed;
mod exec;
mod hostile;
mod installed;
mod passing;
mod scene;
