# Loaded into Ruby by flowcheck before the app: its clock follows Klaviyo's, which flowcheck moves.
#
# Time and Date show this machine's time, plus the seconds in a file; timers count real time. Once the process calls Klaviyo it says
# so by a file of its own.
clock = ENV.fetch('FLOWCHECK_CLOCK', '')
unless clock.empty? || ENV.fetch('LD_PRELOAD', '').include?('faketime')
  require 'date'
  require 'socket'

  known = 0
  ahead = lambda do
    known = Integer(File.read(clock).strip.delete_prefix('+'), 10)
  rescue SystemCallError, ArgumentError
    known # The app goes on by the time it knew last.
  end
  units = { nanosecond: 1_000_000_000, microsecond: 1_000_000, millisecond: 1_000,
            float_microsecond: 1_000_000, float_millisecond: 1_000 }

  Time.singleton_class.prepend(Module.new do
    define_method(:now) { |*rest, **named| super(*rest, **named) + ahead.call }
  end)
  Process.singleton_class.prepend(Module.new do
    define_method(:clock_gettime) do |id, unit = :float_second|
      real = super(id, unit)
      id == Process::CLOCK_REALTIME ? real + ahead.call * units.fetch(unit, 1) : real
    end
  end)
  Date.singleton_class.prepend(Module.new do
    define_method(:today) { |*rest| Time.now.then { |now| Date.new(now.year, now.month, now.day, *rest) } }
  end)
  DateTime.singleton_class.prepend(Module.new do
    define_method(:now) { |*_rest| Time.now.to_datetime }
  end)

  ports = ENV.fetch('FLOWCHECK_KLAVIYO_PORTS', '').split(',')
  say = lambda do |name, service|
    klaviyo = name.is_a?(String) && name.match?(/\A(?:[^.]+\.)*klaviyo\.com\.?\z/i)
    File.write("#{clock}.seen", '') if klaviyo || ports.include?(service.to_s)
  rescue SystemCallError
    nil # Then flowcheck believes that this clock stood still, and leaves more to a person.
  end
  watch = lambda do |method|
    Module.new do
      define_method(method) do |name = nil, service = nil, *rest, **named, &block|
        say.call(name, service)
        super(name, service, *rest, **named, &block)
      end
    end
  end
  TCPSocket.prepend(watch.call(:initialize))
  Socket.singleton_class.prepend(watch.call(:tcp))
  Addrinfo.singleton_class.prepend(watch.call(:getaddrinfo))
end
