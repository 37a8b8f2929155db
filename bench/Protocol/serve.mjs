// A driver's side of the protocol, for those written in JavaScript: answers each line with what the function of that name gives.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export async function serve(title, directory, operations) {
    const packages = JSON.parse(readFileSync(new URL('package.json', directory))).dependencies;
    const versions = Object.entries(packages).map((entry) => entry.join(' ')).join(', ');
    const all = {
        hello: () => ({ pid: process.pid, version: `${title}: ${versions}, Node.js ${process.versions.node}` }),
        collect: () => {
            globalThis.gc?.();
            return { heap: process.memoryUsage().heapUsed };
        },
        ...operations,
    };
    for await (const line of createInterface({ input: process.stdin })) {
        const request = JSON.parse(line);
        let reply;
        try {
            reply = (await all[request.op](request)) ?? {};
        } catch (error) {
            reply = { error: String(error?.stack ?? error) };
        }
        process.stdout.write(JSON.stringify(reply) + '\n');
    }
    process.exit(0);
}

/** Calls what schedules one job after the other, or in groups, and tells how long it took. */
export async function timed(request, one, many, group) {
    const start = process.hrtime.bigint();
    if (request.oneByOne) {
        for (let i = 0; i < request.count; i++) await one(i);
    } else {
        for (let from = 0; from < request.count; from += group) await many(from, Math.min(group, request.count - from));
    }
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9 };
}

/** Schedules a job, waits until `signal` is called in its handler, waits a little, and again. */
export class PickUps {
    #resolve;

    signal() {
        this.#resolve?.(process.hrtime.bigint());
    }

    async measure(request, one) {
        const microseconds = [];
        for (let i = 0; i < request.count; i++) {
            const begun = new Promise((resolve) => { this.#resolve = resolve; });
            const start = process.hrtime.bigint();
            await one(i);
            microseconds.push(Number((await begun) - start) / 1e3);
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return { microseconds };
    }
}
