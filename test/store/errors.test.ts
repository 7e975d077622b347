import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindOf, StoreError } from '../../src/store/errors.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';

const keys = { serviceKey: 'service', anonKey: 'anon', jwtSecret: 'a secret of more than thirty-two bytes' };
const problem = (code: string) => JSON.stringify({ code, message: 'as the database says', details: null, hint: null });

describe('a failure of the store', () => {
  it.each([
    [0, '', 'unreachable'],
    [503, 'PGRST002', 'unreachable'],
    [503, '53300', 'unreachable'],
    [502, '', 'unreachable'],
    [429, '', 'unreachable'],
    [409, '23505', 'constraint'],
    [400, '23514', 'constraint'],
    [401, 'PGRST301', 'forbidden'],
    [403, '42501', 'forbidden'],
    [401, '42501', 'forbidden'],
    [401, '', 'forbidden'],
    [404, '42P01', 'schema'],
    [404, 'PGRST202', 'schema'],
    [400, 'PGRST204', 'schema'],
    [400, '22P02', 'rejected'],
    [501, 'EMBEDDED501', 'rejected'],
  ])('with status %d and code "%s" is %s', (status, code, kind) => {
    expect(kindOf(status, code)).toBe(kind);
  });

  describe('from a database over the network', () => {
    let answer: { status: number; body: string } | 'silence' | 'hang up';
    let store: Store;
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      if (answer === 'silence') return;
      if (answer === 'hang up') return void request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      store = createStore({ url: `http://127.0.0.1:${port}`, ...keys, log: silent, deadlineMs: 300 });
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    it('that hangs is unreachable once the deadline is over, and is asked once', async () => {
      answer = 'silence';
      asked = 0;
      const startedAt = performance.now();
      await expect(store.as('ann').risk.get()).rejects.toMatchObject({ kind: 'unreachable', operation: 'risk.get' });
      expect(performance.now() - startedAt).toBeLessThan(3000);
      expect(asked).toBe(1);
    });

    it('that hangs up or is not there is unreachable', async () => {
      answer = 'hang up';
      await expect(store.ping()).rejects.toMatchObject({ kind: 'unreachable', operation: 'store.ping' });
      const nobody = createStore({ url: 'http://127.0.0.1:1', ...keys, log: silent, deadlineMs: 300 });
      await expect(nobody.ping()).rejects.toMatchObject({ kind: 'unreachable', sqlState: '' });
    });

    it('that answers with a page of HTML is not taken for data', async () => {
      answer = { status: 200, body: '<html>sign in</html>' };
      await expect(store.as('ann').watchlist.list()).rejects.toBeInstanceOf(StoreError);
      answer = { status: 502, body: '<html>bad gateway</html>' };
      await expect(store.as('ann').watchlist.list()).rejects.toMatchObject({ kind: 'unreachable' });
    });

    it('that answers with other rows than ours says so', async () => {
      answer = { status: 200, body: '[{"symbol":5}]' };
      await expect(store.as('ann').watchlist.list()).rejects.toMatchObject({
        kind: 'bad_row',
        operation: 'watchlist.list',
      });
    });

    it('that lacks the migrations or is behind them says so', async () => {
      answer = { status: 404, body: problem('PGRST202') };
      await expect(store.ping()).rejects.toMatchObject({ kind: 'schema', sqlState: 'PGRST202' });
      answer = { status: 200, body: '0' };
      await expect(store.ping()).rejects.toMatchObject({
        kind: 'schema',
        message: 'store.ping: found version 0 of the schema, need 2; apply supabase/migrations',
      });
    });

    it('that refuses the key is forbidden', async () => {
      answer = { status: 401, body: problem('PGRST301') };
      await expect(store.system.snapshots.load('k')).rejects.toMatchObject({ kind: 'forbidden', sqlState: 'PGRST301' });
    });
  });
});
