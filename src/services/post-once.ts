import type { Store } from '../store/store.ts';

/** Posts what must stand in a channel once for good; the kept message id outlives a restart. */
export function createPostOnce(deps: {
  snapshots: Pick<Store['system']['snapshots'], 'save' | 'load'>;
  wallNow: () => number;
}): (key: string, post: (nonce: string) => Promise<{ readonly messageId: string }>) => Promise<void> {
  return async (key, post) => {
    if (await deps.snapshots.load(key)) return;
    const { messageId } = await post(key);
    await deps.snapshots.save(key, deps.wallNow(), { messageId });
  };
}
