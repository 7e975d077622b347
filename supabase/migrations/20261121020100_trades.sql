create table public.trades (
  trade_id text primary key check (trade_id ~ '^[0-9a-f]{64}$'),
  plan_id text not null references public.offers on delete cascade,
  member_id text references public.members on delete cascade,
  state text not null check (state in ('armed', 'triggered', 'scaled', 'closed')),
  seq integer not null check (seq >= 0),
  opened_at timestamptz not null default pg_catalog.clock_timestamp(),
  updated_at timestamptz not null default pg_catalog.clock_timestamp(),
  body jsonb not null,
  unique nulls not distinct (plan_id, member_id),
  check (body ->> 'tradeId' = trade_id and body ->> 'planId' = plan_id and body ->> 'state' = state),
  check ((body ->> 'memberId') is not distinct from member_id and (body ->> 'seq')::pg_catalog.int4 = seq)
);
comment on table public.trades is
  'One member''s trade of a plan, or the plan''s shadow (member_id null) that nobody took. Written only together with its steps and its alerts, guarded by seq. Kept until the member is forgotten.';
create index trades_open on public.trades (trade_id) where state <> 'closed';
create index trades_of_member on public.trades (member_id, opened_at desc, trade_id);

alter table public.trades enable row level security;
revoke all on table public.trades from public, anon, authenticated, service_role;
grant select on table public.trades to authenticated;
grant select, insert, update on table public.trades to service_role;

create policy trades_read_own on public.trades for select to authenticated
  using (member_id = (select app.member_id()));

create table public.trade_steps (
  step_id text primary key check (step_id ~ '^[0-9a-f]{64}$'),
  trade_id text not null references public.trades on delete cascade,
  seq integer not null check (seq >= 0),
  kind text not null check (pg_catalog.char_length(kind) between 1 and 32),
  at timestamptz not null,
  recorded_at timestamptz not null default pg_catalog.clock_timestamp(),
  body jsonb not null,
  unique (trade_id, seq),
  check (body ->> 'stepId' = step_id and body ->> 'tradeId' = trade_id and body ->> 'kind' = kind),
  check ((body ->> 'seq')::pg_catalog.int4 = seq)
);
comment on table public.trade_steps is
  'What happened to a trade, in order and without a hole; `at` is market time, recorded_at the database''s. Never changed; goes with its trade.';

alter table public.trade_steps enable row level security;
revoke all on table public.trade_steps from public, anon, authenticated, service_role;
grant select on table public.trade_steps to authenticated;
grant select, insert on table public.trade_steps to service_role;

create policy trade_steps_read_own on public.trade_steps for select to authenticated
  using (exists (
    select from public.trades t where t.trade_id = trade_steps.trade_id and t.member_id = (select app.member_id())
  ));
