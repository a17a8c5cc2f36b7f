import { readFileSync } from 'node:fs';
import { InputError } from '@espalier/network';
import { readConfig } from './config.ts';
import { serve } from './serve.ts';

// The platform in one process: database (unless you give one), API, a worker. Ctrl-C ends it.

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

try {
  const platform = await serve(readConfig(), {
    version,
    onError: (error) => console.error(error instanceof Error ? error.message : error),
  });
  console.log(`Espalier is at ${platform.address}`);
  if (platform.firstKey) console.log(`API key, shown this once: ${platform.firstKey}`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (stopping) process.exit(1);
      stopping = true;
      console.error('stopping (once more ends it at once)');
      await platform.close();
      process.exit(0);
    });
  }
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  if (!(error instanceof InputError)) console.error(error);
  process.exit(1);
}
