import type { RequestHandler } from 'express';

/** What the names of our cookies begin with, or hold, where they are for https only. */
export const COOKIE_PREFIX = 'espalier';

/** Where pages of ours may come from: the address that was asked, or the one that the platform is known by. */
export function ownOrigins(host: string | null | undefined, publicUrl: string | null): string[] {
  const asked = host ? [`http://${host}`, `https://${host}`] : [];
  return publicUrl ? [...asked, new URL(publicUrl).origin] : asked;
}

/** Where a browser on this machine finds a server. */
export function addressAt(host: string, port: number): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** What another page cannot send without asking first, which is never allowed. */
const OWN_HEADER = 'apollo-require-preflight';

/**
 * Refuses requests that a page of somebody else makes with our cookie. Browsers say where everything but a
 * plain GET comes from; what is no browser sends a header instead. An API key is nothing that a browser adds.
 */
export function ownPagesOnly(publicUrl: string | null): RequestHandler {
  return (request, response, next) => {
    const { headers, method } = request;
    if (headers.authorization !== undefined || !headers.cookie?.includes(`${COOKIE_PREFIX}.`)) return next();
    const site = headers['sec-fetch-site'];
    // A browser's word. The Origin of a page that sends no referrers may be `null`.
    if (site === 'same-origin') return next();
    if (headers.origin !== undefined) {
      if (ownOrigins(headers.host, publicUrl).includes(headers.origin)) return next();
    } else if (method !== 'GET' && method !== 'HEAD') {
      if (headers[OWN_HEADER] !== undefined) return next();
    } else if (site === undefined || site === 'none' || headers['sec-fetch-mode'] === 'navigate') {
      // A link that leads here is followed; pictures and scripts of other pages get nothing.
      return next();
    }
    response.status(403).json({
      error: `with a cookie, ask from a page of this address, or send the header ${OWN_HEADER}: true`,
    });
  };
}
