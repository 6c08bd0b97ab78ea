"""Submits to RQ, or works for it, as 'morningai bench' asks for."""
import logging
import multiprocessing
import sys

from redis import Redis
from rq import Queue, SimpleWorker

import bench_client


def noop(payload):
    bench_client.told_start(payload)
    return True


def client():
    queue = Queue(connection=Redis(port=bench_client.PORT))

    def submit_many(payloads):
        queue.enqueue_many([Queue.prepare_data('rq_bench.noop', (payload,), result_ttl=-1) for payload in payloads])

    bench_client.serve(lambda payload: queue.enqueue('rq_bench.noop', payload, result_ttl=-1), submit_many)


def work():
    redis = Redis(port=bench_client.PORT)
    SimpleWorker([Queue(connection=redis)], connection=redis).work(logging_level=logging.WARNING)


def workers():
    processes = [multiprocessing.Process(target=work) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == '__main__':
    client() if sys.argv[1] == 'client' else workers()
