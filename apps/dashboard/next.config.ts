import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import type { Rewrite } from 'next/dist/lib/load-custom-routes';

/** Of `next dev`, behind which `npm run dev` starts the API; elsewhere the API stands in front. */
const development = process.env.NODE_ENV === 'development';
const repository = fileURLToPath(new URL('../..', import.meta.url));
const api = process.env.ESPALIER_API_URL;
const OF_THE_API: Rewrite[] = [
  { source: '/:first(graphql|files|auth|ide|health)/:rest*', destination: `${api}/:first/:rest*` },
  { source: '/sign-in', has: [{ type: 'query', key: 'token' }], destination: `${api}/sign-in` },
];

export default {
  // A folder that runs by itself: what a container holds.
  output: 'standalone',
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  poweredByHeader: false,
  reactStrictMode: true,
  // Checked by `npm test`, once, for the whole repository.
  typescript: { ignoreBuildErrors: true },
  // The API process in front compresses nothing; this one does. An event would wait for others.
  compress: !development,
  // The editor's address ends in a slash.
  skipTrailingSlashRedirect: development,
  experimental: {
    // A page that a link asked for waits for a platform that does not answer; the browser's own error page would replace ours.
    useOffline: true,
    ...(development ? { proxyClientMaxBodySize: '4gb' } : {}),
  },
  rewrites: async () => ({ beforeFiles: development ? OF_THE_API : [] }),
} satisfies NextConfig;
