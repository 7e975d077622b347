create table public.setups (
  setup_id text primary key check (pg_catalog.char_length(setup_id) between 1 and 200),
  symbol text not null check (pg_catalog.char_length(symbol) between 1 and 32),
  detector text not null check (pg_catalog.char_length(detector) between 1 and 64),
  title text not null check (pg_catalog.char_length(title) between 1 and 200),
  direction text not null check (direction in ('long', 'short')),
  timeframe text not null check (pg_catalog.char_length(timeframe) between 1 and 16),
  detected_at timestamptz not null,
  outcome text not null check (outcome in ('offered', 'refused')),
  refusal jsonb,
  plan_id text references public.offers on delete cascade deferrable initially deferred,
  created_at timestamptz not null default pg_catalog.now(),
  check ((outcome = 'offered') = (plan_id is not null) and (outcome = 'refused') = (refusal is not null))
);
comment on table public.setups is
  'What the scanner found and what became of it: an offer, or a refusal with its reason. Written once by the service; may be deleted after a year.';
create index setups_newest on public.setups (detected_at desc, setup_id);
create index setups_of_plan on public.setups (plan_id) where plan_id is not null;

alter table public.setups enable row level security;
revoke all on table public.setups from public, anon, authenticated, service_role;
grant select, insert, delete on table public.setups to service_role;
