import { setTimeout as pause } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import getRawBody from 'raw-body';
import type { Asker } from '../access/viewer.ts';
import { network } from './connections.ts';
import { OneByOne } from './one-by-one.ts';
import { type Claim, Places } from './places.ts';
import { refuse } from './refuse.ts';
import { ROUTES, type Route, type Times } from './routes.ts';

/** Requests of a team that are worked at, at once: it leaves connections to the database for the others. */
const TEAM_TURNS = 3;
/** Whoever asks again at once after a refusal would keep us busy with nothing but that. */
const REFUSAL_MS = 400;

type Refusal = readonly [status: number, message: string, headers?: Readonly<Record<string, string>>];

/** Stands before every route: what it lets through has a body that is there, and a place. */
export class Gate {
  private readonly places = new Places();
  private readonly oneByOne = new OneByOne();
  private readonly isOurs: (host: string | undefined) => boolean;
  readonly times: Times;

  /** @param isOurs whether a Host header names us */
  constructor(isOurs: (host: string | undefined) => boolean, times: Times) {
    this.isOurs = isOurs;
    this.times = times;
  }

  /** One for each route, in the order of the table. */
  handlers(): { readonly path: string; readonly handler: RequestHandler }[] {
    return Object.values(ROUTES).map((route: Route) => ({
      path: route.path,
      handler: async (request, response, next) => {
        if (passed.has(request)) return next();
        passed.add(request);
        // Each place is given back when the answer ends.
        response.setMaxListeners(20);
        if (await this.admit(route, request, response)) next();
      },
    }));
  }

  /** A place for somebody who is known; false if there is none, which is then answered. */
  enter(
    route: Route,
    { userId, apiKeyId, teamId }: Asker,
    request: Request,
    response: Response,
  ): Promise<boolean> {
    const { viewer, team } = route.atOnce;
    return this.place(request, response, route, [
      ...(viewer === undefined ? [] : [[`${route.name} of ${apiKeyId ?? userId}`, viewer] as const]),
      ...(team === undefined || teamId === null ? [] : [[`${route.name} of ${teamId}`, team] as const]),
    ]);
  }

  /** Waits until it is the team's turn; what it has is given back when the answer is over. */
  async turn(asker: Asker | null, response: Response): Promise<void> {
    if (asker?.teamId == null) return;
    const leave = await this.places.turn(`turn of ${asker.teamId}`, TEAM_TURNS);
    if (response.closed) leave();
    else response.once('close', leave);
  }

  private async admit(route: Route, request: Request, response: Response): Promise<boolean> {
    const problem = this.problemOf(route, request);
    if (problem) {
      refuse(request, response, ...problem);
      return false;
    }
    const address = network(request.ip);
    const { atOnce } = route;
    const claims: Claim[] = [
      [`${route.name} of ${address}`, atOnce.address],
      [`all ${route.name}`, atOnce.all],
    ];
    if (!(await this.place(request, response, route, claims))) return false;
    if (route.answerMs !== null) {
      const late = setTimeout(() => response.destroy(), route.answerMs);
      response.once('close', () => clearTimeout(late));
    }
    if (route.body === 'own') return true;
    if (!(await this.takeBody(route.body, request, response))) return false;
    if (route.costly) await this.oneByOne.turn(address, request.body.length);
    return !response.closed;
  }

  /** What its head says already. */
  private problemOf(route: Route, request: Request): Refusal | null {
    const { headers, method } = request;
    if (!this.isOurs(headers.host)) {
      return [421, 'this host is not one of ours: ESPALIER_URL or ESPALIER_HOSTS names those that are'];
    }
    if (!route.methods.includes(method)) {
      return [405, `${route.path} takes ${route.methods.join(', ')}`, { Allow: route.methods.join(', ') }];
    }
    if (/%00/.test(request.url)) return [400, 'the address has a NUL in it'];
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      return [415, 'bodies must not be encoded: send no Content-Encoding'];
    }
    if (route.body !== 'own' && Number(headers['content-length'] ?? 0) > route.body) {
      return [413, tooLarge(route.body)];
    }
    return null;
  }

  private async place(
    request: Request,
    response: Response,
    route: Route,
    claims: readonly Claim[],
  ): Promise<boolean> {
    const place = this.places.take(claims);
    if (typeof place !== 'string') {
      if (response.closed) place();
      else response.once('close', place);
      return true;
    }
    const most = claims.find(([key]) => key === place)?.[1];
    const whose = place.startsWith('all ') ? 'in all' : 'of yours';
    const line = `${most} ${route.name} ${whose} are under way: try again in some seconds`;
    // Whoever does not wait is made to.
    await pause(REFUSAL_MS);
    refuse(request, response, 429, line, { 'Retry-After': '5' });
    return false;
  }

  private async takeBody(limit: number, request: Request, response: Response): Promise<boolean> {
    proceed(request, response);
    let late: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => reject({ status: 408 }), this.times.bodyMs);
    });
    try {
      request.body = await Promise.race([getRawBody(request, { limit }), deadline]);
      return true;
    } catch (error) {
      const { status = 400 } = error as { status?: number };
      const line = { 408: 'the body did not arrive in time', 413: tooLarge(limit) }[status];
      refuse(request, response, status, line ?? 'the body broke off');
      return false;
    } finally {
      clearTimeout(late);
    }
  }
}

const passed = new WeakSet<Request>();

function tooLarge(limit: number): string {
  return limit === 0
    ? 'this takes no body'
    : `the body is too large: at most ${limit} bytes are accepted here`;
}

/** To those who asked first whether their body is wanted. */
export function proceed({ headers }: Request, response: Response): void {
  if (headers.expect !== undefined) response.writeContinue();
}
