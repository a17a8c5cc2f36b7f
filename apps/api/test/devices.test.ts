import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import type { DeviceProfile } from '@espalier/latency';
import { Prisma } from '@espalier/store';
import { expect, it, onTestFinished } from 'vitest';
import { madeProfile } from '../../../packages/latency/test/made-profile.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import { commandIn } from './command.ts';
import { client, type Member, RESNET20, startPlatform } from './platform.ts';

const { network } = await readNetwork(RESNET20);
const profile = madeProfile(network);

const REGISTER = `mutation ($input: RegisterDeviceProfileInput!) {
  registerDeviceProfile(input: $input) { ok errors { code path message } deviceProfile { id sha256 device { id name } } }
}`;

async function uploaded(member: Member, fileName: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const { data } = await member.ask(
    'mutation ($fileName: String!) { createUpload(input: { fileName: $fileName }) { upload { id url } } }',
    { fileName },
  );
  const { id, url } = data.createUpload.upload;
  expect((await member.fetch(url, { method: 'PUT', body })).status).toBe(200);
  return id;
}

/** Uploads bytes and has them read as a profile. */
async function register(member: Member, content: object | string, input: object = {}) {
  const bytes = typeof content === 'string' ? content : JSON.stringify(content);
  const uploadId = await uploaded(member, 'device.json', Buffer.from(bytes));
  const { data } = await member.ask(REGISTER, { input: { uploadId, ...input } });
  return data.registerDeviceProfile;
}

/** What a refusal says of which field of the input. */
async function refusal(
  member: Member,
  content: object | string,
  input: object = {},
): Promise<[string, string]> {
  const { ok, errors } = await register(member, content, input);
  expect(ok).toBe(false);
  expect(errors).toHaveLength(1);
  expect(errors[0].message).not.toMatch(/\n/);
  return [errors[0].path.join('.'), errors[0].message];
}

async function model(member: Member): Promise<{ readonly id: string; readonly projectId: string }> {
  const made = await member.ask('mutation { createProject(input: { name: "p" }) { project { id } } }');
  const projectId = made.data.createProject.project.id;
  const { data } = await member.ask(
    'mutation ($input: RegisterModelInput!) { registerModel(input: $input) { errors { message } model { id } } }',
    {
      input: {
        projectId,
        name: 'resnet20',
        uploadId: await uploaded(member, 'net.onnx', await readFile(RESNET20)),
      },
    },
  );
  return { id: data.registerModel.model.id, projectId };
}

it('keeps a profile once, with its device, and gives the very bytes back', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const text = `${JSON.stringify(profile, null, 2)}\n`;
  const first = await register(editor, text);
  expect(first).toMatchObject({ ok: true, deviceProfile: { device: { name: 'made' } } });
  const { id, sha256, device } = first.deviceProfile;
  // The same bytes, at once and by several; and the same measurement in another file.
  const again = await Promise.all([
    register(editor, text),
    register(editor, text),
    register(editor, profile),
  ]);
  for (const one of again) expect(one).toMatchObject({ ok: true, deviceProfile: { id } });

  const shown = await editor.ask(`{ devices { totalCount nodes { name cpu cores memoryBytes platform
    profiles { totalCount nodes { id networkName networkHash engine engineVersion threads batch baseMs errorMedian
      errorWorst check { ratio low high } measuredAt downloadUrl createdBy { id } kinds { layer inputStep perPair }
      heldOut { predictedMs } stairs { share } models { totalCount } } } } } }`);
  expect(shown.errors).toBeUndefined();
  const { totalCount, nodes } = shown.data.devices;
  expect(totalCount).toBe(1);
  expect(nodes[0]).toMatchObject({
    name: 'made',
    cpu: 'Made Processor',
    cores: 4,
    memoryBytes: 8e9,
  });
  const [listed] = nodes[0].profiles.nodes;
  expect(listed).toMatchObject({
    ...{ id, networkName: network.name, networkHash: profile.network.hash, engine: 'ONNXRUNTIME' },
    ...{ threads: 1, batch: 1, baseMs: 4, errorMedian: 0.02, createdBy: { id: editor.userId } },
    ...{ measuredAt: '2026-11-01T10:00:00.000Z', check: { ratio: 1, low: 0.99, high: 1.01 } },
    // The network is not here.
    ...{ stairs: null, models: { totalCount: 0 } },
  });
  expect(listed.kinds).toHaveLength(profile.kinds.length);
  expect(listed.heldOut).toHaveLength(10);
  const file = await editor.fetch(listed.downloadUrl);
  const bytes = Buffer.from(await file.arrayBuffer());
  expect(bytes.toString()).toBe(text);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  expect(file.headers.get('content-disposition')).toMatch(/\.json"$/);

  const log = await platform.prisma.auditEntry.findMany({
    where: { teamId: editor.teamId },
    orderBy: { id: 'asc' },
  });
  const actions = log.map(({ action }) => action).filter((action) => /device|profile/.test(action));
  expect(actions).toEqual(['device.create', 'profile.register']);

  // Another machine is another device; another profile of the machine is none.
  expect(await refusal(editor, { ...profile, cores: 8, threads: 2 })).toEqual([
    'deviceName',
    'the profile was measured on 8 cores of Made Processor (linux arm64), and the device "made" has 4 cores of Made Processor (linux arm64): give another device',
  ]);
  const other = await register(editor, { ...profile, cores: 8 }, { deviceName: 'large' });
  expect(other.deviceProfile.device.name).toBe('large');
  expect(await refusal(editor, text, { deviceName: 'large' })).toEqual([
    'deviceName',
    'this profile is here already, of the device "made"',
  ]);
  const threads = await register(editor, { ...profile, threads: 2 }, { deviceId: device.id });
  expect(threads.deviceProfile.device.id).toBe(device.id);
  const counted = await editor.ask('{ deviceProfiles(filter: { threads: { in: [2] } }) { totalCount } }');
  expect(counted.data.deviceProfiles.totalCount).toBe(1);
});

