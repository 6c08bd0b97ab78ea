// Submits to BullMQ, or works for it, as 'morningai bench' asks for by lines on standard input; a line of JSON answers each.
const { Queue, Worker, QueueEvents } = require('bullmq');
const fs = require('fs');
const readline = require('readline');

const connection = { host: '127.0.0.1', port: Number(process.env.BENCH_REDIS_PORT), maxRetriesPerRequest: null };
const size = Number(process.env.BENCH_PAYLOAD);
const plain = 'x'.repeat(size);
const now = () => process.hrtime.bigint();
const since = began => Number(now() - began) / 1e9;
const sampled = () => `s${now()}.`.padEnd(size, 'x');
const sleep = ms => new Promise(done => setTimeout(done, ms));
const answer = object => process.stdout.write(JSON.stringify(object) + '\n');

async function client() {
  const queue = new Queue('bench', { connection });
  const events = new QueueEvents('bench', { connection });
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  events.setMaxListeners(0);

  const wishes = {
    async one(count, window, limit) {
      const began = now();
      let sent = 0;
      const submitter = async () => {
        while (sent < count && since(began) < limit) {
          sent++;
          await queue.add('noop', plain);
        }
      };
      await Promise.all(Array.from({ length: window }, submitter));
      return { count: sent, seconds: since(began) };
    },
    async bulk(count, page, limit) {
      const began = now();
      let sent = 0;
      while (sent < count && since(began) < limit) {
        const length = Math.min(page, count - sent);
        await queue.addBulk(Array.from({ length }, () => ({ name: 'noop', data: plain })));
        sent += length;
      }
      return { count: sent, seconds: since(began) };
    },
    async idle(count, gap) {
      const began = now();
      for (let i = 0; i < count; i++) {
        await queue.add('noop', sampled());
        await sleep(gap);
      }
      return { count, seconds: since(began) };
    },
    async steady(rate, seconds, every) {
      const began = now();
      const all = [];
      const doneMicros = [];
      const follow = async () => {
        const start = now();
        const job = await queue.add('noop', sampled());
        await job.waitUntilFinished(events);
        doneMicros.push(since(start) * 1e6);
      };
      let sent = 0;
      while (since(began) < seconds) {
        await sleep(5);
        for (const due = Math.floor(since(began) * rate); sent < due; sent++)
          all.push(sent % every === 0 ? follow() : queue.add('noop', plain));
      }
      await Promise.all(all);
      return { count: sent, seconds: since(began), doneMicros };
    },
  };

  answer({ ready: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, ...numbers] = line.split(' ');
    answer(await wishes[name](...numbers.map(Number)));
  }
  process.exit(0);
}

async function worker() {
  const starts = fs.openSync(process.env.BENCH_STARTS, 'a');
  const work = async job => {
    if (job.data[0] === 's') {
      const started = now();
      fs.writeSync(starts, `${job.data.slice(1, job.data.indexOf('.'))} ${started}\n`);
    }
    return true;
  };
  const queueWorker = new Worker('bench', work, { connection, concurrency: 100, autorun: false });
  queueWorker.on('error', error => console.error(error));
  await queueWorker.waitUntilReady();
  let running = false;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === 'hold') {
      await queueWorker.pause();
    } else if (running) {
      queueWorker.resume();
    } else {
      running = true;
      queueWorker.run();
    }
    answer({ done: line });
  }
  process.exit(0);
}

(process.argv[2] === 'worker' ? worker : client)();
