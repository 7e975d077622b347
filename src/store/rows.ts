import { z } from 'zod';

/** `timestamptz` as PostgREST writes it, read to epoch ms. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** The answer to a write that returns nothing. */
export const nothing = z.null().transform(() => undefined);

/** Epoch ms as the text that `timestamptz` reads. */
export const toInstant = (at: number): string => new Date(at).toISOString();
