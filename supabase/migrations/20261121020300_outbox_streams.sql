create function app.hash_of(text_in text) returns text
  language sql immutable set search_path = ''
  as $$ select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(hash_of.text_in, 'UTF8')), 'hex') $$;
revoke execute on function app.hash_of(text) from public, anon, authenticated, service_role;
grant execute on function app.hash_of(text) to service_role;
comment on function app.hash_of(text) is 'sha256 hex, as the program makes ids of canonical JSON.';

alter table public.outbox
  add column stream text check (pg_catalog.char_length(stream) between 1 and 200),
  add column priority smallint not null default 1 check (priority between 0 and 2),
  add column position bigint,
  add column content_hash text generated always as
    (app.hash_of(payload::text)) stored;

-- Those already on their way keep the order in which they came.
update public.outbox o
set stream = o.channel, position = n.position
from (select p.alert_id, pg_catalog.row_number() over (order by p.created_at, p.alert_id) as position from public.outbox p) n
where n.alert_id = o.alert_id;
alter table public.outbox alter column stream set not null;
alter table public.outbox alter column position set not null;
alter table public.outbox alter column position add generated always as identity;
select pg_catalog.setval(
  pg_catalog.pg_get_serial_sequence('public.outbox', 'position'),
  coalesce(pg_catalog.max(o.position), 0) + 1, false
) from public.outbox o;

comment on column public.outbox.stream is 'Alerts of one stream leave strictly one after the other, by position.';
comment on column public.outbox.priority is '0 leaves first (what happens to trades), then 1, then 2 (digests); within a stream it changes nothing.';
comment on column public.outbox.content_hash is 'sha256 of the payload: proof of what was to be said.';
drop index public.outbox_pending;
create unique index outbox_pending on public.outbox (stream, position) where state = 'pending';
create index outbox_sent on public.outbox (sent_at desc) where state = 'sent';

create function app.add_alerts(alerts jsonb) returns integer
  language plpgsql set search_path = ''
  as $$
  declare
    lock bigint;
    added integer;
  begin
    -- A later position must not be visible before an earlier one of its stream.
    for lock in
      select distinct pg_catalog.hashtextextended('outbox ' || a.stream, 0) as hash
      from pg_catalog.jsonb_to_recordset(alerts) as a(stream text)
      where a.stream is not null
      order by hash
    loop
      perform pg_catalog.pg_advisory_xact_lock(lock);
    end loop;
    insert into public.outbox (alert_id, kind, channel, payload, nonce, stream, priority)
    select a.value ->> 'alert_id', a.value ->> 'kind', a.value ->> 'channel', a.value -> 'payload', a.value ->> 'nonce',
      a.value ->> 'stream', (a.value ->> 'priority')::smallint
    from pg_catalog.jsonb_array_elements(alerts) with ordinality as a(value, n)
    order by a.n
    on conflict on constraint outbox_pkey do nothing;
    get diagnostics added = row_count;
    return added;
  end
  $$;
revoke execute on function app.add_alerts(jsonb) from public, anon, authenticated, service_role;
grant execute on function app.add_alerts(jsonb) to service_role;
comment on function app.add_alerts(jsonb) is 'Puts alerts into the outbox in their order; how many were new. The first wording of a known one stays.';

drop function public.enqueue_alert(text, text, text, jsonb, text);
create function public.enqueue_alert(
  alert_id text, kind text, channel text, payload jsonb, nonce text, stream text, priority integer
) returns boolean
  language sql set search_path = ''
  as $$
    select app.add_alerts(pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object(
      'alert_id', enqueue_alert.alert_id, 'kind', enqueue_alert.kind, 'channel', enqueue_alert.channel,
      'payload', enqueue_alert.payload, 'nonce', enqueue_alert.nonce,
      'stream', enqueue_alert.stream, 'priority', enqueue_alert.priority
    ))) = 1
  $$;
