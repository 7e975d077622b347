import type { PersonEvent, PersonState } from '../../discord/person-api.ts';

export type StateEvent = Extract<
  PersonEvent,
  { type: 'channel' | 'channel_delete' | 'commands' | 'bot' | 'market' | 'faults' }
>;

/** The state after an event that speaks of the whole place rather than of one message. */
export function patchState(state: PersonState, event: StateEvent): PersonState {
  switch (event.type) {
    case 'channel': {
      const known = state.channels.some((channel) => channel.id === event.channel.id);
      const channels = known
        ? state.channels.map((channel) => (channel.id === event.channel.id ? event.channel : channel))
        : [...state.channels, event.channel];
      return { ...state, channels };
    }
    case 'channel_delete':
      return { ...state, channels: state.channels.filter((channel) => channel.id !== event.id) };
    case 'commands':
      return { ...state, commands: event.commands };
    case 'bot':
      return { ...state, botOnline: event.online, botPresence: event.presence };
    case 'market':
      return { ...state, market: event.market };
    case 'faults':
      return { ...state, faults: event.faults };
  }
}
