//! Screenshots: each is embedded once, and can be shown in several places.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imagesize::ImageType;

use crate::evidence::Page;
use crate::report::content::describe::page_kind;

/// The screenshots of a report.
pub(super) struct Screenshots<'a> {
    load: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    by_name: HashMap<String, Option<usize>>,
    by_data: HashMap<String, usize>,
    /// By the page's text, without numbers.
    by_reading: HashMap<String, usize>,
    /// Characters of Base64 so far.
    size: usize,
    list: Vec<Screenshot>,
}

/// One embedded screenshot.
#[derive(Debug, Clone)]
pub(super) struct Screenshot {
    /// Its position among the pictures.
    pub(super) number: usize,
    /// Pixels.
    pub(super) width: u32,
    /// Pixels.
    pub(super) height: u32,
    /// Its media type.
    pub(super) media_type: &'static str,
    /// Its bytes in Base64.
    pub(super) data: String,
}

/// A screenshot where it is shown.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// Which picture.
    pub(super) number: usize,
    /// Pixels.
    pub(super) width: u32,
    /// Pixels.
    pub(super) height: u32,
    /// What the page was recognised as.
    pub(super) kind: &'static str,
    /// The page's title.
    pub(super) title: String,
    /// The page's address.
    pub(super) url: String,
    /// `before`, `there` or `after`; empty where it goes without saying.
    pub(super) when: &'static str,
}

impl<'a> Screenshots<'a> {
    /// No pictures yet; `load` gives a screenshot's bytes by its file name.
    pub(super) fn new(load: &'a dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self {
            load,
            by_name: HashMap::new(),
            by_data: HashMap::new(),
            by_reading: HashMap::new(),
            size: 0,
            list: Vec::new(),
        }
    }

    /// A page's screenshot, where there is one that a page can show and there is room for it.
    pub(super) fn of(&mut self, page: &Page) -> Option<Figure> {
        let name = page.shot.as_deref()?;
        let known = self.by_name.get(name).copied();
        if known.is_none() && self.size > FULL {
            let number = self.by_reading.get(&reading(page))?;
            return Some(self.figure(*number, page));
        }
        let embedded = known.unwrap_or_else(|| {
            let number = self.embed(name);
            self.by_name.insert(name.to_owned(), number);
            number
        });
        let number = embedded?;
        self.by_reading.entry(reading(page)).or_insert(number);
        Some(self.figure(number, page))
    }

    /// A picture of the page as it reads, numbers aside: its own, or one of a page that reads the same. None where the report
    /// would grow too large; the run's folder has every picture.
    pub(super) fn like(&mut self, page: &Page) -> Option<Figure> {
        let reading = reading(page);
        if let Some(number) = self.by_reading.get(&reading) {
            return Some(self.figure(*number, page));
        }
        let known = page.shot.as_ref().is_some_and(|name| self.by_name.contains_key(name));
        if self.size > ENOUGH && !known {
            return None;
        }
        self.of(page)
    }

    fn figure(&self, number: usize, page: &Page) -> Figure {
        let picture = &self.list[number];
        Figure {
            number,
            width: picture.width,
            height: picture.height,
            kind: page_kind(page.kind),
            title: page.title.clone(),
            url: page.url.clone(),
            when: "",
        }
    }

    /// The pictures, in the order of their numbers.
    pub(super) fn into_list(self) -> Vec<Screenshot> {
        self.list
    }

    fn embed(&mut self, name: &str) -> Option<usize> {
        let bytes = (self.load)(name)?;
        let (media_type, width, height) = kind_and_size(&bytes)?;
        let data = STANDARD.encode(&bytes);
        if let Some(number) = self.by_data.get(&data) {
            return Some(*number);
        }
        let number = self.list.len();
        self.size += data.len();
        self.by_data.insert(data.clone(), number);
        self.list.push(Screenshot { number, width, height, media_type, data });
        Some(number)
    }
}

/// What makes two pages look alike: what they are and what they say, apart from ports, times and fingerprints.
fn reading(page: &Page) -> String {
    let names = page.controls.iter().map(|control| control.name.as_str());
    let labels = page.fields.iter().map(|field| field.label.as_str());
    let parts = [page.title.as_str(), page.text.as_str()];
    let said: Vec<&str> =
        parts.into_iter().chain(names).chain(labels).chain(page.alerts.iter().map(String::as_str)).collect();
    let mut out = format!("{:?} {} ", page.kind, page.status.unwrap_or_default());
    let mut inside = false;
    for letter in said.join("\n").chars() {
        match letter {
            '‹' => inside = true,
            '›' => inside = false,
            letter if inside || letter.is_ascii_digit() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Characters of Base64 from which on only findings get pictures of their own: the page is to stay below 3 MB.
const ENOUGH: usize = 1_700_000;
/// Characters of Base64 from which on no picture is added: a run in which all fails has a page of 3 MB, too.
const FULL: usize = 1_850_000;

/// What a picture is and how large, from its header; none for what a page cannot show.
fn kind_and_size(bytes: &[u8]) -> Option<(&'static str, u32, u32)> {
    let media_type = match imagesize::image_type(bytes).ok()? {
        ImageType::Png => "image/png",
        ImageType::Jpeg => "image/jpeg",
        _ => return None,
    };
    let size = imagesize::blob_size(bytes).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    (width > 0 && height > 0).then_some((media_type, width, height))
}
