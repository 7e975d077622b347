import { formError } from './api-error.ts';
import type { Attachment } from './attachments.ts';
import { dressComponents, type Media } from './component-dress.ts';
import type { Node } from './component-walk.ts';
import type { Embed } from './wire-embed.ts';
import type { World } from './world.ts';

const PREFIX = 'attachment://';

function named(files: readonly Attachment[], url: string): Attachment | undefined {
  return url.startsWith(PREFIX)
    ? files.find((file) => file.filename === url.slice(PREFIX.length))
    : files.find((file) => file.url === url);
}

const measured = ({ width, height, content_type }: Attachment): object => ({
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
  ...(content_type !== undefined && { content_type }),
});

const alt = ({ description }: Attachment): object => (description ? { description } : {});

const without = (part: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null && value !== undefined));

/** Embeds as Discord answers them: files in place of `attachment://`, and which files they use up. */
export function dressEmbeds(
  list: readonly Embed[],
  files: readonly Attachment[],
): { embeds: object[]; used: Set<string> } {
  const used = new Set<string>();
  const picture = (url: string): object => {
    const file = named(files, url);
    if (!file) return { url, ...(!url.startsWith(PREFIX) && { proxy_url: url }) };
    used.add(file.id);
    return { url: file.url, proxy_url: file.proxy_url, ...measured(file), ...alt(file) };
  };
  const icon = (url: string): object => {
    const file = named(files, url);
    if (file) used.add(file.id);
    const address = file?.url ?? url;
    return { icon_url: address, proxy_icon_url: address };
  };
  const embeds = list.map((one) => ({
    type: 'rich',
    ...without(one),
    ...(one.timestamp && { timestamp: new Date(one.timestamp).toISOString().replace('Z', '000+00:00') }),
    ...(one.image && { image: picture(one.image.url) }),
    ...(one.thumbnail && { thumbnail: picture(one.thumbnail.url) }),
    ...(one.footer && { footer: { text: one.footer.text, ...(one.footer.icon_url && icon(one.footer.icon_url)) } }),
    ...(one.author && {
      author: {
        name: one.author.name,
        ...(one.author.url && { url: one.author.url }),
        ...(one.author.icon_url && icon(one.author.icon_url)),
      },
    }),
    ...(one.fields && { fields: one.fields.map((field) => ({ ...field, inline: field.inline ?? false })) }),
  }));
  return { embeds, used };
}

/** Components as Discord answers them; a file that was not sent along is a 50035. */
export function dressMedia(world: World, list: readonly unknown[], files: readonly Attachment[]): Node[] {
  const media: Media = (url) => {
    const file = named(files, url);
    if (!file && url.startsWith(PREFIX))
      throw formError(
        ['components'],
        'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
        'The referenced attachment was not found',
      );
    return file
      ? {
          id: file.id,
          url: file.url,
          proxy_url: file.proxy_url,
          ...measured(file),
          attachment_id: file.id,
          filename: file.filename,
          size: file.size,
        }
      : { id: world.ids.next(), url, proxy_url: url };
  };
  return dressComponents(list, (url) => media(url)).map(stripFileNames);
}

// only file components tell name and size; the other media items have no such fields
function stripFileNames(node: Node): Node {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => {
      if (key !== 'media' || typeof value !== 'object' || value === null) return value;
      const { filename, size, ...rest } = value as Record<string, unknown>;
      return rest;
    }),
  ) as Node;
}
