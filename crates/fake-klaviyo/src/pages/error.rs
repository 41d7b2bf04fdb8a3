//! The error page, and what the pages share.

use askama::Template;
use hyper::http::StatusCode;

use crate::http::response::Response;

#[derive(Template)]
#[template(path = "pages/error.html")]
struct Error<'a> {
    title: &'a str,
    text: &'a str,
    status: u16,
}

/// An error page.
pub(crate) fn error(status: StatusCode, title: &str, text: &str) -> Response {
    let html = Error { title, text, status: status.as_u16() }.render().unwrap_or_else(|_| title.to_owned());
    Response::page(status, html)
}

/// A rendered template; 500 where it cannot be rendered, which cannot happen with these templates.
pub(crate) fn page_of(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Response::page(StatusCode::OK, html),
        Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "Cannot be shown", "The page could not be rendered."),
    }
}

/// The first letter of a name, shown as its icon.
pub(crate) fn initial(name: &str) -> String {
    name.chars().find(|letter| letter.is_alphanumeric()).unwrap_or('·').to_uppercase().collect()
}
