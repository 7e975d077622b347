import type { WireAnswer, WireRequest } from './wire.ts';

export interface WorkerSettings {
  readonly folder: string;
  readonly bootstrapFile: string;
  readonly migrationsFolder: string;
  readonly jwtSecret: string;
}

export type ToWorker =
  | { readonly kind: 'request'; readonly id: number; readonly request: WireRequest }
  /** Drops a request that has not begun; one that has begun runs to its end. */
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'ready'; readonly created: boolean; readonly applied: readonly string[] }
  /** It cannot start; `expected` ones carry a sentence for the operator. */
  | { readonly kind: 'refused'; readonly expected: boolean; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: WireAnswer }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'stopped' };
