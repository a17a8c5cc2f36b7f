/**
 * `npm run test:abuse -- chaos --minutes 60 [--seed N]`: the rounds of `platform` until the time is over, with more that
 * goes wrong: workers that stand still and come back, connections that are cut again and again, a full disk, a clock
 * that is hours off, two engines. A quiet round comes first, whose numbers all others must have. Every line tells the
 * seed of its round: `--seed N --rounds 1` is that round again, with a quiet one before it.
 */
import { parseArgs } from 'node:util';
import { moreDisturbances } from './platform/chaos.ts';
import { disturbances } from './platform/disturbances.ts';
import { playRounds } from './platform/rounds.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '60' },
    rounds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    only: { type: 'string' },
  },
});
const [minutes, rounds, seed] = [Number(values.minutes), Number(values.rounds), Number(values.seed)];
const all = Object.entries({ ...disturbances, ...moreDisturbances });
const wanted = all.filter(([name]) => values.only === undefined || name === values.only);
if (!(minutes > 0 && rounds > 0 && Number.isInteger(seed) && wanted.length > 0)) {
  console.error(
    `takes --minutes N, --rounds N, --seed N, --only with one of ${all.map(([name]) => name).join(', ')}`,
  );
  process.exit(2);
}
const deadline = performance.now() + minutes * 60_000;
await playRounds({
  ...{ disturbances: Object.fromEntries(wanted), seed, quietly: true },
  goesOn: (round) => round <= rounds && performance.now() < deadline,
});
