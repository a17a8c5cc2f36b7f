import { toNodeHandler } from 'better-auth/node';
import { Router } from 'express';
import { type Auth, PEER_HEADER } from './auth.ts';

/** What of better-auth is answered: what a later version of it adds is no route of ours before it is here. */
const ROUTES = [
  'GET /get-session',
  'GET /invitation',
  'GET /list-sessions',
  'GET /sign-in-link',
  'POST /revoke-other-sessions',
  'POST /revoke-session',
  'POST /sign-in/email',
  'POST /sign-out',
  'POST /sign-up',
] as const;

/** Signing in and out, over plain HTTP beside GraphQL. */
export function authRoutes(auth: Auth): Router {
  const router = Router();
  const answer = toNodeHandler(auth);
  const known = new Set<string>(ROUTES);
  router.use('/auth', async (request, response) => {
    if (!known.has(`${request.method} ${request.path}`)) {
      response.status(404).json({ error: 'there is no such address' });
      return;
    }
    request.headers[PEER_HEADER] = request.ip;
    await answer(request, response);
  });
  // The address that is printed; without a token it is the page of the dashboard.
  router.get('/sign-in', (request, response, next) => {
    const { token } = request.query;
    if (typeof token !== 'string') return next();
    response.redirect(`/auth/sign-in-link?token=${encodeURIComponent(token)}`);
  });
  return router;
}