it('refuses what is no profile in one line that names the field', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const hostile: [object | string, RegExp][] = [
    ['', /^cannot read the profile device\.json: /],
    [
      '{"format": "espalier-profile", "version": 1, "baseMs": NaN}',
      /^cannot read the profile device\.json: .*NaN/,
    ],
    ['[]', /^device\.json: .*give an object/],
    ['null', /^device\.json: .*give an object/],
    [JSON.stringify(profile).slice(0, -20), /^cannot read the profile/],
    [JSON.stringify(profile).replace('"baseMs":4', '"baseMs":1e999'), /^device\.json: baseMs: give a number/],
    [{ ...profile, baseMs: null }, /^device\.json: baseMs: give a number/],
    [{ ...profile, baseMs: -1 }, /^device\.json: baseMs: give a number above 0, not -1/],
    [{ ...profile, version: 3 }, /^device\.json: version: version 3 is too new, this Espalier reads up to 2/],
    [{ ...profile, version: '1' }, /^device\.json: version: /],
    [{ ...profile, format: 'other' }, /^device\.json: format: give espalier-profile, not "other"/],
    [{ ...profile, kinds: [] }, /^device\.json: kinds: give at least 1/],
    [{ ...profile, threads: 1e12 }, /^device\.json: threads: /],
    [{ ...profile, threads: 1.5 }, /^device\.json: threads: give a whole number/],
    [{ ...profile, device: 'x\u0000y' }, /^device\.json: device: give a text without control characters/],
    [{ ...profile, cpu: '\ud800' }, /^device\.json: cpu: give a text without control characters/],
    [{ ...profile, device: 'x'.repeat(5000) }, /^device\.json: device: give at most 200/],
    [{ ...profile, measuredAt: 'yesterday' }, /^device\.json: measuredAt: /],
    [
      { ...profile, measuredAt: '0001-01-01T00:00:00Z' },
      /^device\.json: measuredAt: give a time that has been/,
    ],
    [
      { ...profile, measuredAt: '9999-01-01T00:00:00Z' },
      /^device\.json: measuredAt: give a time that has been/,
    ],
    [
      { ...profile, engine: { ...profile.engine, name: 'abacus' } },
      /^device\.json: engine\.name: give onnxruntime or/,
    ],
    [
      { ...profile, error: { ...profile.error, median: -1 } },
      /^device\.json: error\.median: give a number from 0/,
    ],
    [withMilliseconds(-1), /^device\.json: kinds\.0\.milliseconds\.0: give a number from 0, not -1/],
    [' '.repeat(2 ** 20 + 1), /^device\.json: a profile has at most 1048576 bytes, this file has 1048577/],
    ['['.repeat(500_000), /^(cannot read the profile|device\.json|reading this file)/],
  ];
  for (const [content, message] of hostile) {
    const [path, told] = await refusal(editor, content);
    expect(told).toMatch(message);
    expect(path, told).toBe('uploadId');
  }
  expect(await platform.prisma.device.count()).toBe(0);
  const missing = { deviceId: 'device_none' };
  expect(await refusal(editor, profile, missing)).toEqual(['deviceId', 'there is no such device']);
  expect((await refusal(editor, profile, { deviceName: ' ' }))[0]).toBe('deviceName');
  expect((await refusal(editor, profile, { deviceName: 'a', deviceId: 'device_a' }))[0]).toBe('deviceName');
  expect(await refusal(editor, profile, { modelId: 'model_none' })).toEqual([
    'modelId',
    'there is no such model',
  ]);
});

