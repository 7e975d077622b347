import { describe, expect, it } from 'vitest';
import type { ModelItem } from '../../src/coach/model.ts';
import { fitting, resultJson } from '../../src/coach/prompt.ts';

const said = (text: string): ModelItem => ({ kind: 'said', by: 'member', text });

describe('a prompt', () => {
  it('drops the oldest memories first when the turn needs the room', () => {
    const memories = ['a', 'b', 'c', 'd'].map((letter) => said(letter.repeat(100)));
    expect(fitting(memories, [said('x'.repeat(100))], 400)).toEqual(memories.slice(1));
    expect(fitting(memories, [said('x'.repeat(301))], 400)).toEqual([]);
    expect(fitting(memories, [], 400)).toEqual(memories);
  });

  it('cuts the lists of a long result before it drops it', () => {
    const output = { movers: Array.from({ length: 20 }, (_, i) => ({ symbol: `S${i}`, note: 'n'.repeat(80) })) };
    expect(JSON.parse(resultJson('t1', output, 10_000)).result.movers).toHaveLength(20);
    expect(JSON.parse(resultJson('t1', output, 1_000)).result.movers).toHaveLength(8);
    expect(JSON.parse(resultJson('t1', output, 300)).result.movers).toHaveLength(2);
    expect(JSON.parse(resultJson('t1', output, 100))).toHaveProperty('error');
  });
});
