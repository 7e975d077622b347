import { AppError } from '../kit/errors.ts';

/** Remembers what takes a part down; undone in reverse order. */
export type OnStop = (undo: () => unknown) => void;

/** The sandbox was asked for every part that has no key. */
export function present<T>(part: T | undefined): T {
  if (part === undefined) throw new AppError('internal', 'A part has neither a key nor a sandbox.');
  return part;
}
