/**
 * A platform with two workers and an API, of which something dies at a random moment of every round: then all
 * runs must end, with the numbers that they have where nothing dies, and everything must be there once.
 * Every line tells the seed of its round: `--seed N --rounds 1` is that round again.
 */
import { parseArgs } from 'node:util';
import { disturbances } from './platform/disturbances.ts';
import { playRounds } from './platform/rounds.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
  },
});
await playRounds({
  disturbances,
  seed: Number(values.seed),
  goesOn: (round) => round <= Number(values.rounds),
});
