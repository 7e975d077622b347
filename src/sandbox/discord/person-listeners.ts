import { canSee } from './permissions.ts';
import type { PersonEvent } from './person-api.ts';
import type { World } from './world.ts';

type Listener = { readonly as: string; readonly fn: (event: PersonEvent) => void };

const channelOf = (event: PersonEvent): string | undefined => {
  if (event.type === 'message' || event.type === 'message_update') return event.message.channel_id;
  if (event.type === 'message_delete' || event.type === 'typing') return event.channelId;
  if (event.type === 'channel') return event.channel.id;
  return undefined;
};

/** Everyone who listens to the people's events; each hears only what that person may see. */
export function createListeners(world: World): {
  tell(event: PersonEvent, to?: string): void;
  listen(as: string, fn: Listener['fn']): () => void;
} {
  const all = new Set<Listener>();
  return {
    tell(event, to) {
      const channelId = channelOf(event);
      const channel = channelId === undefined ? undefined : world.channels.get(channelId);
      for (const one of all) {
        if (to !== undefined && one.as !== to) continue;
        if (channel && !canSee(world, one.as, channel)) continue;
        one.fn(event);
      }
    },
    listen(as, fn) {
      const one = { as, fn };
      all.add(one);
      return () => all.delete(one);
    },
  };
}
