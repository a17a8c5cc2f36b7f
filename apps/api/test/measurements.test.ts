import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { networkHash } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { commandHere } from './command.ts';
import { type Member, RESNET20, startPlatform } from './platform.ts';

const machine = { cpu: 'Cortex-A76', cores: 4, platform: 'linux arm64', memoryBytes: 8e9 };
const given = { networkHash: 'a'.repeat(64), networkName: 'net' };
const cost = { bytes: 1e6, params: 250_000, macs: 3e9, activationBytes: 1e5 };
const timed = { threads: 4, batch: 1, imagesPerSecond: 100, repeats: 200 };
const base = { ...given, ...cost, ...timed, p50Ms: 10, p10Ms: 9.5, p90Ms: 11 };
const half = {
  ...{ ...base, networkHash: 'b'.repeat(64), networkName: 'half', p50Ms: 12, p10Ms: 11, p90Ms: 14 },
  comparedWith: given,
  speedup: { ratio: 10 / 12, low: 0.8, high: 0.9 },
  check: { ratio: 1.01, low: 0.99, high: 1.02 },
};
const whole = {
  ...{ ...machine, engine: 'ONNXRUNTIME', engineVersion: '1.30.0', measuredAt: '2026-11-01T10:00:00.000Z' },
  ...{ deviceName: 'board', measurements: [base, half] },
};

