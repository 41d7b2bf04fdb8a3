//! A page at rest, with handles to act on.

use serde::Deserialize;

use crate::browser::page::overridden_part::OverriddenPart;
use crate::evidence::{Control, Field, FieldKind, Page, PageKind, PagePart, PolicyViolation};

/// What a person sees, and what flowcheck can do there. The page goes to the evidence; the handles do not.
#[derive(Debug, Clone)]
pub struct PageSnapshot {
    /// The page as evidence keeps it.
    pub page: Page,
    /// What was found on it to act on.
    pub parts: Parts,
    pub(in crate::browser) document: DocumentMark,
    /// WebDriver's references, as many as the page has controls and fields.
    pub(in crate::browser) controls: Vec<Handle>,
    pub(in crate::browser) fields: Vec<Handle>,
    /// For each control, whether it lies behind a dialog that has to be closed first.
    pub(in crate::browser) behind: Vec<bool>,
    /// For each field, whether it holds nothing yet.
    pub(in crate::browser) empty: Vec<bool>,
    /// For each field, what its element says of what it takes.
    pub(in crate::browser) constraints: Vec<Constraints>,
    /// For each field, the boxes of one character each that it is made of; none for most.
    pub(in crate::browser) boxes: Vec<Vec<Handle>>,
    /// Whether the page shows that it is at work.
    pub(in crate::browser) working: bool,
    /// For each form, the control that sends it, as an index into the controls.
    pub(in crate::browser) submits: Vec<Option<usize>>,
    /// Seconds after which the page says that it goes on by itself.
    pub(in crate::browser) refresh: Option<u32>,
    /// How many scripts and frames it has that could change what it shows without the user.
    pub(in crate::browser) scripts: usize,
    /// Whether it shows that it is loading.
    pub(in crate::browser) is_busy: bool,
    pub(in crate::browser) by_dialog: bool,
    /// Its messages as they stand there, secrets and all.
    pub(in crate::browser) messages: Vec<String>,
    /// What was found as `flowcheck.yaml` says; of Klaviyo's own pages, nothing.
    pub(in crate::browser) overridden: Vec<OverriddenPart>,
}

/// What was found on a page to act on.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// The control that connects Klaviyo.
    pub connect: Option<Part>,
    /// The control that disconnects Klaviyo, or confirms that in a dialog.
    pub disconnect: Option<Part>,
    /// The drop-down and the option in it that disconnects Klaviyo, where no control does: an index into the page's fields.
    pub disconnect_option: Option<(usize, String)>,
    /// Whether the page asks once more before it disconnects.
    pub asks_once_more: bool,
    /// What the page wants filled in before it disconnects.
    pub confirmation: Option<Confirmation>,
    /// What the page wants filled in before a user may go on: the fields of one form, as indices into the page's fields.
    pub asks_for: Vec<usize>,
    /// The first of several answers that the page wants one of chosen, as an index into the page's controls.
    pub choice: Option<usize>,
    /// Controls behind which more of the app is, as indices into the page's controls.
    pub ways: Ways,
    /// The control that gets a cookie banner out of the way.
    pub banner: Option<Part>,
    /// The control that closes a dialog which has nothing to do with the page behind it: a tour, a newsletter.
    pub interruption: Option<Part>,
    /// The control that chooses a language, where the page wants one chosen before anything else.
    pub language: Option<Part>,
    /// The language that the page says it is in, where none of the lexicon's is that.
    pub foreign: Option<String>,
    /// Where a tenant is chosen.
    pub tenants: Option<Tenants>,
    /// The control that leads from a login form to signing up.
    pub sign_up: Option<Part>,
    /// The number of the form to sign up by, where it stands beside the login's.
    pub sign_up_form: Option<usize>,
    /// Of a login or sign-up page without a form: the control that leads to one.
    pub way_in: Option<Part>,
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

/// What a page wants filled in before it disconnects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Indices into the page's fields.
    pub fields: Vec<usize>,
    /// The text that it wants typed as it stands there.
    pub phrase: Option<String>,
}

/// Controls behind which more of the app is, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// Those that may lead to where integrations are, and how surely, from 0 to 3.
    pub to_integrations: Vec<(u8, usize)>,
    /// Those behind which a control that disconnects Klaviyo may be.
    pub to_disconnect: Vec<usize>,
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

