import { InputError } from '@espalier/errors';
import { type Request, type Response, Router } from 'express';
import { admit, type Door } from '../access/admit.ts';
import type { Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { type Gate, proceed } from '../gate/gate.ts';
import { watchPace } from '../gate/pace.ts';
import { refuse } from '../gate/refuse.ts';
import { ROUTES } from '../gate/routes.ts';
import type { Services } from '../graphql/context.ts';
import { NoRoom } from '../quotas/room.ts';
import { BrokenOff, Incoming, isFull } from './incoming.ts';
import { cancelUpload, completeUpload, findUpload } from './uploads.ts';

const NO_ROOM = "the platform's disk is full";

/** Where a body goes within the whole: `bytes 100-199/200`, or `bytes * /200` once all of it is there. */
interface Part {
  readonly first: number;
  readonly total: number;
}

/**
 * The bytes of an upload: PUT sends them, all of them or those from an offset on (Content-Range); HEAD says how many
 * there are (Upload-Offset) and whether that is all (Upload-Complete); DELETE takes them away.
 */
export function uploadRoutes(services: Services, door: Door): Router {
  const router = Router();
  const incoming = new Incoming(services.home, services.room);
  const sweeping = () => void incoming.sweep().catch(() => {});
  sweeping();
  setInterval(sweeping, 3_600_000).unref();

  router.use('/:id', async (request, response, next) => {
    const viewer = await admit(door, ROUTES.uploads, request, response);
    if (!viewer) return;
    response.locals.viewer = viewer;
    next();
  });

  router.put('/:id', async (request, response) => {
    const part = partOf(request);
    if (part === undefined) {
      return refuse(request, response, 400, 'Content-Range: bytes FIRST-LAST/TOTAL, or bytes */TOTAL');
    }
    const stop = () => request.destroy();
    const work = () => receive(services, incoming, door.gate, part, request, response);
    await incoming.alone(request.params.id, stop, work);
  });

  router.head('/:id', async (request, response) => {
    const { id } = request.params;
    const upload = await findUpload(services, viewerIn(response), id);
    if (!upload) return void response.status(404).end();
    const bytes = upload.artifact ? Number(upload.artifact.bytes) : await incoming.received(id);
    response.set('Cache-Control', 'no-store').set('Upload-Offset', String(bytes));
    response.set('Upload-Complete', upload.artifact ? '?1' : '?0').end();
  });

  router.delete('/:id', async (request, response) => {
    const { id } = request.params;
    const done = await incoming.alone(
      id,
      () => {},
      async () => {
        const found = await cancelUpload(services, viewerIn(response), id);
        if (found) await incoming.discard(id);
        return found;
      },
    );
    if (done) response.status(204).end();
    else refuse(request, response, 404, 'there is no such upload, or it is complete');
  });

  return router;
}

async function receive(
  services: Services,
  incoming: Incoming,
  { times }: Gate,
  part: Part | null,
  request: Request<{ id: string }>,
  response: Response,
): Promise<void> {
  const { id } = request.params;
  const viewer = viewerIn(response);
  const upload = await findUpload(services, viewer, id);
  const answer = (sha256: string) => void response.json({ id, sha256 });
  // Whoever did not hear that it was complete asks again.
  if (upload?.sha256 && part?.first === part?.total && part) return answer(upload.sha256);
  if (!upload || upload.sha256) {
    return refuse(request, response, 404, 'there is no such upload, or it is complete');
  }
  const limit = Number(upload.limit);
  const before = await incoming.received(id);
  const { first = 0, total = null } = part ?? {};
  const expected = Math.max(total ?? 0, first + Number(request.headers['content-length'] ?? 0));
  try {
    if (expected > limit) throw new InputError(`more than ${limit} bytes`);
    if (first > before) {
      const headers = { 'Upload-Offset': String(before) };
      return refuse(request, response, 409, `${before} bytes are there: continue after them`, headers);
    }
    await services.room.check(Math.max(0, expected - before));
    proceed(request, response);
    const { socket } = request;
    const slow = () => {
      const line = `fewer than ${times.paceBytes} bytes came in ${times.paceMs / 1000} s; continue after Upload-Offset`;
      refuse(request, response, 408, line);
    };
    const end = watchPace(() => socket.bytesRead, slow, times);
    const there = await incoming.append(id, first, request, limit).finally(end);
    if (total !== null && there < total) {
      return void response.status(202).set('Upload-Offset', String(there)).json({ id, bytes: there });
    }
    await services.room.check(there);
    const stored = await completeUpload(services, id, incoming.read(id), limit);
    await incoming.discard(id);
    if (stored) {
      const { teamId, userId, apiKeyId } = viewer;
      const data = { name: upload.fileName, bytes: stored.bytes, sha256: stored.sha256 };
      await audit(services.database.prisma, { teamId, userId, apiKeyId }, 'upload.complete', id, data);
      answer(stored.sha256);
    } else refuse(request, response, 404, 'there is no such upload, or it is complete');
  } catch (error) {
    if (error instanceof InputError) {
      await incoming.discard(id);
      refuse(request, response, 413, error.message);
    } else if (isFull(error)) {
      await incoming.discard(id);
      refuse(request, response, 507, error instanceof NoRoom ? error.message : NO_ROOM);
    } else if (!(error instanceof BrokenOff) && request.complete) throw error;
    // Else nobody is there to be told; what has come is kept for a while.
  }
}

/** null for a body that is the whole, undefined for a Content-Range that is none. */
function partOf({ headers }: Request): Part | null | undefined {
  const text = headers['content-range'];
  if (text === undefined) return null;
  const [, first, last, size] = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/.exec(text) ?? [];
  if (size === undefined) return undefined;
  const total = Number(size);
  if (first === undefined) return { first: total, total };
  const isPart = Number(first) <= Number(last) && Number(last) < total;
  return isPart ? { first: Number(first), total } : undefined;
}

function viewerIn({ locals }: Response): Viewer {
  return locals.viewer as Viewer;
}
