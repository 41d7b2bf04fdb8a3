//! A page, read, and where its answer asks for it acted on.

use std::time::Duration;

use flowcheck::browser::{PageSnapshot, Tenants, Timeouts, User};
use flowcheck::evidence::PageKind;

use crate::answer::Page;

/// A page with what the reader made of it.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) page: Page,
    pub(crate) sight: PageSnapshot,
    /// What became of the acts that the answer asks for.
    pub(crate) acts: Result<(), String>,
}

/// Opens a page, waits as a run would, and reads it.
pub(crate) async fn read(user: &mut User, page: Page, address: &str, patience: Timeouts) -> Read {
    user.go_to(address).await.expect("the page opens");
    let sight = user.rest(patience, settled).await.unwrap_or_else(|error| panic!("{}: {error}", page.name));
    let acts = act(user, &page, &sight, patience).await;
    Read { page, sight, acts }
}

/// Whether a page surely shows what a run waits for.
fn settled(sight: &PageSnapshot) -> bool {
    sight.page.certainty >= 80 && !matches!(sight.page.kind, PageKind::Other | PageKind::Notice | PageKind::Blank)
}

async fn act(user: &mut User, page: &Page, sight: &PageSnapshot, patience: Timeouts) -> Result<(), String> {
    // What follows an act in the corpus follows at once.
    let patience = Timeouts { quiet: Duration::from_millis(600), ..patience };
    if let Some(then) = page.answer.then {
        let mut sight = sight.clone();
        for _ in 0..3 {
            let Some(part) = sight.parts.disconnect.clone() else { break };
            user.click(&sight, part.control).await.map_err(|error| error.to_string())?;
            sight = user.rest(patience, |sight| sight.page.kind == then).await.map_err(|error| error.to_string())?;
            if sight.page.kind == then {
                return Ok(());
            }
        }
        return Err(format!("disconnecting ended at {:?}: {}", sight.page.kind, sight.page.text));
    }
    let (Some(choose), Some(says)) = (&page.answer.choose, &page.answer.says) else { return Ok(()) };
    match &sight.parts.tenants {
        Some(Tenants::Field { field }) if sight.page.fields[*field].takes_choice() => {
            user.choose(sight, *field, choose).await.map_err(|error| error.to_string())?;
            send(user, sight, *field).await?;
        }
        Some(Tenants::Field { field }) => {
            user.fill(sight, *field, choose).await.map_err(|error| error.to_string())?;
            send(user, sight, *field).await?;
        }
        Some(Tenants::Controls { options }) => {
            let (_, control) = options.iter().find(|(name, _)| name.contains(choose.as_str())).ok_or("not offered")?;
            user.click(sight, *control).await.map_err(|error| error.to_string())?;
        }
        None => return Err("no choice found".to_owned()),
    }
    let after = user.rest(patience, |sight| sight.page.text.contains(says)).await.map_err(|error| error.to_string())?;
    if after.page.text.contains(says) { Ok(()) } else { Err(format!("choosing ended at: {}", after.page.text)) }
}

async fn send(user: &mut User, sight: &PageSnapshot, field: usize) -> Result<(), String> {
    match sight.submit_of(field) {
        Some(control) => user.click(sight, control).await,
        None => user.press_enter(sight, field).await,
    }
    .map_err(|error| error.to_string())
}
