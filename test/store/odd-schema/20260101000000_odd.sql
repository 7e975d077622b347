create schema app;
grant usage on schema app to authenticated, service_role;
create function app.member_id() returns text language sql stable set search_path = ''
  as $$ select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb ->> 'sub' $$;
grant execute on function app.member_id() to authenticated, service_role;

create table public.members (member_id text primary key);
grant select on public.members to service_role;

create table public.odd (
  id integer primary key,
  owner text not null default 'nobody',
  label text,
  amount numeric check (amount < 1000000),
  flag boolean,
  doc jsonb,
  seen_at timestamptz,
  code text unique
);
alter table public.odd enable row level security;
grant select, insert, update, delete on public.odd to authenticated, service_role;
create policy odd_own on public.odd to authenticated
  using (owner = (select app.member_id())) with check (owner = (select app.member_id()));

create table public.pairs (a text, b integer, note text, primary key (a, b));
alter table public.pairs enable row level security;
grant select, insert, update, delete on public.pairs to service_role;
grant select (a, b), insert (a, b) on public.pairs to anon;
create policy pairs_anon on public.pairs for select to anon using (b > 0);
create policy pairs_anon_add on public.pairs for insert to anon with check (b > 0);

create table public.follows (
  name text primary key,
  leader text references public.follows deferrable initially deferred,
  place bigint generated always as identity,
  shout text generated always as (pg_catalog.upper(name)) stored
);
alter table public.follows enable row level security;
grant select, insert, update on public.follows to service_role;
create function public.follow(list jsonb, why jsonb default null) returns boolean
  language plpgsql security definer set search_path = ''
  as $$
  begin
    if app.member_id() is null then
      raise exception 'Nobody asks.' using errcode = 'insufficient_privilege';
    end if;
    insert into public.follows (name, leader)
    select f.name, f.leader from pg_catalog.jsonb_to_recordset(list) as f(name text, leader text);
    return why is null;
  end
  $$;
create function public.followers() returns setof public.follows
  language sql stable as $$ select * from public.follows order by place $$;

create function public.echo(text_in text, number_in numeric default 7, doc_in jsonb default null) returns jsonb
  language sql immutable as $$ select jsonb_build_object('t', text_in, 'n', number_in, 'd', doc_in) $$;
create function public.list_odd(low integer) returns setof public.odd
  language sql stable as $$ select * from public.odd where id >= low order by id $$;
create function public.labels() returns setof text language sql stable as $$ select label from public.odd order by id $$;
create function public.first_odd() returns public.odd language sql stable as $$ select * from public.odd order by id limit 1 $$;
create function public.do_nothing(n integer) returns void language sql as $$ select $$;
create function public.fail(state text, words text) returns integer language plpgsql
  as $$ begin raise exception using errcode = state, message = words, detail = 'a detail', hint = 'a hint'; end $$;
revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to authenticated, service_role;
