import path from 'node:path';
import { DEFAULT_TEAM_RUNS } from '@espalier/runs';
import { artifactsOf, readEnvironment, storeRules, storeVariables } from '@espalier/store';
import { budgetsOf, budgetVariables } from '@espalier/worker';
import { z } from 'zod';
import { quotasOf, quotaVariables } from './quotas/quotas.ts';
import { READING_LIMITS } from './reading/reading.ts';
import { areHosts } from './webhooks/address-guard.ts';

/** Where the platform is looked for if nobody says otherwise. */
export const USUAL_PORT = 4000;

/** Longer than a year. */
export const AUDIT_DAYS = 400;

const schema = z
  .object({
    ...storeVariables,
    ...budgetVariables,
    ...quotaVariables,
    /** Gigabytes of the disk that stay free of uploads. */
    ESPALIER_DISK_RESERVE_GB: z.coerce.number().min(0).default(2),
    /** Runs that a team may have under way: queued, waiting or at work. */
    ESPALIER_TEAM_RUNS: z.coerce.number().int().positive().default(DEFAULT_TEAM_RUNS),
    /** Exactly this port, or any for 0; without it {@link USUAL_PORT}, or the next free one. */
    ESPALIER_PORT: z.coerce.number().int().min(0).max(65535).optional(),
    ESPALIER_HOST: z.string().min(1).default('127.0.0.1'),
    /** The address that browsers know, where a proxy is in front. */
    ESPALIER_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** Names besides, under which it is asked for; separated by commas. */
    ESPALIER_HOSTS: z.string().min(1).optional(),
    /** Whose X-Forwarded-For is believed: addresses and networks, separated by commas. */
    ESPALIER_PROXIES: z.string().min(1).optional(),
    /** Signs cookies; made and kept in ESPALIER_HOME without it. */
    ESPALIER_SECRET: z.string().min(32, 'takes at least 32 characters').optional(),
    /** Whether anybody may sign up. */
    ESPALIER_OPEN_SIGNUP: z.stringbool().default(false),
    /** A dashboard that runs elsewhere; without it this process starts its own. */
    ESPALIER_DASHBOARD_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** Largest upload, in megabytes. */
    ESPALIER_UPLOAD_LIMIT_MB: z.coerce.number().positive().default(2048),
    /** What reading a file may take: larger ones have more of both. */
    ESPALIER_READING_SECONDS: z.coerce.number().positive().default(READING_LIMITS.seconds),
    ESPALIER_READING_MEMORY_MB: z.coerce
      .number()
      .min(256)
      .default(READING_LIMITS.memory / 1e6),
    /** Of numbers for a watcher; without it there are none. */
    ESPALIER_METRICS_PORT: z.coerce.number().int().min(1).max(65535).optional(),
    ESPALIER_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
    /** How lines of the log are written; without it as JSON where nobody reads them on a terminal. */
    ESPALIER_LOG: z.enum(['json', 'text']).optional(),
    /** Hosts, addresses and networks that webhooks may lead to though they are not public; separated by commas. */
    ESPALIER_WEBHOOKS_PRIVATE: z
      .string()
      .refine(areHosts, 'takes hosts, addresses and networks (10.0.0.0/8), with commas between')
      .default(''),
    /** Days for which entries of the audit log are kept. */
    ESPALIER_AUDIT_DAYS: z.coerce.number().int().min(1).max(36_500).default(AUDIT_DAYS),
  })
  .superRefine(storeRules)
  .transform((env) => ({
    port: env.ESPALIER_PORT ?? null,
    host: env.ESPALIER_HOST,
    home: path.resolve(env.ESPALIER_HOME),
    publicUrl: env.ESPALIER_URL ?? null,
    hosts: (env.ESPALIER_HOSTS ?? '').split(',').flatMap((name) => name.trim() || []),
    proxies: env.ESPALIER_PROXIES ?? null,
    secret: env.ESPALIER_SECRET ?? null,
    openSignUp: env.ESPALIER_OPEN_SIGNUP,
    dashboardUrl: env.ESPALIER_DASHBOARD_URL,
    databaseUrl: env.ESPALIER_DATABASE_URL,
    metrics:
      env.ESPALIER_METRICS_PORT === undefined
        ? null
        : { host: env.ESPALIER_METRICS_HOST, port: env.ESPALIER_METRICS_PORT },
    log: env.ESPALIER_LOG ?? null,
    webhooksPrivate: env.ESPALIER_WEBHOOKS_PRIVATE,
    auditDays: env.ESPALIER_AUDIT_DAYS,
    uploadLimit: env.ESPALIER_UPLOAD_LIMIT_MB * 1e6,
    reading: { seconds: env.ESPALIER_READING_SECONDS, memory: env.ESPALIER_READING_MEMORY_MB * 1e6 },
    budgets: budgetsOf(env),
    quotas: quotasOf(env),
    diskReserve: env.ESPALIER_DISK_RESERVE_GB * 1e9,
    cacheBytes: env.ESPALIER_CACHE_GB * 1e9,
    teamRuns: env.ESPALIER_TEAM_RUNS,
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

/** Whether a proxy that nobody named is in front: it makes all addresses one. */
export function hidesAddresses({ publicUrl, proxies }: Pick<Config, 'publicUrl' | 'proxies'>): boolean {
  return proxies === null && publicUrl !== null && new URL(publicUrl).protocol === 'https:';
}
