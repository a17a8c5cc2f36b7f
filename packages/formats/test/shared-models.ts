import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Networks that another framework exported; they are beside the repository, or where ESPALIER_SHARED says. */
export const modelsFolder = join(process.env.ESPALIER_SHARED ?? join(root, '..', 'shared'), 'models');

/** Paths below the folder; empty where it is missing. */
export const sharedModels: readonly string[] = existsSync(modelsFolder)
  ? readdirSync(modelsFolder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.onnx'))
      .sort()
  : [];

export const missingModels = `the shared models are missing: there is no ${modelsFolder}; set ESPALIER_SHARED`;
