import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { packedStart } from '../../../packages/datasets/src/packed/header.ts';
import { bombs } from '../../../packages/formats/test/bombs.ts';
import { float32, node, onnxFile, randomTensor } from '../../../packages/formats/test/onnx-file.ts';
import { childrenOf, lives } from './main-process.ts';
import { type Member, startPlatform } from './platform.ts';

/** A process of the platform's own, with little patience and little memory. */
const LITTLE = { seconds: 0.6, memory: 320 * 2 ** 20 };

it('no bomb keeps anybody waiting, and each is read or refused in a line', async () => {
  const { address, member } = await startPlatform({ uploadLimit: 5e6 });
  const teams = await Promise.all([member('editor'), member('editor')]);
  const health = asked(address);
  await Promise.all(
    teams.map(async (editor, team) => {
      const project = await projectOf(editor);
      for (const { name, bytes } of bombs.filter((_, i) => i % 2 === team)) {
        const { ok, errors } = await registered(editor, project, bytes);
        if (ok) continue;
        expect([name, errors[0]?.path]).toEqual([name, ['uploadId']]);
        expect(errors[0]?.message, name).toMatch(/^[^\n]{10,2100}$/);
      }
    }),
  );
  const { answers, longest } = await health.end();
  expect(answers).toBeGreaterThan(100);
  expect(longest).toBeLessThan(250);
}, 240_000);

it('a data set of very many classes keeps nobody waiting', async () => {
  const { address, member } = await startPlatform({ uploadLimit: 50e6 });
  const editor = await member('editor');
  const uploads = [manyClasses(10_000, 20), manyClasses(65_536, 255)].map((bytes) =>
    uploaded(editor, bytes, 'x.espalier-data'),
  );
  // Whoever sends files is in this process, too: what counts is reading and keeping them.
  const [most = '', more = ''] = await Promise.all(uploads);
  const health = asked(address);
  expect(await registeredData(editor, more)).toEqual({
    ok: false,
    errors: [
      {
        message:
          'many has 65536 classes with 16711680 letters in their names; a platform takes 10000 with 300000',
        path: ['uploadId'],
      },
    ],
  });
  expect(await registeredData(editor, most)).toMatchObject({ ok: true });
  expect((await health.end()).longest).toBeLessThan(250);
}, 60_000);

it('what passes every budget is ended by the clock, and the next file is read as ever', async () => {
  const platform = await startPlatform({ uploadLimit: 5e6, readingLimits: LITTLE });
  const editor = await platform.member('editor');
  const project = await projectOf(editor);
  expect(await registered(editor, project, SMALL)).toMatchObject({ ok: true });
  const [before] = readers();
  const health = asked(platform.address);
  for (let i = 0; i < 2; i++) {
    expect(await registered(editor, project, slow())).toEqual({
      ok: false,
      errors: [
        {
          message: expect.stringMatching(
            /^reading this file takes more than 0\.\d+ s: .* \(ESPALIER_READING_SECONDS\)$/,
          ),
          path: ['uploadId'],
        },
      ],
    });
  }
  expect((await health.end()).longest).toBeLessThan(250);
  expect(readers()).not.toContain(before);
  expect(await registered(editor, project, SMALL)).toMatchObject({ ok: true });
}, 60_000);

it('a process has so much memory and no more', async () => {
  const tensors = { w: randomTensor(8, 3, 3, 3), g: float32([8, 2 ** 22], new Float32Array(2 ** 25)) };
  // Writing it takes this process, server and all, so long that a connection that is kept would be closed.
  const large = onnxFile({ ...WHOLE, tensors });
  const platform = await startPlatform({ uploadLimit: 400e6, readingLimits: LITTLE });
  const editor = await platform.member('editor');
  const project = await projectOf(editor);
  const { errors } = await registered(editor, project, large);
  expect(errors[0]).toEqual({
    message: expect.stringMatching(
      /^reading this file takes more than 336 MB of memory: .* \(ESPALIER_READING_MEMORY_MB\)$/,
    ),
    path: ['uploadId'],
  });
  expect(await registered(editor, project, SMALL)).toMatchObject({ ok: true });
}, 60_000);

