create or replace function public.schema_version() returns integer
  language sql stable set search_path = ''
  as $$ select 2 $$;
revoke execute on function public.schema_version() from public, anon, authenticated, service_role;
grant execute on function public.schema_version() to authenticated, service_role;
comment on function public.schema_version() is 'Raised by a migration whenever the program needs more than it found before; the store compares.';
