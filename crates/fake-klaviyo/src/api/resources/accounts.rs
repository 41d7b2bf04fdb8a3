//! `get_accounts` and `get_account`: only the token's own account.

use serde_json::{Value, json};

use crate::model::account::Account;

use crate::api::errors::ApiError;

/// The account as the only item of a collection.
pub(crate) fn get_accounts(account: &Account, base: &str) -> Value {
    let links = json!({"self": format!("{base}/api/accounts"), "next": null, "prev": null});
    json!({"data": [resource(account, base)], "links": links})
}

/// The account, if this is its id.
pub(crate) fn get_account(account: &Account, base: &str, id: &str) -> Result<Value, ApiError> {
    if id != account.id.as_str() {
        return Err(ApiError::not_found(format!("An account with id {id} does not exist.")));
    }
    Ok(json!({ "data": resource(account, base) }))
}

/// The account with every required attribute (P).
fn resource(account: &Account, base: &str) -> Value {
    let address = account.address();
    json!({
        "type": "account",
        "id": account.id,
        "attributes": {
            "test_account": account.test,
            "contact_information": {
                "default_sender_name": account.name,
                "default_sender_email": account.sender_email,
                "website_url": account.website(),
                "organization_name": account.name,
                "street_address": {
                    "address1": address.street,
                    "address2": null,
                    "city": address.city,
                    "region": null,
                    "country": address.country,
                    "zip": address.zip,
                },
            },
            "industry": null,
            "timezone": account.timezone,
            "preferred_currency": account.currency,
            "public_api_key": account.id,
            "locale": account.locale,
        },
        "links": {"self": format!("{base}/api/accounts/{}", account.id)},
    })
}
