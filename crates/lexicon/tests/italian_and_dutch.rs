//! Sentences as apps write them in Italian and Dutch, with what they mean. They were written down before the lists were.

use flowcheck_lexicon::{Key, says};

fn all_say(key: Key, texts: &[&str]) {
    for text in texts {
        assert!(says(text, key), "{key:?}: {text}");
    }
}

fn none_says(key: Key, texts: &[&str]) {
    for text in texts {
        assert!(!says(text, key), "{key:?}: {text}");
    }
}

#[test]
fn denials_are_recognised_in_italian() {
    all_say(
        Key::Denied,
        &[
            "Accesso negato",
            "Hai rifiutato le autorizzazioni richieste da Recensioni.",
            "L'autorizzazione non è stata concessa.",
            "Non hai autorizzato l'app ad accedere a Klaviyo.",
            "Le autorizzazioni richieste sono state negate.",
        ],
    );
    none_says(
        Key::Denied,
        &["Klaviyo è collegato", "Recensioni negative", "La sessione è scaduta", "Qualcosa è andato storto"],
    );
}

#[test]
fn denials_are_recognised_in_dutch() {
    all_say(
        Key::Denied,
        &[
            "Toegang geweigerd",
            "Je hebt de machtigingen niet goedgekeurd.",
            "U heeft geen toestemming gegeven voor Klaviyo.",
            "De aanvraag is afgewezen",
            "Klaviyo kreeg geen toegang tot uw winkel.",
        ],
    );
    none_says(
        Key::Denied,
        &["Klaviyo is verbonden", "De link is verlopen", "Er ging iets mis", "Toegang tot je gegevens"],
    );
}

#[test]
fn what_was_cancelled_is_recognised_in_italian_and_dutch_and_is_no_denial_by_itself() {
    let texts = [
        "Installazione annullata dall'utente",
        "La procedura è stata interrotta",
        "De installatie is geannuleerd.",
        "De koppeling is afgebroken",
    ];
    all_say(Key::Cancelled, &texts);
    none_says(Key::Denied, &texts);
}

#[test]
fn expiries_are_recognised_in_italian() {
    all_say(
        Key::Expired,
        &[
            "La sessione è scaduta, accedi di nuovo.",
            "Questo link non è più valido.",
            "Il codice di autorizzazione è scaduto.",
            "L'installazione ha richiesto troppo tempo.",
            "Tempo scaduto",
        ],
    );
    none_says(Key::Expired, &["Accesso negato", "Scade tra 30 giorni", "Codice sconto valido"]);
}

#[test]
fn expiries_are_recognised_in_dutch() {
    all_say(
        Key::Expired,
        &[
            "Je sessie is verlopen.",
            "Deze link is niet meer geldig.",
            "De installatie heeft te lang geduurd.",
            "Het duurde te lang voordat je toestemming gaf",
            "De code is niet langer geldig",
            "De tijd is verstreken.",
        ],
    );
    none_says(Key::Expired, &["Toegang geweigerd", "Geldig tot 3 mei", "Het wachtwoord is te lang"]);
}

#[test]
fn outages_are_recognised_in_italian() {
    all_say(
        Key::Outage,
        &[
            "Klaviyo non è al momento disponibile.",
            "Klaviyo non risponde. Riprova più tardi.",
            "Il servizio non è raggiungibile",
            "Klaviyo è temporaneamente fuori servizio.",
            "Non siamo riusciti a raggiungere Klaviyo",
            "Klaviyo non ha risposto in tempo.",
        ],
    );
    none_says(Key::Outage, &["Klaviyo è collegato", "Le recensioni sono disponibili"]);
}

#[test]
fn outages_are_recognised_in_dutch() {
    all_say(
        Key::Outage,
        &[
            "Klaviyo is tijdelijk niet beschikbaar.",
            "Klaviyo reageert niet.",
            "We konden Klaviyo niet bereiken",
            "Klaviyo is op dit moment onbereikbaar.",
            "Geen antwoord van Klaviyo. Probeer het later opnieuw.",
        ],
    );
    none_says(Key::Outage, &["Klaviyo is verbonden", "Reviews zijn nu beschikbaar"]);
}

