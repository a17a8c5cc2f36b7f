import path from 'node:path';
import { InputError } from '@espalier/errors';
import { z } from 'zod';
import type { ArtifactStore } from './artifacts/artifact-store.ts';
import { folderArtifacts } from './artifacts/folder.ts';
import { s3Artifacts } from './artifacts/s3.ts';

/** The variables that every process of a platform uses: where the data is. */
export const storeVariables = {
  ESPALIER_HOME: z.string().min(1).default('.espalier'),
  /** A PostgreSQL of yours; without it one from npm is started. */
  ESPALIER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  ESPALIER_S3_BUCKET: z.string().min(1).optional(),
  ESPALIER_S3_PREFIX: z.string().optional(),
  ESPALIER_S3_ENDPOINT: z.url().optional(),
  ESPALIER_S3_REGION: z.string().optional(),
  /** What a machine keeps of artifacts, and of what it made of them, in gigabytes. */
  ESPALIER_CACHE_GB: z.coerce.number().positive().default(50),
} as const;

type StoreVariables = z.infer<z.ZodObject<typeof storeVariables>>;

/** Variables that mean nothing, or something else than was meant, without another one. */
export function storeRules(
  variables: StoreVariables,
  { addIssue }: { addIssue: (issue: { code: 'custom'; path: string[]; message: string }) => void },
): void {
  if (variables.ESPALIER_S3_BUCKET !== undefined) return;
  for (const name of ['ESPALIER_S3_PREFIX', 'ESPALIER_S3_ENDPOINT', 'ESPALIER_S3_REGION'] as const) {
    if (variables[name] === undefined) continue;
    addIssue({ code: 'custom', path: [name], message: 'also needs ESPALIER_S3_BUCKET' });
  }
}

/** The bucket that the variables name, or else a folder of `home`. */
export function artifactsOf(
  variables: Omit<StoreVariables, 'ESPALIER_DATABASE_URL' | 'ESPALIER_CACHE_GB'>,
): ArtifactStore {
  const { ESPALIER_HOME: home, ESPALIER_S3_BUCKET: bucket } = variables;
  if (bucket === undefined) return folderArtifacts(path.join(path.resolve(home), 'artifacts'));
  return s3Artifacts({
    bucket,
    prefix: variables.ESPALIER_S3_PREFIX,
    endpoint: variables.ESPALIER_S3_ENDPOINT,
    region: variables.ESPALIER_S3_REGION,
  });
}

/**
 * Environment variables by a schema.
 *
 * @throws {InputError} that names every variable that is wrong
 */
export function readEnvironment<T>(variables: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  // An empty variable is one that is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`);
  throw new InputError(`the environment cannot be used: ${problems.join('; ')}`);
}
