import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export default {
  // A folder that runs by itself: what a container holds.
  output: 'standalone',
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  poweredByHeader: false,
  reactStrictMode: true,
  // Checked by `npm test`, once, for the whole repository.
  typescript: { ignoreBuildErrors: true },
  // The API process in front compresses nothing; this one does.
  compress: true,
} satisfies NextConfig;
