import { readFile } from 'node:fs/promises';
import { readNetwork } from '@espalier/formats';
import { DEFAULT_GRID, parseGrid, samplingPlan } from '@espalier/pruning';
import { expect, it } from 'vitest';
import { producer, send, uploaded } from './external.ts';
import { RESNET20, startPlatform } from './platform.ts';

const PLAN = `query ($model: ID!, $criterion: String, $grid: String) {
  samplingPlan(model: $model, criterion: $criterion, grid: $grid) {
    criterion grid model { name }
    groups { name width order canZero cells { ratio removed units } slices { tensor axis units zero } }
    tensors { name dims sha256 probe }
  }
}`;

it('a script that may only append is told what to remove, and where it lies', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const input = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', input, 'model { id }');

  const { data } = await script.ask(PLAN, { model: model.id });
  const { groups, tensors, ...plan } = data.samplingPlan;
  const grid = parseGrid(DEFAULT_GRID);
  expect(plan).toEqual({ criterion: 'l1', grid, model: { name: 'ResNet-20' } });
  const { network } = await readNetwork(RESNET20);
  const own = await samplingPlan(network, { criterion: 'l1', seed: 0, grid });
  expect(tensors).toEqual(own.tensors);
  expect(groups).toEqual(
    own.groups.map(({ id, removed, ...group }) => {
      const cells = grid.map((ratio, k) => {
        const gone = removed[k] ?? 0;
        const units = group.order.slice(group.width - gone).sort((a, b) => a - b);
        return { ratio, removed: gone, units };
      });
      return { name: id, ...group, cells };
    }),
  );

  const refused = async (changed: object) => {
    const { errors } = await script.ask(PLAN, { model: model.id, ...changed });
    return errors[0];
  };
  expect(await refused({ criterion: 'taylor' })).toMatchObject({
    message: expect.stringMatching(/send their order/),
    extensions: { code: 'BAD_USER_INPUT', fields: ['criterion'] },
  });
  expect(await refused({ criterion: 'l7' })).toMatchObject({ extensions: { fields: ['criterion'] } });
  expect(await refused({ grid: '0:1' })).toMatchObject({ extensions: { fields: ['grid'] } });
  const stranger = await platform.member('admin');
  expect((await stranger.ask(PLAN, { model: model.id })).data).toEqual({ samplingPlan: null });
});
