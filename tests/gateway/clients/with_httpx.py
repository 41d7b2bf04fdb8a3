"""httpx, without and with asyncio."""

import asyncio
import os

import httpx

auth = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
refresh_token = os.environ["REFRESH_TOKEN"]


async def main():
    authorize = httpx.get(os.environ["AUTHORIZE"])
    print("authorize", authorize.status_code)
    async with httpx.AsyncClient() as client:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        token = await client.post("https://a.klaviyo.com/oauth/token", data=form, auth=auth)
        print("token", token.status_code)
    headers = {"Authorization": f"Bearer {token.json()['access_token']}", "revision": "2026-07-15"}
    api = httpx.get("https://a.klaviyo.com/api/accounts", headers=headers)
    assert api.json()["data"][0]["attributes"]["contact_information"]["organization_name"] == "Reef Books"
    print("api", api.status_code)
    revoke = httpx.post("https://a.klaviyo.com/oauth/revoke", data={"token": refresh_token}, auth=auth)
    print("revoke", revoke.status_code)


asyncio.run(main())
