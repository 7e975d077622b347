/** What Discord would act on in a message: mentions, commands, custom emoji, fences, links that the news tool did not give. */
export function actsIn(text: string): string | undefined {
  const rest = text
    .replaceAll('[reuters.com](<https://www.reuters.com/markets/apple-beats>)', '')
    .replace(/<t:\d+:[tTR]>/g, '');
  const acts = [
    /@\W{0,3}(?:everyone|here)/i,
    /(?<!\\)<[@#:/a]/,
    /[a-z]+:\/\//i,
    /\bwww\.|discord\.gg\//i,
    /(?<!\\)\[[^\]]*\]\(/,
    /(?<!\\)(?:```|\|\|)/,
    /[\u202a-\u202e\u2066-\u2069\u200b\u2060\0]/,
  ];
  return acts.map((act) => act.exec(rest)?.[0]).find((found) => found !== undefined);
}
