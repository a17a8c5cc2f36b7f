import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type Engine,
  measure,
  measurementOf,
  PAGE_BACKENDS,
  type PageBackend,
  type Subject,
  speedup,
  type Timed,
} from '@espalier/engines';
import {
  conditionsOf,
  type DeviceProfile,
  elsewhere,
  identityOf,
  type Measurement,
  type Measurements,
  predictMs,
  readProfile,
  writeMeasurements,
} from '@espalier/latency';
import { type Network, networkCost, networkHash, peakActivationBytes } from '@espalier/network';
import { counting, openEngineOf, provenance, readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { terminalObserver } from '../computing.ts';
import { printJson } from '../json.ts';
import {
  askedOf,
  type ModelOptions,
  wholeNumber,
  wholeNumbers,
  withJson,
  withModelOptions,
} from '../options.ts';
import { openClient } from '../remote/login.ts';
import { pushedMeasurementsText, pushMeasurements } from '../remote/push-measurements.ts';
import { type MeasuredRow, type MeasuredTogether, measurementText } from '../render/measurement.ts';
import { namedPage, pageText } from '../render/pages.ts';
import { backendsValue, measureInPages, type PageReport } from '../stages/measuring-pages.ts';
import { checkOutputs } from '../stages/output.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Times runs on random input. The models take turns of a few runs, so that other load affects all alike. Several models are
compared with the first one, or with --against: the speedup, with its 95 % confidence interval. The reference, or a
single model, is measured twice, as if it were two: if it differs from itself by more than 2 %, the machine is too busy.

A model.json is also timed in TensorFlow.js, one backend after the other, in separate tables: node (tfjs-node, if it is
installed), wasm and cpu (plain JavaScript).

Activations: the peak memory of the values between the layers; weights come on top.

Examples:
  espalier measure net.onnx
  espalier measure net.onnx half.onnx quarter.onnx
  espalier measure half.onnx --against net.onnx --batch 1,32 --threads 1,2
  espalier measure net.onnx half.onnx --device "Raspberry Pi 5" --upload      shows it to the team on its platform
  espalier measure net.onnx half.onnx --out measured.json                     for espalier devices add, later`;

interface Options extends ModelOptions {
  readonly against?: string;
  readonly batch: readonly number[];
  readonly threads?: readonly number[];
  readonly engine: string;
  readonly repeats?: number;
  readonly tfjs: readonly PageBackend[];
  readonly profile?: string;
  readonly device?: string;
  readonly out?: string;
  readonly upload?: boolean;
  readonly json?: boolean;
}

export function registerMeasure(program: Command, context: Context): void {
  const command = program.command('measure').summary('measure latency, throughput and memory');
  command
    .description('Measures latency, throughput and memory of a model, or of several side by side.')
    .argument('<models...>', '.onnx files, model.json files of TensorFlow.js, or Keras files')
    .option('--against <model>', 'the model to compare with (default: the first of several)')
    .option('--batch <n,...>', 'images a run', wholeNumbers(1), [1])
    .option('--threads <n,...>', 'cores to use (default: all)', wholeNumbers(1))
    .option('--engine <name>', 'auto, onnxruntime or tensorflow', 'auto')
    .option(
      '--repeats <n>',
      'timed runs of each (default: as many as fit into three seconds)',
      wholeNumber(1),
    );
  command
    .option(
      '--tfjs <backends>',
      'TensorFlow.js backends in which its models are also timed, or none',
      backendsValue,
      PAGE_BACKENDS,
    )
    .option('--profile <file>', "show this device profile's prediction beside the measurement")
    .option('--device <name>', 'name of this device (default: its processor)')
    .option('--out <file>', 'write the measurements, for a platform (JSON)')
    .option('--upload', 'send the measurements to a platform');
  withModelOptions(withJson(command))
    .addHelpText('after', HELP)
    .action((files: readonly string[], options: Options) => measureModels(files, options, context));
}

/** A model that is timed; `again` is the reference once more. */
interface Candidate {
  readonly file: string;
  readonly network: Network;
  readonly again: boolean;
}

async function measureModels(files: readonly string[], options: Options, context: Context): Promise<void> {
  const observer = terminalObserver(context);
  const { against, batch: batches, repeats } = options;
  const profile = options.profile === undefined ? null : await readProfile(options.profile);
  // Not after minutes.
  const client = options.upload ? await openClient() : null;
  if (options.out !== undefined) await checkOutputs({ '--out': options.out }, files);
  const all = [...new Set([...files, ...(against === undefined ? [] : [against])])];
  const models: Candidate[] = [];
  for (const file of all) {
    models.push({ file, network: await readModel({ ...askedOf(options), file }, observer), again: false });
  }
  const reference = models.find(({ file }) => file === (against ?? files[0]));
  // What is measured alone is checked, too: its own time is worth no more than the machine is quiet.
  const candidates = reference ? [...models, { ...reference, again: true }] : models;
  const engines: Engine[] = [];
  try {
    for (const threads of options.threads ?? [undefined]) {
      engines.push(await openEngineOf({ engine: options.engine, threads }));
    }
    const subjects = batches.flatMap((batch) =>
      engines.flatMap((engine) => candidates.map((candidate) => ({ ...candidate, engine, batch }))),
    );
    const { signal } = context;
    const onProgress = counting(observer, 'measuring', 'runs');
    const timed = await measure(subjects, { repeats, signal, onProgress });
    const pages = await measureInPages(models, reference?.file, {
      ...{ backends: options.tfjs, batches, repeats, set: options.set, signal },
      onProgress: counting(observer, 'measuring', 'runs in TensorFlow.js'),
    });
    context.terminal.endProgress();
    const sizes = await Promise.all(all.map(async (file) => (await stat(file)).size));
    const nameOf = namesOf(all);
    const named = (page: PageReport) => namedPage(page, nameOf);
    const found = together({ subjects, timed, reference, models, sizes, profile });
    const [engine] = engines;
    const [first] = models;
    if (!engine || !first) throw new Error('nothing was measured');
    const kept = measurementsOf(found, { models, engine, device: options.device });
    if (options.out !== undefined) await writeMeasurements(options.out, kept);
    const pushed = client && (await pushMeasurements(client, kept, null));
    if (options.json) {
      printJson({
        ...found,
        pages: pages.map(named),
        ...(pushed ? { pushed } : {}),
        provenance: provenance({ network: first.network, engine, seed: 0 }),
      });
    } else {
      print(`${measurementText(found)}\n${engines.map(({ description }) => description).join('; ')}`);
      for (const page of pages.map(named)) print(`\n${pageText(page)}`);
      if (options.out !== undefined) print(`written to ${path.relative('.', options.out) || options.out}`);
      if (pushed) print(pushedMeasurementsText(pushed));
    }
  } finally {
    for (const engine of engines) await engine.dispose();
  }
}

interface Found {
  readonly subjects: readonly (Subject & Candidate & { readonly batch: number; readonly engine: Engine })[];
  readonly timed: readonly Timed[];
  readonly reference: Candidate | undefined;
  readonly models: readonly Candidate[];
  /** Bytes of the models' files. */
  readonly sizes: readonly number[];
  readonly profile: DeviceProfile | null;
}

function together({ subjects, timed, reference, models, sizes, profile }: Found): MeasuredTogether {
  const all = subjects.map((subject, i) => {
    const found = timed[i];
    if (!found) throw new Error(`"${subject.file}" was not measured`);
    return { ...subject, timed: found, threads: subject.engine.threads };
  });
  const nameOf = namesOf(models.map(({ file }) => file));
  /** The reference on as many threads and images; `again`: the second time. */
  const referenceOf = ({ threads, batch }: (typeof all)[number], again = false) =>
    all.find(
      (one) =>
        one.file === reference?.file && one.again === again && one.threads === threads && one.batch === batch,
    );
  const rows = all
    .filter(({ again }) => !again)
    .map((one): MeasuredRow => {
      const other = one.file === reference?.file ? undefined : referenceOf(one);
      return {
        model: nameOf(one.file),
        threads: one.threads,
        ...measurementOf(one.timed),
        activationBytes: peakActivationBytes(one.network, one.batch),
        predictedMs:
          profile?.batch === one.batch && profile.threads === one.threads
            ? predictMs(profile, one.network)
            : null,
        speedup: other ? speedup(one.timed, other.timed) : null,
      };
    });
  const checks = all
    .filter(({ again }) => again)
    .flatMap((one) => {
      const other = referenceOf(one);
      return other ? [{ batch: one.batch, threads: one.threads, ...speedup(one.timed, other.timed) }] : [];
    });
  return {
    models: models.map(({ file, network }, i) => ({
      model: nameOf(file),
      bytes: sizes[i] ?? Number.NaN,
      ...networkCost(network),
    })),
    reference: reference && models.length > 1 ? nameOf(reference.file) : null,
    rows,
    checks,
    profile: profile && {
      ...{ device: profile.device, threads: profile.threads, batch: profile.batch },
      // Its threads and images are in the line anyway.
      differences: differencesHere(profile, all),
    },
  };
}

/** Of the machine and the engine: rows are told by their own threads and images. */
function differencesHere(
  profile: DeviceProfile,
  [first]: readonly { readonly engine: Engine }[],
): readonly string[] {
  if (!first) return [];
  return elsewhere(identityOf(profile), {
    ...{ name: first.engine.name, version: first.engine.version },
    threads: profile.threads,
  }).differences;
}

/** As a platform takes it, with all that it depends on. */
function measurementsOf(
  { rows, models: sizes, reference, checks }: MeasuredTogether,
  {
    models,
    engine,
    device,
  }: { readonly models: readonly Candidate[]; readonly engine: Engine; readonly device: string | undefined },
): Measurements {
  const named = sizes.map((size, i) => {
    const network = models[i]?.network;
    if (!network) throw new Error(`"${size.model}" was not measured`);
    return { ...size, network: { networkHash: networkHash(network), networkName: network.name } };
  });
  const sized = (name: string | null) => named.find(({ model }) => model === name);
  const { device: called, engine: by, cpu, cores, memory, platform } = conditionsOf(engine, 1, device);
  return {
    ...{ format: 'espalier-measurements', version: 1, device: called, cpu, cores, memory, platform },
    engine: { name: engine.name, version: by.version },
    measuredAt: new Date().toISOString(),
    measurements: rows.map(({ model, threads, batch, latencyMs, speedup: faster, ...row }): Measurement => {
      const own = sized(model);
      if (!own) throw new Error(`"${model}" was not measured`);
      const check = checks.find((one) => one.threads === threads && one.batch === batch);
      return {
        ...{ ...own.network, bytes: own.bytes, params: own.params, macs: own.macs, threads, batch },
        ...{ p50Ms: latencyMs.p50, p10Ms: latencyMs.p10, p90Ms: latencyMs.p90 },
        ...{ imagesPerSecond: row.imagesPerSecond, repeats: row.repeats },
        ...{ activationBytes: row.activationBytes, predictedMs: row.predictedMs },
        comparedWith: (faster && sized(reference)?.network) ?? null,
        speedup: faster,
        check: check ? { ratio: check.ratio, low: check.low, high: check.high } : null,
      };
    }),
  };
}

/** File names; the whole path where two files have the same name. */
function namesOf(files: readonly string[]): (file: string) => string {
  const names = files.map((file) => path.basename(file));
  const clear = new Set(names).size === names.length;
  return (file) => (clear ? path.basename(file) : file);
}
