import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { PEER_HEADER } from '../access/limits.ts';

/** What the dashboard's server shows when it asks for somebody who opens a page. */
const KEY_HEADER = 'x-espalier-dashboard';

/** @param secret that cookies are signed with */
export function dashboardKey(secret: string): string {
  return createHmac('sha256', secret).update('the dashboard asks').digest('hex');
}

/**
 * Requests of our dashboard's server count as of the address that the page was asked from: it passes on what it was
 * told, and shows a key that nobody else has. Before anything is counted.
 */
export function onBehalf(secret: string): RequestHandler {
  const key = Buffer.from(dashboardKey(secret));
  return (request, _response, next) => {
    const { [KEY_HEADER]: shown, [PEER_HEADER]: peer } = request.headers;
    delete request.headers[KEY_HEADER];
    const given = Buffer.from(String(shown ?? ''));
    if (typeof peer === 'string' && given.length === key.length && timingSafeEqual(given, key)) {
      Object.defineProperty(request, 'ip', { value: peer });
    }
    next();
  };
}
