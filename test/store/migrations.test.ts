import { describe, expect, it } from 'vitest';
import { loadMigrations } from '../../src/store/embedded/migrations.ts';
import { productMigrations } from './backend.ts';

const everything = (await loadMigrations(productMigrations)).map((migration) => migration.sql).join('\n');
const named = (pattern: RegExp): string[] => [...everything.matchAll(pattern)].map((match) => match[1] ?? '');

const tables = named(/create table (public\.\w+)/g);
/** What a member calls to write where members may not; they ask the token who calls. */
const AS_OWNER = ['public.take_plan', 'public.transition_own'];
const functions = named(/create (?:or replace )?function (\w+\.\w+)\(/g);

describe('every table', () => {
  it('is one that the store knows', () => {
    expect(tables).toEqual(
      [
        ...['members', 'watchlists', 'risk_profiles', 'plans', 'snapshots', 'outbox'],
        ...['offers', 'trades', 'trade_steps', 'setups'],
      ].map((t) => `public.${t}`),
    );
  });

  it.each(tables)('%s has row level security, no grants but those named, and says whose it is', (table) => {
    expect(everything).toContain(`alter table ${table} enable row level security;`);
    expect(everything).toContain(`revoke all on table ${table} from public, anon, authenticated, service_role;`);
    expect(everything).toContain(`comment on table ${table} is`);
    expect(everything).not.toMatch(new RegExp(`grant [^;]* on table ${table} to [^;]*anon`));
  });
});

describe('every function', () => {
  it.each(functions)('%s has an empty search path and may be called only by those named', (name) => {
    const definition = everything.slice(everything.indexOf(`function ${name}(`)).split('as $$')[0];
    expect(definition).toContain("set search_path = ''");
    expect(definition?.includes('security definer')).toBe(AS_OWNER.includes(name));
    expect(everything).toMatch(
      new RegExp(`revoke execute on function ${name}\\([^)]*\\) from public, anon, authenticated, service_role;`),
    );
  });

  it('is granted to nobody but those who need it', () => {
    const granted = [...everything.matchAll(/grant execute on function (public\.\w+)\([^)]*\)\s+to ([^;]+);/g)];
    const to = (who: string) => [...new Set(granted.filter((m) => m[2] === who).map((m) => m[1]))].sort();
    expect(to('authenticated')).toEqual(['public.take_plan', 'public.transition_own', 'public.watch_symbol']);
    expect(to('authenticated, service_role')).toEqual(['public.schema_version']);
    expect(to('service_role')).toEqual(
      [
        ...['apply_transitions', 'claim_outbox', 'enqueue_alert', 'fail_outbox', 'outbox_depth', 'record_setup'],
        ...['save_snapshot', 'settle_outbox', 'watched_symbols'],
      ].map((name) => `public.${name}`),
    );
    expect(new Set(granted.map((m) => m[2])).size).toBe(3);
  });
});
