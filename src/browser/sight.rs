//! A page at rest, with handles to act on.

use serde::Deserialize;

use crate::evidence::{Control, Field, FieldKind, Page};

/// What a person sees, and what flowcheck can do there. The page goes to the evidence; the handles do not.
#[derive(Debug, Clone)]
pub struct Sight {
    /// The page as evidence keeps it.
    pub page: Page,
    pub(super) document: DocumentMark,
    /// WebDriver's references, as many as the page has controls and fields.
    pub(super) controls: Vec<Handle>,
    pub(super) fields: Vec<Handle>,
    /// For each field, whether it holds nothing yet.
    pub(super) empty: Vec<bool>,
    /// For each form, the control that sends it, as an index into the controls.
    pub(super) submits: Vec<Option<usize>>,
}

/// WebDriver's reference to an element, and to the frame it stands in.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    pub(super) id: String,
    /// None for the document itself.
    pub(super) frame: Option<String>,
}

/// Tells one document, and one state of it, from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentMark {
    /// When the document began, in microseconds: its identity.
    pub(super) origin: u64,
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
    pub(super) text: String,
    pub(super) alerts: Vec<String>,
    pub(super) controls: Vec<ReadControl>,
    pub(super) fields: Vec<ReadField>,
    pub(super) submits: Vec<Option<usize>>,
    /// Frames that a person can read.
    #[serde(default)]
    pub(super) frames: Vec<ElementHandle>,
    /// Address of the frame that was read along.
    #[serde(skip)]
    pub(super) frame: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReadControl {
    pub(super) element: ElementHandle,
    #[serde(flatten)]
    pub(super) control: Control,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReadField {
    pub(super) element: ElementHandle,
    pub(super) empty: bool,
    #[serde(flatten)]
    pub(super) field: Field,
}

/// WebDriver's way to name an element.
#[derive(Debug, Deserialize)]
pub(super) struct ElementHandle {
    #[serde(rename = "element-6066-11e4-a52e-4f735466cecf")]
    pub(super) id: String,
    /// The frame it stands in, by its reference.
    #[serde(skip)]
    pub(super) frame: Option<String>,
}

impl ElementHandle {
    pub(super) fn handle(self) -> Handle {
        Handle { id: self.id, frame: self.frame }
    }
}

impl Sight {
    /// The first field of this kind.
    pub fn field(&self, kind: FieldKind) -> Option<usize> {
        self.page.fields.iter().position(|field| field.kind == kind)
    }

    /// The control that sends the form a field stands in.
    pub fn submit_of(&self, field: usize) -> Option<usize> {
        let form = self.page.fields.get(field)?.form?;
        self.submits.get(form).copied().flatten()
    }

    /// The first control for which `fits` holds.
    pub fn control(&self, fits: impl Fn(&Control) -> bool) -> Option<usize> {
        self.page.controls.iter().position(fits)
    }
}
