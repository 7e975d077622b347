create table public.plans (
  plan_id text not null check (plan_id ~ '^[0-9a-f]{64}$'),
  member_id text not null references public.members on delete cascade,
  symbol text not null check (pg_catalog.char_length(symbol) between 1 and 32),
  direction text not null check (direction in ('long', 'short')),
  decided_at timestamptz not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default pg_catalog.now(),
  body jsonb not null check (body ->> 'planId' = plan_id),
  primary key (member_id, plan_id)
);
comment on table public.plans is
  'Plans built on a member''s request; the size inside follows from their account, so they are theirs alone. The id is a hash of the inputs: two members may hold the same plan. Never changed after saving; kept until the member is forgotten.';
create index plans_newest on public.plans (member_id, created_at desc, plan_id);

alter table public.plans enable row level security;
revoke all on table public.plans from public, anon, authenticated, service_role;
grant select on table public.plans to authenticated;
grant insert (plan_id, member_id, symbol, direction, decided_at, expires_at, body) on table public.plans to authenticated;
grant select, insert, delete on table public.plans to service_role;

create policy plans_read_own on public.plans for select to authenticated
  using (member_id = (select app.member_id()));
create policy plans_save_own on public.plans for insert to authenticated
  with check (member_id = (select app.member_id()));
