-- A hosted project may grant everything on new objects to everyone, or nothing to anyone: each table and function
-- below starts from nothing and is granted by name.
create schema app;
revoke all on schema app from public;
grant usage on schema app to authenticated, service_role;
comment on schema app is 'Not exposed over HTTP: what policies and triggers need.';

create function app.member_id() returns text
  language sql stable set search_path = ''
  as $$
    select nullif(nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb ->> 'sub', '')
  $$;
revoke execute on function app.member_id() from public, anon, authenticated, service_role;
grant execute on function app.member_id() to authenticated, service_role;
comment on function app.member_id() is 'Who asks: the Discord user id in the token''s sub. Supabase''s own auth.uid() wants a uuid.';

create function app.stamp_updated_at() returns trigger
  language plpgsql set search_path = ''
  as $$
  begin
    new.updated_at := pg_catalog.now();
    return new;
  end
  $$;
revoke execute on function app.stamp_updated_at() from public, anon, authenticated, service_role;

create table public.members (
  member_id text primary key check (member_id ~ '^[0-9A-Za-z_-]{1,64}$'),
  name text not null check (pg_catalog.char_length(name) between 1 and 100),
  created_at timestamptz not null default pg_catalog.now()
);
comment on table public.members is
  'Who the bot has met: Discord user id and the name last seen. Written by the service. Kept until the member asks to be forgotten; deleting the row deletes all that is theirs.';

alter table public.members enable row level security;
revoke all on table public.members from public, anon, authenticated, service_role;
grant select on table public.members to authenticated;
grant select, insert, update, delete on table public.members to service_role;

create policy members_read_self on public.members for select to authenticated
  using (member_id = (select app.member_id()));
