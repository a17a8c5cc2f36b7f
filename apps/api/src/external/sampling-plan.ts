import { InputError } from '@espalier/errors';
import { MODEL_EXTENSION } from '@espalier/formats';
import { parseGrid, type SamplingPlan } from '@espalier/pruning';
import { readAsOf } from '@espalier/runs';
import { ArtifactCache, type Model } from '@espalier/store';
import type { Services } from '../graphql/context.ts';

export interface PlanInput {
  readonly criterion: string;
  /** first:last:step, or a list. */
  readonly grid: string;
  readonly seed: number;
  readonly allowInexact: boolean;
}

type PlannedModel = Pick<Model, 'teamId' | 'sha256' | 'name' | 'readAs'>;

/** Plans that were asked for last: a script asks for one, and then begins samplings by it. */
const KNOWN = 8;
const known = new Map<string, SamplingPlan>();

/** {@link readPlan}, kept for a while. */
export async function planOfModel(
  services: Pick<Services, 'artifacts' | 'home' | 'reading'>,
  model: PlannedModel,
  input: PlanInput,
): Promise<SamplingPlan> {
  const key = JSON.stringify([model.sha256, model.readAs, input]);
  const plan = known.get(key) ?? (await readPlan(services, model, input));
  known.delete(key);
  known.set(key, plan);
  const [oldest] = known.keys();
  if (known.size > KNOWN && oldest !== undefined) known.delete(oldest);
  return plan;
}

/**
 * What a script needs to sample a model elsewhere. Read and ranked in the process that reads.
 *
 * @throws {InputError} for a bad grid, and a criterion that there is not or that uses images
 */
async function readPlan(
  { artifacts, home, reading }: Pick<Services, 'artifacts' | 'home' | 'reading'>,
  model: PlannedModel,
  { grid, ...input }: PlanInput,
): Promise<SamplingPlan> {
  const ratios = atField('grid', () => parseGrid(grid));
  const { teamId, sha256, name } = model;
  const readAs = readAsOf(model);
  let file = name;
  try {
    return await reading.read(teamId, async () => {
      file = await new ArtifactCache(artifacts, home).file(sha256, MODEL_EXTENSION);
      return { kind: 'samplingPlan', file, readAs, grid: ratios, ...input };
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.message.replaceAll(file, name), error.field?.split('.').at(-1) ?? 'model');
  }
}

/** What is wrong with one field of an input, whatever it is called inside. */
function atField<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.message, field);
    throw error;
  }
}
