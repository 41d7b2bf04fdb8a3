//! A fake Klaviyo in a few lines: bind, run, stop.

use flowcheck::klaviyo::{Account, Client, Server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Client::new("my-client-id", "my-client-secret")
        .named("Parcel Post")
        .scopes(["accounts:read profiles:read profiles:write lists:read events:write"])
        .redirect_uri("http://localhost:3000/callback")
        .install_url("http://localhost:3000/install");
    let klaviyo = Server::builder()
        .client(app)
        .account(Account::named("Harbour Books"))
        .account(Account::named("Lighthouse Teas"))
        .bind("127.0.0.1:0")
        .await?;
    println!("people    {}", klaviyo.www());
    println!("programs  {}", klaviyo.api());
    println!("listing   {}", klaviyo.listing_url("my-client-id"));
    println!("log in as owner@klaviyo.example with owner-of-klaviyo, or by this link, once:");
    println!("          {}", klaviyo.sign_in_link("owner@klaviyo.example", "/integrations"));
    println!("control   Authorization: Bearer {}", klaviyo.control_secret());
    tokio::signal::ctrl_c().await?;
    klaviyo.stop().await;
    Ok(())
}
