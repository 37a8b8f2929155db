// Graphile Worker as its documentation makes it fast: a local queue, ends written in batches, jobs added with add_jobs.
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { PickUps, serve, timed } from '../../Protocol/serve.mjs';

const pickUps = new PickUps();
const logger = new Logger(() => (level, message) => { if (level === 'error') console.error(message); });
let settings, utils, runner, ended;

const one = (i) => utils.addJob('work', { i }, due());
const many = (from, count) => utils.addJobs(Array.from({ length: count }, (_, i) => ({ identifier: 'work', payload: { i: from + i }, ...due() })));
const due = () => (settings.delay ? { runAt: new Date(Date.now() + settings.delay * 1000) } : {});

function preset() {
    const { postgres, name, workers } = settings;
    return {
        worker: {
            connectionString: `postgres://postgres@${postgres}/postgres`,
            schema: name,
            concurrentJobs: workers,
            maxPoolSize: workers + 1,
            localQueue: { size: Math.max(500, workers) },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
            logger,
        },
    };
}

async function stop() {
    await runner?.stop();
    runner = undefined;
}

async function close() {
    await stop();
    if (utils) {
        await utils.withPgClient((client) => client.query(`drop schema if exists "${settings.name}" cascade`));
        await utils.release();
    }
    utils = undefined;
}

await serve('Graphile Worker', import.meta.url, {
    async open(request) {
        await close();
        settings = request;
        utils = await makeWorkerUtils({ preset: preset() });
        await utils.migrate();
    },
    schedule(request) {
        settings.delay = request.delay;
        return timed(request, one, many, 5_000);
    },
    async start() {
        ended = 0;
        const { milliseconds, signals } = settings;
        const work = async () => {
            if (signals) pickUps.signal();
            if (milliseconds) await new Promise((resolve) => setTimeout(resolve, milliseconds));
            ended++;
        };
        runner = await run({ preset: preset(), noHandleSignals: true, taskList: { work } });
    },
    ended: () => ({ count: ended }),
    pickUp(request) {
        settings.delay = 0;
        return pickUps.measure(request, one);
    },
    stop,
    close,
});