revoke execute on function public.enqueue_alert(text, text, text, jsonb, text, text, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.enqueue_alert(text, text, text, jsonb, text, text, integer) to service_role;
comment on function public.enqueue_alert(text, text, text, jsonb, text, text, integer) is
  'False when the alert was known already; the first wording stays.';

drop function public.claim_outbox(integer, integer);
create function public.claim_outbox(n integer, lease_seconds integer, max_priority integer default 2)
  returns setof public.outbox
  language sql set search_path = ''
  as $$
    -- From stream to stream by the index: what waits behind a first one costs nothing.
    with recursive heads as (
      (
        select p.alert_id, p.stream from public.outbox p
        where p.state = 'pending' order by p.stream, p.position limit 1
      )
      union all
      select n.alert_id, n.stream
      from heads h cross join lateral (
        select p.alert_id, p.stream from public.outbox p
        where p.state = 'pending' and p.stream > h.stream order by p.stream, p.position limit 1
      ) n
    ),
    due as materialized (
      select o.alert_id
      from heads h join public.outbox o on o.alert_id = h.alert_id
      -- Looked at again once the row is locked: another claimer may have been faster.
      where o.state = 'pending' and o.priority <= claim_outbox.max_priority
        and (o.lease_until is null or o.lease_until <= pg_catalog.clock_timestamp())
      order by o.priority, o.position
      limit claim_outbox.n
      for update of o skip locked
    )
    update public.outbox o
    set attempts = o.attempts + 1,
        lease_until = pg_catalog.clock_timestamp() + pg_catalog.make_interval(secs => claim_outbox.lease_seconds)
    from due
    where o.alert_id = due.alert_id
    returning o.*
  $$;
revoke execute on function public.claim_outbox(integer, integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_outbox(integer, integer, integer) to service_role;
comment on function public.claim_outbox(integer, integer, integer) is
  'Up to n alerts that max_priority lets leave (0 lets only what happens to trades), of each stream only its first pending one and none while that is leased; theirs alone until the lease ends by the database''s clock. attempts is the fence, and above 1 means that an earlier holder may have sent it.';

drop function public.settle_outbox(text, text);
create function public.settle_outbox(alert_id text, message_id text, fence integer) returns boolean
  language sql set search_path = ''
  as $$
    with settled as (
      update public.outbox o
      set state = 'sent', message_id = settle_outbox.message_id, sent_at = pg_catalog.clock_timestamp(), lease_until = null
      where o.alert_id = settle_outbox.alert_id and o.state = 'pending' and o.attempts = settle_outbox.fence
      returning 1
    )
    select exists (select from settled)
  $$;
revoke execute on function public.settle_outbox(text, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.settle_outbox(text, text, integer) to service_role;
comment on function public.settle_outbox(text, text, integer) is
  'False when it is not pending any more, or was claimed again since: fence is the attempts it was claimed with.';

drop function public.fail_outbox(text, text, boolean, integer);
create function public.fail_outbox(alert_id text, error text, dead boolean, fence integer, retry_seconds integer default 0)
  returns boolean
  language sql set search_path = ''
  as $$
    with failed as (
      update public.outbox o
      set state = case when fail_outbox.dead then 'dead' else 'pending' end,
          last_error = pg_catalog.left(fail_outbox.error, 500),
          lease_until = pg_catalog.clock_timestamp() + pg_catalog.make_interval(secs => fail_outbox.retry_seconds)
      where o.alert_id = fail_outbox.alert_id and o.state = 'pending' and o.attempts = fail_outbox.fence
      returning 1
    )
    select exists (select from failed)
  $$;
revoke execute on function public.fail_outbox(text, text, boolean, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.fail_outbox(text, text, boolean, integer, integer) to service_role;
comment on function public.fail_outbox(text, text, boolean, integer, integer) is
  'Gives an alert back for another try after retry_seconds, until when its stream waits, or buries it. False like settle_outbox.';

create function public.outbox_depth() returns integer
  language sql stable set search_path = ''
  as $$ select pg_catalog.count(*)::integer from public.outbox o where o.state = 'pending' $$;
revoke execute on function public.outbox_depth() from public, anon, authenticated, service_role;
grant execute on function public.outbox_depth() to service_role;
comment on function public.outbox_depth() is 'How many alerts are still on their way.';
