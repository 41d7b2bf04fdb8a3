# Loaded into Ruby by flowcheck before the app: redirects connections to Klaviyo's hosts to flowcheck's gateway.
#
# net/http reads a proxy from http_proxy only, even for https, and other HTTP clients for Ruby read none, so this patches the
# classes that all of them connect with. TLS is not changed: it still sends Klaviyo's name and checks the certificate for it.
gateway = ENV.fetch('FLOWCHECK_GATEWAY', '')
unless gateway.empty?
  require 'socket'

  host, _, port = gateway.rpartition(':')
  redirect = lambda do |name, service|
    klaviyo = name.is_a?(String) && name.match?(/\A(?:[^.]+\.)*klaviyo\.com\.?\z/i)
    klaviyo && %w[443 80 https http].include?(service.to_s) ? [host, port.to_i] : [name, service]
  end
  patch = lambda do |method|
    Module.new do
      define_method(method) do |name = nil, service = nil, *rest, **named, &block|
        super(*redirect.call(name, service), *rest, **named, &block)
      end
    end
  end

  TCPSocket.prepend(patch.call(:initialize))
  Socket.singleton_class.prepend(patch.call(:tcp))
  Addrinfo.singleton_class.prepend(patch.call(:getaddrinfo))
end
