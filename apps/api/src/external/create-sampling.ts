import { createHash } from 'node:crypto';
import type { ResultSource } from '@espalier/runs';
import { plain, written } from '@espalier/runs';
import { newId, type SamplingRun } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { goneOf, takeKey } from './client-key.ts';
import { planOfModel } from './sampling-plan.ts';
import {
  checkedMetric,
  checkedSource,
  type ExternalMetricInput,
  type ResultSourceInput,
} from './source-types.ts';

export interface GroupOrder {
  readonly group: string;
  /** The most important first. */
  readonly units: readonly number[];
}

export interface NewSampling {
  readonly key: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly criterion: string;
  readonly grid: string;
  readonly seed: number;
  readonly allowInexact: boolean;
  /** Of a criterion that ranked elsewhere; null: as the plan of the sampling says. */
  readonly order: readonly GroupOrder[] | null;
  readonly samples: number;
  readonly metric: ExternalMetricInput;
  readonly source: ResultSourceInput;
}

const LONGEST = 100;

/** An imported sampling. It is the team's alone: its key is no other one's, whatever it measured. */
export async function createSampling(context: Context, input: NewSampling): Promise<SamplingRun> {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const { key, grid: ratios, seed, allowInexact, order: given, samples } = input;
  const [metric, source] = [checkedMetric(input.metric), checkedSource(input.source)];
  const criterion = input.criterion.trim();
  if (criterion === '' || criterion.length > LONGEST) throw new FieldError('name the criterion', 'criterion');
  const [model, dataset] = await Promise.all([
    findNode('model', context, input.modelId),
    findNode('data', context, input.datasetId),
  ]);
  if (!model) throw new NotFound('there is no such model', 'modelId');
  if (!dataset) throw new NotFound('there is no such data set', 'datasetId');
  const images = (await context.loaders.splits.load(dataset.id)).find(
    ({ name }) => name === 'search',
  )?.images;
  if (samples < 1 || (images !== undefined && samples > images)) {
    throw new FieldError(`give 1 to ${images ?? 'as many images as were measured on'}`, 'samples');
  }
  // Whatever ranked the units, groups and cells are those of the network.
  const by = { criterion: given ? 'l1' : criterion, grid: ratios, seed, allowInexact };
  const { grid, groups } = await planOfModel(context, model, by);
  const order = given ? checkedOrder(groups, given) : groups.map((group) => group.order);
  return context.database.prisma.$transaction(async (transaction) => {
    // Its preprocessing stays from now on.
    await transaction.$queryRaw`SELECT 1 FROM "Model" WHERE "id" = ${model.id} FOR KEY SHARE`;
    const content = {
      ...{
        modelId: model.id,
        datasetId: dataset.id,
        criterion,
        grid: [...grid],
        seed,
        allowInexact,
        samples,
      },
      ...{ metric: { ...metric }, source: { ...(source satisfies ResultSource) } },
      order: given ? createHash('sha256').update(JSON.stringify(order)).digest('hex') : null,
    };
    const write = { teamId, key, write: 'createSampling', content };
    const { subjectId: id, isNew } = await takeKey(transaction, write, newId('sample'));
    if (!isNew) {
      const made = await transaction.samplingRun.findUnique({ where: { id } });
      if (!made) throw goneOf(key);
      return made;
    }
    const made = await transaction.samplingRun.create({
      data: {
        ...{ id, key: `external ${teamId} ${key}`, modelId: model.id, datasetId: dataset.id },
        ...{
          networkHash: model.networkHash,
          datasetHash: dataset.hash,
          criterion,
          grid: [...grid],
          samples,
          seed,
        },
        ...{ allowInexact, state: 'running', origin: 'external', teamId, projectId: model.projectId },
        ...written('SamplingRun', {
          ...{ groups: groups.map(({ id: group, width }) => ({ id: group, width })), externalMetric: metric },
          ...{ source, order: order.map((units) => [...units]) },
        }),
      },
    });
    await audit(transaction, editor, 'sampling.create', id, plain({ criterion, samples, metric, source }));
    return made;
  });
}

/** @throws {FieldError} unless each group's units stand there once each */
function checkedOrder(
  groups: readonly { readonly id: string; readonly width: number }[],
  given: readonly GroupOrder[],
): (readonly number[])[] {
  const known = new Set(groups.map(({ id }) => id));
  const unknown = given.findIndex(({ group }) => !known.has(group));
  if (unknown >= 0) {
    throw new FieldError(`there is no prunable group "${given[unknown]?.group}"`, `order.${unknown}.group`);
  }
  return groups.map(({ id, width }) => {
    const at = given.findIndex(({ group }) => group === id);
    const units = given[at]?.units;
    if (!units) throw new FieldError(`the order of group "${id}" is missing`, 'order');
    const whole = new Set(units.filter((unit) => unit >= 0 && unit < width)).size === width;
    if (units.length === width && whole) return units;
    throw new FieldError(`name each of the ${width} units of "${id}" once`, `order.${at}.units`);
  });
}
