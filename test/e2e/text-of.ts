import type { APIMessage } from 'discord-api-types/v10';

/** Everything a reader sees of a message, as one text. */
export function textOf(message: APIMessage): string {
  const parts: string[] = [message.content];
  for (const embed of message.embeds) {
    parts.push(embed.title ?? '', embed.description ?? '', embed.footer?.text ?? '');
    for (const field of embed.fields ?? []) parts.push(field.name, field.value);
  }
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const inner of node) walk(inner);
    if (typeof node !== 'object' || node === null) return;
    if ('content' in node && typeof node.content === 'string') parts.push(node.content);
    if ('components' in node) walk(node.components);
  };
  walk(message.components);
  return parts.filter((part) => part !== '').join('\n');
}
