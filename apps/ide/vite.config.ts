import { defineConfig } from 'vite';

export default defineConfig({
  base: '/ide/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The page's Content-Security-Policy knows no data: addresses for scripts and fonts.
    assetsInlineLimit: 0,
    // An editor with three language workers is not small, and it is not sent over the world.
    chunkSizeWarningLimit: 10_000,
  },
});
