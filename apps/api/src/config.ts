import path from 'node:path';
import { artifactsOf, readEnvironment, storeVariables } from '@espalier/store';
import { z } from 'zod';

const schema = z
  .object({
    ...storeVariables,
    /** The first port that is tried; the next free one is taken. */
    ESPALIER_PORT: z.coerce.number().int().min(0).max(65535).default(4000),
    ESPALIER_HOST: z.string().min(1).default('127.0.0.1'),
    /** Largest upload, in megabytes. */
    ESPALIER_UPLOAD_LIMIT_MB: z.coerce.number().positive().default(2048),
  })
  .transform((env) => ({
    port: env.ESPALIER_PORT,
    host: env.ESPALIER_HOST,
    home: path.resolve(env.ESPALIER_HOME),
    databaseUrl: env.ESPALIER_DATABASE_URL,
    uploadLimit: env.ESPALIER_UPLOAD_LIMIT_MB * 1e6,
    openArtifacts: () => artifactsOf(env),
  }));

export type Config = z.infer<typeof schema>;

/**
 * The configuration, from environment variables.
 *
 * @throws {InputError} that names every variable that is wrong
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return readEnvironment(schema, env);
}
