// oidc-provider on a free port, with one client that asks for tokens of its own; says it once it answers.
import { Provider } from 'oidc-provider';

const provider = new Provider('http://127.0.0.1', {
  clients: [{
    client_id: 'peer', client_secret: 'peer-secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
  }],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});
const server = provider.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port} /token`));
