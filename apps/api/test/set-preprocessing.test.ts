import { encodeOnnx } from '@espalier/formats';
import type { Network, NetworkMetadata } from '@espalier/network';
import { expect, it } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import { refusal, send, uploaded } from './external.ts';
import { type Member, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

const SAID = tinyMetadata();
const OTHER: NetworkMetadata = {
  input: { ...SAID.input, mean: [0, 0, 0], std: [1, 1, 1], letterbox: [114, 114, 114] },
  output: 'probabilities',
  classes: Array.from({ length: 10 }, (_, i) => `kind ${i}`),
};

it('a model that nothing depends on gets another preprocessing, and loses it again', async () => {
  const { member, prisma, editor, register } = await somewhere();
  const id = await register(tinyResNet(), SAID);
  const changed = await set(editor, { modelId: id, preprocessing: OTHER });
  expect(changed).toMatchObject({ ok: true, model: { id } });
  const { letterbox, ...said } = changed.model.preprocessing.input;
  expect({ letterbox, mean: said.mean }).toEqual({ letterbox: [114, 114, 114], mean: [0, 0, 0] });
  expect(changed.model.preprocessing).toMatchObject({ output: 'PROBABILITIES', inFile: false });
  expect(changed.model.summary.classes).toEqual(OTHER.classes);
  // What is downloaded has it within.
  expect(changed.model.downloadUrl).toBe(`/files/models/${id}`);
  const file = Buffer.from(await (await editor.fetch(changed.model.downloadUrl)).arrayBuffer());
  expect(file.toString('latin1')).toContain('kind 9');

  const silent = await set(editor, { modelId: id, preprocessing: null });
  expect(silent.model).toMatchObject({
    preprocessing: { input: null, inFile: false },
    summary: { classes: [] },
  });
  const log = await prisma.auditEntry.findMany({ where: { subject: id, action: 'model.preprocessing' } });
  expect(log).toHaveLength(2);
  const stranger = await member('admin');
  expect(await set(stranger, { modelId: id, preprocessing: OTHER })).toMatchObject(
    refusal('NOT_FOUND', 'modelId', /there is no such model/),
  );
});

it('a model that an experiment depends on keeps its own; a new model of the same file gets it', async () => {
  const { platform, prisma, editor, register } = await somewhere();
  await experiment(platform, editor.teamId);
  const id = await register(tinyResNet(), SAID);
  await prisma.model.update({ where: { id }, data: { tags: ['edge'], notes: 'ours' } });
  await prisma.experiment.update({ where: { id: 'exp_s' }, data: { modelId: id, deletedAt: new Date() } });
  const before = await prisma.model.findUniqueOrThrow({ where: { id } });
  // One in the trash can come back.
  expect(await set(editor, { modelId: id, preprocessing: OTHER })).toMatchObject(
    refusal('CONFLICT', 'newName', /depend on the preprocessing of this model: give a name/),
  );
  const made = await set(editor, { modelId: id, preprocessing: OTHER, newName: ' letterboxed ' });
  expect(made).toMatchObject({
    ok: true,
    model: { preprocessing: { input: { letterbox: [114, 114, 114] } } },
  });
  expect(await prisma.model.findUniqueOrThrow({ where: { id: made.model.id } })).toMatchObject({
    ...{ name: 'letterboxed', sha256: before.sha256, tags: ['edge'], notes: 'ours' },
    ...{ projectId: before.projectId, metadataBeside: true },
  });
  expect(await prisma.model.findUniqueOrThrow({ where: { id } })).toEqual(before);
  expect(await set(editor, { modelId: id, preprocessing: OTHER, newName: 'letterboxed' })).toMatchObject(
    refusal('TAKEN', 'newName', /^this name is taken/),
  );
});

it('what does not fit, or what the file itself says otherwise, is refused at the preprocessing', async () => {
  const { prisma, editor, register } = await somewhere();
  const id = await register(tinyResNet(), null);
  const at = (preprocessing: unknown) => set(editor, { modelId: id, preprocessing });
  const sized = { ...SAID, input: { ...SAID.input, size: [8, 8] } };
  expect(await at(sized)).toMatchObject(
    refusal('INVALID', 'preprocessing', /do not fit the network's input/),
  );
  const odd = { ...SAID, input: { ...SAID.input, mean: [1] } };
  expect(await at(odd)).toMatchObject(refusal('INVALID', 'preprocessing.input.mean', /must have 3 value/));
  const within = await register({ ...tinyResNet({ seed: 2 }), metadata: SAID }, null);
  const refused = await set(editor, { modelId: within, preprocessing: OTHER, newName: 'other' });
  expect(refused).toMatchObject(refusal('INVALID', 'preprocessing', /the file itself says otherwise/));
  expect(await prisma.model.count()).toBe(2);
  const { data } = await editor.ask(`{ model(id: "${within}") { preprocessing { inFile } } }`);
  expect(data.model.preprocessing.inFile).toBe(true);
});

it('sizes that a file leaves open follow the preprocessing', async () => {
  const { prisma, editor, register } = await somewhere();
  const network = tinyResNet();
  const inputs = network.inputs.map((input) => ({ ...input, shape: [-1, 3, -1, -1] }));
  const id = await register({ ...network, inputs }, { ...SAID, input: { ...SAID.input, size: [12, 12] } });
  const { macs } = await prisma.model.findUniqueOrThrow({ where: { id } });
  const changed = await set(editor, {
    modelId: id,
    preprocessing: { ...SAID, input: { ...SAID.input, size: [24, 36] } },
  });
  expect(changed.model).toMatchObject({ summary: { inputShape: [3, 24, 36] } });
  expect(Number(changed.model.macs)).toBeGreaterThan(5 * Number(macs));
});

async function somewhere() {
  const platform = await startPlatform();
  const { member, prisma } = platform;
  const editor = await member('editor');
  const { project } = await send(editor, 'createProject', { name: 'edge' }, 'project { id }');
  const register = async (network: Network, preprocessing: NetworkMetadata | null): Promise<string> => {
    const uploadId = await uploaded(editor, 'tiny.onnx', encodeOnnx(network));
    const name = `tiny ${await prisma.model.count()}`;
    const input = { projectId: project.id, uploadId, name, preprocessing };
    const { model, errors } = await send(editor, 'registerModel', input, 'model { id }');
    expect(errors).toEqual([]);
    return model.id;
  };
  return { platform, member, prisma, editor, register };
}

const MODEL = `model { id macs downloadUrl summary { classes inputShape }
  preprocessing { inFile output input { mean letterbox } } }`;

function set(who: Member, input: object) {
  return send(who, 'setPreprocessing', input, MODEL);
}
