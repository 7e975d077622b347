create table public.outbox (
  alert_id text primary key check (pg_catalog.char_length(alert_id) between 1 and 200),
  kind text not null check (pg_catalog.char_length(kind) between 1 and 64),
  channel text not null check (pg_catalog.char_length(channel) between 1 and 100),
  payload jsonb not null,
  nonce text not null check (pg_catalog.char_length(nonce) between 1 and 25),
  state text not null default 'pending' check (state in ('pending', 'sent', 'dead')),
  attempts integer not null default 0 check (attempts >= 0),
  lease_until timestamptz,
  message_id text,
  created_at timestamptz not null default pg_catalog.now(),
  sent_at timestamptz,
  last_error text,
  check (state <> 'sent' or (message_id is not null and sent_at is not null))
);
comment on table public.outbox is
  'Alerts on their way to Discord, each exactly once: the id is a function of the event, the nonce of the id. Owned by the service; sent and dead rows may be deleted after 30 days.';
create index outbox_pending on public.outbox (created_at, alert_id) where state = 'pending';

alter table public.outbox enable row level security;
revoke all on table public.outbox from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.outbox to service_role;

create function public.enqueue_alert(alert_id text, kind text, channel text, payload jsonb, nonce text) returns boolean
  language sql set search_path = ''
  as $$
    with added as (
      insert into public.outbox (alert_id, kind, channel, payload, nonce)
      values (enqueue_alert.alert_id, enqueue_alert.kind, enqueue_alert.channel, enqueue_alert.payload, enqueue_alert.nonce)
      on conflict on constraint outbox_pkey do nothing
      returning 1
    )
    select exists (select from added)
  $$;
revoke execute on function public.enqueue_alert(text, text, text, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.enqueue_alert(text, text, text, jsonb, text) to service_role;
comment on function public.enqueue_alert(text, text, text, jsonb, text) is 'False when the alert was known already; the first wording stays.';

create function public.claim_outbox(n integer, lease_seconds integer) returns setof public.outbox
  language sql set search_path = ''
  as $$
    with due as materialized (
      select p.alert_id from public.outbox p
      where p.state = 'pending' and (p.lease_until is null or p.lease_until <= pg_catalog.clock_timestamp())
      order by p.created_at, p.alert_id
      limit claim_outbox.n
      for update skip locked
    )
    update public.outbox o
    set attempts = o.attempts + 1,
        lease_until = pg_catalog.clock_timestamp() + pg_catalog.make_interval(secs => claim_outbox.lease_seconds)
    from due
    where o.alert_id = due.alert_id
    returning o.*
  $$;
revoke execute on function public.claim_outbox(integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_outbox(integer, integer) to service_role;
comment on function public.claim_outbox(integer, integer) is
  'Up to n pending alerts, theirs alone until the lease ends by the database''s clock. attempts above 1 means that an earlier holder may have sent it.';

create function public.settle_outbox(alert_id text, message_id text) returns boolean
  language sql set search_path = ''
  as $$
    with settled as (
      update public.outbox o
      set state = 'sent', message_id = settle_outbox.message_id, sent_at = pg_catalog.now(), lease_until = null
      where o.alert_id = settle_outbox.alert_id and o.state <> 'sent'
      returning 1
    )
    select exists (select from settled)
  $$;
revoke execute on function public.settle_outbox(text, text) from public, anon, authenticated, service_role;
grant execute on function public.settle_outbox(text, text) to service_role;
comment on function public.settle_outbox(text, text) is 'False when it was settled before or is unknown.';

create function public.fail_outbox(alert_id text, error text, dead boolean, retry_seconds integer default 0) returns boolean
  language sql set search_path = ''
  as $$
    with failed as (
      update public.outbox o
      set state = case when fail_outbox.dead then 'dead' else 'pending' end,
          last_error = pg_catalog.left(fail_outbox.error, 500),
          lease_until = pg_catalog.clock_timestamp() + pg_catalog.make_interval(secs => fail_outbox.retry_seconds)
      where o.alert_id = fail_outbox.alert_id and o.state = 'pending'
      returning 1
    )
    select exists (select from failed)
  $$;
revoke execute on function public.fail_outbox(text, text, boolean, integer) from public, anon, authenticated, service_role;
grant execute on function public.fail_outbox(text, text, boolean, integer) to service_role;
comment on function public.fail_outbox(text, text, boolean, integer) is
  'Gives an alert back for another try after retry_seconds, or buries it; a sent one stays sent.';