it('a process that is killed is replaced, at work or not', async () => {
  const platform = await startPlatform({ uploadLimit: 5e6, readingLimits: { ...LITTLE, seconds: 60 } });
  const editor = await platform.member('editor');
  const project = await projectOf(editor);
  expect(await registered(editor, project, SMALL)).toMatchObject({ ok: true });
  const [idle = 0] = readers();
  process.kill(idle, 'SIGKILL');
  await until(() => !lives(idle));
  expect(await registered(editor, project, SMALL)).toMatchObject({ ok: true });
  const [busy = 0] = readers();
  const before = ticks(busy);
  const slowly = registered(editor, project, slow());
  await until(() => ticks(busy) > before + 20);
  process.kill(busy, 'SIGKILL');
  expect(await slowly).toEqual({
    ok: false,
    errors: [
      { message: expect.stringMatching(/^the process .* \(SIGKILL\): try again/), path: ['uploadId'] },
    ],
  });
  expect(await registered(editor, project, SMALL)).toMatchObject({ ok: true });
}, 60_000);

it('a process knows nothing of the environment but where programs and files are', async () => {
  process.env.ESPALIER_DATABASE_URL = 'postgres://secret@nowhere/x';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  try {
    const platform = await startPlatform({ readingLimits: LITTLE });
    const editor = await platform.member('editor');
    expect(await registered(editor, await projectOf(editor), SMALL)).toMatchObject({ ok: true });
    const [reader] = readers();
    const environment = readFileSync(`/proc/${reader}/environ`, 'utf8');
    expect(environment).not.toMatch(/secret|postgres/i);
    const names = environment.split('\0').flatMap((line) => line.split('=', 1)[0] || []);
    const known =
      /^(PATH|HOME|TMPDIR|LANG|LC_ALL|TZ|LD_LIBRARY_PATH|PWD|NODE_CHANNEL_\w+|TSX_TSCONFIG_PATH)$/;
    expect(names.filter((name) => !known.test(name) && !/^ESPALIER_(DEBUG|FROM_SOURCE)$/.test(name))).toEqual(
      [],
    );
    expect(readFileSync(`/proc/${reader}/limits`, 'utf8')).toMatch(/Max data size +335544320 +335544320/);
  } finally {
    delete process.env.ESPALIER_DATABASE_URL;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  }
});

it('no file makes another one of this machine be read, whatever it is called', async () => {
  const { member } = await startPlatform();
  const editor = await member('editor');
  const w = {
    ...{ dataType: 1, dims: [8n, 3n, 3n, 3n], dataLocation: 1 },
    externalData: [{ key: 'location', value: 'x.onnx' }],
  };
  const { errors } = await registered(
    editor,
    await projectOf(editor),
    onnxFile({ ...WHOLE, tensors: { w } }),
  );
  expect(errors[0]).toEqual({
    message: expect.stringMatching(/^x\.onnx: tensor "w" is in "x\.onnx", and no other file is read here/),
    path: ['uploadId'],
  });
});

it('a team that has much to be read holds nobody else', async () => {
  const platform = await startPlatform({ uploadLimit: 5e6, readingLimits: LITTLE });
  const [greedy, other] = await Promise.all([platform.member('editor'), platform.member('editor')]);
  const [hers, theirs] = await Promise.all([projectOf(greedy), projectOf(other)]);
  const bytes = slow();
  let open = 4;
  const many = Array.from({ length: open }, () => registered(greedy, hers, bytes).finally(() => open--));
  await until(() => readers().length > 0);
  expect(await registered(other, theirs, SMALL)).toMatchObject({ ok: true });
  expect(open).toBeGreaterThanOrEqual(2);
  expect(readers().length).toBeLessThanOrEqual(2);
  await Promise.all(many);
}, 60_000);

