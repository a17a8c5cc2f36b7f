import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import { fileTypeIn, MODEL_EXTENSION } from '@espalier/formats';
import { parseTarget, targetText } from '@espalier/pruning';
import { newScratch } from '@espalier/store';
import { type Request, type Response, Router } from 'express';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { admit, type Door } from '../access/admit.ts';
import { note } from '../audit/noted.ts';
import { BadAddress, known, readInput } from '../compare/address-query.ts';
import type { WidthLimitsInput } from '../experiments/limits-type.ts';
import { fileHeaders } from '../files/artifacts.ts';
import { ROUTES } from '../gate/routes.ts';
import type { Context, Services } from '../graphql/context.ts';
import { type AllocateInput, askedOf, writeCut } from './allocate.ts';

/** The network of a structure, cut when it is fetched: `/files/allocations/SAMPLING?allocation=cie&target=macs=0.5`. */
export function allocationRoutes(services: Services, schema: GraphQLSchema, door: Door): Router {
  const router = Router();
  router.get('/:samplingRunId', async (request, response) => {
    const viewer = await admit(door, ROUTES.allocations, request, response);
    if (!viewer) return;
    const folder = await newScratch();
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const context = { ...services, viewer, signal: gone.signal } as Context;
    const out = path.join(folder, `cut${MODEL_EXTENSION}`);
    try {
      const { allocation, ...input } = readAddress(schema, request);
      const asked = await askedOf(context, input);
      if (!asked) return void response.status(404).json({ error: 'there is no such sampling run' });
      const { bytes, format } = await writeCut(context, asked, { allocation, out });
      const { teamId, userId, apiKeyId } = viewer;
      const told = { action: 'file.download', subject: input.samplingRunId, once: 'hour' } as const;
      await note(services.database.prisma, { teamId, actor: apiKeyId ?? userId, ...told });
      const name = `${asked.subject.name}-${allocation}-${targetText(asked.search.target)}`;
      response.set({
        'Content-Length': String(bytes),
        'Cache-Control': 'no-store',
        ...fileHeaders('', fileTypeIn(format).mediaType, name),
      });
      if (request.method === 'HEAD') return void response.end();
      await pipeline(createReadStream(out), response).catch(() => response.destroy());
    } catch (error) {
      if (!gone.signal.aborted) refuse(response, error);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  return router;
}

function refuse(response: Response, error: unknown): void {
  if (error instanceof BadAddress || error instanceof InputError) {
    return void response.status(400).json({ error: error.message });
  }
  if (error instanceof GraphQLError && error.extensions.code === 'TOO_MANY_REQUESTS') {
    return void response.status(429).set('Retry-After', '1').json({ error: error.message });
  }
  throw error;
}

/** @throws {BadAddress} for what it does not take */
function readAddress(
  schema: GraphQLSchema,
  { params, query }: Request,
): AllocateInput & { readonly allocation: string } {
  known(query, ['allocation', 'target', 'limits', 'profile', 'seed']);
  const { allocation, target, limits, profile, seed = '0' } = query;
  if (typeof allocation !== 'string') throw new BadAddress('name the allocation: ?allocation=cie');
  if (typeof target !== 'string') throw new BadAddress('give the target: ?target=macs=0.5');
  if (!/^-?\d{1,9}$/.test(String(seed))) throw new BadAddress('seed is a whole number');
  return {
    ...{ samplingRunId: String(params.samplingRunId), allocation, seed: Number(seed) },
    target: () => parseTarget(target),
    limits: readInput(schema, 'WidthLimitsInput', 'limits', limits) as WidthLimitsInput | null,
    profileId: typeof profile === 'string' ? profile : null,
  };
}
