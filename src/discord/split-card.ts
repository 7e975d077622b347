import type { Card, CardBlock } from '../cards/card.ts';

/** Title and last line need room beside it within a message's 4,000. */
const LONGEST_PIECE = 3_000;

/** A card whose text has no room in one message as several; what one presses stands on the last. */
export function splitCard(card: Card, longest = LONGEST_PIECE): [Card, ...Card[]] {
  const { buttons, select, ...plain } = card;
  const shares: CardBlock[][] = [[]];
  let used = 0;
  for (const block of card.blocks.flatMap((one) => cutBlock(one, longest))) {
    const length = block.kind === 'text' ? block.text.length + 1 : 0;
    if (used + length > longest + 1 && used > 0) {
      shares.push([]);
      used = 0;
    }
    used += length;
    shares.at(-1)?.push(block);
  }
  const pieces = shares.map((blocks, i): Card => {
    const title = i === 0 ? card.title : `${card.title} (${i + 1})`;
    if (i < shares.length - 1) return { ...plain, title, blocks };
    return { ...plain, title, blocks, ...(buttons ? { buttons } : {}), ...(select ? { select } : {}) };
  });
  const [first = card, ...others] = pieces;
  return [first, ...others];
}

function cutBlock(block: CardBlock, longest: number): CardBlock[] {
  if (block.kind !== 'text' || block.text.length <= longest) return [block];
  const texts: string[] = [];
  let rest = block.text;
  while (rest.length > longest) {
    const at = cutAt(rest, longest);
    texts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...texts, rest].map((text) => ({ kind: 'text', text }));
}

/** The end of a line, else of a sentence, else of a word; never within bold, a time or a link. */
function cutAt(text: string, longest: number): number {
  for (const end of ['\n', '. ', ' ']) {
    for (let at = text.lastIndexOf(end, longest - end.length); at > longest / 4; at = text.lastIndexOf(end, at - 1)) {
      if (isWhole(text.slice(0, at + end.length))) return at + end.length;
    }
  }
  const last = text.charCodeAt(longest - 1);
  return last >= 0xd800 && last <= 0xdbff ? longest - 1 : longest;
}

function isWhole(text: string): boolean {
  return text.split('**').length % 2 === 1 && !/(?:<t:[^>]*|(?<!\\)\[[^\]\n]*|\]\([^)\n]*)$/.test(text);
}
