//! The gateway, met by clients that nobody here wrote.

mod clients;
mod exec;
mod hostile;
mod passing;
mod scene;
