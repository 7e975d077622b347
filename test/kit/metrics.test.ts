import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createScrubber } from '../../src/kit/scrub.ts';

const lines = (text: string, name: string): string[] => text.split('\n').filter((line) => line.startsWith(name));

describe('metrics', () => {
  it('are written in Prometheus’ words', async () => {
    const metrics = createMetrics();
    metrics.counter('plans_total', 'Plans by outcome', ['outcome']).inc({ outcome: 'refused' }, 2);
    metrics.counter('sessions_total', 'Sessions seen').inc();
    metrics.gauge('stream_up', 'Whether a feed is live', ['feed']).set({ feed: 'stocks' }, 1);
    metrics.gauge('outbox_depth', 'Alerts not sent yet').set(3);
    metrics.histogram('command_seconds', 'Time to answer', ['command'], [0.1, 1]).observe({ command: 'price' }, 0.25);
    const text = await metrics.text();
    expect(lines(text, 'plans_total')).toEqual(['plans_total{outcome="refused"} 2']);
    expect(lines(text, 'sessions_total')).toEqual(['sessions_total 1']);
    expect(lines(text, 'stream_up')).toEqual(['stream_up{feed="stocks"} 1']);
    expect(lines(text, 'outbox_depth')).toEqual(['outbox_depth 3']);
    expect(lines(text, 'command_seconds_bucket')).toEqual([
      'command_seconds_bucket{le="0.1",command="price"} 0',
      'command_seconds_bucket{le="1",command="price"} 1',
      'command_seconds_bucket{le="+Inf",command="price"} 1',
    ]);
  });

  it('count one thing once, whoever asks for it', async () => {
    const metrics = createMetrics();
    for (let i = 0; i < 3; i++) metrics.counter('frames_total', 'Frames', ['feed']).inc({ feed: 'stocks' });
    for (let i = 0; i < 3; i++) metrics.hot('events_total', 'Events', 'channel').inc('AM');
    const text = await metrics.text();
    expect(lines(text, 'frames_total')).toEqual(['frames_total{feed="stocks"} 3']);
    expect(lines(text, 'events_total')).toEqual(['events_total{channel="AM"} 3']);
  });

  it('of hot paths are right at every reading and only grow', async () => {
    const metrics = createMetrics();
    const hot = metrics.hot('events_total', 'Events', 'channel');
    const slot = hot.slot('T');
    for (let i = 0; i < 1_000; i++) slot.count++;
    hot.inc('T', 5);
    expect(lines(await metrics.text(), 'events_total')).toEqual(['events_total{channel="T"} 1005']);
    slot.count++;
    expect(lines(await metrics.text(), 'events_total')).toEqual(['events_total{channel="T"} 1006']);
  });

  it('stay few when a label takes a new value every time', async () => {
    const metrics = createMetrics({ maxLabelValues: 10 });
    const counter = metrics.counter('asked_total', 'Asked', ['symbol']);
    const hot = metrics.hot('dropped_total', 'Dropped', 'reason');
    counter.inc({ symbol: 'x'.repeat(100_000) });
    for (let i = 0; i < 10_000; i++) {
      counter.inc({ symbol: `S${i}` });
      hot.inc(`R${i}`);
    }
    const text = await metrics.text();
    expect(lines(text, 'asked_total')).toHaveLength(11);
    expect(text).toContain('asked_total{symbol="other"} 9991');
    expect(lines(text, 'dropped_total')).toHaveLength(11);
    expect(text).toContain('dropped_total{reason="other"} 9990');
    expect(text.length).toBeLessThan(2_000);
  });

  it('keep a line whole and a secret hidden when a label holds them', async () => {
    const metrics = createMetrics({ scrub: createScrubber(['a-very-secret-key']) });
    metrics.counter('odd_total', 'Odd', ['label']).inc({ label: 'a"b\nodd_total{label="forged"} 9 a-very-secret-key' });
    const text = await metrics.text();
    expect(lines(text, 'odd_total')).toHaveLength(1);
    expect(text).not.toContain('a-very-secret-key');
  });

  it('of two programs in one process do not mix', async () => {
    const [one, two] = [createMetrics(), createMetrics()];
    one.counter('frames_total', 'Frames').inc();
    expect(await two.text()).not.toContain('frames_total');
  });

  it('of the process itself are there when asked for', async () => {
    expect(await createMetrics({ process: true }).text()).toContain('process_resident_memory_bytes');
    expect(await createMetrics().text()).not.toContain('process_');
  });
});
