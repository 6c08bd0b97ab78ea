"""What the Python peers have in common: wishes by lines on standard input, a line of JSON answers each."""
import json
import os
import sys
import threading
import time

PORT = int(os.environ['BENCH_REDIS_PORT'])
SIZE = int(os.environ['BENCH_PAYLOAD'])
PLAIN = 'x' * SIZE
THREADS = 4

_starts = None


def told_start(payload):
    """Tells when a sampled task started."""
    if payload[0] == 's':
        started = time.monotonic_ns()
        global _starts
        if _starts is None:
            _starts = os.open(os.environ['BENCH_STARTS'], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(_starts, f"{payload[1:payload.index('.')]} {started}\n".encode())


def sampled():
    return f's{time.monotonic_ns()}.'.ljust(SIZE, 'x')


def answer(result):
    print(json.dumps(result), flush=True)


def serve(submit, submit_many):
    """submit(payload) for one; submit_many(payloads), or None."""

    def counted(count, began):
        return {'count': count, 'seconds': time.monotonic() - began}

    def one(count, _window, limit):
        began = time.monotonic()
        sent = [0] * THREADS

        def submitter(thread):
            for _ in range(thread, int(count), THREADS):
                if time.monotonic() - began > limit:
                    return
                submit(PLAIN)
                sent[thread] += 1

        threads = [threading.Thread(target=submitter, args=(t,)) for t in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return counted(sum(sent), began)

    def bulk(count, page, limit):
        began = time.monotonic()
        sent = 0
        while sent < count and time.monotonic() - began < limit:
            length = int(min(page, count - sent))
            submit_many([PLAIN] * length)
            sent += length
        return counted(sent, began)

    def idle(count, gap):
        began = time.monotonic()
        for _ in range(int(count)):
            submit(sampled())
            time.sleep(gap / 1000)
        return counted(int(count), began)

    def steady(rate, seconds, every):
        began = time.monotonic()
        sent = 0
        while time.monotonic() - began < seconds:
            time.sleep(0.005)
            due = int((time.monotonic() - began) * rate)
            while sent < due:
                submit(sampled() if sent % every == 0 else PLAIN)
                sent += 1
        return counted(sent, began)

    wishes = {'one': one, 'bulk': bulk, 'idle': idle, 'steady': steady}
    answer({'ready': True})
    for line in sys.stdin:
        name, *numbers = line.split()
        answer(wishes[name](*map(float, numbers)))
