-- Everything below takes its locks in one order: offers, trades, streams of the outbox. Two calls never wait for each other both.

create function app.add_offer(offer jsonb, member_id text) returns boolean
  language sql set search_path = ''
  as $$
    with added as (
      insert into public.offers (plan_id, member_id, symbol, direction, decided_at, expires_at, plan, inputs, provenance)
      select p.body ->> 'planId', add_offer.member_id, p.body ->> 'symbol', p.body ->> 'direction',
        pg_catalog.to_timestamp((p.body ->> 'decidedAt')::double precision / 1000),
        pg_catalog.to_timestamp((p.body ->> 'expiresAt')::double precision / 1000),
        p.body, nullif(add_offer.offer -> 'inputs', 'null'), add_offer.offer -> 'provenance'
      from (select add_offer.offer -> 'plan' as body) p
      on conflict on constraint offers_pkey do nothing
      returning 1
    )
    select exists (select from added)
  $$;
revoke execute on function app.add_offer(jsonb, text) from public, anon, authenticated, service_role;
grant execute on function app.add_offer(jsonb, text) to service_role;

create function app.add_trade(trade jsonb) returns boolean
  language sql set search_path = ''
  as $$
    with added as (
      insert into public.trades (trade_id, plan_id, member_id, state, seq, body)
      values (
        add_trade.trade ->> 'tradeId', add_trade.trade ->> 'planId', add_trade.trade ->> 'memberId',
        add_trade.trade ->> 'state', (add_trade.trade ->> 'seq')::integer, add_trade.trade
      )
      on conflict do nothing
      returning 1
    )
    select exists (select from added)
  $$;
revoke execute on function app.add_trade(jsonb) from public, anon, authenticated, service_role;
grant execute on function app.add_trade(jsonb) to service_role;

create function app.add_steps(trade jsonb, from_seq integer, steps jsonb) returns void
  language plpgsql set search_path = ''
  as $$
  declare
    to_seq constant integer := (trade ->> 'seq')::integer;
  begin
    if to_seq - from_seq is distinct from pg_catalog.jsonb_array_length(steps) or exists (
      select from pg_catalog.jsonb_array_elements(steps) with ordinality as s(body, n)
      where (s.body ->> 'seq')::integer is distinct from from_seq + s.n - 1
        or s.body ->> 'tradeId' is distinct from trade ->> 'tradeId'
    ) then
      raise exception 'The steps do not lead from % to % of this trade.', from_seq, to_seq using errcode = 'check_violation';
    end if;
    insert into public.trade_steps (step_id, trade_id, seq, kind, at, body)
    select s.body ->> 'stepId', s.body ->> 'tradeId', (s.body ->> 'seq')::integer, s.body ->> 'kind',
      pg_catalog.to_timestamp((s.body ->> 'at')::double precision / 1000), s.body
    from pg_catalog.jsonb_array_elements(steps) as s(body);
  end
  $$;
revoke execute on function app.add_steps(jsonb, integer, jsonb) from public, anon, authenticated, service_role;
grant execute on function app.add_steps(jsonb, integer, jsonb) to service_role;

create function app.end_offers(plan_ids text[]) returns void
  language sql set search_path = ''
  as $$
    update public.offers o
    set is_over = true
    where o.plan_id = any (end_offers.plan_ids) and not o.is_over
      and not exists (select from public.trades t where t.plan_id = o.plan_id and t.state <> 'closed')
  $$;
revoke execute on function app.end_offers(text[]) from public, anon, authenticated, service_role;
grant execute on function app.end_offers(text[]) to service_role;

