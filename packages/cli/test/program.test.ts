import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { espalier, espalierHere, RESNET20 } from './espalier.ts';

const COMMANDS = ['inspect', 'evaluate', 'sweep', 'merge', 'prune', 'repair', 'measure', 'convert', 'demo'];
const PAGES = [
  ...COMMANDS,
  'dataset pack',
  'push',
  'published',
  'devices',
  'compression',
  'explore',
  'import',
  'links',
  'webhooks',
];

describe('the program', () => {
  it('serves with the flags and the exit codes of the server', async () => {
    const wrong = { ESPALIER_PORT: 'abc', ESPALIER_UPLOAD_LIMIT_MB: '-1' };
    const [help, bogus, refused] = await Promise.all([
      espalier(['serve', '--help']),
      espalier(['serve', '--bogus']),
      espalier(['serve'], { env: wrong }),
    ]);
    expect(help).toMatchObject({ code: 0, stdout: expect.stringMatching(/^usage: espalier serve /) });
    expect(bogus).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: .*--bogus/) });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ESPALIER_PORT.*ESPALIER_UPLOAD_LIMIT_MB/),
    });
  });

  it('says its version', async () => {
    expect(await espalier(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
  });

  it('lists every command and has examples', async () => {
    const { code, stdout } = await espalier(['--help']);
    expect(code).toBe(0);
    for (const command of [...COMMANDS, 'dataset']) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('Examples:');
  });

  it.each(PAGES)('has a help page with examples for %s', async (command) => {
    const { code, stdout, stderr } = await espalierHere([...command.split(' '), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: espalier /);
    expect(stdout).toMatch(/Examples?:\n {2}espalier /);
  });

  it.each([
    { what: 'an unknown command', args: ['prume'], says: "unknown command 'prume'" },
    { what: 'an unknown option', args: ['inspect', 'net.onnx', '--jsn'], says: "unknown option '--jsn'" },
    { what: 'a missing argument', args: ['inspect'], says: "missing required argument 'model'" },
    { what: 'one argument too many', args: ['inspect', 'a.onnx', 'b.onnx'], says: 'too many arguments' },
    { what: 'a missing data set', args: ['sweep', RESNET20], says: '--dataset' },
    { what: 'a missing output', args: ['prune', RESNET20, '--target', 'macs=0.5'], says: '--out' },
    { what: 'a missing target', args: ['prune', RESNET20, '--out', 'x.onnx'], says: '--target' },
    {
      what: 'words for a number',
      args: ['evaluate', RESNET20, '--dataset', 'mnist', '--limit', 'many'],
      says: '--limit',
    },
    {
      what: 'a target of another form',
      args: ['prune', RESNET20, '--out', 'x.onnx', '--target', 'half'],
      says: 'macs=0.5',
    },
    {
      what: 'a grid of another form',
      args: ['sweep', RESNET20, '--dataset', 'cifar10', '--grid', 'fine'],
      says: '0.1:0.9:0.1',
    },
    {
      what: 'cie without anything to go by',
      args: ['prune', RESNET20, '--out', 'x.onnx', '--target', 'macs=0.5'],
      says: '--dataset: allocation cie needs samples: give a data set, or a sweep',
    },
    { what: 'a push of nothing', args: ['push'], says: 'give either a model or --dataset' },
    {
      what: 'a resize without a size',
      args: ['dataset', 'pack', 'x', '--resize', '4', '--out', 'y'],
      says: '--size',
    },
    {
      what: 'recalibration without images',
      args: [
        ...['prune', RESNET20, '--out', 'x.onnx', '--target', 'macs=0.5'],
        ...['--allocation', 'uniform', '--recalibrate', '100'],
      ],
      says: '--dataset: recalibration needs training images: give a data set',
    },
  ])('calls $what misuse: one line, exit code 2', async ({ args, says }) => {
    const { code, stdout, stderr } = await espalierHere(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*\n$/);
    expect(stderr).toContain(says);
  });

  it('suggests the command that was meant', async () => {
    expect((await espalier(['prume'])).stderr).toContain('(Did you mean prune?)');
  });

  it('ends quietly when the reader of its output has gone', async () => {
    const script = 'set -o pipefail; "$0" "$1" inspect "$2" --json | head -c 10';
    const bin = new URL('../bin/espalier.mjs', import.meta.url).pathname;
    const child = spawn('bash', ['-c', script, process.execPath, bin, RESNET20]);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
