import type { PrismaClient } from '@espalier/store';
import type { Request, Response } from 'express';
import type { Gate } from '../gate/gate.ts';
import { refuse } from '../gate/refuse.ts';
import type { Route } from '../gate/routes.ts';
import type { Auth } from './auth.ts';
import { authenticate } from './authenticate.ts';
import { missing, type Right, UNKNOWN, type Viewer } from './viewer.ts';

/** What lets requests to a route in. */
export interface Door {
  readonly prisma: PrismaClient;
  readonly auth: Auth;
  readonly gate: Gate;
}

/** Who asks, with the right that the route takes and a place in it; null for somebody who was refused and told why. */
export async function admit(
  { prisma, auth, gate }: Door,
  route: Route & { readonly right: Right },
  request: Request,
  response: Response,
): Promise<Viewer | null> {
  const asker = await authenticate(prisma, auth, request.headers);
  if (!asker) {
    refuse(request, response, 401, UNKNOWN);
    return null;
  }
  const lack = missing(asker, route.right);
  if (lack !== null || asker.role === null) {
    refuse(request, response, 403, lack ?? '');
    return null;
  }
  return (await gate.enter(route, asker, request, response)) ? asker : null;
}
