import type { Provenance } from '../domain/provenance.ts';
import type { ChartSpec } from './chart-spec.ts';

/** Colour and word of a card; never the only sign of direction. */
export type Tone = 'up' | 'down' | 'warn' | 'neutral';

/** A press leads to a command: its name and input, run as the member who pressed. */
export interface CardAction {
  readonly command: string;
  readonly input: Readonly<Record<string, string | number | boolean>>;
}

export interface CardButton {
  readonly label: string;
  readonly style: 'primary' | 'secondary' | 'danger';
  readonly action: CardAction;
  readonly disabled?: boolean;
}

export interface CardSelect {
  readonly placeholder: string;
  /** The chosen option's value is put into the input under `key`. */
  readonly action: CardAction;
  readonly key: string;
  /** At most 25. */
  readonly options: readonly { readonly label: string; readonly value: string; readonly description?: string }[];
}

export type CardBlock =
  /** Markdown, already escaped where it holds foreign text. */
  | { readonly kind: 'text'; readonly text: string }
  /** Label and value, shown as a grid on embeds and as lines in containers. */
  | { readonly kind: 'fields'; readonly fields: readonly { readonly name: string; readonly value: string }[] }
  /** At most 40 characters wide; cells of the first column are left-aligned, the others right-aligned. */
  | { readonly kind: 'table'; readonly head?: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'chart'; readonly chart: ChartSpec; readonly alt: string }
  | { readonly kind: 'divider' };

/** What an answer looks like, on no platform yet. `discord/`, the page and the goldens render the same value. */
export interface Card {
  /** `container` for cards one acts on (components v2), `embed` for look-ups. */
  readonly layout: 'container' | 'embed';
  readonly tone: Tone;
  readonly title: string;
  readonly blocks: readonly CardBlock[];
  readonly buttons?: readonly CardButton[];
  readonly select?: CardSelect;
  /** Present on every card with a market number; becomes the last line. */
  readonly provenance?: Provenance;
  /** Short tail of the last line, before the provenance: "plan 7f3a9c". */
  readonly tag?: string;
  /** Adds "Education, not financial advice." */
  readonly disclaimer?: boolean;
  /** Only the asking member may see it. */
  readonly private?: boolean;
}
