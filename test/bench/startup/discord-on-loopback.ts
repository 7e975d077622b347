// Live mode has no setting for Discord's address, and must not: this stands where the network would, so that a live
// process runs unchanged against an embedded Discord in another process. The gateway's address comes from that Discord.
const REAL = 'https://discord.com/api';
const loopback = process.env.BENCH_DISCORD_API;
if (loopback?.startsWith('http://127.0.0.1:') !== true) throw new Error('BENCH_DISCORD_API must be on this machine');
const { fetch: network } = globalThis;

globalThis.fetch = async (input, init) => {
  const url = String(input instanceof Request ? input.url : input);
  if (url.startsWith(REAL)) return network(loopback + url.slice(REAL.length), init);
  if (new URL(url).hostname !== '127.0.0.1') throw new Error('the bench stays on this machine');
  return network(input, init);
};