/// What a field's element says of what it takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Constraints {
    /// The type of an `input`, or the name of another element: `tel`, `textarea`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its `autocomplete` attribute.
    pub complete: String,
    /// Its `inputmode` attribute.
    pub mode: String,
    /// Its `pattern` attribute.
    pub pattern: String,
    /// Its `placeholder` attribute, often an example.
    pub placeholder: String,
    /// Its `min` attribute.
    pub min: String,
    /// Its `max` attribute.
    pub max: String,
    /// Its `step` attribute.
    pub step: String,
    /// Characters that it takes at most.
    pub most: Option<usize>,
    /// Characters that it wants at least.
    pub least: Option<usize>,
    /// Whether it must not stay empty.
    pub required: bool,
    /// Of a drop-down: its first choice that is not the prompt to choose.
    pub choice: Option<String>,
    /// What the browser has against what it holds; empty where nothing.
    pub refused: String,
}

/// WebDriver's reference to an element, and to the frames it stands in.
#[derive(Debug, Clone)]
pub(in crate::browser) struct Handle {
    pub(in crate::browser) id: String,
    /// The frames around it, the outermost first; none for the document itself.
    pub(in crate::browser) frames: Vec<String>,
}

/// Tells one document, and one state of it, from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::browser) struct DocumentMark {
    /// When the document began, in microseconds: its identity.
    pub(in crate::browser) origin: u64,
    /// The same of the document alone, without its frames.
    pub(in crate::browser) began: u64,
    /// When its server began to answer with it.
    pub(in crate::browser) answered: u64,
    pub(in crate::browser) url: String,
    pub(in crate::browser) text: String,
}

/// The page reader's answer.
#[derive(Debug, Deserialize)]
pub(in crate::browser) struct Reading {
    pub(in crate::browser) url: String,
    pub(in crate::browser) title: String,
    pub(in crate::browser) origin: u64,
    pub(in crate::browser) status: Option<u16>,
    pub(in crate::browser) media_type: Option<String>,
    pub(in crate::browser) klaviyo_page: Option<String>,
    pub(in crate::browser) headings: Vec<String>,
    /// The same, with where they stand.
    pub(in crate::browser) outline: Vec<Heading>,
    pub(in crate::browser) text: String,
    /// What the page itself says in sentences: not its lists, tables, forms and navigation.
    pub(in crate::browser) prose: String,
    pub(in crate::browser) alerts: Vec<String>,
    pub(in crate::browser) dialogs: Vec<Dialog>,
    /// The language that the document says it is in.
    #[serde(default)]
    pub(in crate::browser) language: Option<String>,
    pub(in crate::browser) controls: Vec<ReadControl>,
    pub(in crate::browser) fields: Vec<ReadField>,
    pub(in crate::browser) submits: Vec<Option<usize>>,
    /// Frames that a person can read.
    #[serde(default)]
    pub(in crate::browser) frames: Vec<ElementHandle>,
    /// What checks whether somebody is human, beside a form.
    #[serde(default)]
    pub(in crate::browser) bot_check: Option<String>,
    /// Whether it shows that it is at work.
    #[serde(default)]
    pub(in crate::browser) working: bool,
    /// What was found of the parts that `flowcheck.yaml` says how to find.
    #[serde(default)]
    pub(in crate::browser) overridden: Vec<OverriddenPart>,
    /// Addresses of pictures that could hold a text, and have none beside them.
    #[serde(default)]
    pub(in crate::browser) pictures: Vec<String>,
    /// Seconds after which the document goes on by itself.
    #[serde(default)]
    pub(in crate::browser) refresh: Option<u32>,
    /// How many scripts and frames it has that could change what it shows.
    #[serde(default = "unknown_scripts")]
    pub(in crate::browser) scripts: usize,
    /// Whether it shows that it is loading.
    #[serde(default)]
    pub(in crate::browser) busy: bool,
    /// Whether a dialog of the browser's own told of something since the last act.
    #[serde(skip)]
    pub(in crate::browser) by_dialog: bool,
    /// Messages that were there since the last act, and are gone.
    #[serde(skip)]
    pub(in crate::browser) vanished: Vec<String>,
    /// What its policy kept the browser from since the last act.
    #[serde(skip)]
    pub(in crate::browser) violations: Vec<PolicyViolation>,
    /// When the document's server began to answer with it, in microseconds.
    #[serde(default)]
    pub(in crate::browser) answered: u64,
    /// When the document itself began; `origin` counts its frames in.
    #[serde(skip)]
    pub(in crate::browser) began: u64,
    /// Address of the frame that was read along.
    #[serde(skip)]
    pub(in crate::browser) frame: Option<String>,
}

/// Where it is not known, there may be one.
fn unknown_scripts() -> usize {
    1
}

