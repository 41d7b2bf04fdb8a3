// Loaded into Node by flowcheck before the app: connections to Klaviyo's hosts go to flowcheck's gateway instead.
//
// Node's fetch takes no notice of HTTPS_PROXY before Node 24, so this is done where every client of Node's ends up, in
// net.Socket. TLS is left as it is: it goes on asking for Klaviyo's name, and checks the certificate for it.
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
    // A copy: TLS still reads the name to check from the original.
    return { ...options, host: gateway[1], port: Number(gateway[2]), lookup: undefined };
  };

  net.Socket.prototype.connect = function (...args) {
    const [first, second] = args;
    if (Array.isArray(first)) {
      // As net.connect hands it on: an array of options and callback, marked by a symbol.
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
