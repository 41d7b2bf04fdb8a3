// Node's https module.
import { request } from 'node:https';

const { AUTHORIZE, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } = process.env;
const auth = `${CLIENT_ID}:${CLIENT_SECRET}`;
const form = { 'content-type': 'application/x-www-form-urlencoded' };

const call = (name, address, options = {}, fields = undefined) => new Promise((done, failed) => {
  const sent = request(address, options, async (answer) => {
    let text = '';
    for await (const part of answer) text += part;
    console.log(name, answer.statusCode);
    done(text);
  });
  sent.on('error', failed);
  sent.end(fields && new URLSearchParams(fields).toString());
});
const post = (name, address, fields) => call(name, address, { method: 'POST', auth, headers: form }, fields);

await call('authorize', AUTHORIZE);
const token = await post('token', 'https://a.klaviyo.com/oauth/token', { grant_type: 'refresh_token', refresh_token: REFRESH_TOKEN });
const headers = { authorization: `Bearer ${JSON.parse(token).access_token}`, revision: '2026-07-15' };
const { data } = JSON.parse(await call('api', 'https://a.klaviyo.com/api/accounts', { headers }));
if (data[0].attributes.contact_information.organization_name !== 'Reef Books') throw new Error('another account');
await post('revoke', 'https://a.klaviyo.com/oauth/revoke', { token: REFRESH_TOKEN });