async function record(member: Member, input: object) {
  const { data, errors } = await member.ask(
    `mutation ($input: RecordMeasurementsInput!) { recordMeasurements(input: $input) {
      ok errors { code path message } measurements { id networkName device { id name } } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.recordMeasurements;
}

it('removes what was sent together for good, and takes it again', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const remove = (member: Member, measurementId: string) =>
    member.ask(
      `mutation ($id: ID!) { removed: removeMeasurements(input: { measurementId: $id }) {
        ok errors { code path } measurements { networkName } } }`,
      { id: measurementId },
    );
  const left = async () => {
    const { data } = await editor.ask('{ measurements { nodes { networkName threads } } }');
    return data.measurements.nodes;
  };
  const { measurements } = await record(editor, whole);
  await record(editor, { ...whole, measurements: [{ ...base, threads: 1 }] });
  const [, { id }] = measurements;
  expect(await remove(await platform.member('viewer'), id)).toMatchObject({
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
  // The other one took turns with it.
  expect((await remove(editor, id)).data.removed).toEqual({
    ok: true,
    errors: [],
    measurements: [{ networkName: 'net' }, { networkName: 'half' }],
  });
  expect(await left()).toEqual([{ networkName: 'net', threads: 1 }]);
  expect((await remove(editor, id)).data.removed).toMatchObject({
    ok: false,
    errors: [{ code: 'NOT_FOUND', path: ['measurementId'] }],
  });
  await record(editor, whole);
  expect(await left()).toHaveLength(3);
});

it('keeps what was measured once, with its intervals, and says what is slower and what was disturbed', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const first = await record(editor, whole);
  expect(first).toMatchObject({ ok: true, measurements: [{ networkName: 'net' }, { networkName: 'half' }] });
  // The same, by several and under another spelling of the name.
  const again = await Promise.all([
    record(editor, whole),
    record(editor, { ...whole, deviceName: 'Board' }),
    record(editor, { ...whole, deviceName: null, deviceId: first.measurements[0].device.id }),
  ]);
  for (const one of again) expect(one).toEqual(first);
  expect(await record(editor, { ...whole, deviceName: 'other' })).toMatchObject({
    ok: false,
    errors: [
      {
        code: 'CONFLICT',
        path: ['deviceName'],
        message: 'these measurements are here already, of the device "board"',
      },
    ],
  });
  const busy = { ...half, threads: 1, check: { ratio: 1.2, low: 1.1, high: 1.3 } };
  expect((await record(editor, { ...whole, measurements: [busy] })).ok).toBe(true);

  const { data, errors } = await editor.ask(`{ devices { nodes { name memoryBytes
    measurements(order: { by: LATENCY, direction: ASC }) { totalCount nodes { networkName macs p50Ms p10Ms p90Ms threads
      isSlower comparedName speedup { ratio low high } check { ratio isQuiet } engineVersion models { totalCount } } } } }
    measurements(filter: { threads: { in: [1] } }) { nodes { networkName check { isQuiet } } }
    fast: measurements(filter: { latencyMs: { max: 11 } }) { nodes { networkName } } }`);
  expect(errors).toBeUndefined();
  // No device was made by what was refused.
  const [device, ...others] = data.devices.nodes;
  expect(others).toEqual([]);
  expect(device).toMatchObject({ name: 'board', memoryBytes: 8e9, measurements: { totalCount: 3 } });
  expect(device.measurements.nodes.slice(0, 2)).toMatchObject([
    {
      ...{ networkName: 'net', macs: 3e9, p50Ms: 10, p10Ms: 9.5, p90Ms: 11, threads: 4, isSlower: false },
      ...{ speedup: null, check: null, comparedName: null, models: { totalCount: 0 } },
    },
    {
      ...{ networkName: 'half', isSlower: true, comparedName: 'net', speedup: { low: 0.8, high: 0.9 } },
      ...{ check: { ratio: 1.01, isQuiet: true }, engineVersion: '1.30.0' },
    },
  ]);
  expect(data.measurements.nodes).toEqual([{ networkName: 'half', check: { isQuiet: false } }]);
  expect(data.fast.nodes).toEqual([{ networkName: 'net' }]);
});

it('what cannot be is refused in one line that names the field', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const refused = async (input: object) => {
    const { ok, errors } = await record(editor, { ...whole, ...input });
    expect(ok).toBe(false);
    return [errors[0].path.join('.'), errors[0].message];
  };
  const one = (change: object) => ({ measurements: [{ ...half, ...change }] });
  for (const [input, field, message] of [
    [{ measurements: [] }, 'measurements', /give at least 1/],
    [one({ p50Ms: 0 }), 'measurements.0.p50Ms', /above 0, not 0/],
    [one({ p50Ms: 20 }), 'measurements.0.p50Ms', /lies between p10Ms and p90Ms/],
    [one({ threads: 0 }), 'measurements.0.threads', /above 0/],
    [one({ comparedWith: null }), 'measurements.0.speedup', /goes with comparedWith: give both, or neither/],
    [one({ speedup: { ratio: 1, low: 2, high: 1 } }), 'measurements.0.speedup', /its low above its high/],
    [one({ networkName: 'x'.repeat(300) }), 'measurements.0.networkName', /at most 200/],
    [{ measuredAt: '2001-01-01T00:00:00Z' }, 'measuredAt', /give a time that has been/],
    [{ deviceName: ' ' }, 'deviceName', /give it a name/],
    [{ deviceName: null }, 'deviceName', /either the id/],
  ] as const) {
    const [path, told] = await refused(input);
    expect(told).toMatch(message);
    expect(path, told).toBe(field);
  }
  expect(await platform.prisma.device.count()).toBe(0);
  await record(editor, whole);
  expect(await refused({ cores: 8 })).toEqual([
    'deviceName',
    'these were measured on 8 cores of Cortex-A76 (linux arm64), and the device "board" has 4 cores of Cortex-A76 (linux arm64): give another device',
  ]);
});

it('the command brings what it measures, at once and later, and that is one', {
  timeout: 300_000,
}, async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-measurements-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandHere(folder);
  const [small, out] = [path.join(folder, 'half.onnx'), path.join(folder, 'measured.json')];
  await espalier('prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.5', '--out', small);
  // Refused before anything is timed.
  const asked = ['measure', RESNET20, small, '--repeats', '10', '--threads', '1', '--batch', '1,2'];
  expect((await espalier(...asked, '--upload')).stderr).toMatch(/espalier login/);
  await espalier('login', platform.address, '--key', editor.key);
  const done = await espalier(...asked, '--out', out, '--upload', '--device', 'this one');
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toMatch(/4 measurements of this one on the platform/);
  const added = await espalier('devices', 'add', out);
  expect(added).toMatchObject({ code: 0, stdout: '4 measurements of this one on the platform\n' });

  const { data } = await editor.ask(
    `{ measurements(first: 10, order: { by: CREATED, direction: ASC }) { nodes { networkHash batch threads comparedHash
      speedup { low high } check { ratio } device { name } } } }`,
  );
  const hashes = await Promise.all(
    [RESNET20, small].map(async (file) => networkHash((await readNetwork(file)).network)),
  );
  const found = data.measurements.nodes;
  expect(found.map((row: typeof found) => [row.networkHash, row.batch])).toEqual(
    [1, 2].flatMap((batch) => hashes.map((hash) => [hash, batch])),
  );
  for (const [i, row] of found.entries()) {
    expect(row).toMatchObject({
      device: { name: 'this one' },
      threads: 1,
      check: { ratio: expect.any(Number) },
    });
    expect(row.comparedHash).toBe(i % 2 === 0 ? null : hashes[0]);
  }
  const broken = JSON.parse(await readFile(out, 'utf8'));
  await writeFile(out, JSON.stringify({ ...broken, cores: 0 }));
  expect(await espalier('devices', 'add', out)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/measured\.json: cores: give a number above 0, not 0/),
  });
});
