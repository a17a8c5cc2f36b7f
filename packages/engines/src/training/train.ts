import type { Dataset } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type FloatTensor, fedWith, type Network, networkHash } from '@espalier/network';
import type { Engine, EngineName, Executable } from '../engine.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { checkFits } from '../evaluation/fits.ts';
import { imageIdentity } from '../evaluation/image-reader.ts';
import {
  type Checkpoint,
  checkpointFile,
  type EpochReport,
  readCheckpoint,
  type TrainingProgressRecord,
  writeCheckpoint,
} from './checkpoint.ts';
import { endingInLogits } from './logits.ts';
import { recalibrate } from './recalibrate.ts';
import { canonicalHash, type Recipe } from './recipe.ts';
import { learningRate } from './schedule.ts';
import { type TrainingStream, trainingSteps, trainingStream } from './stream.ts';
import { softTargets } from './teacher.ts';
import { checkTrainable } from './trainable.ts';
import type { Trainer } from './trainer.ts';
import { trainingImages } from './training-images.ts';

export interface TrainingRequest {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly recipe: Recipe;
  readonly seed: number;
  /** Whose outputs are learned, with a recipe that distils. */
  readonly teacher?: Network | undefined;
  readonly checkpoint?:
    | {
        /** Where it is kept, under a separate name. A training that finds its own goes on from there. */
        readonly folder: string;
        /** Steps from one to the next; there is one at the end of each epoch, too. */
        readonly every: number;
      }
    | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onEpoch?: ((epoch: EpochReport) => void) | undefined;
  /** Tells that a checkpoint was found, and the epochs that were over by then. */
  readonly onResume?: ((step: number, steps: number, epochs: readonly EpochReport[]) => void) | undefined;
  /** Tells that a checkpoint was written. */
  readonly onCheckpoint?: ((checkpoint: SavedCheckpoint) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface SavedCheckpoint {
  /** Replaced as a whole by the next one. */
  readonly file: string;
  /** Steps that are done. */
  readonly step: number;
  readonly endsEpoch: boolean;
}

interface TrainingProgress {
  /** Images trained on so far, of all. */
  readonly done: number;
  readonly total: number;
  /** Mean of the running epoch so far, nats. */
  readonly loss: number;
  readonly learningRate: number;
}

export interface Training {
  /** The trained network, the averaged one where the recipe averages. */
  readonly network: Network;
  readonly epochs: readonly EpochReport[];
  readonly steps: number;
  /** Its file, to be deleted when the result is safe. */
  readonly checkpoint: string | undefined;
}

/**
 * Trains a network on the training split of a data set. Equal requests end in equal weights, whether they
 * were interrupted or not, on one machine and with one number of threads.
 *
 * @throws {InputError} if network and data do not fit, the network cannot be trained, or the loss is not finite
 */
export async function train(engine: Engine, request: TrainingRequest): Promise<Training> {
  const { network, dataset, recipe, seed } = request;
  checkFits(network, dataset);
  checkTrainable(network, 'recipe', recipe.batch);
  const stream = trainingStream(network, dataset, recipe, seed);
  const steps = trainingSteps(recipe, dataset.splits.train.n);
  const key = trainingKey(request, engine.name);
  const file = request.checkpoint && checkpointFile(request.checkpoint.folder, key);
  const found = file === undefined ? undefined : await readCheckpoint(file, key);
  const trainer = await engine.train(network, { ...recipe, batch: stream.batch });
  try {
    const teacher = await compiledTeacher(engine, request);
    const run = new TrainingRun({ engine, request, stream, trainer, steps, key, file, teacher });
    try {
      if (found) run.resume(found);
      return await run.finish();
    } finally {
      await teacher?.dispose();
    }
  } finally {
    await trainer.dispose();
  }
}

/** Raised only when the same training can end in other weights. */
export const TRAINING_VERSION = 2;

/** What has to be equal for a training to be the same. */
export function trainingKey(
  {
    network,
    dataset,
    recipe,
    seed,
    teacher,
  }: Pick<TrainingRequest, 'network' | 'dataset' | 'recipe' | 'seed' | 'teacher'>,
  engine: EngineName,
): string {
  return canonicalHash({
    ...{ kind: 'training', version: TRAINING_VERSION, engine, recipe, seed },
    network: networkHash(network),
    images: imageIdentity(network, dataset),
    // It is shown the images as the network is: only its weights count.
    teacher: recipe.distillation && teacher ? networkHash(teacher) : null,
  });
}

async function compiledTeacher(
  engine: Engine,
  { recipe, teacher, dataset }: TrainingRequest,
): Promise<Executable | undefined> {
  if (!recipe.distillation) return undefined;
  if (!teacher)
    throw new InputError('the recipe uses distillation, but there is no teacher', 'recipe.distillation');
  checkFits(teacher, dataset, 'recipe.distillation');
  return engine.compile(endingInLogits(teacher), { optimiseFor: 'latency' });
}

interface Setup {
  readonly engine: Engine;
  readonly request: TrainingRequest;
  readonly stream: TrainingStream;
  readonly trainer: Trainer;
  readonly steps: number;
  readonly key: string;
  /** Where checkpoints are written; undefined for none. */
  readonly file: string | undefined;
  readonly teacher: Executable | undefined;
}

/** The state of one training between its steps. */
class TrainingRun {
  private readonly setup: Setup;
  private readonly epochs: EpochReport[] = [];
  private current: TrainingProgressRecord['current'] = { lossSum: 0, steps: 0, seconds: 0 };
  private step = 0;
  private saved = false;

  constructor(setup: Setup) {
    this.setup = setup;
  }

  resume({ trainer, progress }: Checkpoint): void {
    this.setup.trainer.restore(trainer);
    this.step = trainer.step;
    this.saved = true;
    this.epochs.push(...progress.epochs);
    this.current = progress.current;
    this.setup.request.onResume?.(this.step, this.setup.steps, progress.epochs);
  }

  async finish(): Promise<Training> {
    const { request, stream, steps } = this.setup;
    while (this.step < steps) {
      request.signal?.throwIfAborted();
      await this.takeStep();
      const endsEpoch = this.step % stream.stepsPerEpoch === 0 || this.step === steps;
      if (endsEpoch) await this.endEpoch();
      if (endsEpoch || this.step % (request.checkpoint?.every ?? Number.POSITIVE_INFINITY) === 0) {
        await this.save(endsEpoch);
      }
    }
    return { network: await this.result(), epochs: this.epochs, steps, checkpoint: this.setup.file };
  }

  /** The network as the recipe wants it. */
  private trained(): Network {
    const { request, trainer } = this.setup;
    return trainer.network(request.recipe.averaging === undefined ? 'current' : 'averaged');
  }

  private async result(): Promise<Network> {
    const { engine, request } = this.setup;
    const { dataset, recipe, seed, signal } = request;
    const network = this.trained();
    if (recipe.recalibration === undefined) return network;
    const images = trainingImages(network, dataset, { images: recipe.recalibration, seed, signal });
    return recalibrate(network, engine, images);
  }

  private async takeStep(): Promise<void> {
    const { request, stream, trainer, steps, teacher } = this.setup;
    const started = performance.now();
    const { input, targets } = await stream.read(this.step);
    const rate = learningRate(request.recipe, this.step, steps);
    const soft = teacher && (await this.taught(teacher, input));
    const { loss } = await trainer.step({ input, targets, teacher: soft, learningRate: rate });
    if (!Number.isFinite(loss)) throw this.diverged(loss, rate);
    this.step += 1;
    this.current = {
      lossSum: this.current.lossSum + loss,
      steps: this.current.steps + 1,
      seconds: this.current.seconds + (performance.now() - started) / 1000,
    };
    request.onProgress?.({
      done: this.step * stream.batch,
      total: steps * stream.batch,
      loss: this.current.lossSum / this.current.steps,
      learningRate: rate,
    });
  }

  private async taught(teacher: Executable, input: FloatTensor): Promise<FloatTensor> {
    const { teacher: network, recipe } = this.setup.request;
    const outputs = await teacher.run(network ? fedWith(network, input) : {});
    const [logits] = Object.values(outputs);
    if (!logits || !recipe.distillation) throw new Error('the teacher returned nothing');
    return softTargets(logits, recipe.distillation.temperature);
  }

  private async endEpoch(): Promise<void> {
    const { request, stream, engine, steps } = this.setup;
    const { lossSum, steps: counted, seconds } = this.current;
    const report: EpochReport = {
      epoch: Number((this.step / stream.stepsPerEpoch).toFixed(4)),
      loss: lossSum / counted,
      top1: await this.score(engine),
      seconds,
      imagesPerSecond: (counted * stream.batch) / seconds,
      learningRate: learningRate(request.recipe, this.step - 1, steps),
    };
    this.epochs.push(report);
    this.current = { lossSum: 0, steps: 0, seconds: 0 };
    request.onEpoch?.(report);
  }

  private async score(engine: Engine): Promise<number | null> {
    const { dataset, signal } = this.setup.request;
    if (dataset.splits.search.n === 0) return null;
    return (await evaluate(engine, this.trained(), dataset, 'search', { signal })).top1;
  }

  private async save(endsEpoch: boolean): Promise<void> {
    const { file, trainer, key, request } = this.setup;
    if (file === undefined) return;
    const progress = { epochs: this.epochs, current: this.current };
    this.saved = true;
    await writeCheckpoint(file, { key, trainer: trainer.state(), progress });
    request.onCheckpoint?.({ file, step: this.step, endsEpoch });
  }

  private diverged(loss: number, rate: number): InputError {
    const { stream, file } = this.setup;
    const epoch = Math.floor(this.step / stream.stepsPerEpoch) + 1;
    const step = (this.step % stream.stepsPerEpoch) + 1;
    const kept = this.saved ? `; the last checkpoint is in ${file}` : '';
    return new InputError(
      `the loss is ${loss} in epoch ${epoch}, step ${step}: training diverges at learning rate ${Number(rate.toPrecision(3))}; try a tenth of it, a warm-up, or clipNorm 1${kept}`,
      'recipe.learningRate',
    );
  }
}
