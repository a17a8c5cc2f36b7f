import { setTimeout } from 'node:timers/promises';
import { type Client, graphql, type ResultOf, type VariablesOf } from '@espalier/client';
import { InputError } from '@espalier/errors';
import type { Progress } from '../progress.ts';
import { milliseconds, percent } from '../render/units.ts';
import type { Context } from '../terminal.ts';

const profilingFields = graphql(`
  fragment ProfilingFields on Profiling {
    id state isOver error machine deviceName threads batch
    model { id name }
    progress { done total }
    profile { id baseMs smallestMs errorMedian errorWorst check { ratio low high isQuiet } device { id name } }
  }
`);

const measure = graphql(
  `
  mutation MeasureProfile($input: MeasureProfileInput!) {
    payload: measureProfile(input: $input) { ok errors { message path } made: profiling { ...ProfilingFields } }
  }
`,
  [profilingFields],
);

const cancel = graphql(
  `
  mutation CancelProfiling($input: CancelProfilingInput!) {
    payload: cancelProfiling(input: $input) { ok errors { message path } made: profiling { ...ProfilingFields } }
  }
`,
  [profilingFields],
);

const one = graphql(`query OneProfiling($id: ID!) { profiling(id: $id) { ...ProfilingFields } }`, [
  profilingFields,
]);

export type Profiling = ResultOf<typeof profilingFields>;
export type MeasureInput = VariablesOf<typeof measure>['input'];

/** How often is asked how far it is. */
const POLL_MS = 1000;

/** Asks for a profile that a worker measures. */
export async function measureOnWorker(client: Client, input: MeasureInput): Promise<Profiling> {
  return (await client.change(measure, input)).made;
}

export async function cancelProfiling(client: Client, id: string): Promise<Profiling> {
  return (await client.change(cancel, { id })).made;
}

/** Shows how far it is, until it is over. Whoever stops the command leaves it to the worker. */
export async function watchProfiling(client: Client, begun: Profiling, context: Context): Promise<Profiling> {
  const { terminal, signal } = context;
  terminal.stopNote = `stopped; the worker continues (espalier devices cancel ${begun.id} ends it)`;
  let bar: Progress | undefined;
  let said = '';
  let now = begun;
  while (!now.isOver) {
    const words = STATES[now.state];
    if (words !== undefined && words !== said) terminal.say(`${now.machine}: ${words}`);
    said = words ?? said;
    const { done, total } = now.progress;
    if (total > 0) {
      bar ??= terminal.progress('profiling', 'structures');
      bar.update(done, total);
    }
    await setTimeout(POLL_MS, undefined, { signal });
    const { profiling } = await client.ask(one, { id: begun.id });
    if (!profiling) throw new InputError(`the model of ${begun.id} was deleted: the measurement has ended`);
    now = profiling;
  }
  terminal.endProgress();
  return now;
}

const STATES: Readonly<Partial<Record<Profiling['state'], string>>> = {
  WAITING: 'waits for a worker of the machine',
  CLEARING: 'finishes its current job, then measures',
  MEASURING: 'measures, and takes no other job meanwhile',
};

/** @throws {InputError} unless it was measured */
export function expectMeasured({ id, state, error }: Profiling): void {
  if (state === 'DONE') return;
  throw new InputError(state === 'CANCELLED' ? `${id} was cancelled` : `${id} failed: ${error}`);
}

export function profilingText({ id, machine, model, profile, state }: Profiling): string {
  if (!profile) return `${id}  ${model.name} on ${machine}: ${state.toLowerCase()}`;
  const { device, baseMs, smallestMs, errorMedian, errorWorst, check } = profile;
  const busy = check.isQuiet
    ? ''
    : `\nThe machine was too busy: the same network differed by ${percent(Math.abs(check.ratio - 1), 1000)} from itself. Stop other work there and measure again.`;
  return `${profile.id}  ${model.name} on ${device.name}: ${milliseconds(baseMs)} as given, ${milliseconds(smallestMs)} at its smallest; median error ${percent(errorMedian, 1000)}, largest ${percent(errorWorst, 1000)}${busy}`;
}
