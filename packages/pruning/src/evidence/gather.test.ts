import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { channelMap, type Network } from '@espalier/network';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyDataset } from '../../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../../engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { findCriterion } from '../criteria/index.ts';
import { gatherEvidence } from './gather.ts';
import { EVIDENCE_VERSION, EvidenceStore } from './store.ts';

let engine: Engine;
let root: string;
const network: Network = { ...tinyResNet(), metadata: tinyMetadata() };
const subject = { network, map: channelMap(network), seed: 0 };
const dataset = tinyDataset({ n: 40 });
const taylor = findCriterion('taylor');

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  root = await mkdtemp(path.join(tmpdir(), 'espalier-evidence-'));
});

afterAll(async () => {
  await engine.dispose();
  await rm(root, { recursive: true, force: true });
});

async function files(home: string): Promise<string[]> {
  const all = await readdir(home, { recursive: true });
  return all.filter((file) => file.endsWith('.json')).map((file) => path.join(home, file));
}

test('is gathered once for a network, images, seed and kind, and whatever the reduction', async () => {
  const home = path.join(root, 'once');
  const source = { dataset, engine, home };
  const counted: number[] = [];
  const onProgress = (done: number) => counted.push(done);
  const first = await gatherEvidence(taylor, subject, { ...source, onProgress });
  expect(counted).toEqual([0, 32, 40]);
  const again = await gatherEvidence(findCriterion('taylor:max'), subject, { ...source, onProgress });
  expect(counted).toHaveLength(3);
  expect(again).toEqual(first);
  expect(await files(home)).toHaveLength(1);
  await gatherEvidence(taylor, { ...subject, seed: 1 }, source);
  await gatherEvidence(findCriterion('hrank'), subject, source);
  await gatherEvidence(taylor, subject, { ...source, dataset: { ...dataset, hash: 'other' } });
  expect(await files(home)).toHaveLength(4);
});

test('with more groups to prune more is gathered', async () => {
  const b = new NetworkBuilder('mixing', 2);
  const x = b.convBnRelu(b.input([3, 6, 6]), 4, { name: 'mixed' });
  const lrn = b.op('LRN', [x], { size: 3, alpha: 1e-4, beta: 0.75, bias: 1 });
  const y = b.convBnRelu(lrn, 4, { name: 'plain' });
  const mixing: Network = { ...b.build(b.head(y, 10)), metadata: tinyMetadata() };
  const nodes = async (allowInexact: boolean) => {
    const at = { network: mixing, map: channelMap(mixing, { allowInexact }), seed: 0 };
    const source = { dataset, engine, home: path.join(root, 'inexact') };
    return [...((await gatherEvidence(taylor, at, source))?.keys() ?? [])];
  };
  expect(await nodes(false)).toEqual(['plain']);
  expect(await nodes(true)).toEqual(['mixed', 'plain']);
});

test('a criterion of weights alone needs none', async () => {
  const home = path.join(root, 'none');
  expect(await gatherEvidence(findCriterion('l1'), subject, { dataset, engine, home })).toBeUndefined();
});

test('what is damaged is gathered again', async () => {
  const home = path.join(root, 'damaged');
  const first = await gatherEvidence(taylor, subject, { dataset, engine, home });
  const [file = ''] = await files(home);
  await writeFile(file, '{"conv1": [0.');
  expect(await gatherEvidence(taylor, subject, { dataset, engine, home })).toEqual(first);
});

test('who stores first is right for all', async () => {
  const home = path.join(root, 'first');
  const store = new EvidenceStore(home);
  const [mine, theirs] = [new Map([['a', Float64Array.of(1 / 3)]]), new Map([['a', Float64Array.of(0.25)]])];
  expect(await store.put('abc', mine)).toBe(mine);
  expect(await store.put('abc', theirs)).toEqual(mine);
  expect(await files(home)).toEqual([path.join(home, 'evidence', `v${EVIDENCE_VERSION}`, 'ab', 'abc.json')]);
});

test('a training split without images, and a network whose values are not finite, are refused', async () => {
  const source = { engine, home: path.join(root, 'refused') };
  const empty = { ...dataset, splits: { ...dataset.splits, train: { n: 0, labels: new Uint16Array() } } };
  await expect(gatherEvidence(taylor, subject, { ...source, dataset: empty })).rejects.toThrow(
    new InputError('the training split of tiny has no images', 'dataset'),
  );
  const constants = new Map(network.constants);
  constants.set('head.bias', { dims: [10], data: new Float32Array(10).fill(Number.NaN) });
  const broken = { ...network, constants };
  await expect(
    gatherEvidence(taylor, { ...subject, network: broken }, { ...source, dataset }),
  ).rejects.toThrow(/network "tiny-resnet" computes values that are not finite at "conv\d"/);
  expect(await readdir(root)).not.toContain('refused');
});
