"""Submits to Celery, or works for it, as 'morningai bench' asks for."""
import sys

from celery import Celery

import bench_client

URL = f'redis://127.0.0.1:{bench_client.PORT}/0'

app = Celery('celery_bench', broker=URL, backend=URL)
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=64,
    result_expires=None,
    task_send_sent_event=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
)


@app.task(name='noop')
def noop(payload):
    bench_client.told_start(payload)
    return True


if __name__ == '__main__':
    if sys.argv[1] == 'client':
        bench_client.serve(lambda payload: noop.apply_async((payload,)), None)
    else:
        app.worker_main(['worker', '-c', '2', '--without-gossip', '--without-mingle', '--loglevel', 'WARNING'])
