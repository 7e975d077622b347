import type { APIMessage, APIMessageTopLevelComponent } from 'discord-api-types/v10';
import { button } from './button.ts';
import { el } from './element.ts';
import { hexColour } from './embed.ts';
import type { ListEntry } from './listbox.ts';
import { markdown } from './markdown-view.ts';
import { fileCard, gallery, picture } from './media.ts';
import type { Reader } from './reader.ts';
import { selectMenu } from './select-menu.ts';

type Top = APIMessageTopLevelComponent;
type Of<T extends Top['type']> = Extract<Top, { type: T }>;
type InRow = Of<1>['components'][number];
type Select = Exclude<InRow, { type: 2 }>;

/** What a select of type 3 offers, or the members and channels that types 5 to 8 fill in themselves. */
export function optionsOf(
  select: { readonly type: number; readonly options?: Extract<Select, { type: 3 }>['options'] },
  reader: Reader,
): ListEntry[] {
  if (select.type === 3)
    return (select.options ?? []).map(({ label, value, description }) => ({ label, value, description }));
  const state = reader.state;
  const users = (state?.users ?? []).map((user) => ({ label: user.name, value: user.id, description: user.role }));
  const channels = (state?.channels ?? []).map((channel) => ({ label: `#${channel.name}`, value: channel.id }));
  return select.type === 8 ? channels : select.type === 5 || select.type === 7 ? users : [];
}

function select(data: Select, message: APIMessage, reader: Reader): HTMLElement {
  const pending = reader.pendingOn(message.id);
  const waiting = pending !== undefined && !pending.failed;
  const defaults = data.type === 3 ? data.options.filter((option) => option.default).map((option) => option.value) : [];
  return selectMenu({
    placeholder: data.placeholder ?? 'Make a selection',
    options: optionsOf(data, reader),
    chosen: reader.chosenIn(message, data.custom_id) ?? defaults,
    min: data.min_values ?? 1,
    max: data.max_values ?? 1,
    disabled: data.disabled ?? false,
    waiting,
    key: data.custom_id,
    onChoose: (values) => reader.select(message, data.custom_id, values),
  });
}

function row(data: Of<1>, message: APIMessage, reader: Reader): HTMLElement {
  const children = data.components.map((one) =>
    one.type === 2 ? button(one, message, reader) : select(one, message, reader),
  );
  return el('div', { class: 'row' }, ...children);
}

function section(data: Of<9>, message: APIMessage, reader: Reader): HTMLElement {
  const accessory = data.accessory;
  const side =
    accessory.type === 2
      ? button(accessory, message, reader)
      : picture({ url: accessory.media.url, alt: accessory.description, spoiler: accessory.spoiler }, 'thumbnail');
  const texts = data.components.map((text) => markdown(text.content, reader));
  return el('div', { class: 'section' }, el('div', { class: 'section-text' }, ...texts), side);
}

function container(data: Of<17>, message: APIMessage, reader: Reader): HTMLElement {
  const box = el('div', { class: 'container' }, ...data.components.map((one) => component(one, message, reader)));
  if (data.accent_color !== null && data.accent_color !== undefined) {
    box.classList.add('accented');
    box.style.setProperty('--bar', hexColour(data.accent_color));
  }
  if (!data.spoiler) return box;
  const reveal = el(
    'button',
    { type: 'button', class: 'container-cover', onclick: () => cover.replaceWith(box) },
    'Spoiler',
  );
  const cover = el('div', { class: 'container covered' }, reveal);
  return cover;
}

function component(data: Top, message: APIMessage, reader: Reader): HTMLElement {
  switch (data.type) {
    case 1:
      return row(data, message, reader);
    case 9:
      return section(data, message, reader);
    case 10:
      return markdown(data.content, reader);
    case 12:
      return gallery(
        data.items.map(({ media, description, spoiler }) => ({
          url: media.url,
          width: media.width,
          height: media.height,
          alt: description,
          spoiler,
        })),
      );
    case 13:
      return fileCard(data.name ?? data.file.url.split('/').at(-1)?.split('?')[0] ?? 'file', data.size, data.file.url);
    case 14: {
      const look = `separator spacing-${data.spacing ?? 1}`;
      return data.divider === false ? el('div', { class: look }) : el('hr', { class: look });
    }
    case 17:
      return container(data, message, reader);
    default:
      return el('p', { class: 'unknown' }, 'This part of the message cannot be shown here.');
  }
}

/** All components of a message, old rows and components v2 alike. */
export function components(message: APIMessage, reader: Reader): HTMLElement[] {
  return (message.components ?? []).map((one) => component(one, message, reader));
}
