create table public.risk_profiles (
  member_id text primary key references public.members on delete cascade,
  account_dollars numeric not null check (account_dollars > 0 and account_dollars <= 1000000000000),
  risk_pct numeric not null check (risk_pct > 0 and risk_pct <= 100),
  updated_at timestamptz not null default pg_catalog.now()
);
comment on table public.risk_profiles is
  'Account size and risk per trade, as the member states them; sizes in plans follow from it. Owned by the member; kept until they are forgotten.';

alter table public.risk_profiles enable row level security;
revoke all on table public.risk_profiles from public, anon, authenticated, service_role;
grant select, delete on table public.risk_profiles to authenticated;
grant insert (member_id, account_dollars, risk_pct), update (member_id, account_dollars, risk_pct)
  on table public.risk_profiles to authenticated;
grant select, insert, update, delete on table public.risk_profiles to service_role;

create policy risk_profiles_read_own on public.risk_profiles for select to authenticated
  using (member_id = (select app.member_id()));
create policy risk_profiles_set_own on public.risk_profiles for insert to authenticated
  with check (member_id = (select app.member_id()));
create policy risk_profiles_change_own on public.risk_profiles for update to authenticated
  using (member_id = (select app.member_id())) with check (member_id = (select app.member_id()));
create policy risk_profiles_remove_own on public.risk_profiles for delete to authenticated
  using (member_id = (select app.member_id()));

create trigger risk_profiles_stamp before update on public.risk_profiles
  for each row execute function app.stamp_updated_at();
