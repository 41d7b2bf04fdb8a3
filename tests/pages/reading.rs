//! A page, read, and where its answer asks for it acted on.

use std::time::Duration;

use flowcheck::browser::{PageSnapshot, Tenants, Timeouts, User};
use flowcheck::evidence::PageKind;

use crate::answer::Page;

/// A page with what the reader made of it.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) page: Page,
    pub(crate) snapshot: PageSnapshot,
    /// What became of the acts that the answer asks for.
    pub(crate) acts: Result<(), String>,
}

/// Opens a page, waits as a run would, and reads it.
pub(crate) async fn read(user: &mut User, page: Page, address: &str, patience: Timeouts) -> Read {
    user.go_to(address).await.expect("the page opens");
    let snapshot = user.await_page(patience, settled).await.unwrap_or_else(|error| panic!("{}: {error}", page.name));
    let acts = act(user, &page, &snapshot, patience).await;
    Read { page, snapshot, acts }
}

/// Whether a page surely shows what a run waits for.
fn settled(snapshot: &PageSnapshot) -> bool {
    snapshot.page.certainty >= 80 && !matches!(snapshot.page.kind, PageKind::Other | PageKind::Notice | PageKind::Blank)
}

async fn act(user: &mut User, page: &Page, snapshot: &PageSnapshot, patience: Timeouts) -> Result<(), String> {
    // What follows an act in the corpus follows at once.
    let patience = Timeouts { quiet: Duration::from_millis(600), ..patience };
    if let Some(then) = page.answer.then {
        let mut snapshot = snapshot.clone();
        for _ in 0..3 {
            let Some(part) = snapshot.parts.disconnect.clone() else { break };
            user.click(&snapshot, part.control).await.map_err(|error| error.to_string())?;
            snapshot = user
                .await_page(patience, |snapshot| snapshot.page.kind == then)
                .await
                .map_err(|error| error.to_string())?;
            if snapshot.page.kind == then {
                return Ok(());
            }
        }
        return Err(format!("disconnecting ended at {:?}: {}", snapshot.page.kind, snapshot.page.text));
    }
    let (Some(choose), Some(says)) = (&page.answer.choose, &page.answer.says) else { return Ok(()) };
    match &snapshot.parts.tenants {
        Some(Tenants::Field { field }) if snapshot.page.fields[*field].takes_choice() => {
            user.choose(snapshot, *field, choose).await.map_err(|error| error.to_string())?;
            send(user, snapshot, *field).await?;
        }
        Some(Tenants::Field { field }) => {
            user.fill(snapshot, *field, choose).await.map_err(|error| error.to_string())?;
            send(user, snapshot, *field).await?;
        }
        Some(Tenants::Controls { options }) => {
            let (_, control) = options.iter().find(|(name, _)| name.contains(choose.as_str())).ok_or("not offered")?;
            user.click(snapshot, *control).await.map_err(|error| error.to_string())?;
        }
        None => return Err("no choice found".to_owned()),
    }
    let after = user
        .await_page(patience, |snapshot| snapshot.page.text.contains(says))
        .await
        .map_err(|error| error.to_string())?;
    if after.page.text.contains(says) { Ok(()) } else { Err(format!("choosing ended at: {}", after.page.text)) }
}

async fn send(user: &mut User, snapshot: &PageSnapshot, field: usize) -> Result<(), String> {
    match snapshot.submit_of(field) {
        Some(control) => user.click(snapshot, control).await,
        None => user.press_enter(snapshot, field).await,
    }
    .map_err(|error| error.to_string())
}
