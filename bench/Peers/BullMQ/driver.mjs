// BullMQ as its documentation makes it fast: one worker with high concurrency, jobs added with addBulk, by name as the documentation does.
import { Queue, Worker } from 'bullmq';
import { PickUps, serve, timed } from '../../Protocol/serve.mjs';

const pickUps = new PickUps();
let settings, connection, queue, worker, ended;

const one = (i) => queue.add('work', i, delayed(settings.delay));
const many = (from, count) => queue.addBulk(Array.from({ length: count }, (_, i) => ({ name: 'work', data: from + i, opts: delayed(settings.delay) })));
const delayed = (delay) => (delay ? { delay: delay * 1000 } : undefined);

async function close() {
    await worker?.close();
    await queue?.close();
    worker = queue = undefined;
}

await serve('BullMQ', import.meta.url, {
    async open(request) {
        await close();
        const [host, port] = request.redis.split(':');
        settings = request;
        connection = { host, port: Number(port), maxRetriesPerRequest: null };
        const kept = request.keep < 0 ? false : request.keep === 0 ? true : { count: request.keep };
        queue = new Queue(request.name, { connection, defaultJobOptions: { removeOnComplete: kept } });
        await queue.waitUntilReady();
    },
    schedule(request) {
        settings.delay = request.delay;
        return timed(request, one, many, 1_000);
    },
    async start() {
        ended = 0;
        const { name, workers, milliseconds, signals } = settings;
        const work = async () => {
            if (signals) pickUps.signal();
            if (milliseconds) await new Promise((resolve) => setTimeout(resolve, milliseconds));
            ended++;
        };
        worker = new Worker(name, work, { connection, concurrency: workers });
        worker.on('error', (error) => console.error(error));
        await worker.waitUntilReady();
    },
    ended: () => ({ count: ended }),
    pickUp(request) {
        settings.delay = 0;
        return pickUps.measure(request, one);
    },
    async stop() {
        await worker.close();
        worker = undefined;
    },
    close,
});