const WHOLE = {
  inputs: { x: ['batch', 3, 8, 8] as const },
  nodes: [
    node('Conv', ['x', 'w'], ['c']),
    node('GlobalAveragePool', ['c'], ['p']),
    node('Flatten', ['p'], ['f']),
    node('Gemm', ['f', 'g'], ['y']),
  ],
};
const SMALL = onnxFile({ ...WHOLE, tensors: { w: randomTensor(8, 3, 3, 3), g: randomTensor(8, 4) } });

/** Seconds of work that no budget refuses. */
function slow(): Uint8Array {
  const values = Array.from({ length: 24_900 }, (_, i) => `r${i}`);
  const others = WHOLE.nodes.slice(1);
  const many = values.map((value) => node('Relu', ['c0'], [value]));
  const nodes = [node('Conv', ['x', 'w'], ['c0']), ...many, node('Sum', values, ['c']), ...others];
  return onnxFile({ ...WHOLE, nodes, tensors: { w: randomTensor(8, 3, 3, 3), g: randomTensor(8, 4) } });
}

async function projectOf(editor: Member): Promise<string> {
  const { data } = await editor.ask('mutation { createProject(input: { name: "p" }) { project { id } } }');
  return data.createProject.project.id;
}

async function registered(editor: Member, projectId: string, bytes: Uint8Array) {
  const uploadId = await uploaded(editor, bytes, 'x.onnx');
  const answer = await editor.ask(
    `mutation ($projectId: ID!, $uploadId: ID!, $name: String!) {
      registerModel(input: { projectId: $projectId, uploadId: $uploadId, name: $name }) { ok errors { message path } }
    }`,
    { projectId, uploadId, name: uploadId },
  );
  return answer.data.registerModel as {
    readonly ok: boolean;
    readonly errors: readonly { readonly message: string; readonly path: readonly string[] }[];
  };
}

/** A packed data set with an image of a pixel for each class. */
function manyClasses(count: number, letters: number): Uint8Array {
  const classes = Array.from({ length: count }, (_, i) => `${i}`.padStart(letters, 'x'));
  const labels = Uint16Array.from({ length: count }, (_, i) => i);
  const split = { n: count, labels };
  const start = packedStart({
    classes,
    image: { width: 1, height: 1, channels: 1 },
    normalisation: { mean: [0], std: [1] },
    hash: null,
    decoding: 2,
    splits: { train: split, search: split, test: split },
  });
  const pixels = Buffer.alloc(3 * count, 7);
  return Buffer.concat([start, pixels, createHash('sha256').update(pixels).digest()]);
}

async function registeredData(editor: Member, uploadId: string) {
  const { data } = await editor.ask(
    `mutation { registerDataset(input: { name: "many", uploadId: "${uploadId}" }) { ok errors { message path } } }`,
  );
  return data.registerDataset;
}

async function uploaded(editor: Member, bytes: Uint8Array, name: string): Promise<string> {
  const { data, errors } = await editor.ask(
    `mutation { createUpload(input: { fileName: "${name}" }) { upload { id url } } }`,
  );
  expect(errors).toBeUndefined();
  const { id, url } = data.createUpload.upload;
  expect((await editor.fetch(url, { method: 'PUT', body: bytes })).status).toBe(200);
  return id;
}

/**
 * Asks /health every 20 ms. How many answers there were, and the longest that this process computed between two
 * questions, in milliseconds of the processor: others may be busy on this machine, too.
 */
function asked(address: string) {
  const answers: Promise<boolean>[] = [];
  let longest = 0;
  let spent = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(spent);
    spent = process.cpuUsage();
    longest = Math.max(longest, (user + system) / 1000);
    answers.push(fetch(`${address}/health`).then(({ ok }) => ok));
  }, 20);
  return {
    async end() {
      clearInterval(timer);
      expect(await Promise.all(answers)).not.toContain(false);
      return { answers: answers.length, longest };
    },
  };
}

/** The processes that read, of platforms that have little. */
function readers(): number[] {
  return childrenOf(process.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(
        `--max-old-space-size=${LITTLE.memory / 2 ** 21}`,
      );
    } catch {
      return false;
    }
  });
}

/** Hundredths of a second that a process has computed. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !condition(); await pause(20)) {
    if (Date.now() > end) throw new Error('it did not happen');
  }
}
