import { SPLIT_NAMES } from '@espalier/datasets';
import { enumType } from '../graphql/enums.ts';

export const SplitEnum = enumType('Split', SPLIT_NAMES, 'Which images of a data set.', {
  train: 'To learn from.',
  search: 'To choose by.',
  test: 'To score once.',
});
