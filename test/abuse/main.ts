/**
 * `npm run test:abuse [-- sweep | platform] [-- --rounds 50] [-- --seed N]`: what must survive is killed at random
 * moments. Without a name both, one after the other.
 */
const [name] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
if (name !== 'platform') await import('./sweep-kills.ts');
if (name !== 'sweep') await import('./platform.ts');
process.exit();
