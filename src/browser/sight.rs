//! A page at rest, with handles to act on.

use serde::Deserialize;

use super::overrides::Pointed;
use crate::evidence::{Control, Field, FieldKind, Page, PageKind, PagePart};

/// What a person sees, and what flowcheck can do there. The page goes to the evidence; the handles do not.
#[derive(Debug, Clone)]
pub struct PageSnapshot {
    /// The page as evidence keeps it.
    pub page: Page,
    /// What was found on it to act on.
    pub parts: Parts,
    pub(super) document: DocumentMark,
    /// WebDriver's references, as many as the page has controls and fields.
    pub(super) controls: Vec<Handle>,
    pub(super) fields: Vec<Handle>,
    /// For each field, whether it holds nothing yet.
    pub(super) empty: Vec<bool>,
    /// For each form, the control that sends it, as an index into the controls.
    pub(super) submits: Vec<Option<usize>>,
    /// What was found as `flowcheck.yaml` says; of Klaviyo's own pages, nothing.
    pub(super) pointed: Vec<Pointed>,
}

/// What was found on a page to act on.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// The control that connects Klaviyo.
    pub connect: Option<Part>,
    /// The control that disconnects Klaviyo, or confirms that in a dialog.
    pub disconnect: Option<Part>,
    /// Whether the page asks once more before it disconnects.
    pub asks_once_more: bool,
    /// The control that gets a cookie banner out of the way.
    pub banner: Option<Part>,
    /// Where a tenant is chosen.
    pub tenants: Option<Tenants>,
}

/// A control that was found, how sure that is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// An index into the page's controls.
    pub control: usize,
    /// Percent.
    pub certainty: u8,
    /// The sign it was found by.
    pub why: String,
}

/// How a page lets a tenant be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tenants {
    /// By a field, to be sent.
    Field {
        /// An index into the page's fields.
        field: usize,
    },
    /// By a link or button for each.
    Controls {
        /// What stands on each, with an index into the page's controls.
        options: Vec<(String, usize)>,
    },
}

/// WebDriver's reference to an element, and to the frames it stands in.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    pub(super) id: String,
    /// The frames around it, the outermost first; none for the document itself.
    pub(super) frames: Vec<String>,
}

/// Tells one document, and one state of it, from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentMark {
    /// When the document began, in microseconds: its identity.
    pub(super) origin: u64,
    /// The same of the document alone, without its frames.
    pub(super) began: u64,
    pub(super) url: String,
    pub(super) text: String,
}

/// The page reader's answer.
#[derive(Debug, Deserialize)]
pub(super) struct Reading {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) origin: u64,
    pub(super) status: Option<u16>,
    pub(super) media_type: Option<String>,
    pub(super) klaviyo_page: Option<String>,
    pub(super) headings: Vec<String>,
    /// The same, with where they stand.
    pub(super) outline: Vec<Heading>,
    pub(super) text: String,
    /// What the page itself says in sentences: not its lists, tables, forms and navigation.
    pub(super) prose: String,
    pub(super) alerts: Vec<String>,
    pub(super) dialogs: Vec<Dialog>,
    pub(super) controls: Vec<ReadControl>,
    pub(super) fields: Vec<ReadField>,
    pub(super) submits: Vec<Option<usize>>,
    /// Frames that a person can read.
    #[serde(default)]
    pub(super) frames: Vec<ElementHandle>,
    /// What was found of the parts that `flowcheck.yaml` says how to find.
    #[serde(default)]
    pub(super) pointed: Vec<Pointed>,
    /// Messages that were there since the last act, and are gone.
    #[serde(skip)]
    pub(super) vanished: Vec<String>,
    /// When the document itself began; `origin` counts its frames in.
    #[serde(skip)]
    pub(super) began: u64,
    /// Address of the frame that was read along.
    #[serde(skip)]
    pub(super) frame: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReadControl {
    pub(super) element: ElementHandle,
    /// What it stands in, from the nearest on.
    pub(super) around: Vec<Level>,
    /// What stands in its cell: the largest surroundings with no other control in them.
    pub(super) cell: String,
    /// What its cell stands in; controls in a row of cells share it.
    pub(super) group: Option<u32>,
    pub(super) form: Option<usize>,
    /// An index into the dialogs.
    pub(super) dialog: Option<usize>,
    /// Of a switch: whether it is on.
    pub(super) on: Option<bool>,
    #[serde(flatten)]
    pub(super) control: Control,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReadField {
    pub(super) element: ElementHandle,
    pub(super) empty: bool,
    #[serde(default)]
    pub(super) placeholder: String,
    /// What its kind is told by, where its element alone does not tell it.
    #[serde(default)]
    pub(super) hint: Option<FieldHint>,
    pub(super) in_navigation: bool,
    /// An index into the dialogs.
    pub(super) dialog: Option<usize>,
    #[serde(flatten)]
    pub(super) field: Field,
}

/// What a field's kind is told by, besides its names.
#[derive(Debug, Deserialize)]
pub(super) struct FieldHint {
    /// Its `type` attribute: `text` where it has none.
    pub(super) kind: String,
    /// Its `autocomplete` attribute.
    pub(super) complete: String,
    /// Its `id` attribute.
    pub(super) id: String,
}

/// A heading, and where it stands.
#[derive(Debug, Deserialize)]
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) in_navigation: bool,
}

/// A dialog that is open.
#[derive(Debug, Deserialize)]
pub(super) struct Dialog {
    /// Whether it hides the page behind it.
    pub(super) modal: bool,
    pub(super) text: String,
}

/// Something that a control stands in.
#[derive(Debug, Deserialize)]
pub(super) struct Level {
    /// Tells it from others of this reading.
    pub(super) id: u32,
    /// Whether it is one thing among others: a row, a card, a section.
    pub(super) item: bool,
    pub(super) text: String,
}

/// WebDriver's way to name an element.
#[derive(Debug, Deserialize)]
pub(super) struct ElementHandle {
    #[serde(rename = "element-6066-11e4-a52e-4f735466cecf")]
    pub(super) id: String,
    /// The frames it stands in by their references, the outermost first.
    #[serde(skip)]
    pub(super) frames: Vec<String>,
}

impl ElementHandle {
    pub(super) fn handle(self) -> Handle {
        Handle { id: self.id, frames: self.frames }
    }
}

impl Part {
    /// Whether it can be acted upon.
    pub fn is_sure(&self) -> bool {
        self.certainty >= Page::SURE
    }
}

impl PageSnapshot {
    /// The first field of this kind.
    pub fn field(&self, kind: FieldKind) -> Option<usize> {
        self.page.fields.iter().position(|field| field.kind == kind)
    }

    /// The control that sends the form a field stands in.
    pub fn submit_of(&self, field: usize) -> Option<usize> {
        let of_form = |sight: &Self| {
            let form = sight.page.fields.get(field)?.form?;
            sight.submits.get(form).copied().flatten()
        };
        match self.page.kind {
            PageKind::Login => self.part(PagePart::LoginSubmit, of_form),
            PageKind::SignUp => self.part(PagePart::SignUpSubmit, of_form),
            PageKind::TenantChoice => self.part(PagePart::TenantSubmit, of_form),
            _ => of_form(self),
        }
    }

    /// The first control for which `fits` holds.
    pub fn control(&self, fits: impl Fn(&Control) -> bool) -> Option<usize> {
        self.page.controls.iter().position(fits)
    }
}
