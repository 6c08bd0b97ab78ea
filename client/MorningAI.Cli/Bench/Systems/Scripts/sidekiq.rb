# Submits to Sidekiq, or works for it, as 'morningai bench' asks for by lines on standard input; a line of JSON answers each.
require 'json'
require 'sidekiq'

REDIS = { url: "redis://127.0.0.1:#{ENV.fetch('BENCH_REDIS_PORT')}" }.freeze
SIZE = Integer(ENV.fetch('BENCH_PAYLOAD'))
PLAIN = 'x' * SIZE
STARTS = File.open(ENV.fetch('BENCH_STARTS'), 'a')
STARTS.sync = true
THREADS = 16

def nanoseconds = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)

def since(began) = (nanoseconds - began) / 1e9

def sampled = "s#{nanoseconds}.".ljust(SIZE, 'x')

# A line a job, and one for each call that its client library will rename, are not its work.
Sidekiq.logger.level = Logger::WARN
Redis.silence_deprecations = true if Redis.respond_to?(:silence_deprecations=)

Sidekiq.configure_client { |config| config.redis = REDIS.merge(size: THREADS) }
Sidekiq.configure_server { |config| config.redis = REDIS }

class Noop
  include Sidekiq::Worker

  def perform(payload)
    return unless payload.start_with?('s')

    started = nanoseconds
    STARTS.write("#{payload[1...payload.index('.')]} #{started}\n")
  end
end

def one(count, _window, limit)
  began = nanoseconds
  sent = Array.new(THREADS) do |thread|
    Thread.new do
      mine = 0
      (thread...count).step(THREADS) do
        break if since(began) > limit

        Noop.perform_async(PLAIN)
        mine += 1
      end
      mine
    end
  end.sum(&:value)
  { count: sent, seconds: since(began) }
end

def bulk(count, page, limit)
  began = nanoseconds
  sent = 0
  while sent < count && since(began) < limit
    length = [page, count - sent].min
    Sidekiq::Client.push_bulk('class' => Noop, 'args' => Array.new(length) { [PLAIN] })
    sent += length
  end
  { count: sent, seconds: since(began) }
end

def idle(count, gap)
  began = nanoseconds
  count.times do
    Noop.perform_async(sampled)
    sleep(gap / 1000.0)
  end
  { count: count, seconds: since(began) }
end

def steady(rate, seconds, every)
  began = nanoseconds
  sent = 0
  while since(began) < seconds
    sleep(0.005)
    due = (since(began) * rate).floor
    while sent < due
      Noop.perform_async((sent % every).zero? ? sampled : PLAIN)
      sent += 1
    end
  end
  { count: sent, seconds: since(began) }
end

def answer(object)
  $stdout.puts(JSON.generate(object))
  $stdout.flush
end

if ARGV.first == 'client'
  Sidekiq.redis(&:ping)
  answer({ ready: true })
  $stdin.each_line do |line|
    name, *numbers = line.split
    answer(send(name, *numbers.map { |n| n.include?('.') ? n.to_f : n.to_i }))
  end
elsif ARGV.first == 'worker'
  require 'sidekiq/cli'
  cli = Sidekiq::CLI.instance
  ARGV.clear
  cli.parse(['-c', '10', '-q', 'default', '-r', File.expand_path(__FILE__)])
  cli.run
end
