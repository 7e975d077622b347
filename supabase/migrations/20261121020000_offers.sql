create table public.offers (
  plan_id text primary key check (plan_id ~ '^[0-9a-f]{64}$'),
  member_id text references public.members on delete cascade,
  symbol text not null check (pg_catalog.char_length(symbol) between 1 and 32),
  direction text not null check (direction in ('long', 'short')),
  decided_at timestamptz not null,
  expires_at timestamptz not null,
  plan jsonb not null check (plan ->> 'planId' = plan_id),
  inputs jsonb,
  provenance jsonb not null,
  channel_id text check (pg_catalog.char_length(channel_id) between 1 and 100),
  message_id text check (pg_catalog.char_length(message_id) between 1 and 100),
  thread_id text check (pg_catalog.char_length(thread_id) between 1 and 100),
  is_over boolean not null default false,
  created_at timestamptz not null default pg_catalog.now()
);
comment on table public.offers is
  'Plans that live: found by the scanner for everybody (member_id null), or one member''s own that they took. Where its card and thread are. Over once no trade of it is open. Written by the service and take_plan; one member''s are kept until they are forgotten.';
comment on column public.offers.inputs is 'What the plan was computed from, to compute it again; not for members.';
create index offers_standing on public.offers (plan_id) where not is_over;
create index offers_newest on public.offers (decided_at desc, plan_id);
create index offers_of_member on public.offers (member_id) where member_id is not null;

alter table public.offers enable row level security;
revoke all on table public.offers from public, anon, authenticated, service_role;
grant select (plan_id, member_id, symbol, direction, decided_at, expires_at, plan, provenance, channel_id, message_id, thread_id, is_over, created_at)
  on table public.offers to authenticated;
grant select, insert, update, delete on table public.offers to service_role;

create policy offers_read_public_and_own on public.offers for select to authenticated
  using (member_id is null or member_id = (select app.member_id()));