#[test]
fn controls_that_disconnect_are_recognised_in_italian() {
    all_say(
        Key::Disconnect,
        &["Scollega", "Disconnetti Klaviyo", "Disinstalla l'app", "Revoca l'accesso", "Scollegare l'account"],
    );
    all_say(Key::Remove, &["Rimuovi", "Elimina integrazione", "Disattiva Klaviyo"]);
    none_says(Key::Disconnect, &["Collega", "Connetti Klaviyo", "Installa", "Riconnetti"]);
}

#[test]
fn controls_that_disconnect_are_recognised_in_dutch() {
    all_say(
        Key::Disconnect,
        &["Ontkoppelen", "Klaviyo loskoppelen", "Verbinding verbreken", "App deïnstalleren", "Toegang intrekken"],
    );
    all_say(Key::Remove, &["Verwijderen", "Koppeling verwijderen", "Klaviyo uitschakelen"]);
    none_says(Key::Disconnect, &["Koppelen", "Verbinden met Klaviyo", "Installeren", "Opnieuw verbinden"]);
}

#[test]
fn signing_up_is_recognised_in_italian() {
    all_say(
        Key::SignUp,
        &["Registrati", "Crea un account", "Iscriviti gratis", "Inizia la prova gratuita", "Crea il tuo account"],
    );
    none_says(Key::SignUp, &["Accedi", "Esci", "Il mio account"]);
    all_say(Key::SignIn, &["Accedi", "Accedi al tuo account", "Effettua l'accesso", "Login"]);
    none_says(Key::SignIn, &["Registrati", "Revoca l'accesso", "Esci"]);
}

#[test]
fn signing_up_is_recognised_in_dutch() {
    all_say(
        Key::SignUp,
        &["Registreren", "Account aanmaken", "Maak een account", "Registreer je nu", "Probeer 14 dagen gratis"],
    );
    none_says(Key::SignUp, &["Inloggen", "Uitloggen", "Mijn account"]);
    all_say(Key::SignIn, &["Inloggen", "Log in", "Aanmelden", "Aanmelden bij Reviews"]);
    none_says(Key::SignIn, &["Registreren", "Afmelden", "Uitloggen"]);
}

#[test]
fn failures_are_recognised_in_italian_and_dutch() {
    all_say(
        Key::Error,
        &[
            "Si è verificato un errore",
            "Impossibile collegare Klaviyo",
            "Codice non valido",
            "Il collegamento non è riuscito",
        ],
    );
    all_say(
        Key::Error,
        &[
            "Er ging iets mis",
            "Kan de app niet installeren",
            "We konden Klaviyo niet koppelen",
            "Ongeldige aanvraag: mislukt",
        ],
    );
    none_says(Key::Error, &["Recensioni inviate", "Valutazione: negativa", "Reviews verstuurd", "Alles is gelukt"]);
}

#[test]
fn states_are_recognised_in_italian_and_dutch() {
    all_say(
        Key::Installed,
        &["Collegato", "Klaviyo è connesso", "Stato: attivo", "App installata", "Account collegato"],
    );
    all_say(Key::Installed, &["Verbonden", "Klaviyo is gekoppeld", "Status: actief", "App geïnstalleerd"]);
    all_say(
        Key::NotInstalled,
        &["Non collegato", "Klaviyo non è connesso", "Nessun account collegato", "Scollegato", "Non ancora collegata"],
    );
    all_say(
        Key::NotInstalled,
        &["Niet verbonden", "Klaviyo is nog niet gekoppeld", "Geen account gekoppeld", "Ontkoppeld", "Inactief"],
    );
    none_says(Key::Installed, &["Collega", "Attiva Klaviyo", "Verbinden", "Koppelen", "Activeren"]);
    none_says(Key::NotInstalled, &["Collegato", "Verbonden", "Collega Klaviyo", "Verbind Klaviyo"]);
}
