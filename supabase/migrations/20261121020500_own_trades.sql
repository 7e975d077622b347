-- A member's call writes where members may not: the functions below run as their owner, ask the token who calls, and let through
-- only that member's trade, its steps by the ids that follow from it, and alerts that speak of these.

create function app.hold_to_own(member_id text, trade jsonb, steps jsonb, alerts jsonb, offers_plan boolean) returns void
  language plpgsql set search_path = ''
  as $$
  declare
    plan_id constant text := trade ->> 'planId';
    trade_id constant text := trade ->> 'tradeId';
  begin
    if member_id is null or trade ->> 'memberId' is distinct from member_id
      or trade_id is distinct from app.hash_of(pg_catalog.format('{"memberId":"%s","planId":"%s"}', member_id, plan_id))
    then
      raise exception 'This is not a trade of the one who asks.' using errcode = 'insufficient_privilege';
    end if;
    if exists (
      select from pg_catalog.jsonb_array_elements(steps) as s(body)
      where s.body ->> 'stepId' is distinct from app.hash_of(pg_catalog.format(
        '{"seq":%s,"tradeId":"%s","transition":%s}', s.body ->> 'seq', trade_id,
        pg_catalog.to_json(pg_catalog.concat_ws(' ', s.body ->> 'kind', s.body ->> 'target'))
      ))
    ) then
      raise exception 'A step has not the id that follows from its trade.' using errcode = 'insufficient_privilege';
    end if;
    if exists (
      select from pg_catalog.jsonb_array_elements(alerts) as a(value)
      where a.value ->> 'stream' is distinct from 'plan:' || plan_id
        or (a.value ->> 'kind' = 'offer' and offers_plan) is not true and (a.value ->> 'kind' = 'step' and exists (
          select from pg_catalog.jsonb_array_elements(steps) as s(body) where s.body ->> 'stepId' = a.value ->> 'alert_id'
        )) is not true
    ) then
      raise exception 'An alert does not speak of this trade.' using errcode = 'insufficient_privilege';
    end if;
  end
  $$;
revoke execute on function app.hold_to_own(text, jsonb, jsonb, jsonb, boolean) from public, anon, authenticated, service_role;

create function public.take_plan(trade jsonb, steps jsonb, alerts jsonb, offer jsonb default null) returns text
  language plpgsql security definer set search_path = ''
  as $$
  declare
    me constant text := app.member_id();
    wanted constant text := trade ->> 'planId';
    is_new boolean := false;
    owner text;
  begin
    perform app.hold_to_own(me, trade, steps, alerts, offer is not null);
    if offer is not null then
      if offer -> 'plan' ->> 'planId' is distinct from wanted then
        raise exception 'The trade is not of the plan it comes with.' using errcode = 'check_violation';
      end if;
      is_new := app.add_offer(offer, me);
    end if;
    select o.member_id into owner from public.offers o where o.plan_id = wanted for update;
    if not found then
      raise exception 'There is no such plan.' using errcode = 'foreign_key_violation';
    end if;
    if owner <> me then
      raise exception 'This plan is not on offer.' using errcode = 'unique_violation';
    end if;
    if not app.add_trade(trade) then
      return 'already';
    end if;
    perform app.add_steps(trade, 0, steps);
    update public.offers o set is_over = (trade ->> 'state' = 'closed' and o.is_over) where o.plan_id = wanted;
    -- An offer that stood already has told of itself.
    perform app.add_alerts(coalesce((
      select pg_catalog.jsonb_agg(a.value order by a.n)
      from pg_catalog.jsonb_array_elements(alerts) with ordinality as a(value, n)
      where is_new or a.value ->> 'kind' <> 'offer'
    ), '[]'));
    return 'taken';
  end
  $$;
revoke execute on function public.take_plan(jsonb, jsonb, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.take_plan(jsonb, jsonb, jsonb, jsonb) to authenticated;
comment on function public.take_plan(jsonb, jsonb, jsonb, jsonb) is
  'The caller''s trade of an offer for everybody, or of a plan of their own that comes along: taken, or already. Nothing is written when it was.';

create function public.transition_own(change jsonb, alerts jsonb) returns boolean
  language plpgsql security definer set search_path = ''
  as $$
  begin
    perform app.hold_to_own(app.member_id(), change -> 'trade', change -> 'steps', alerts, false);
    return app.apply_changes(pg_catalog.jsonb_build_array(change), alerts);
  end
  $$;
revoke execute on function public.transition_own(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.transition_own(jsonb, jsonb) to authenticated;
comment on function public.transition_own(jsonb, jsonb) is 'apply_transitions for one trade of the caller.';