create function app.apply_changes(changes jsonb, alerts jsonb) returns boolean
  language plpgsql set search_path = ''
  as $$
  declare
    wanted constant integer := pg_catalog.jsonb_array_length(changes);
    plan_ids constant text[] := array(select distinct c.trade ->> 'planId'
      from pg_catalog.jsonb_to_recordset(changes) as c(trade jsonb) order by 1);
    trade_ids constant text[] := array(select distinct c.trade ->> 'tradeId'
      from pg_catalog.jsonb_to_recordset(changes) as c(trade jsonb) order by 1);
    change record;
  begin
    if pg_catalog.cardinality(trade_ids) <> wanted then
      raise exception 'A trade changes once in a call.' using errcode = 'check_violation';
    end if;
    perform from public.offers o where o.plan_id = any (plan_ids) order by o.plan_id for update;
    perform from public.trades t where t.trade_id = any (trade_ids) order by t.trade_id for update;
    if wanted <> (
      select pg_catalog.count(*)
      from public.trades t
      join pg_catalog.jsonb_to_recordset(changes) as c(trade jsonb, from_seq integer) on c.trade ->> 'tradeId' = t.trade_id
      where t.seq = c.from_seq and t.plan_id = c.trade ->> 'planId'
        and t.member_id is not distinct from c.trade ->> 'memberId'
        and t.body -> 'symbol' = c.trade -> 'symbol' and t.body -> 'direction' = c.trade -> 'direction'
    ) then
      return false;
    end if;
    for change in
      select c.trade, c.from_seq, c.steps
      from pg_catalog.jsonb_to_recordset(changes) as c(trade jsonb, from_seq integer, steps jsonb)
    loop
      update public.trades t
      set state = change.trade ->> 'state', seq = (change.trade ->> 'seq')::integer, body = change.trade,
          updated_at = pg_catalog.clock_timestamp()
      where t.trade_id = change.trade ->> 'tradeId';
      perform app.add_steps(change.trade, change.from_seq, change.steps);
    end loop;
    perform app.end_offers(plan_ids);
    perform app.add_alerts(alerts);
    return true;
  end
  $$;
revoke execute on function app.apply_changes(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function app.apply_changes(jsonb, jsonb) to service_role;

create function public.apply_transitions(changes jsonb, alerts jsonb) returns boolean
  language sql set search_path = ''
  as $$ select app.apply_changes(apply_transitions.changes, apply_transitions.alerts) $$;
revoke execute on function public.apply_transitions(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.apply_transitions(jsonb, jsonb) to service_role;
comment on function public.apply_transitions(jsonb, jsonb) is
  'Writes trades, their steps and the alerts of them, all or nothing: false, and nothing, when any trade has moved on from its from_seq. Ends offers whose last open trade closed.';

create function public.record_setup(setup jsonb, offer jsonb default null) returns boolean
  language plpgsql set search_path = ''
  as $$
  begin
    insert into public.setups (setup_id, symbol, detector, title, direction, timeframe, detected_at, outcome, refusal, plan_id)
    select s.setup_id, s.symbol, s.detector, s.title, s.direction, s.timeframe, s.detected_at, s.outcome, s.refusal, s.plan_id
    from pg_catalog.jsonb_to_record(record_setup.setup)
      as s(setup_id text, symbol text, detector text, title text, direction text, timeframe text, detected_at timestamptz,
        outcome text, refusal jsonb, plan_id text)
    on conflict on constraint setups_pkey do nothing;
    if not found then
      return false;
    end if;
    if record_setup.offer is null then
      return true;
    end if;
    if not app.add_offer(record_setup.offer, null) then
      raise exception 'An offer stands under the id of this plan.' using errcode = 'unique_violation';
    end if;
    if not app.add_trade(record_setup.offer -> 'shadow') then
      raise exception 'This plan has a shadow already.' using errcode = 'unique_violation';
    end if;
    perform app.add_alerts(pg_catalog.jsonb_build_array(record_setup.offer -> 'alert'));
    return true;
  end
  $$;
revoke execute on function public.record_setup(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_setup(jsonb, jsonb) to service_role;
comment on function public.record_setup(jsonb, jsonb) is
  'A setup and, where it is offered, the offer, its shadow and its alert, all or nothing. False, and nothing, when the setup was known; never changes an offer that stands.';
