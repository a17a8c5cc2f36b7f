import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The graphics cards that NVIDIA's tool knows of; null if there is none. */
export async function gpuName(): Promise<string | null> {
  const query = ['--query-gpu=name', '--format=csv,noheader'];
  const found = await promisify(execFile)('nvidia-smi', query, { timeout: 5000 }).catch(() => null);
  const names =
    found?.stdout
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean) ?? [];
  return names.length > 0 ? names.join(', ') : null;
}