#[derive(Debug, Deserialize)]
pub(in crate::browser) struct ReadControl {
    pub(in crate::browser) element: ElementHandle,
    /// What it stands in, from the nearest on.
    pub(in crate::browser) around: Vec<Level>,
    /// What stands in its cell: the largest surroundings with no other control in them.
    pub(in crate::browser) cell: String,
    /// What its cell stands in; controls in a row of cells share it.
    pub(in crate::browser) group: Option<u32>,
    pub(in crate::browser) form: Option<usize>,
    /// An index into the dialogs.
    pub(in crate::browser) dialog: Option<usize>,
    /// What it opens in the same page, where its role says so.
    #[serde(default)]
    pub(in crate::browser) opens: Option<Opens>,
    /// Of a switch: whether it is on.
    pub(in crate::browser) on: Option<bool>,
    #[serde(flatten)]
    pub(in crate::browser) control: Control,
}

/// What a control opens in the same page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::browser) enum Opens {
    Menu,
    Tab,
}

#[derive(Debug, Deserialize)]
pub(in crate::browser) struct ReadField {
    pub(in crate::browser) element: ElementHandle,
    pub(in crate::browser) empty: bool,
    #[serde(default)]
    pub(in crate::browser) placeholder: String,
    /// What its kind is told by, where its element alone does not tell it.
    #[serde(default)]
    pub(in crate::browser) hint: Option<FieldHint>,
    #[serde(default)]
    pub(in crate::browser) constraints: Constraints,
    /// The boxes of one character each that it is made of.
    #[serde(default)]
    pub(in crate::browser) boxes: Vec<ElementHandle>,
    pub(in crate::browser) in_navigation: bool,
    /// Of a drop-down, what it stands in, from the nearest on.
    #[serde(default)]
    pub(in crate::browser) around: Vec<Level>,
    /// An index into the dialogs.
    pub(in crate::browser) dialog: Option<usize>,
    #[serde(flatten)]
    pub(in crate::browser) field: Field,
}

/// What a field's kind is told by, besides its names.
#[derive(Debug, Deserialize)]
pub(in crate::browser) struct FieldHint {
    /// Its `type` attribute: `text` where it has none.
    pub(in crate::browser) kind: String,
    /// Its `autocomplete` attribute.
    pub(in crate::browser) complete: String,
    /// Its `id` attribute.
    pub(in crate::browser) id: String,
}

/// A heading, and where it stands.
#[derive(Debug, Deserialize)]
pub(in crate::browser) struct Heading {
    pub(in crate::browser) text: String,
    /// What stands below it, with the heading itself.
    #[serde(default)]
    pub(in crate::browser) section: String,
    pub(in crate::browser) in_navigation: bool,
}

/// A dialog that is open.
#[derive(Debug, Deserialize)]
pub(in crate::browser) struct Dialog {
    /// Whether it hides the page behind it.
    pub(in crate::browser) modal: bool,
    pub(in crate::browser) text: String,
}

/// Something that a control stands in.
#[derive(Debug, Deserialize)]
pub(in crate::browser) struct Level {
    /// Tells it from others of this reading.
    pub(in crate::browser) id: u32,
    /// Whether it is one thing among others: a row, a card, a section.
    pub(in crate::browser) item: bool,
    pub(in crate::browser) text: String,
}

/// WebDriver's way to name an element.
#[derive(Debug, Deserialize)]
pub(in crate::browser) struct ElementHandle {
    #[serde(rename = "element-6066-11e4-a52e-4f735466cecf")]
    pub(in crate::browser) id: String,
    /// The frames it stands in by their references, the outermost first.
    #[serde(skip)]
    pub(in crate::browser) frames: Vec<String>,
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

    /// Whether a dialog of the browser's own told of something since the last act.
    pub fn was_told_by_dialog(&self) -> bool {
        self.by_dialog
    }

    /// Whether a field holds nothing yet.
    pub fn is_empty(&self, field: usize) -> bool {
        self.empty.get(field).copied().unwrap_or(false)
    }

    /// The control that sends the form a field stands in.
    pub fn submit_of(&self, field: usize) -> Option<usize> {
        let of_form = |snapshot: &Self| {
            let form = snapshot.page.fields.get(field)?.form?;
            snapshot.submits.get(form).copied().flatten()
        };
        match self.page.kind {
            PageKind::Login => self.part(PagePart::LoginSubmit, of_form),
            PageKind::SignUp => self.part(PagePart::SignUpSubmit, of_form),
            PageKind::TenantChoice => self.part(PagePart::TenantSubmit, of_form),
            _ => of_form(self),
        }
    }

    /// What a field's element says of what it takes.
    pub fn constraints(&self, field: usize) -> Option<&Constraints> {
        self.constraints.get(field)
    }

    /// Whether a field is made of several boxes of one character each.
    pub fn is_in_boxes(&self, field: usize) -> bool {
        self.boxes.get(field).is_some_and(|boxes| !boxes.is_empty())
    }
}
