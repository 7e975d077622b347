import type { Actions } from './actions.ts';
import { el, fill } from './element.ts';
import { icon } from './icon.ts';
import { marketNow, newYorkDate, newYorkTime } from './market-clock.ts';
import type { Session } from './session.ts';

const SPEEDS = [1, 10, 60, 600] as const;
const PHASES: Readonly<Record<string, string>> = {
  premarket: 'Pre-market',
  regular: 'Open',
  aftermarket: 'After hours',
  closed: 'Closed',
};

interface Parts {
  readonly face: HTMLElement;
  readonly controls: HTMLElement;
}

/** The replayed market's clock and its controls; `tick` moves the hands, `sync` takes a new state. */
export function createClockBar(
  session: Session,
  actions: Pick<Actions, 'market'>,
  parts: Parts,
  complain: (text: string) => void,
): { sync(): void; tick(): void } {
  const date = el('span', { class: 'clock-date' });
  const time = el('time', { class: 'clock-time' });
  const phase = el('span', { class: 'phase' });
  fill(parts.face, date, el('span', { class: 'clock-now' }, time, el('abbr', { title: 'New York time' }, 'ET')), phase);

  const send = async (request: Parameters<Actions['market']>[0]): Promise<void> => {
    const refusal = await actions.market(request);
    if (refusal) complain(refusal);
  };
  const pauseLabel = el('span', { class: 'unseen' });
  const pauseIcon = el('span', { class: 'pause-icon' });
  const pause = el(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      onclick: () => void send({ action: session.state?.market?.paused ? 'resume' : 'pause' }),
    },
    pauseIcon,
    pauseLabel,
  );
  const speeds = SPEEDS.map((speed) => ({
    speed,
    input: el('input', {
      type: 'radio',
      name: 'speed',
      value: speed,
      onchange: () => void send({ action: 'speed', speed }),
    }),
  }));
  const dial = el(
    'div',
    { class: 'segments', role: 'radiogroup', 'aria-label': 'Market speed' },
    ...speeds.map(({ speed, input }) => el('label', {}, input, el('span', {}, `${speed}x`))),
  );
  const jump = (label: string, action: 'next_open' | 'next_close'): HTMLElement =>
    el('button', { type: 'button', class: 'bar-button', onclick: () => void send({ action }) }, icon('skip'), label);
  fill(
    parts.controls,
    pause,
    dial,
    el('span', { class: 'jumps' }, jump('Next open', 'next_open'), jump('Next close', 'next_close')),
  );

  function tick(): void {
    const market = session.state?.market;
    if (!market) return;
    const now = marketNow(market, Date.now());
    const shown = newYorkTime(now);
    if (time.textContent !== shown) {
      time.textContent = shown;
      time.setAttribute('datetime', new Date(now).toISOString());
      date.textContent = newYorkDate(now);
    }
  }

  function sync(): void {
    const market = session.state?.market;
    parts.face.hidden = !market;
    parts.controls.hidden = !market;
    if (!market) return;
    parts.face.title = `Replay of the session of ${market.sessionOn}`;
    phase.textContent = PHASES[market.phase] ?? market.phase;
    phase.className = `phase phase-${market.phase}`;
    fill(pauseIcon, icon(market.paused ? 'play' : 'pause'));
    pauseLabel.textContent = market.paused ? 'Resume market' : 'Pause market';
    pause.title = pauseLabel.textContent;
    for (const { speed, input } of speeds) input.checked = speed === market.speed;
    tick();
  }

  return { sync, tick };
}
