import type { PersonEvent } from '../../discord/person-api.ts';
import { fetchMessages, fetchState, Refused } from './api.ts';
import { EventStream } from './events.ts';
import type { Session } from './session.ts';

const REMEMBERED = 'sandbox-as';
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

interface Deps {
  readonly session: Session;
  /** After a fresh state: the open channel may have changed, its messages must be asked for. */
  readonly onFresh: () => void;
  readonly onEvent: (event: PersonEvent) => void;
  readonly onLink: (open: boolean) => void;
  readonly complain: (text: string) => void;
}

/** The way to the sandbox for one person at a time; comes back by itself after every break. */
export class Connection {
  readonly #deps: Deps;
  #stream: EventStream | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Connects as the person of the last visit, or as the owner; tries until it works. */
  async start(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      try {
        await this.#refresh(sessionStorage.getItem(REMEMBERED) ?? '');
        return;
      } catch (error) {
        this.#report(error);
        // the remembered person may belong to another sandbox
        sessionStorage.removeItem(REMEMBERED);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  /** Reads and acts as another person from now on. */
  become(userId: string): void {
    this.stop();
    this.#refresh(userId).catch((error: unknown) => this.#report(error));
  }

  stop(): void {
    this.#stream?.stop();
    this.#stream = undefined;
  }

  async load(channelId: string): Promise<void> {
    const { session } = this.#deps;
    const as = session.as;
    const askedAt = session.turn();
    try {
      const messages = await fetchMessages(channelId, as);
      if (session.as === as) session.setMessages(channelId, messages, askedAt);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#deps.complain(error.message);
    }
  }

  async #refresh(as: string): Promise<void> {
    const { session } = this.#deps;
    const state = await fetchState(as);
    const known =
      state.users.find((user) => user.id === as) ?? state.users.find((user) => user.role === 'owner') ?? state.users[0];
    if (!known) throw new Refused('The sandbox has no people to be.');
    session.replace(state, known.id);
    sessionStorage.setItem(REMEMBERED, known.id);
    if (this.#stream) this.#deps.onFresh();
    else this.#open();
  }

  /** The stream comes first; what is fetched after it opened can miss nothing. */
  #open(): void {
    this.#stream = new EventStream(this.#deps.session.as, this.#deps.onEvent, (open) => {
      this.#note(open);
      if (open) this.#refresh(this.#deps.session.as).catch((error: unknown) => this.#report(error));
    });
    this.#stream.start();
  }

  #note(open: boolean): void {
    this.#deps.session.online = open;
    this.#deps.onLink(open);
  }

  #report(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    this.#note(false);
  }
}
