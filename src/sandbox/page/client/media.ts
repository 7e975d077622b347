import type { APIAttachment } from 'discord-api-types/v10';
import { el } from './element.ts';
import { icon } from './icon.ts';
import { localUrl } from './wire.ts';

interface Picture {
  readonly url: string;
  readonly alt?: string | null | undefined;
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly spoiler?: boolean | undefined;
}

/** Shows a picture as large as the window; Escape, the button or a click beside it closes. */
function enlarge(source: string, alt: string): void {
  const close = (): void => dialog.close();
  const dialog = el(
    'dialog',
    { class: 'lightbox', 'aria-label': alt || 'Image' },
    el(
      'button',
      { type: 'button', class: 'icon-button lightbox-close', 'aria-label': 'Close image', onclick: close },
      icon('close'),
    ),
    el('img', { src: source, alt }),
    alt ? el('p', { class: 'lightbox-alt' }, alt) : undefined,
  );
  dialog.addEventListener('click', (event) => event.target === dialog && close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** A picture that opens large on a press; one from a foreign host is named, never loaded. */
export function picture(item: Picture, className: string): HTMLElement {
  const source = localUrl(item.url, location);
  const alt = item.alt ?? '';
  if (!source) {
    const link = el(
      'a',
      { href: item.url, target: '_blank', rel: 'noreferrer noopener nofollow' },
      alt || 'Image on another site',
    );
    return el('span', { class: `${className} foreign` }, icon('external'), link);
  }
  const sized = item.width && item.height;
  const image = el('img', {
    src: source,
    alt,
    decoding: 'async',
    width: sized ? Number(item.width) : undefined,
    height: sized ? Number(item.height) : undefined,
  });
  const open = (): void => {
    if (frame.classList.contains('covered')) frame.classList.remove('covered');
    else enlarge(source, alt);
  };
  const name = alt ? `Enlarge image: ${alt.length > 80 ? `${alt.slice(0, 79)}…` : alt}` : 'Enlarge image';
  const frame = el(
    'button',
    { type: 'button', class: `picture ${className}`, 'aria-label': name, onclick: open },
    image,
  );
  if (item.spoiler) frame.classList.add('covered');
  return frame;
}

/** One to ten pictures in Discord's mosaic. */
export function gallery(items: readonly Picture[]): HTMLElement {
  const shape = Math.min(items.length, 5);
  return el('div', { class: `gallery gallery-${shape}` }, ...items.map((item) => picture(item, 'gallery-item')));
}

/** "12.3 kB". */
function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(2)} MB`;
}

/** A file that is not a picture: name, size, link. */
export function fileCard(name: string, size: number | undefined, url: string): HTMLElement {
  const source = localUrl(url, location);
  const label = source ? el('a', { href: source, download: name }, name) : el('span', {}, name);
  return el(
    'div',
    { class: 'file' },
    icon('file'),
    el('div', {}, label, size !== undefined && el('small', {}, fileSize(size))),
  );
}

export const isPicture = (file: Pick<APIAttachment, 'content_type' | 'filename'>): boolean =>
  file.content_type?.startsWith('image/') ?? /\.(png|jpe?g|gif|webp|avif)$/i.test(file.filename);
