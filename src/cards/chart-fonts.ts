import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { AppError } from '../kit/errors.ts';

/** The one family that charts use; nothing else may be drawn with, or bytes differ between machines. */
export const FAMILY = 'Inter Chart';

let registered = false;

/** Makes both weights known to the canvas, once. */
export function registerFonts(): void {
  if (registered) return;
  const regular = import.meta.resolve('@fontsource/inter/files/inter-latin-400-normal.woff2');
  const semibold = import.meta.resolve('@fontsource/inter/files/inter-latin-600-normal.woff2');
  for (const file of [regular, semibold]) GlobalFonts.registerFromPath(fileURLToPath(file), FAMILY);
  registered = true;
}

/** Throws when text would come out invisible: canvas draws nothing, without an error, when its font is missing. */
export function checkFonts(family = FAMILY): void {
  registerFonts();
  for (const weight of [400, 600]) {
    const canvas = createCanvas(120, 40);
    const context = canvas.getContext('2d');
    context.font = `${weight} 26px "${family}"`;
    context.fillText('94.10 T1', 4, 30);
    const { data } = context.getImageData(0, 0, 120, 40);
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 128) painted += 1;
    if (painted < 100 || !GlobalFonts.has(family)) {
      throw new AppError(
        'internal',
        `Charts would have no text: the font "${family}" is missing. Run npm ci to restore @fontsource/inter.`,
      );
    }
  }
}

/** Only letters that the bundled fonts hold: others would come from whatever the machine has. */
export function drawable(text: string): string {
  return text
    .replace(/[^\u0020-\u007E\u00A0-\u00FF\u2013\u2014\u2018\u2019\u201C\u201D\u2022\u2026\u2212]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}
