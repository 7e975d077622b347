/** One part of the program as /readyz and /status show it. */
export interface Component {
  readonly name: string;
  /** `sandbox` is well, on replayed or local data; only `down` makes the program not ready. */
  readonly state: 'ok' | 'degraded' | 'down' | 'sandbox' | 'off';
  /** One sentence without secrets. */
  readonly reason: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly components: readonly Component[];
}

/** Asks for the components; no answer in time or a throw is an answer too. */
export async function readinessOf(
  ask: () => readonly Component[] | Promise<readonly Component[]>,
  deadlineMs: number,
): Promise<Readiness> {
  const late = Promise.withResolvers<readonly Component[]>();
  const seconds = deadlineMs / 1000;
  const timer = setTimeout(() => late.resolve([unknown(`No answer within ${seconds} s.`)]), deadlineMs);
  try {
    const components = await Promise.race([Promise.resolve().then(ask), late.promise]);
    return { ready: components.every((component) => component.state !== 'down'), components };
  } catch {
    return { ready: false, components: [unknown('The state of the parts could not be read.')] };
  } finally {
    clearTimeout(timer);
  }
}

const unknown = (reason: string): Component => ({ name: 'readiness', state: 'down', reason });
