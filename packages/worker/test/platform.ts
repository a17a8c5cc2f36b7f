import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { openDataset } from '@espalier/datasets';
import { writeNetwork } from '@espalier/formats';
import { networkCost, networkHash } from '@espalier/network';
import { type ArtifactStore, type Database, folderArtifacts, newId, openDatabase } from '@espalier/store';
import { onTestFinished } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { testDatabase } from '../../store/test/test-database.ts';
import { Queue } from '../src/index.ts';

const CLASSES = 10;

/** A database with a team, a tiny network, some pictures and an experiment; a queue and a folder of artifacts. */
export interface Platform {
  readonly url: string;
  readonly folder: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly artifacts: ArtifactStore;
  readonly experimentId: string;
}

export const TIMING = { heartbeatSeconds: 10, superviseSeconds: 1, pollSeconds: 0.5 };

/**
 * @param perClass pictures of each of ten classes; about a tenth of them are the search split
 * @param url of an empty database; without it one of the test's own
 */
export async function platform({
  samples = 40,
  perClass = 60,
  recipe = null as object | null,
  url = undefined as string | undefined,
} = {}): Promise<Platform> {
  const folder = await mkdtemp('/var/tmp/espalier-worker-');
  const at = url ?? (await testDatabase());
  const database = await openDatabase(at);
  const queue = await Queue.open(at, () => {}, TIMING);
  const artifacts = folderArtifacts(path.join(folder, 'artifacts'));
  onTestFinished(async () => {
    await queue.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const experimentId = await fill({ folder, database, artifacts, samples, perClass, recipe });
  return { url: at, folder, database, queue, artifacts, experimentId };
}

async function fill({
  folder,
  database: { prisma },
  artifacts,
  samples,
  perClass,
  recipe,
}: Pick<Platform, 'folder' | 'database' | 'artifacts'> & {
  samples: number;
  perClass: number;
  recipe: object | null;
}): Promise<string> {
  const network = { ...tinyResNet(), metadata: tinyMetadata() };
  const file = path.join(folder, 'tiny.onnx');
  await writeNetwork(file, network);
  const stored = await artifacts.put(createReadStream(file));
  const pictures = await pictureFolder(path.join(folder, 'pictures'), perClass);
  const dataset = await openDataset(pictures, { home: path.join(folder, 'home') });
  const { hash, classes, splits } = dataset;
  await dataset.close();

  const [teamId, projectId, modelId, datasetId, experimentId] = [
    newId('team'),
    newId('proj'),
    newId('model'),
    newId('data'),
    newId('exp'),
  ];
  await prisma.team.create({ data: { id: teamId, slug: 'team', name: 'Team' } });
  await prisma.project.create({ data: { id: projectId, teamId, name: 'Project' } });
  await prisma.artifact.create({ data: { ...stored, mediaType: 'application/onnx' } });
  const { params, macs } = networkCost(network);
  await prisma.model.create({
    data: {
      ...{ id: modelId, teamId, projectId, name: 'tiny', sha256: stored.sha256, params, macs },
      networkHash: networkHash(network),
      summary: {},
    },
  });
  await prisma.dataset.create({
    data: {
      ...{ id: datasetId, teamId, name: 'pictures', builtIn: pictures, hash, classes: [...classes] },
      splits: { create: Object.entries(splits).map(([name, { n }]) => ({ name, images: n })) },
    },
  });
  await prisma.experiment.create({
    data: {
      ...{ id: experimentId, teamId, projectId, modelId, datasetId, name: 'Experiment' },
      ...{ samples, grid: [0.25, 0.5, 0.75], seed: 0, ...(recipe ? { recipe } : {}) },
    },
  });
  return experimentId;
}

export async function experimentOf({ database, experimentId }: Platform) {
  return database.prisma.experiment.findUniqueOrThrow({
    where: { id: experimentId },
    include: { model: true, dataset: true },
  });
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}

/** 6x6 pictures of noise around a shade, so that every one differs. */
async function pictureFolder(root: string, perClass: number): Promise<string> {
  for (let c = 0; c < CLASSES; c++) {
    await mkdir(path.join(root, `class-${c}`), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      await writeFile(path.join(root, `class-${c}`, `${i}.png`), noisePng(6, c * perClass + i));
    }
  }
  return root;
}

/** Signature, header, one compressed block, end. */
function noisePng(side: number, seed: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const rows = Array.from({ length: side }, (_, y) =>
    Buffer.from([
      0,
      ...Array.from({ length: side * 3 }, (_, x) =>
        Math.floor(128 + 120 * Math.sin(seed * 12.9898 + y * 78.233 + x * 37.719)),
      ),
    ]),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