function withMilliseconds(value: number): DeviceProfile {
  const [first, ...others] = profile.kinds;
  if (!first) throw new Error('it has kinds');
  return { ...profile, kinds: [{ ...first, milliseconds: [value, 0, 0, 0] }, ...others] };
}

it('goes with the network that it was measured with, and no other', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { id: modelId, projectId } = await model(editor);
  const other = { ...profile, network: { name: 'another', hash: 'a'.repeat(64) } };
  expect(await refusal(editor, other, { modelId })).toEqual([
    'modelId',
    'the profile is of the network "another", not of the model "resnet20": profile that one',
  ]);
  // It says that it is of this network, and does not know its layers.
  const [path, message] = await refusal(editor, { ...profile, kinds: profile.kinds.slice(1) });
  expect([path, message]).toEqual([
    'uploadId',
    expect.stringMatching(/does not know the layer .* profile this network/),
  ]);

  const { deviceProfile } = await register(editor, profile, { modelId });
  const { data } = await editor.ask(
    `{ model(id: "${modelId}") { deviceProfiles { nodes { id stairs { share milliseconds } models { nodes { id } } } } } }`,
  );
  const [kept] = data.model.deviceProfiles.nodes;
  expect(kept).toMatchObject({ id: deviceProfile.id, models: { nodes: [{ id: modelId }] } });
  const times: number[] = kept.stairs.map(({ milliseconds }: { milliseconds: number }) => milliseconds);
  expect(kept.stairs).toHaveLength(64);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.at(-1)).toBeGreaterThan(2 * (times[0] ?? 0));

  // One that came before its network is drawn with it when it comes again.
  const { prisma } = platform;
  await prisma.deviceProfile.update({ where: { id: deviceProfile.id }, data: { stairs: Prisma.DbNull } });
  expect((await register(editor, profile)).deviceProfile.id).toBe(deviceProfile.id);
  const { stairs } = await prisma.deviceProfile.findUniqueOrThrow({ where: { id: deviceProfile.id } });
  expect(stairs).toEqual(kept.stairs);

  // A key that is limited to projects sees what is of networks there, and no other, by no way.
  const elsewhere = await register(editor, other);
  const { teamId, userId } = await platform.member('admin', editor.teamId);
  const keyFor = async (id: string) =>
    client(
      platform.address,
      (await createApiKey(platform.prisma, { teamId, userId }, { name: id, role: 'admin', projectIds: [id] }))
        .key,
    );
  await platform.prisma.project.create({ data: { id: 'proj_e', teamId, name: 'elsewhere' } });
  const inside = await keyFor(projectId);
  const outside = await keyFor('proj_e');
  const seen = async (asker: Pick<Member, 'ask' | 'fetch'>) => {
    const answer = await asker.ask(
      `{ deviceProfiles { nodes { id } } devices { nodes { profiles { nodes { id } } } } nodes(ids: ["${elsewhere.deviceProfile.id}", "${deviceProfile.id}"]) { id } }`,
    );
    const text = JSON.stringify(answer.data);
    const files = await Promise.all(
      [elsewhere, { deviceProfile }].map(({ deviceProfile: { sha256 } }) => asker.fetch(`/files/${sha256}`)),
    );
    return [
      text.includes(elsewhere.deviceProfile.id),
      text.includes(deviceProfile.id),
      ...files.map(({ status }) => status),
    ];
  };
  expect(await seen(editor)).toEqual([true, true, 200, 200]);
  expect(await seen(inside)).toEqual([false, true, 404, 200]);
  expect(await seen(outside)).toEqual([false, false, 404, 404]);
});

