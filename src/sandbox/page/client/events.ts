import type { PersonEvent } from '../../discord/person-api.ts';

const TYPES: readonly PersonEvent['type'][] = [
  'message',
  'message_update',
  'message_delete',
  'typing',
  'channel',
  'channel_delete',
  'commands',
  'modal',
  'interaction_failed',
  'bot',
  'market',
  'faults',
];
const LONGEST_PAUSE_MS = 5_000;

/** The live stream of what one person sees; reopens itself for as long as it is not closed. */
export class EventStream {
  readonly #address: string;
  readonly #onEvent: (event: PersonEvent) => void;
  readonly #onLink: (open: boolean) => void;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = 250;
  #closed = false;

  /** `onLink(true)` comes after every opening: whatever happened in between must be fetched anew. */
  constructor(as: string, onEvent: (event: PersonEvent) => void, onLink: (open: boolean) => void) {
    this.#address = `/sandbox/events?as=${encodeURIComponent(as)}`;
    this.#onEvent = onEvent;
    this.#onLink = onLink;
  }

  start(): void {
    const source = new EventSource(this.#address);
    this.#source = source;
    source.addEventListener('open', () => {
      this.#pauseMs = 250;
      if (!this.#closed) this.#onLink(true);
    });
    source.addEventListener('error', () => this.#reopen());
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<string>) => {
        const body = JSON.parse(event.data) as PersonEvent;
        if (!this.#closed) this.#onEvent({ ...body, type } as PersonEvent);
      });
    }
  }

  stop(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #reopen(): void {
    this.#source?.close();
    if (this.#closed) return;
    this.#onLink(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.start(), this.#pauseMs);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
