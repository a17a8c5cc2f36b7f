import { isIP } from 'node:net';

/**
 * Whether a Host header names us. A page of somebody else that has its name lead to this machine (DNS rebinding)
 * asks under that name, and gets nothing.
 *
 * @param names those that are ours besides localhost
 * @param bound where the server listens: whoever listens everywhere cannot know its addresses, and takes any that
 *   is a number, which no name can be made of
 */
export function ownHosts(names: readonly string[], bound: string): (host: string | undefined) => boolean {
  const own = new Set(['localhost', '127.0.0.1', '::1', bound, ...names].map((name) => name.toLowerCase()));
  const everywhere = bound === '0.0.0.0' || bound === '::';
  return (host) => {
    const [, numbers, name = numbers] =
      /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(host ?? '') ?? [];
    if (name === undefined) return false;
    return own.has(name.toLowerCase().replace(/\.$/, '')) || (everywhere && isIP(name) > 0);
  };
}
