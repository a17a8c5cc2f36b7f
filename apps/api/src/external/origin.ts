import { Evidence, Origin } from '@espalier/store';
import { enumType } from '../graphql/enums.ts';
import { enumFilter } from '../query/filter-inputs.ts';

export const OriginEnum = enumType('Origin', Object.values(Origin), 'Who computed something.', {
  espalier: 'Workers of this platform.',
  external: 'Imported by the team.',
  published: 'Others, who published it.',
});
export const OriginFilter = enumFilter('Origin', OriginEnum);
export type OriginFilter = InstanceType<typeof OriginFilter>;

export const EvidenceEnum = enumType(
  'Evidence',
  Object.values(Evidence),
  'The evidence for an imported result.',
  {
    reported: 'Only reported by whoever computed it.',
    structureVerified: 'Its network was sent: MACs, params, hash and widths were counted here.',
    recomputed: 'A worker evaluated its network again.',
  },
);
export const EvidenceFilter = enumFilter('Evidence', EvidenceEnum);
export type EvidenceFilter = InstanceType<typeof EvidenceFilter>;
