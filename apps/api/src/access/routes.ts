import { toNodeHandler } from 'better-auth/node';
import { type RequestHandler, Router } from 'express';
import { refuse } from '../gate/refuse.ts';
import { badValue } from '../graphql/bad-input.ts';
import type { Auth } from './auth.ts';

/** What of better-auth is answered: what a later version of it adds is no route of ours before it is here. */
const ROUTES = [
  'GET /get-session',
  'GET /invitation',
  'GET /list-sessions',
  'GET /sign-in-link',
  'GET /sign-up',
  'POST /revoke-other-sessions',
  'POST /revoke-session',
  'POST /sign-in/email',
  'POST /sign-out',
  'POST /sign-up',
] as const;

/** From the bytes that the gate took, as better-auth reads it; what no table can hold goes no further. */
const readBody: RequestHandler = (request, response, next) => {
  const { body } = request;
  request.body = Buffer.isBuffer(body) ? body.toString() : '';
  try {
    const bad = request.is('json') && request.body !== '' ? badValue(JSON.parse(request.body)) : null;
    if (!bad) return next();
    const message = `${bad.path} ${bad.problem}`;
    response.status(400).json({ code: 'BAD_USER_INPUT', message, fields: [bad.path] });
  } catch {
    refuse(request, response, 400, 'the body is not JSON');
  }
};

/** Signing in and out, over plain HTTP beside GraphQL. */
export function authRoutes(auth: Auth): Router {
  const router = Router();
  const answer = toNodeHandler(auth);
  const known = new Set<string>(ROUTES);
  router.use('/auth', readBody, async (request, response) => {
    if (!known.has(`${request.method} ${request.path}`)) {
      response.status(404).json({ error: 'there is no such address' });
      return;
    }
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
