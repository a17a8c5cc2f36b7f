import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import { pageHeaders } from '../security-headers.ts';

/** What apps/ide was built into. */
const BUILT = fileURLToPath(new URL('../../../ide/dist', import.meta.url));

/** GraphiQL as a page, with all that it needs: no other address is asked for anything. */
export function ideRoutes(folder = BUILT): Router {
  const router = Router();
  router.use(pageHeaders);
  // Names of assets change with their content.
  const immutable = { index: false, immutable: true, maxAge: '1y', fallthrough: false } as const;
  router.use('/assets', express.static(path.join(folder, 'assets'), immutable));
  router.get('/', (_request, response) => {
    if (!existsSync(path.join(folder, 'index.html'))) {
      response.status(503).type('text').send('The GraphQL page is not built: npm start builds it.\n');
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder });
  });
  return router;
}
