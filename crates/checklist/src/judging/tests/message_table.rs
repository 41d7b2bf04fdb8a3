//! Messages as apps word them, and what they tell: tests of `wording` and `message`.

use flowcheck_evidence::{Event, Evidence, Page, PageKind};

use super::wording::{FailureMessage, message_of_denial, message_of_expiry};
use crate::flow::{At, Flow, Timeline};

/// What is told by a page that the user came to, with nothing before it.
pub(super) fn read(page: Page, told: impl Fn(&Flow<'_>, At<'_, Page>) -> FailureMessage) -> FailureMessage {
    let evidence = serde_json::from_value(serde_json::json!({
        "setup": {
            "scenario": {"id": "a/b", "title": "", "file": ""},
            "app": {"name": "Harbour Reviews", "tenancy": "single", "url": "http://app", "install_url": "", "client_id": "",
                "scopes": [], "redirect_uris": ["http://app/callback"]},
            "users": [], "accounts": [], "klaviyo": "signed-in", "klaviyo_hosts": [], "quiet_ms": 0
        },
        "timeline": [{"seq": 0, "at_ms": 0, "event": Event::Page(Box::new(page))}]
    }));
    let evidence: Evidence = evidence.expect("it is evidence");
    let timeline = Timeline::read(&evidence);
    let flow = Flow::of(&timeline);
    let page = flow.events.pages().next().expect("there is one");
    told(&flow, page)
}

/// What a page tells of a denial.
pub(super) fn denial(page: Page) -> FailureMessage {
    read(page, message_of_denial)
}

/// What a page tells of an expired code.
pub(super) fn expiry(page: Page) -> FailureMessage {
    read(page, message_of_expiry)
}

/// A page with this text, of which nothing else is known.
pub(super) fn page(text: &str) -> Page {
    Page {
        user: String::new(),
        url: String::new(),
        title: String::new(),
        kind: PageKind::Other,
        certainty: 50,
        why: Vec::new(),
        cause: None,
        status: Some(200),
        media_type: Some("text/html".to_owned()),
        headings: Vec::new(),
        text: text.to_owned(),
        alerts: Vec::new(),
        controls: Vec::new(),
        fields: Vec::new(),
        frame: None,
        bot_check: None,
        violations: Vec::new(),
        pictures: Vec::new(),
        shot: None,
    }
}

/// Messages as apps word them, with what they tell of a denial; written down before the lists were.
const MESSAGES: &[(FailureMessage, &[&str])] = &[
    (
        FailureMessage::Named,
        &[
            "The installation failed because you denied the permissions we asked for.",
            "You declined access to Klaviyo, so nothing was installed.",
            "You cancelled the permission request, so Klaviyo was not connected.",
            "Die Installation wurde abgebrochen, weil der Zugriff nicht gewährt wurde.",
            "Permission to use Klaviyo was refused.",
            "Sie haben die Berechtigungen abgelehnt. Die Installation wurde nicht abgeschlossen.",
            "Vous avez refusé les autorisations demandées.",
            "Ha denegado los permisos.",
            "Hai negato le autorizzazioni richieste.",
            "Você recusou as permissões.",
            "権限が拒否されました",
        ],
    ),
    (
        FailureMessage::Unknown,
        &[
            "Login Cancelled",
            "You said no in Klaviyo, so nothing was set up.",
            "Okay, we left everything as it was.",
            "You chose not to go ahead with Klaviyo.",
            "We need your green light before we can send anything.",
            "You backed out before the end.",
            "Looks like you changed your mind!",
            "Without your approval there is nothing for us to sync.",
            "You don't have access.",
            "You do not have permission to sign in.",
            "Access denied",
            "Your Klaviyo admin has to approve this app first.",
            "We could not connect Klaviyo because you pressed Cancel there.",
            "The Klaviyo setup was stopped on your request.",
            "No problem, you can link your shop any time.",
            "Consent missing",
            "Authorization failed",
            "Sorry, we can't import anything as long as you keep the door shut.",
            "Einrichtung auf Ihren Wunsch beendet.",
            "Sans votre accord, rien n'a été installé.",
            "Sin su visto bueno no hay nada que sincronizar.",
            "Senza il tuo consenso non possiamo proseguire.",
            "Zonder jouw akkoord gaan we niet verder.",
            "Sem o seu aval nada foi instalado.",
            "お客様のご意向により中止しました",
            "Nie udzielono zgody",
        ],
    ),
    (
        FailureMessage::Generic,
        &[
            "Something went wrong.",
            "Oops! Something went wrong. Please try again later.",
            "An unexpected error occurred. Contact support if the problem persists.",
            "Installation failed",
            "Could not connect to Klaviyo. Please try again.",
            "Harbour Reviews could not be installed: error 42.",
            "Sorry, we were unable to complete the setup.",
            "Error: access_denied",
            "Internal Server Error",
            "Es ist ein unerwarteter Fehler aufgetreten. Bitte versuchen Sie es später noch einmal.",
            "Une erreur s'est produite. Veuillez réessayer plus tard.",
            "Se ha producido un error inesperado.",
            "Si è verificato un errore imprevisto. Riprova più tardi.",
            "Er is een fout opgetreden. Probeer het later opnieuw.",
            "Ocorreu um erro. Tente novamente mais tarde.",
            "エラーが発生しました。もう一度お試しください。",
        ],
    ),
    (
        FailureMessage::Raw,
        &[
            "{\"error\":\"access_denied\"}",
            "[object Object] Caused by: AccessDeniedException",
            "Traceback (most recent call last) File app.py, line 7",
        ],
    ),
];

