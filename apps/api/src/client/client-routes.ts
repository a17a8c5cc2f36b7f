import { fileURLToPath } from 'node:url';
import { Router } from 'express';

const PYTHON = fileURLToPath(new URL('../../../../packages/python/', import.meta.url));

/** The Python client, for anybody: it is of the version of the platform that it talks to. */
export function clientRoutes(): Router {
  const router = Router();
  router.get('/espalier.py', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('text/x-python').sendFile('espalier.py', { root: PYTHON });
  });
  // There is nothing else here for the dashboard to look for.
  router.use((_request, response) => {
    response.status(404).type('text').send('There is /client/espalier.py, and nothing else here.\n');
  });
  return router;
}
