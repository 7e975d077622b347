import type { APIMessage } from 'discord-api-types/v10';
import { ApiError, formError } from './api-error.ts';
import { type Attachment, type AttachmentStore, takeUploads, type Upload } from './attachments.ts';
import { MESSAGE_FLAG } from './bits.ts';
import { walk } from './component-walk.ts';
import { readForm } from './form.ts';
import { dressEmbeds, dressMedia } from './media.ts';
import { mentionsIn } from './mentions.ts';
import { changeMessage } from './messages.ts';
import { iso, wireUser } from './wire-guild.ts';
import { createSchema, editSchema, type MessageForm } from './wire-message.ts';
import type { Channel, StoredMessage, World } from './world.ts';

/** A request's JSON with the files that came along. */
export interface Body {
  readonly json: unknown;
  readonly files: readonly Upload[];
}

/** What every route works on. */
export interface Desk {
  readonly world: World;
  readonly store: AttachmentStore;
}

const flagsOf = (json: unknown): unknown => (json as { flags?: unknown } | null)?.flags;

const has = (flags: number | undefined, bit: number): boolean => ((flags ?? 0) & bit) !== 0;

function spokenText(content: string, components: readonly unknown[]): string {
  const texts = [...walk(components)].map(({ node }) => (node.type === 10 ? (node.content ?? '') : ''));
  return [content, ...texts].join('\n');
}

/** A request's message, read and dressed but not yet filed; `extra` is what the caller adds (type, metadata, reference). */
export async function composeMessage(
  desk: Desk,
  channel: Channel,
  body: Body,
  options: { allowedFlags: number; authorId: string; extra?: Partial<APIMessage>; mayBeEmpty?: boolean },
): Promise<{ message: APIMessage; form: MessageForm }> {
  const { world } = desk;
  const form = readForm(createSchema(flagsOf(body.json)), body.json ?? {});
  if (body.files.length > 10)
    throw formError(['attachments'], 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.');
  const isEmpty = !form.content?.trim() && !form.embeds?.length && !form.components?.length && body.files.length === 0;
  if (isEmpty && !form.sticker_ids?.length && !options.mayBeEmpty) throw new ApiError(50006);
  const files = await takeUploads(world, desk.store, channel.id, body.files, form.attachments ?? []);
  const { embeds, used } = dressEmbeds(form.embeds ?? [], files);
  const components = dressMedia(world, form.components ?? [], files);
  const content = form.content?.trim() ?? '';
  const message = {
    id: world.ids.next(),
    type: 0,
    channel_id: channel.id,
    author: wireUser(world, options.authorId),
    content,
    timestamp: iso(world.clock.now()),
    edited_timestamp: null,
    tts: false,
    ...mentionsIn(world, options.authorId, channel, spokenText(content, components), form.allowed_mentions),
    attachments: files.filter((file) => !used.has(file.id)),
    embeds,
    components,
    pinned: false,
    flags: (form.flags ?? 0) & options.allowedFlags,
    ...options.extra,
  } as unknown as APIMessage;
  return { message, form };
}

function keptFiles(message: APIMessage, named: readonly { id: string }[] | null | undefined): Attachment[] {
  const current = message.attachments as unknown as Attachment[];
  return named === undefined ? current : current.filter((file) => named?.some((one) => one.id === file.id));
}

/** Applies an edit; only SUPPRESS_EMBEDS and the v2 flag can change, and the latter only to on. */
export async function editMessage(desk: Desk, channel: Channel, stored: StoredMessage, body: Body): Promise<void> {
  const { world } = desk;
  const before = stored.message;
  const wasV2 = has(before.flags, MESSAGE_FLAG.componentsV2);
  const asked = flagsOf(body.json);
  const turnsV2On = !wasV2 && typeof asked === 'number' && has(asked, MESSAGE_FLAG.componentsV2);
  const isV2 = wasV2 || turnsV2On;
  const form = readForm(editSchema(isV2), body.json ?? {});
  const isLoading = has(before.flags, MESSAGE_FLAG.loading);
  if (turnsV2On && !isLoading)
    for (const field of ['content', 'embeds'] as const)
      if (before[field].length > 0 && form[field] === undefined)
        throw formError(
          [field],
          'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
          `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
        );

  const fresh = await takeUploads(world, desk.store, channel.id, body.files, form.attachments ?? []);
  const files = [...keptFiles(before, form.attachments), ...fresh];
  const dressed = form.embeds === undefined ? undefined : dressEmbeds(form.embeds ?? [], files);
  const content = form.content === undefined ? before.content : (form.content?.trim() ?? '');
  const components =
    form.components === undefined ? (before.components ?? []) : dressMedia(world, form.components ?? [], files);
  const embeds = dressed ? dressed.embeds : before.embeds;
  const attachments = files.filter((file) => !dressed?.used.has(file.id));
  if (!content && embeds.length === 0 && components.length === 0 && attachments.length === 0) throw new ApiError(50006);

  const changeable = MESSAGE_FLAG.suppressEmbeds;
  const keptFlags = (before.flags ?? 0) & ~MESSAGE_FLAG.loading & ~(form.flags == null ? 0 : changeable);
  const says = form.content !== undefined || form.components !== undefined;
  changeMessage(world, channel, stored, {
    content,
    embeds,
    components,
    attachments,
    flags: keptFlags | ((form.flags ?? 0) & changeable) | (isV2 ? MESSAGE_FLAG.componentsV2 : 0),
    edited_timestamp: isLoading ? null : iso(world.clock.now()),
    ...(says && mentionsIn(world, before.author.id, channel, spokenText(content, components), form.allowed_mentions)),
  } as unknown as Partial<APIMessage>);
}
