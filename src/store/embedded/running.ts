import { Worker } from 'node:worker_threads';
import { AppError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import type { WireAnswer, WireRequest } from './wire.ts';

/** A started worker behind the shape of `fetch`. */
export interface Running {
  readonly fetch: typeof globalThis.fetch;
  stop(): Promise<void>;
}

async function toWire(request: Request): Promise<WireRequest> {
  const url = new URL(request.url);
  return {
    method: request.method,
    target: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  };
}

/** Starts the worker and waits until the database answers; an `AppError` when it says why it cannot. */
export async function startWorker(settings: WorkerSettings, log: Pick<Log, 'info' | 'error'>): Promise<Running> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings });
  const waiting = new Map<number, { resolve(answer: WireAnswer): void; reject(err: Error): void }>();
  const gone = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  let ended: Error | undefined;
  let lastId = 0;

  const end = (err: Error): void => {
    ended ??= err;
    started.reject(err);
    for (const { reject } of waiting.values()) reject(err);
    waiting.clear();
  };
  worker.on('error', (err) => {
    log.error({ err }, 'embedded database failed');
    end(new TypeError('The embedded database failed.', { cause: err }));
  });
  worker.on('exit', () => {
    end(new TypeError('The embedded database has stopped.'));
    gone.resolve();
  });
  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        log.info({ created: message.created, migrations: message.applied.length }, 'embedded database ready');
        return started.resolve();
      case 'refused':
        return started.reject(
          message.expected ? new AppError('unavailable', message.message) : new Error(message.message),
        );
      case 'answer':
        waiting.get(message.id)?.resolve(message.answer);
        waiting.delete(message.id);
        return;
      case 'failed':
        waiting.get(message.id)?.reject(new TypeError(message.message));
        waiting.delete(message.id);
        return;
      case 'stopped':
        return;
    }
  });

  const tell = (message: ToWorker): void => worker.postMessage(message);
  try {
    await started.promise;
  } catch (err) {
    await gone.promise;
    throw err;
  }

  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const wire = await toWire(request);
      request.signal.throwIfAborted();
      if (ended) throw ended;
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
      const abort = (): void => {
        waiting.delete(id);
        tell({ kind: 'cancel', id });
        reject(request.signal.reason);
      };
      request.signal.addEventListener('abort', abort, { once: true });
      waiting.set(id, { resolve, reject });
      tell({ kind: 'request', id, request: wire });
      try {
        const answer = await promise;
        return new Response(answer.body === '' ? null : answer.body, {
          status: answer.status,
          headers: { ...answer.headers },
        });
      } finally {
        request.signal.removeEventListener('abort', abort);
      }
    },
    async stop() {
      tell({ kind: 'stop' });
      await gone.promise;
    },
  };
}
