// Node's own fetch.
const { AUTHORIZE, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } = process.env;
const authorization = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`;
const post = (fields) => ({ method: 'POST', headers: { authorization }, body: new URLSearchParams(fields) });

const authorize = await fetch(AUTHORIZE, { redirect: 'manual' });
console.log('authorize', authorize.status);
const token = await fetch('https://a.klaviyo.com/oauth/token', post({ grant_type: 'refresh_token', refresh_token: REFRESH_TOKEN }));
console.log('token', token.status);
const { access_token } = await token.json();
const headers = { authorization: `Bearer ${access_token}`, revision: '2026-07-15' };
const api = await fetch('https://a.klaviyo.com/api/accounts', { headers });
const { data } = await api.json();
if (data[0].attributes.contact_information.organization_name !== 'Reef Books') throw new Error('another account');
console.log('api', api.status);
const revoke = await fetch('https://a.klaviyo.com/oauth/revoke', post({ token: REFRESH_TOKEN }));
console.log('revoke', revoke.status);
