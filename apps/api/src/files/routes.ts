import { pipeline } from 'node:stream/promises';
import { metadataOf } from '@espalier/runs';
import { isSha256 } from '@espalier/store';
import { type Request, type Response, Router } from 'express';
import { admit, type Door } from '../access/admit.ts';
import { ownItems } from '../access/reach.ts';
import type { Viewer } from '../access/viewer.ts';
import { note } from '../audit/noted.ts';
import { ROUTES } from '../gate/routes.ts';
import type { Services } from '../graphql/context.ts';
import { fileHeaders, isShown } from './artifacts.ts';
import { fileWith } from './file-with.ts';
import { mayRead } from './uploads.ts';

/** Bytes over plain HTTP, beside GraphQL. */
export function fileRoutes(services: Services, door: Door): Router {
  const router = Router();
  router.get('/:sha256', async (request, response) => {
    const viewer = await admit(door, ROUTES.files, request, response);
    if (!viewer) return;
    const { sha256 } = request.params;
    const known = isSha256(sha256) && (await mayRead(services, viewer, sha256));
    const size = known ? await services.artifacts.size(sha256) : null;
    if (size === null) return void problem(response, 404, 'there is no such file');
    await sendFile(services, viewer, request, response, sha256, size);
  });

  // A model whose preprocessing came beside its file: the two in one file.
  router.get('/models/:id', async (request, response) => {
    const viewer = await admit(door, ROUTES.files, request, response);
    if (!viewer) return;
    const { id } = request.params;
    const where = { id, ...ownItems(viewer), deletedAt: null, project: { deletedAt: null } };
    const model = await services.database.prisma.model.findFirst({ where });
    const metadata = model && metadataOf(model);
    const whole = metadata && (await fileWith(services, model, metadata));
    if (!whole) return void problem(response, 404, 'there is no such file');
    await noteDownload(services, viewer, id);
    response.set({
      'Cache-Control': 'private, no-cache',
      'Content-Length': String(whole.size),
      ...fileHeaders(model.sha256, whole.mediaType, wantedName(request)),
    });
    await pipeline(whole.bytes, response).catch(() => response.destroy());
  });

  return router;
}

/** Whoever reads a file in parts has one entry of it in an hour. */
function noteDownload({ database }: Services, viewer: Viewer, subject: string): Promise<void> {
  const { teamId, userId, apiKeyId } = viewer;
  return note(database.prisma, {
    ...{ teamId, actor: apiKeyId ?? userId, action: 'file.download', subject, once: 'hour' },
  });
}

function wantedName({ query: { name } }: Request): string | undefined {
  return typeof name === 'string' ? name : undefined;
}

/** What never changes may be kept for ever; a range of it may be asked for. */
async function sendFile(
  services: Services,
  viewer: Viewer,
  request: Request,
  response: Response,
  sha256: string,
  size: number,
): Promise<void> {
  const { artifacts, database } = services;
  const tag = `"${sha256}"`;
  const { mediaType } = await database.prisma.artifact.findUniqueOrThrow({ where: { sha256 } });
  response.set({
    ETag: tag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=31536000, immutable',
    ...fileHeaders(sha256, mediaType, wantedName(request)),
  });
  if (request.headers['if-none-match'] === tag) return void response.status(304).end();
  const ranges = request.range(size, { combine: true });
  if (ranges === -1) {
    response.set('Content-Range', `bytes */${size}`);
    return problem(response, 416, `the file has ${size} bytes`);
  }
  const [range] = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges : [];
  const part = range && { first: range.start, last: range.end };
  const bytes = await artifacts.get(sha256, part);
  if (!bytes) return problem(response, 404, 'there is no such file');
  // The pictures of a page are no downloads.
  if (!isShown(mediaType)) await noteDownload(services, viewer, sha256);
  if (part) response.status(206).set('Content-Range', `bytes ${part.first}-${part.last}/${size}`);
  response.set('Content-Length', String(part ? part.last - part.first + 1 : size));
  bytes.on('error', () => response.destroy());
  bytes.pipe(response);
}

function problem(response: Response, status: number, message: string): void {
  response.status(status).json({ error: message });
}
