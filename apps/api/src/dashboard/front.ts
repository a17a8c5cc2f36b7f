import { Readable } from 'node:stream';
import type { RequestHandler } from 'express';
import { createProxyServer } from 'httpxy';

/** What a browser sees while the dashboard is not up: it comes by itself. */
const STARTING = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>Espalier</title><p style="font-family:system-ui">The dashboard is starting.</p>`;

/** Hands everything that is not the API's on to the dashboard: one address, one origin for cookies. */
export function dashboardFront(address: () => string | null): RequestHandler {
  const proxy = createProxyServer({ xfwd: true });
  return async (request, response) => {
    const target = address();
    if (target === null) {
      response.status(503).set('Retry-After', '1').type('html').send(STARTING);
      return;
    }
    try {
      // The gate has taken the body already, and answered who asked whether it is wanted.
      delete request.headers.expect;
      const buffer = Readable.from([request.body ?? Buffer.alloc(0)]);
      await proxy.web(request, response, { target, buffer });
    } catch {
      if (!response.headersSent) response.status(502).type('html').send(STARTING);
      else response.destroy();
    }
  };
}
