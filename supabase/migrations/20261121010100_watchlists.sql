create table public.watchlists (
  member_id text not null references public.members on delete cascade,
  symbol text not null check (pg_catalog.char_length(symbol) between 1 and 32),
  added_at timestamptz not null default pg_catalog.now(),
  primary key (member_id, symbol)
);
comment on table public.watchlists is
  'Symbols a member follows, at most 50. Owned by the member; kept until removed by them.';

alter table public.watchlists enable row level security;
revoke all on table public.watchlists from public, anon, authenticated, service_role;
grant select, delete on table public.watchlists to authenticated;
grant insert (member_id, symbol) on table public.watchlists to authenticated;
grant select, insert, update, delete on table public.watchlists to service_role;

create policy watchlists_read_own on public.watchlists for select to authenticated
  using (member_id = (select app.member_id()));
create policy watchlists_add_own on public.watchlists for insert to authenticated
  with check (member_id = (select app.member_id()));
create policy watchlists_remove_own on public.watchlists for delete to authenticated
  using (member_id = (select app.member_id()));

create function app.hold_watchlist_to_50() returns trigger
  language plpgsql set search_path = ''
  as $$
  begin
    -- Two adds at once must not both see 49.
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('watchlist ' || new.member_id, 0));
    if (select pg_catalog.count(*) from public.watchlists w where w.member_id = new.member_id) >= 50 then
      raise exception 'The watchlist holds 50 symbols; remove one first.' using errcode = 'check_violation';
    end if;
    return new;
  end
  $$;
revoke execute on function app.hold_watchlist_to_50() from public, anon, authenticated, service_role;

create trigger watchlists_hold_to_50 before insert on public.watchlists
  for each row execute function app.hold_watchlist_to_50();

create function public.watch_symbol(symbol text) returns text
  language plpgsql set search_path = ''
  as $$
  declare
    me constant text := app.member_id();
  begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('watchlist ' || me, 0));
    if exists (select from public.watchlists w where w.member_id = me and w.symbol = watch_symbol.symbol) then
      return 'already';
    end if;
    if (select pg_catalog.count(*) from public.watchlists w where w.member_id = me) >= 50 then
      return 'full';
    end if;
    insert into public.watchlists (member_id, symbol) values (me, watch_symbol.symbol);
    return 'added';
  end
  $$;
revoke execute on function public.watch_symbol(text) from public, anon, authenticated, service_role;
grant execute on function public.watch_symbol(text) to authenticated;
comment on function public.watch_symbol(text) is 'Adds a symbol to the caller''s own watchlist: added, already or full.';

create function public.watched_symbols() returns setof text
  language sql stable set search_path = ''
  as $$ select distinct w.symbol from public.watchlists w order by 1 $$;
revoke execute on function public.watched_symbols() from public, anon, authenticated, service_role;
grant execute on function public.watched_symbols() to service_role;
comment on function public.watched_symbols() is 'Every symbol that anyone follows, for the feed''s subscriptions.';
