/** A line as it was typed, each `@Name` of somebody here as the mention that Discord's own client would send. */
export function withMentions(line: string, people: readonly { readonly id: string; readonly name: string }[]): string {
  // "@Ann" must not eat the beginning of "@Anna"
  const longestFirst = [...people].sort((a, b) => b.name.length - a.name.length);
  let text = line;
  for (const { id, name } of longestFirst) {
    const named = new RegExp(`@${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu');
    text = text.replace(named, `<@${id}>`);
  }
  return text;
}
