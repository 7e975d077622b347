import type { APIApplicationCommand, APIMessage, APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';

/**
 * The person's side of the embedded Discord: what the page can see and do. JSON over loopback under `/sandbox/`.
 * Every call names who acts with `as` (a user id from `PersonState.users`). Errors: 4xx `{ "error": "one sentence" }`.
 */
export interface PersonState {
  readonly users: readonly PersonUser[];
  readonly botId: string;
  readonly guild: { readonly id: string; readonly name: string };
  /** Text channels in display order, then threads (`parentId` set). */
  readonly channels: readonly PersonChannel[];
  /** Global and guild commands; empty until the bot has registered. */
  readonly commands: readonly APIApplicationCommand[];
  readonly botOnline: boolean;
  readonly botPresence: string | undefined;
  readonly market: MarketClockState | undefined;
  /** What can be broken on purpose, in the menu's order; empty where every such part is live. */
  readonly faults: readonly PersonFault[];
}

/** One entry of the faults menu. */
export interface PersonFault {
  readonly key: string;
  readonly label: string;
  /** One line of what it does. */
  readonly hint: string;
  readonly group: 'market' | 'discord';
  /** `once` acts when it is turned on; one that waits for its moment is on until then. */
  readonly kind: 'switch' | 'once';
  readonly on: boolean;
}

interface PersonUser {
  readonly id: string;
  readonly name: string;
  /** `owner`, `pro` or `free`. */
  readonly role: string;
}

export interface PersonChannel {
  readonly id: string;
  readonly name: string;
  readonly topic: string | undefined;
  readonly parentId: string | undefined;
  readonly archived: boolean;
}

/** The replayed market's clock as the page shows it. */
export interface MarketClockState {
  /** Epoch ms of market time, at `wallAt` epoch ms of real time; in between it runs at `speed`. */
  readonly marketAt: number;
  readonly wallAt: number;
  readonly speed: number;
  readonly paused: boolean;
  /** `premarket`, `regular`, `aftermarket`, `closed`. */
  readonly phase: string;
  /** `2015-12-23`. */
  readonly sessionOn: string;
}

/** Server-sent events of `GET /sandbox/events?as=`; `event:` is the type, `data:` this JSON. */
export type PersonEvent =
  | { readonly type: 'message'; readonly message: APIMessage }
  | { readonly type: 'message_update'; readonly message: APIMessage }
  | { readonly type: 'message_delete'; readonly channelId: string; readonly id: string }
  | { readonly type: 'typing'; readonly channelId: string; readonly userId: string }
  | { readonly type: 'channel'; readonly channel: PersonChannel }
  | { readonly type: 'channel_delete'; readonly id: string }
  | { readonly type: 'commands'; readonly commands: readonly APIApplicationCommand[] }
  | { readonly type: 'modal'; readonly modalId: string; readonly modal: APIModalInteractionResponseCallbackData }
  /** The bot did not answer within 3 s. */
  | { readonly type: 'interaction_failed'; readonly nonce: string; readonly reason: string }
  | { readonly type: 'bot'; readonly online: boolean; readonly presence: string | undefined }
  | { readonly type: 'market'; readonly market: MarketClockState }
  | { readonly type: 'faults'; readonly faults: readonly PersonFault[] };

/** `GET /sandbox/state?as=` -> PersonState; `GET /sandbox/channels/:id/messages?as=` -> APIMessage[], oldest first,
 *  with the asker's own ephemeral messages. The rest are POST with `content-type: application/json`: */
export interface PersonRequests {
  '/sandbox/say': { as: string; channelId: string; content: string };
  '/sandbox/slash': { as: string; channelId: string; nonce: string; command: string; options: readonly SlashOption[] };
  /** -> `{ choices: { name, value }[] }` */
  '/sandbox/autocomplete': {
    as: string;
    channelId: string;
    command: string;
    options: readonly SlashOption[];
    focused: string;
  };
  '/sandbox/press': { as: string; channelId: string; messageId: string; customId: string; nonce: string };
  '/sandbox/select': {
    as: string;
    channelId: string;
    messageId: string;
    customId: string;
    values: readonly string[];
    nonce: string;
  };
  '/sandbox/modal': { as: string; modalId: string; values: Readonly<Record<string, string>>; nonce: string };
  '/sandbox/market': { action: 'speed'; speed: number } | { action: 'pause' | 'resume' | 'next_open' | 'next_close' };
  '/sandbox/fault': { key: string; on: boolean };
}

/** One typed option; a subcommand is an option without value whose own options follow: flat, as typed. */
export interface SlashOption {
  /** `add`, or `symbol`. */
  readonly name: string;
  readonly value?: string | number | boolean;
  readonly options?: readonly SlashOption[];
}
