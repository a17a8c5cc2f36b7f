import { isQuiet, QUIET_WITHIN } from '@espalier/engines';
import type { DeviceProfile } from '@espalier/latency';
import { onStdout } from './colour.ts';
import { left, listing, right } from './table.ts';
import { milliseconds, percent, plural } from './units.ts';

/** What a profile found, and how far it can be trusted. */
export function profileText(profile: DeviceProfile): string {
  const { network, device, engine, threads, batch, baseMs, smallestMs, error, check, structures } = profile;
  const facts: [string, string][] = [
    ['network', network.name],
    ['device', device],
    ['engine', engine.description],
    ['a run', `${plural(batch, 'image')} on ${plural(threads, 'thread')}`],
    ['as given', milliseconds(baseMs)],
    [
      'reachable',
      `${milliseconds(smallestMs)}, ${(baseMs / smallestMs).toFixed(2)}x as fast, with every group at its smallest`,
    ],
    [
      'error',
      `${percent(error.median, 1000)} median, ${percent(error.worst, 1000)} largest, on ${plural(error.structures.length, 'held-out structure')} (${structures})`,
    ],
  ];
  const drawn = listing(facts, [left('', ([name]) => name), left('', ([, value]) => value)]);
  const kinds = listing(profile.kinds, [
    left('kind of layer', ({ kind }) => kind),
    right('layers', ({ samples }) => String(samples)),
    right('steps of inputs', ({ steps }) => String(steps.inputs)),
    right('of outputs', ({ steps }) => String(steps.outputs)),
  ]);
  const noise = isQuiet(check)
    ? []
    : [
        onStdout.bold(
          `The machine was busy: the same network differed by ${percent(Math.abs(check.ratio - 1), 1000)} from itself (at most ${percent(QUIET_WITHIN, 1000)} is quiet). Stop other work and profile again.`,
        ),
      ];
  return [kinds, drawn, ...noise].join('\n');
}
