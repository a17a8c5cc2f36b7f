/**
 * `npm run test:abuse [-- sweep | platform | files] [-- --rounds 50] [-- --count 20000] [-- --seed N]`: what must survive
 * is killed at random moments, and files that must be read or refused are mutated. Without a name all, one after the
 * other. `npm run test:abuse -- chaos --minutes 60 [--seed N]`: a platform to which anything happens, for so long.
 */
const [name] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
if (name === undefined || name === 'sweep') await import('./sweep-kills.ts');
if (name === undefined || name === 'platform') await import('./platform.ts');
if (name === undefined || name === 'files') await import('./files.ts');
if (name === 'chaos') await import('./chaos.ts');
process.exit();
