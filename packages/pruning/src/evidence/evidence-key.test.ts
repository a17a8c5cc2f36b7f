import { channelMap, type Network } from '@espalier/network';
import { expect, it } from 'vitest';
import { tinyDataset } from '../../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../../engines/test/tiny-networks.ts';
import { evidenceKey } from './gather.ts';

const dataset = tinyDataset();
const metadata = tinyMetadata({ classes: dataset.classes });
const { input } = metadata;
const network: Network = { ...tinyResNet(), metadata };
const map = channelMap(network);
const subject = { network, map, seed: 0 };
const rule = { kind: 'gradients', images: 512 } as const;
const source = { dataset, engine: { name: 'onnxruntime' } } as const;
const key = evidenceKey(rule, subject, source);
const seen = (changes: object) =>
  evidenceKey(rule, { ...subject, network: { ...network, metadata: { ...metadata, ...changes } } }, source);

it('is another one as soon as anything differs that decides what is gathered', () => {
  const [group, ...rest] = map.groups;
  const keys = [
    key,
    evidenceKey(rule, { ...subject, network: { ...tinyResNet({ seed: 2 }), metadata } }, source),
    evidenceKey(rule, { ...subject, map: { ...map, groups: rest } }, source),
    evidenceKey(
      rule,
      {
        ...subject,
        map: {
          ...map,
          groups: map.groups.map((each) => (each === group ? { ...each, producers: ['renamed'] } : each)),
        },
      },
      source,
    ),
    seen({ input: { ...input, mean: [0.5, 0.4, 0.4] } }),
    seen({ input: { ...input, std: [0.2, 0.3, 0.3] } }),
    seen({ input: { ...input, scale: 1 } }),
    seen({ input: { ...input, channels: 'BGR' } }),
    seen({ input: { ...input, resize: 8 } }),
    seen({ classes: dataset.classes.toReversed() }),
    evidenceKey(rule, subject, { ...source, dataset: { ...dataset, hash: 'other' } }),
    evidenceKey(rule, subject, { ...source, engine: { name: 'tensorflow' } }),
    evidenceKey(rule, { ...subject, seed: 1 }, source),
    evidenceKey({ ...rule, kind: 'feature-maps' }, subject, source),
    evidenceKey({ ...rule, images: 256 }, subject, source),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

it('is the same for what decides nothing', () => {
  expect(seen({ classes: undefined })).toBe(key);
  expect(evidenceKey(rule, { ...subject, network: { ...network, name: 'other' } }, source)).toBe(key);
  expect(evidenceKey(rule, subject, { ...source, dataset: { ...dataset, name: 'other' } })).toBe(key);
});
