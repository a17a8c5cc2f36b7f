import { runEspalier } from './run.ts';

await runEspalier(process.argv);
