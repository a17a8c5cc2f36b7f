import { LEAST, parsePlan } from '../../../packages/pipeline/src/index.ts';

const n = 1000;

/** What every network is checked against that can be read. */
export const PLANS = {
  name: 'mutant',
  metadata: null,
  allowInexact: true,
  profile: null,
  data: {
    name: 'images',
    hash: '0',
    classes: ['a', 'b', 'c'],
    image: null,
    splits: { train: { n }, search: { n }, test: { n } },
  },
  plans: ['cie', 'uniform'].map((allocation) =>
    parsePlan({ model: { file: '-' }, data: { spec: '-' }, allocation, target: LEAST }),
  ),
} as const;
