import path from 'node:path';
import { InputError } from '@espalier/network';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);

const schema = z
  .object({
    /** The first port that is tried; the next free one is taken. */
    ESPALIER_PORT: port.default(4000),
    ESPALIER_HOST: z.string().min(1).default('127.0.0.1'),
    ESPALIER_HOME: z.string().min(1).default('.espalier'),
    /** A PostgreSQL of yours; without it one from npm is started. */
    ESPALIER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** Largest upload, in megabytes. */
    ESPALIER_UPLOAD_LIMIT_MB: z.coerce.number().positive().default(2048),
    ESPALIER_S3_BUCKET: z.string().min(1).optional(),
    ESPALIER_S3_PREFIX: z.string().optional(),
    ESPALIER_S3_ENDPOINT: z.url().optional(),
    ESPALIER_S3_REGION: z.string().optional(),
  })
  .transform((env) => ({
    port: env.ESPALIER_PORT,
    host: env.ESPALIER_HOST,
    home: path.resolve(env.ESPALIER_HOME),
    databaseUrl: env.ESPALIER_DATABASE_URL,
    uploadLimit: env.ESPALIER_UPLOAD_LIMIT_MB * 1e6,
    s3: env.ESPALIER_S3_BUCKET
      ? {
          bucket: env.ESPALIER_S3_BUCKET,
          prefix: env.ESPALIER_S3_PREFIX,
          endpoint: env.ESPALIER_S3_ENDPOINT,
          region: env.ESPALIER_S3_REGION,
        }
      : undefined,
  }));

export type Config = z.infer<typeof schema>;

/**
 * The configuration, from environment variables.
 *
 * @throws {InputError} that names every variable that is wrong
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is one that is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`);
  throw new InputError(`the environment cannot be used: ${problems.join('; ')}`);
}
