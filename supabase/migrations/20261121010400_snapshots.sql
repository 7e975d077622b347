create table public.snapshots (
  key text primary key check (pg_catalog.char_length(key) between 1 and 200),
  as_of timestamptz not null,
  body jsonb not null,
  written_at timestamptz not null default pg_catalog.now()
);
comment on table public.snapshots is
  'Last known good market data by key, with the time it speaks of. Owned by the service; one row per key, overwritten only by what is not older.';

alter table public.snapshots enable row level security;
revoke all on table public.snapshots from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.snapshots to service_role;

create function public.save_snapshot(key text, as_of timestamptz, body jsonb) returns boolean
  language sql set search_path = ''
  as $$
    with written as (
      insert into public.snapshots as s (key, as_of, body)
      values (save_snapshot.key, save_snapshot.as_of, save_snapshot.body)
      on conflict on constraint snapshots_pkey do update
        set as_of = excluded.as_of, body = excluded.body, written_at = pg_catalog.now()
        where s.as_of <= excluded.as_of
      returning 1
    )
    select exists (select from written)
  $$;
revoke execute on function public.save_snapshot(text, timestamptz, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.save_snapshot(text, timestamptz, jsonb) to service_role;
comment on function public.save_snapshot(text, timestamptz, jsonb) is 'False when what is stored is newer: an older time never overwrites it.';
