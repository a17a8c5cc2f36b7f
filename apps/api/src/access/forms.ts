import { fromNodeHeaders } from 'better-auth/node';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { badValue } from '../graphql/bad-input.ts';
import { hashOf } from '../people/tokens.ts';
import type { Auth } from './auth.ts';
import { ownOrigins } from './origin.ts';
import { ownPath } from './own-path.ts';

/** Why somebody was not let in, for a page to say: what is in an address is no sentence. */
type Refused =
  | 'email'
  | 'failed'
  | 'gone'
  | 'invitation'
  | 'limit'
  | 'link'
  | 'name'
  | 'page'
  | 'password'
  | 'wrong';

interface Answer {
  readonly status: number;
  readonly message: string;
  /** Of the library's answer: cookies, and when to try again. */
  readonly headers: Headers;
  /** The field that it is about. */
  readonly field?: string | undefined;
}

/** Holds the token of an invitation between its link and its form: neither the address nor the page has it. */
const INVITATION = 'espalier-invitation';
const INVITATION_MS = 60 * 60_000;

/**
 * Signing in as browsers do it by themselves: forms that work before and without scripts, and links that end on a page.
 * Behind them is what `/auth` answers, with its limits; a password or token never is in an address that we lead to.
 */
export function formRoutes(auth: Auth, publicUrl: string | null): Router {
  const router = Router();
  const ask = asking(auth, publicUrl);
  const isSecure = publicUrl?.startsWith('https:') ?? false;
  const kept = { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' } as const;

  router.get(['/sign-in', '/auth/sign-in-link'], async (request, response, next) => {
    const { token } = request.query;
    if (typeof token !== 'string' || !wantsPage(request)) return next();
    const answer = await ask(request, `/auth/sign-in-link?${new URLSearchParams({ token })}`);
    pass(answer, response);
    const refused = answer.status === 429 ? 'limit' : 'link';
    response.redirect(303, answer.status === 302 ? '/' : `/sign-in?refused=${refused}`);
  });

  router.get('/invitation', async (request, response, next) => {
    const { token } = request.query;
    if (typeof token !== 'string' || !wantsPage(request)) return next();
    const { status } = await ask(request, `/auth/invitation?${new URLSearchParams({ token })}`);
    if (status === 200) response.cookie(INVITATION, token, { ...kept, maxAge: INVITATION_MS });
    else response.cookie(INVITATION, '', { ...kept, maxAge: 0 });
    response.redirect(303, status === 200 ? '/invitation' : `/invitation?refused=${linkRefusal(status)}`);
  });

  router.post('/auth/form/sign-in', fromOwnPage(publicUrl), async (request, response) => {
    const { email = '', password = '', next } = fieldsOf(request);
    const answer = await ask(request, '/auth/sign-in/email', { email, password });
    pass(answer, response);
    // An address that is none belongs to nobody.
    const refused = answer.status < 500 && answer.status !== 429 ? 'wrong' : refusalOf(answer);
    const to = ownPath(next);
    if (answer.status === 200) return done(request, response, to);
    refuse(request, response, answer, `/sign-in?${new URLSearchParams({ refused, next: to })}`, refused);
  });

  router.post('/auth/form/sign-up', fromOwnPage(publicUrl), async (request, response) => {
    const { name = '', team, email = '', password = '', invitation: shown } = fieldsOf(request);
    const isInvited = shown !== undefined;
    const token = isInvited ? cookieOf(request, INVITATION) : null;
    // Of two invitations in two windows the one that is shown is accepted, or none.
    const isShown = token !== null && hashOf(token) === shown;
    const answer =
      isShown || !isInvited
        ? await ask(request, '/auth/sign-up', {
            name,
            email,
            password,
            ...(token ? { invitation: token } : team === undefined ? {} : { team }),
          })
        : { ...GONE, headers: new Headers() };
    pass(answer, response);
    if (answer.status === 200) {
      if (isInvited) response.cookie(INVITATION, '', { ...kept, maxAge: 0 });
      return done(request, response, '/');
    }
    const refused = refusalOf(answer);
    const page = isInvited ? '/invitation' : '/sign-up';
    refuse(request, response, answer, `${page}?${new URLSearchParams({ refused })}`, refused);
  });
  return router;
}

const GONE = { status: 422, message: 'open the invitation again by its link', field: 'invitation' } as const;

/** Asks what is behind `/auth` as if the request had been one of its own. */
function asking(auth: Auth, publicUrl: string | null) {
  return async ({ headers }: Request, path: string, body?: object): Promise<Answer> => {
    const [origin = ''] = ownOrigins(headers.host, publicUrl);
    const own = fromNodeHeaders(headers);
    for (const name of [...own.keys()]) {
      if (name.startsWith('sec-fetch-') || name.startsWith('content-') || name === 'transfer-encoding') {
        own.delete(name);
      }
    }
    // Where it comes from was looked at already.
    own.set('origin', origin);
    if (body) own.set('content-type', 'application/json');
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : { method: 'GET' };
    const answer = await auth.handler(new Request(new URL(path, origin), { ...init, headers: own }));
    const told = (await answer.json().catch(() => null)) as Told | null;
    const { status } = answer;
    return { status, message: told?.message ?? '', headers: answer.headers, field: told?.fields?.[0] };
  };
}

interface Told {
  readonly message?: string;
  readonly fields?: readonly string[];
}

/** Refuses forms that a page of somebody else sends, and what is no form. */
function fromOwnPage(publicUrl: string | null): RequestHandler {
  return (request, response, next) => {
    const { headers } = request;
    const site = headers['sec-fetch-site'];
    const isOwn =
      site === undefined
        ? ownOrigins(headers.host, publicUrl).includes(headers.origin ?? '')
        : site === 'same-origin';
    if (!isOwn) {
      const answer = {
        status: 403,
        message: 'send the form from a page of this address',
        headers: new Headers(),
      };
      return refuse(request, response, answer, '/sign-in?refused=page', 'page');
    }
    if (request.is('application/x-www-form-urlencoded')) return next();
    response.status(415).json({ error: 'send application/x-www-form-urlencoded' });
  };
}

/** What no table can hold counts as left out. */
function fieldsOf({ body }: Request): Readonly<Record<string, string>> {
  const fields = new URLSearchParams(Buffer.isBuffer(body) ? body.toString() : '');
  return Object.fromEntries([...fields].filter(([, value]) => badValue(value) === null));
}

function refusalOf({ status, field }: Answer): Refused {
  if (status === 429) return 'limit';
  if (field === 'name' || field === 'email' || field === 'password') return field;
  return field === 'invitation' || field === 'token' ? 'invitation' : 'failed';
}

function linkRefusal(status: number): Refused {
  return status === 429 ? 'limit' : 'gone';
}

function cookieOf({ headers }: Request, name: string): string | null {
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split(/=(.*)/s));
  return pairs.find(([key]) => key === name)?.[1] ?? null;
}

function wantsPage({ headers }: Request): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

function pass({ headers }: Answer, response: Response): void {
  for (const cookie of headers.getSetCookie()) response.append('Set-Cookie', cookie);
  const later = headers.get('retry-after');
  if (later !== null) response.set('Retry-After', later);
}

function done(request: Request, response: Response, to: string): void {
  if (wantsPage(request)) response.redirect(303, to);
  else response.json({ to });
}

function refuse(
  request: Request,
  response: Response,
  { status, message }: Answer,
  back: string,
  refused: Refused,
): void {
  if (wantsPage(request)) response.redirect(303, back);
  else response.status(status).json({ refused, message });
}
