import { expect, it } from 'vitest';
import { createApiKey } from '../src/people/api-keys.ts';
import { client, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

const BY = 'createdBy { id name } createdByKey';

it('a run and an experiment say who made them, by which key, and lists are filtered by it', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const ada = await platform.member('editor');
  const ben = await platform.member('editor', ada.teamId);
  const { teamId, userId } = ben;
  const { key } = await createApiKey(prisma, { teamId, userId }, { name: 'ci', role: 'editor' });
  const signedIn = await platform.signedIn(ada.userId);
  const byKey = client(platform.address, key);
  // As rows of before it was kept: nobody is known.
  await experiment(platform, ada.teamId);
  const old = await ada.ask(`{ experiment(id: "exp_s") { ${BY} } }`);
  expect(old.data.experiment).toEqual({ createdBy: null, createdByKey: null });

  const start = `mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform" }],
    targets: [{ share: 0.5 }] }) { errors { message } runs { id ${BY} } } }`;
  const [own] = (await signedIn.ask(start)).data.startRuns.runs;
  expect(own).toMatchObject({ createdBy: { id: ada.userId }, createdByKey: null });
  const clone = `mutation { cloneRun(input: { id: "${own.id}", seed: 1 }) { run { id ${BY} } } }`;
  const { run: cloned } = (await byKey.ask(clone)).data.cloneRun;
  expect(cloned).toMatchObject({ createdBy: { id: ben.userId }, createdByKey: 'ci' });
  const copy = `mutation { cloneExperiment(input: { id: "exp_s" }) { experiment { id ${BY} } } }`;
  const { experiment: made } = (await byKey.ask(copy)).data.cloneExperiment;
  expect(made).toMatchObject({ createdBy: { id: ben.userId }, createdByKey: 'ci' });

  const of = ({ userId }: { userId: string }) => `filter: { createdBy: { in: ["${userId}"] } }`;
  const lists = async (who: { userId: string }) => {
    const { data } = await ada.ask(
      `{ runs(${of(who)}) { nodes { id } } experiments(${of(who)}) { nodes { id } } }`,
    );
    return { runs: data.runs.nodes, experiments: data.experiments.nodes };
  };
  expect(await lists(ada)).toEqual({ runs: [{ id: own.id }], experiments: [] });
  expect(await lists(ben)).toEqual({ runs: [{ id: cloned.id }], experiments: [{ id: made.id }] });
});

it('a run in the trash has the name that it had', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const start = `mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform", criterion: "random" }],
    targets: [{ share: 0.5 }, { metric: PARAMS, share: 0.125 }], seeds: [7] }) { runs { id name } } }`;
  const { runs } = (await editor.ask(start)).data.startRuns as { runs: { id: string; name: string }[] };
  expect(runs[0]?.name).toMatch(/^uniform · random · .*50 % MACs · seed 7$/);
  await platform.prisma.run.updateMany({ data: { state: 'cancelled' } });
  const ids = runs.map(({ id }) => id);
  await editor.ask('mutation ($ids: [ID!]!) { moveToTrash(input: { ids: $ids }) { ok } }', { ids });
  const { data } = await editor.ask('{ trash { nodes { reference name } } }');
  const byId = new Map(
    data.trash.nodes.map((item: { reference: string; name: string }) => [item.reference, item.name]),
  );
  for (const { id, name } of runs) expect(byId.get(id)).toBe(name);
});
