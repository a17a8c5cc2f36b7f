import type { Response } from 'express';
import { REPORT_POLICY } from './page.ts';

/**
 * A page of which nothing runs, nothing is fetched, and nothing is kept on the way.
 *
 * @param download how its file is called; without one it is shown
 */
export function sendReport(response: Response, page: string, download?: string): void {
  response.set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `${REPORT_POLICY}; frame-ancestors 'none'; sandbox`,
    'Cache-Control': 'no-store',
    'X-Robots-Tag': 'noindex, nofollow',
    ...(download === undefined ? {} : { 'Content-Disposition': `attachment; filename="${download}.html"` }),
  });
  response.send(page);
}
