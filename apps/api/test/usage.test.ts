import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const METADATA = {
  input: {
    ...{ layout: 'NCHW', channels: 'BGR', size: [32, 48], resize: 64, scale: 0.5 },
    ...{ mean: [0.1, 0.2, 0.3], std: [1, 2, 4] },
  },
  output: 'probabilities',
  classes: ['cat', 'dog'],
};

it('models and results say how they are used, by their own preprocessing or that of their runs', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 30 });
  const [said, silent] = await prisma.model.findMany({ where: { teamId: viewer.teamId }, take: 2 });
  await prisma.model.update({ where: { id: said?.id ?? '' }, data: { metadata: METADATA } });
  const summary = (silent?.summary ?? {}) as object;
  await prisma.model.update({
    where: { id: silent?.id ?? '' },
    data: { metadata: {}, summary: { ...summary, inputName: 'data:0' } },
  });
  const { data, errors } = await viewer.ask(
    `{ models(first: 100) { nodes { id usage { python javascript } } }
      runs(first: 100, filter: { state: { in: [FINISHED] } }) {
        nodes { model { id } dataset { classes } result { downloadUrl usage { python javascript } } } } }`,
  );
  expect(errors).toBeUndefined();
  type Usage = { python: string; javascript: string } | null;
  const models = new Map(
    (data.models.nodes as { id: string; usage: Usage }[]).map(({ id, usage }) => [id, usage]),
  );
  const usage = models.get(said?.id ?? '');
  expect(usage?.python).toContain('MEAN = np.array([0.1, 0.2, 0.3]');
  expect(usage?.python).toContain('[:, :, ::-1]');
  expect(usage?.python).toContain('CLASSES = ["cat", "dog"]');
  expect(usage?.javascript).toContain(`InferenceSession.create("${said?.name}.onnx")`);
  expect(usage?.javascript).toContain('[1, 3, 32, 48]');
  expect(models.get(silent?.id ?? '')).toBeNull();
  const runs = (
    data.runs.nodes as { model: { id: string }; result: { usage: Usage; downloadUrl: string } | null }[]
  ).filter(({ result }) => result !== null);
  const ofSilent = runs.find(({ model }) => model.id === silent?.id)?.result;
  const ofSaid = runs.find(({ model }) => model.id === said?.id)?.result;
  // What runs take of their data set where the model says nothing.
  expect(ofSilent?.usage?.python).toMatch(/MEAN = np\.array\(\[0\.\d+/);
  expect(ofSilent?.usage?.python).toContain('name = "data:0"');
  expect(ofSaid?.usage?.javascript).toContain('[1, 3, 32, 48]');
  const name = new URL(ofSaid?.downloadUrl ?? '', 'http://localhost').searchParams.get('name');
  expect(ofSaid?.usage?.python).toContain(`InferenceSession("${name}.onnx")`);
});