it('renames, deletes, restores and purges devices with their profiles', async () => {
  const platform = await startPlatform();
  const admin = await platform.member('admin');
  const { prisma } = platform;
  const { deviceProfile } = await register(admin, profile);
  const deviceId = deviceProfile.device.id;
  const change = async (what: string) => {
    const { data, errors } = await admin.ask(`mutation { ${what} { ok errors { message } } }`);
    expect(errors).toBeUndefined();
    const [answer] = Object.values<{ ok: boolean; errors: { message: string }[] }>(data);
    return answer?.ok ? 'ok' : answer?.errors[0]?.message;
  };
  const visible = async () => {
    const { data } = await admin.ask('{ devices { nodes { name } } deviceProfiles { totalCount } }');
    return [
      data.devices.nodes.map(({ name }: { name: string }) => name).join(),
      data.deviceProfiles.totalCount,
    ];
  };
  expect(await change(`rename(input: { id: "${deviceId}", name: "board" })`)).toBe('ok');
  expect(await visible()).toEqual(['board', 1]);
  await register(admin, { ...profile, threads: 2 }, { deviceName: 'BOARD' });
  expect(await visible()).toEqual(['board', 2]);
  await register(admin, { ...profile, threads: 4 }, { deviceName: 'other' });
  expect(await change(`rename(input: { id: "${deviceId}", name: "Other" })`)).toMatch(/^this name is taken/);

  expect(await change(`moveToTrash(input: { ids: ["${deviceProfile.id}"] })`)).toBe('ok');
  expect(await visible()).toEqual(['other,board', 2]);
  expect(await change(`moveToTrash(input: { ids: ["${deviceId}"] })`)).toBe('ok');
  expect(await visible()).toEqual(['other', 1]);
  expect(await change(`restore(input: { ids: ["${deviceProfile.id}"] })`)).toMatch(
    /"board" is in the trash: restore that/,
  );
  expect(await refusal(admin, { ...profile, threads: 2 })).toEqual([
    'deviceName',
    'this profile is here already, of the device "board", which is in the trash: restore it, or purge it',
  ]);
  expect(await change(`restore(input: { ids: ["${deviceId}", "${deviceProfile.id}"] })`)).toBe('ok');
  expect(await visible()).toEqual(['other,board', 3]);

  const { sha256 } = deviceProfile;
  expect(await change(`purge(input: { ids: ["${deviceId}"] })`)).toMatch(/is not in the trash/);
  expect(await change(`moveToTrash(input: { ids: ["${deviceId}"] })`)).toBe('ok');
  expect(await change(`purge(input: { ids: ["${deviceId}"] })`)).toBe('ok');
  expect(await prisma.device.count()).toBe(1);
  expect(await prisma.deviceProfile.count()).toBe(1);
  expect(await prisma.artifact.count({ where: { sha256 } })).toBe(0);
  expect(await platform.artifacts.size(sha256)).toBe(null);
  // It may come again.
  expect((await register(admin, profile)).ok).toBe(true);
});

it('the command brings a profile, lists it and fetches it', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-devices-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandIn(folder);
  const file = path.join(folder, 'device.json');
  await writeFile(file, JSON.stringify({ ...profile, baseMs: -1 }));
  expect(await espalier('devices', 'add', file)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/device\.json: baseMs: give a number above 0, not -1/),
  });
  await writeFile(file, JSON.stringify(profile));
  await espalier('login', platform.address, '--key', editor.key);
  const added = await espalier('devices', 'add', file, '--name', 'board');
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^profile_\w+ {2}.* on board\n$/) });
  expect((await espalier('devices', 'list')).stdout).toMatch(
    /board .*onnxruntime 1\.0\.0 .* 2\.0 % .* 5\.0 % +2026-11-01/,
  );
  const [{ id }] = JSON.parse((await espalier('devices', 'list', '--json')).stdout);
  const out = path.join(folder, 'again.json');
  expect(await espalier('devices', 'download', id, '--out', out)).toMatchObject({ code: 0 });
  expect(await readFile(out, 'utf8')).toBe(await readFile(file, 'utf8'));
});
