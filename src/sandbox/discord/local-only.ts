import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** False for a web page of elsewhere that reaches this machine through a browser, by a renamed host or across origins. */
export function isLocal({ host, origin }: IncomingHttpHeaders): boolean {
  if (!LOOPBACK.test(host ?? '')) return false;
  return origin === undefined || (URL.canParse(origin) && LOOPBACK.test(new URL(origin).host));
}
