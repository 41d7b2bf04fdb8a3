// Loaded into Node by flowcheck before the app: redirects connections to Klaviyo's hosts to flowcheck's gateway.
//
// Node's fetch ignores HTTPS_PROXY before Node 24, so this patches net.Socket, which every HTTP client for Node uses. TLS is not
// changed: it still sends Klaviyo's name and checks the certificate for it.
'use strict';

const gateway = /^(.+):(\d+)$/.exec(process.env.FLOWCHECK_GATEWAY || '');
if (gateway) {
  const net = require('node:net');
  const connect = net.Socket.prototype.connect;

  const isKlaviyo = (host) => typeof host === 'string' && /^(?:[^.]+\.)*klaviyo\.com\.?$/i.test(host);
  const isTheirPort = (port) => Number(port) === 443 || Number(port) === 80;

  const redirected = (options) => {
    if (!options || typeof options !== 'object' || options.path || options.socketPath) return options;
    if (!isKlaviyo(options.host) || !isTheirPort(options.port)) return options;
    // A copy: TLS reads the name to check from the original.
    return { ...options, host: gateway[1], port: Number(gateway[2]), lookup: undefined };
  };

  net.Socket.prototype.connect = function (...args) {
    const [first, second] = args;
    if (Array.isArray(first)) {
      // As net.connect passes it: an array of options and callback, marked by a symbol.
      args[0] = Object.assign([], first, { 0: redirected(first[0]) });
    } else if (first && typeof first === 'object') {
      args[0] = redirected(first);
    } else if (isKlaviyo(second) && isTheirPort(first)) {
      args[0] = Number(gateway[2]);
      args[1] = gateway[1];
    }
    return connect.apply(this, args);
  };
}