/// Messages that something was cancelled, without a word of permissions, and messages that say what to do and not what happened: a person
/// has to say whether they tell of the denial.
const CANCELLED_OR_ASKING: &[&str] = &[
    // Cancelled, and nothing of permissions.
    "Klaviyo connection cancelled",
    "The installation was canceled.",
    "Die Installation wurde abgebrochen.",
    "Se ha cancelado la instalación.",
    "L'installation a été annulée.",
    "L'installazione è stata annullata.",
    "De installatie is geannuleerd.",
    "A instalação foi cancelada.",
    "インストールがキャンセルされました。",
    // What to do, and not what happened.
    "Please grant Harbour Reviews access to Klaviyo.",
    "We can't import your reviews without permission to read profiles.",
    "Installation cancelled, please grant access to continue",
    "Bitte gewähren Sie den Zugriff, um fortzufahren.",
    "Conceda acceso a Klaviyo para continuar.",
    "Veuillez accorder l'accès à Klaviyo pour continuer.",
    "Concedi l'accesso a Klaviyo per continuare.",
    "Geef toegang tot Klaviyo om verder te gaan.",
    "Conceda acesso ao Klaviyo para continuar.",
    "続行するにはアクセスを許可してください",
];

#[test]
fn that_something_was_cancelled_or_is_to_be_granted_is_left_to_a_person_in_every_language_and_on_every_page() {
    for text in CANCELLED_OR_ASKING {
        for url in ["", "http://app/callback?error=access_denied", "http://app/welcome"] {
            let bare = Page { url: url.to_owned(), ..page(text) };
            let alert = Page { alerts: vec![(*text).to_owned()], ..bare.clone() };
            assert_eq!(
                (denial(bare), denial(alert)),
                (FailureMessage::Unknown, FailureMessage::Unknown),
                "{url}: {text}"
            );
        }
    }
}

#[test]
fn messages_of_any_wording_are_told_from_none() {
    for (told, texts) in MESSAGES {
        for text in *texts {
            let alert = Page { alerts: vec![(*text).to_owned()], ..page(text) };
            assert_eq!(denial(alert), *told, "as an alert: {text}");
            let heading = Page { url: "http://app/callback?error=access_denied".to_owned(), ..page(text) };
            assert_eq!(denial(heading), *told, "on a page of its own: {text}");
        }
    }
}

#[test]
fn a_picture_without_a_text_is_for_a_person_and_one_beside_a_text_changes_nothing() {
    let pictured = |text: &str, pictures: &[&str]| {
        let pictures = pictures.iter().map(|picture| (*picture).to_owned()).collect();
        Page { url: "http://app/callback?error=access_denied".to_owned(), pictures, ..page(text) }
    };
    assert_eq!(denial(pictured("", &["http://app/denied.svg"])), FailureMessage::Pictured);
    assert_eq!(denial(pictured("", &["http://app/a.png", "data:image/png;base64,AAAA"])), FailureMessage::Pictured);
    assert_eq!(denial(pictured("", &[])), FailureMessage::Nothing);
    assert_eq!(denial(pictured("You denied the permissions.", &["http://app/sad.svg"])), FailureMessage::Named);
    assert_eq!(denial(pictured("Something went wrong.", &["http://app/sad.svg"])), FailureMessage::Generic);
    assert_eq!(denial(pictured("You backed out before the end.", &["http://app/sad.svg"])), FailureMessage::Unknown);
    let failed = Page { status: Some(500), ..pictured("", &["http://app/sad.svg"]) };
    assert_eq!(denial(failed), FailureMessage::Generic);
}

#[test]
fn a_page_that_only_shows_the_state_tells_nothing_and_a_banner_on_it_does() {
    let settings =
        |text: &str| Page { url: "http://app/settings".to_owned(), kind: PageKind::NotInstalled, ..page(text) };
    assert_eq!(denial(settings("Settings Klaviyo Not connected")), FailureMessage::Nothing);
    let toast = Page { alerts: vec!["Login Cancelled".to_owned()], ..settings("Settings Klaviyo Not connected") };
    assert_eq!(denial(toast), FailureMessage::Unknown);
    let empty = Page { kind: PageKind::Blank, ..page("") };
    assert_eq!(denial(empty), FailureMessage::Nothing);
    let failed = Page { status: Some(500), ..page("") };
    assert_eq!(denial(failed), FailureMessage::Generic);
}
