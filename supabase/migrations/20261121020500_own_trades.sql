-- A member's call writes where members may not: the functions below run as their owner, ask the token who calls, and let through
-- only that member's trade, its steps by the ids that follow from it, and of alerts those rows that the program would write of these.

create function app.hold_to_own(member_id text, trade jsonb, steps jsonb, alerts jsonb, offers_plan boolean) returns void
  language plpgsql set search_path = ''
  as $$
  declare
    plan_id constant text := trade ->> 'planId';
    trade_id constant text := trade ->> 'tradeId';
    room constant text := 'plan:' || (trade ->> 'planId');
    is_shared constant boolean := exists (
      select from public.trades t where t.plan_id = trade ->> 'planId' and t.member_id is null
    );
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
      cross join lateral (select a.value -> 'payload' -> 'alert' as said) p
      where (
        a.value ->> 'stream' = room and a.value ->> 'nonce' = pg_catalog.left(a.value ->> 'alert_id', 25)
        and pg_catalog.jsonb_typeof(a.value -> 'payload' -> 'seenAt') = 'number'
        and pg_catalog.jsonb_typeof(a.value -> 'payload' -> 'seenWallAt') = 'number'
        and pg_catalog.jsonb_typeof(a.value -> 'payload' -> 'decidedWallAt') = 'number'
        and pg_catalog.jsonb_typeof(p.said -> 'at') = 'number'
        and p.said ->> 'kind' = a.value ->> 'kind' and p.said ->> 'planId' = plan_id and p.said -> 'symbol' = trade -> 'symbol'
        and (p.said ->> 'memberId') is not distinct from (case when not is_shared then member_id end)
        and case a.value ->> 'kind'
          when 'offer' then
            offers_plan and a.value ->> 'channel' = 'plans' and a.value ->> 'priority' = '1'
            and a.value ->> 'alert_id'
              = app.hash_of(pg_catalog.format('{"kind":"offer","memberId":"%s","planId":"%s"}', member_id, plan_id))
          when 'step' then
            a.value ->> 'channel' = room and a.value ->> 'priority' = '0'
            and p.said -> 'direction' = trade -> 'direction' and p.said -> 'own' = pg_catalog.to_jsonb(is_shared)
            and p.said -> 'mentions' = pg_catalog.jsonb_build_array(member_id)
            and exists (
              select from pg_catalog.jsonb_array_elements(steps) as s(body)
              where s.body ->> 'stepId' = a.value ->> 'alert_id' and s.body -> 'at' = p.said -> 'at'
                -- Told as of one share: nobody else learns how many they hold.
                and p.said -> 'step' = s.body || pg_catalog.jsonb_build_object(
                  'shares', p.said -> 'step' -> 'shares', 'remainingShares', p.said -> 'step' -> 'remainingShares'
                )
            )
          else false
        end
      ) is not true
    ) then
      raise exception 'An alert is not what is told of this trade.' using errcode = 'insufficient_privilege';
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
    stands record;
  begin
    perform app.hold_to_own(me, trade, steps, alerts, offer is not null);
    if offer is not null then
      if offer -> 'plan' ->> 'planId' is distinct from wanted then
        raise exception 'The trade is not of the plan it comes with.' using errcode = 'check_violation';
      end if;
      -- Nobody can make up an id like this that is another member's, or that everybody's offer has or will have.
      if wanted is distinct from app.hash_of(pg_catalog.format('{"owner":"%s","planId":"%s"}', me, offer -> 'plan' ->> 'sharedId')) then
        raise exception 'This is not a plan of the one who asks.' using errcode = 'insufficient_privilege';
      end if;
      is_new := app.add_offer(offer, me);
    end if;
    select o.member_id, o.symbol, o.direction into stands from public.offers o where o.plan_id = wanted for update;
    if not found then
      raise exception 'There is no such plan.' using errcode = 'foreign_key_violation';
    end if;
    if stands.member_id <> me then
      raise exception 'This plan is not on offer.' using errcode = 'unique_violation';
    end if;
    if trade ->> 'symbol' is distinct from stands.symbol or trade ->> 'direction' is distinct from stands.direction then
      raise exception 'The trade is of another symbol or side than its plan.' using errcode = 'check_violation';
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
