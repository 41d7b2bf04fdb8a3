// axios, in the version that it is given.
const { default: axios } = await import(process.argv[2]);
const { AUTHORIZE, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } = process.env;
const auth = { username: CLIENT_ID, password: CLIENT_SECRET };

const authorize = await axios.get(AUTHORIZE, { maxRedirects: 0, validateStatus: () => true });
console.log('authorize', authorize.status);
const refresh = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: REFRESH_TOKEN });
const token = await axios.post('https://a.klaviyo.com/oauth/token', refresh, { auth });
console.log('token', token.status);
const headers = { authorization: `Bearer ${token.data.access_token}`, revision: '2026-07-15' };
const api = await axios.get('https://a.klaviyo.com/api/accounts', { headers });
if (api.data.data[0].attributes.contact_information.organization_name !== 'Reef Books') throw new Error('another account');
console.log('api', api.status);
const revoke = await axios.post('https://a.klaviyo.com/oauth/revoke', new URLSearchParams({ token: REFRESH_TOKEN }), { auth });
console.log('revoke', revoke.status);
