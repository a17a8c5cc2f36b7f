import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { createApiKey } from '../../apps/api/src/people/api-keys.ts';
import { RESNET20, startPlatform } from '../../apps/api/test/platform.ts';
import { fillByHand } from '../../apps/api/test/strategies-data.ts';
import { violations } from './accessibility.ts';
import { clickUntil } from './click.ts';
import { signedInPage } from './person.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!hasPython)(
  'the Python program of the API page is copied, and runs as it is',
  {
    timeout: 120_000,
  },
  async () => {
    const platform = await startPlatform({ dashboard: true });
    const { prisma, address } = platform;
    const editor = await platform.member('editor');
    const { teamId, userId } = editor;
    await fillByHand(prisma, teamId);
    // All finished runs have the same file, which is there.
    const { data } = await editor.ask(
      'mutation { createUpload(input: { fileName: "net.onnx" }) { upload { url } } }',
    );
    const content = await readFile(RESNET20);
    const put = await editor.fetch(data.createUpload.upload.url, { method: 'PUT', body: content });
    const { sha256 } = (await put.json()) as { sha256: string };
    await prisma.prunedResult.updateMany({ data: { sha256 } });
    const { page, problems } = await signedInPage(platform, userId);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address });
    await page.goto('/api');
    const copy = page.getByRole('button', { name: 'Copy: a program in Python' });
    await clickUntil(copy, page.getByRole('button', { name: 'Copied' }));
    const program = await page.evaluate<string>('navigator.clipboard.readText()');
    // Pages of another machine without https have no clipboard: the older way copies the same.
    await copy.waitFor();
    await page.evaluate("navigator.clipboard.writeText('')");
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })",
    );
    await copy.click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    await page.evaluate('delete navigator.clipboard');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(program);
    const folder = await mkdtemp(path.join(tmpdir(), 'espalier-api-page-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(path.join(folder, 'program.py'), program);
    const client = await fetch(`${address}/client/espalier.py`);
    await writeFile(path.join(folder, 'espalier.py'), await client.text());
    const { key } = await createApiKey(prisma, { teamId, userId }, { name: 'k', role: 'viewer' });
    const { stdout } = await promisify(execFile)('python3', ['program.py'], {
      cwd: folder,
      env: { ...process.env, ESPALIER_KEY: key },
    });
    const [first = ''] = stdout.trim().split('\n');
    expect(stdout.trim().split('\n')).toHaveLength(5);
    expect(first).toMatch(/ (0\.\d+|None)$/);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.onnx'));
    expect(files).toHaveLength(5);
    expect(Buffer.compare(await readFile(path.join(folder, files[0] ?? '')), content)).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
  },
);
