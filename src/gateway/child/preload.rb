# Loaded into Ruby by flowcheck before the app: connections to Klaviyo's hosts go to flowcheck's gateway instead.
#
# net/http looks for a proxy in http_proxy alone, even for https, and other clients of Ruby's look for none, so this is done
# where all of them connect. TLS is left as it is: it goes on asking for Klaviyo's name, and checks the certificate for it.
gateway = ENV.fetch('FLOWCHECK_GATEWAY', '')
unless gateway.empty?
  require 'socket'

  host, _, port = gateway.rpartition(':')
  lead = lambda do |name, service|
    klaviyo = name.is_a?(String) && name.match?(/\A(?:[^.]+\.)*klaviyo\.com\.?\z/i)
    klaviyo && %w[443 80 https http].include?(service.to_s) ? [host, port.to_i] : [name, service]
  end
  detour = lambda do |method|
    Module.new do
      define_method(method) do |name = nil, service = nil, *rest, **named, &block|
        super(*lead.call(name, service), *rest, **named, &block)
      end
    end
  end

  TCPSocket.prepend(detour.call(:initialize))
  Socket.singleton_class.prepend(detour.call(:tcp))
  Addrinfo.singleton_class.prepend(detour.call(:getaddrinfo))
end
